"""Room: which rules somebody has to look at: now, and before they may change on 1 January or 1 July."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ropo_portal.rules.models import KINDS, DatedRule, InterestRate

# So long before its day a check is asked for.
AHEAD = dt.timedelta(days=30)
HALF_YEARS = ((1, 1), (7, 1))


@dataclass(frozen=True, slots=True)
class DueCheck:
    """A rule that has to be compared with its source, and by when."""

    kind: str
    rule: DatedRule
    by: dt.date


def doubtful_rules(today: dt.date) -> int:
    """Count the rules of today or later that somebody has to check, with one question to the database."""
    questions = [kind.objects.doubtful(today).order_by().values("pk") for kind in KINDS.values()]
    return int(questions[0].union(*questions[1:], all=True).count())


def next_turn(on: dt.date) -> dt.date:
    """Return the next 1 January or 1 July after a day."""
    days = [dt.date(year, *half) for year in (on.year, on.year + 1) for half in HALF_YEARS]
    return next(day for day in days if day > on)


def due_for_check(*, on: dt.date) -> list[DueCheck]:
    """
    Return what an administrator has to check within thirty days of a day, the most urgent first.

    That is: what nobody has confirmed or found yet, what is to be checked by then, what ends by then without a
    follower, and before each 1 January and 1 July the rates of interest, which the law lets change on those days.
    One question a kind of rule.
    """
    return due_among([rule for model in KINDS.values() for rule in model.objects.not_over(on)], on=on)


def due_among(rules: Sequence[DatedRule], *, on: dt.date) -> list[DueCheck]:
    """Return which of these rules are due for a check; they are all that are not over."""
    words = {model: kind for kind, model in KINDS.items()}
    found = [DueCheck(words[type(rule)], rule, by) for rule, by in _due(rules, on)]
    return sorted(found, key=lambda each: (each.by, each.kind, each.rule.country, str(each.rule.pk)))


def _due(rules: Sequence[DatedRule], on: dt.date) -> Iterator[tuple[DatedRule, dt.date]]:
    horizon, turn = on + AHEAD, next_turn(on)
    known = {(_about(rule), rule.valid_from) for rule in rules}
    for rule in rules:
        days = [rule.check_by] if rule.check_by else []
        if not rule.is_confirmed or rule.value is None:
            days.append(on)
        if rule.valid_to and (_about(rule), rule.valid_to + dt.timedelta(days=1)) not in known:
            days.append(rule.valid_to)
        if isinstance(rule, InterestRate) and rule.is_in_force(turn) and rule.checked_on < turn - AHEAD:
            days.append(turn)
        if days and min(days) <= horizon:
            yield rule, max(min(days), on)


def _about(rule: DatedRule) -> tuple[object, ...]:
    return (type(rule), *(getattr(rule, name) for name in rule.KEY))
