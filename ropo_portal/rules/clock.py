"""Room: from which day each step against a debtor is allowed, worked out from facts and rules alone."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.functional import lazy
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from ropo_portal.days import format_date
from ropo_portal.errors import Sentence, sentence
from ropo_portal.rules.models import After, LegalRule, Step

DAY = dt.timedelta(days=1)
# The steps a clock tells; the other waiting times are for reading.
STEPS = (Step.REMINDER, Step.CHARGEABLE_REMINDER, Step.NOTICE, Step.COLLECTION)

ALLOWED = {
    Step.REMINDER: _("A reminder may be sent from %(day)s, %(why)s."),
    Step.CHARGEABLE_REMINDER: _("A reminder may be charged for from %(day)s, %(why)s."),
    Step.NOTICE: _("A collection notice may be sent from %(day)s, %(why)s."),
    Step.COLLECTION: _("Debt collection may begin on %(day)s, %(why)s."),
}
TOO_EARLY = {
    Step.REMINDER: _("Too early for a reminder: it may be sent from %(day)s, %(why)s (%(rule)s)."),
    Step.CHARGEABLE_REMINDER: _(
        "Too early for a chargeable reminder: it may be sent from %(day)s, %(why)s (%(rule)s)."
    ),
    Step.NOTICE: _("Too early for a collection notice: it may be sent from %(day)s, %(why)s (%(rule)s)."),
    Step.COLLECTION: _("Too early for debt collection: it may begin on %(day)s, %(why)s (%(rule)s)."),
}
NO_RULE = {
    Step.REMINDER: _("No rule says when a reminder may be sent; an administrator has to add it."),
    Step.CHARGEABLE_REMINDER: _(
        "No rule says when a reminder may be charged for; an administrator has to add it."
    ),
    Step.NOTICE: _("No rule lets the creditor send a collection notice in this country."),
    Step.COLLECTION: _("No rule says when debt collection may begin; an administrator has to add it."),
}
FORBIDDEN = _("This step is not allowed (%(rule)s).")
OPEN = _("How long to wait is not known yet (%(rule)s); an administrator has to find it out.")
NOTICE_MISSING = _("Debt collection needs the day on which the debtor was given notice (%(rule)s).")
NOTICE_TOO_EARLY = _("The notice of %(notice)s does not count: it must come after the due date, %(due)s.")
NOTICE_AHEAD = _(
    "The notice date %(notice)s lies in the future; collection needs a notice that has gone out."
)


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """What the clock needs to know of a claim."""

    country: str
    debtor_kind: str
    due_date: dt.date
    notice_date: dt.date | None = None
    last_reminder_date: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Milestone:
    """The first day of one step, or why there is none; `rule` decides it, `is_confirmed` speaks for every rule of it."""

    step: Step
    day: dt.date | None
    sentence: Sentence
    rule: LegalRule | None = None
    is_confirmed: bool = False

    @property
    def rule_name(self) -> str:
        """The name of the rule that decides."""
        return self.rule.title if self.rule else ""

    @property
    def source(self) -> str:
        """Who says so."""
        return self.rule.source if self.rule else ""


@dataclass(frozen=True)
class LegalClock:
    """When each step against the debtor of one claim is allowed, as its rules stand on `today`."""

    facts: ClaimFacts
    today: dt.date
    rules: Sequence[LegalRule] = field(repr=False)
    milestones: dict[Step, Milestone] = field(init=False)

    def __post_init__(self) -> None:
        found = {step: self._milestone(step) for step in STEPS}
        object.__setattr__(self, "milestones", found)

    @property
    def reminder(self) -> Milestone:
        """The first day of a reminder."""
        return self.milestones[Step.REMINDER]

    @property
    def chargeable_reminder(self) -> Milestone:
        """The first day of a reminder that the debtor pays for."""
        return self.milestones[Step.CHARGEABLE_REMINDER]

    @property
    def collection(self) -> Milestone:
        """The first day of debt collection."""
        return self.milestones[Step.COLLECTION]

    @property
    def earliest_reminder(self) -> dt.date | None:
        """The first day of a reminder, None when it is not allowed at all."""
        return self.reminder.day

    @property
    def earliest_chargeable_reminder(self) -> dt.date | None:
        """The first day of a chargeable reminder, None when it is not allowed at all."""
        return self.chargeable_reminder.day

    @property
    def earliest_collection(self) -> dt.date | None:
        """The first day of debt collection, None when it is not allowed at all, as without a needed notice."""
        return self.collection.day

    @property
    def is_confirmed(self) -> bool:
        """Tell whether every rule of the three steps was checked."""
        return all(one.is_confirmed for one in (self.reminder, self.chargeable_reminder, self.collection))

    def refusal(self, step: str, on: dt.date) -> Sentence | None:
        """Return why a step is not allowed on a day, None when it is."""
        kind = Step(step)
        now = self._under(kind, self._in_force(kind, on))
        if now.day is None:
            return now.sentence
        if now.day <= on:
            return None
        later = self._from(kind, on)
        if later.day is None or later.rule is None:
            return later.sentence
        return _told(TOO_EARLY[kind], later.day, later.rule)

    def _milestone(self, step: Step) -> Milestone:
        return self._from(step, self.today)

    def _from(self, step: Step, on: dt.date) -> Milestone:
        """Find the first day: under the rules of the day, else under those that follow them."""
        found = self._under(step, self._in_force(step, on))
        if found.day is not None and found.day <= on:
            return found
        for begin, end in _periods(self.rules, step, on):
            later = self._under(step, self._in_force(step, begin), not_before=begin)
            if later.day is not None and (end is None or later.day <= end):
                return later
        return found if found.day is None else self._under(step, ())

    def _in_force(self, step: Step, on: dt.date) -> list[LegalRule]:
        return [rule for rule in self.rules if rule.step == step and rule.is_in_force(on)]

    def _under(self, step: Step, rules: Sequence[LegalRule], not_before: dt.date | None = None) -> Milestone:
        """Judge a step under rules that hold together: all of them must be kept."""
        if not rules:
            return Milestone(step, None, NO_RULE[step])
        is_confirmed = all(one.is_confirmed for one in rules)
        for rule in rules:
            problem = self._problem(rule)
            if problem is not None:
                return Milestone(step, None, problem, rule, is_confirmed)
        days = [(first, rule) for rule in rules if (first := self._first_day(rule)) is not None]
        if not days:
            return Milestone(step, None, NO_RULE[step])
        day, rule = max(days, key=lambda found: found[0])
        day = max(day, not_before) if not_before else day
        return Milestone(step, day, _told(ALLOWED[step], day, rule), rule, is_confirmed)

    def _problem(self, rule: LegalRule) -> Sentence | None:
        """Return why a rule gives no day at all."""
        if not rule.is_allowed:
            return sentence(FORBIDDEN, rule=_title(rule))
        if rule.days is None:
            return sentence(OPEN, rule=_title(rule))
        return self._notice_problem(rule) if rule.after == After.NOTICE else None

    def _notice_problem(self, rule: LegalRule) -> Sentence | None:
        """Return why the notice does not count: none, too early, or not sent yet."""
        notice, due = self.facts.notice_date, self.facts.due_date
        if notice is None:
            return sentence(NOTICE_MISSING, rule=_title(rule))
        if notice <= due:
            return sentence(NOTICE_TOO_EARLY, notice=_date(notice), due=_date(due))
        if notice > self.today:
            return sentence(NOTICE_AHEAD, notice=_date(notice))
        return None

    def _first_day(self, rule: LegalRule) -> dt.date | None:
        begin = {
            After.DUE_DATE.value: self.facts.due_date,
            After.NOTICE.value: self.facts.notice_date,
            After.PREVIOUS_REMINDER.value: self.facts.last_reminder_date,
        }.get(rule.after)
        return begin + DAY * rule.days if begin and rule.days is not None else None


@dataclass(frozen=True, slots=True)
class Reach:
    """Up to which days a step is allowed: what the clock says of one claim, said of all that one country's rules bind."""

    due_until: dt.date
    notice_until: dt.date | None = None  # None: no rule counts from a notice
    needs_notice: bool = False


def reach(rules: Iterable[LegalRule], step: Step, *, today: dt.date) -> Reach | None:
    """Return how far a step reaches on a day, None when no claim may take it."""
    held = [rule for rule in rules if rule.step == step and rule.is_in_force(today)]
    if not held or any(rule.days is None or not rule.is_allowed for rule in held):
        return None
    first: dict[str, dt.date] = {}
    for rule in held:
        first[rule.after] = min(first.get(rule.after, today), today - DAY * (rule.days or 0))
    needs_notice = After.NOTICE in first
    if not needs_notice and After.DUE_DATE not in first:
        # Nothing to count from until there was a reminder.
        needs_notice = After.PREVIOUS_REMINDER in first
        if not needs_notice:
            return None
    told = [first[after] for after in (After.NOTICE, After.PREVIOUS_REMINDER) if after in first]
    due_until = min(first.get(After.DUE_DATE, today), today - DAY)
    return Reach(due_until, min(told, default=None), needs_notice)


def _periods(rules: Iterable[LegalRule], step: Step, on: dt.date) -> list[tuple[dt.date, dt.date | None]]:
    """Cut the time from a day on wherever a rule of the step begins or ends."""
    cuts = {on}
    for rule in rules:
        if rule.step == step:
            cuts |= {
                cut for cut in (rule.valid_from, rule.valid_to and rule.valid_to + DAY) if cut and cut > on
            }
    begins = sorted(cuts)
    return [(begin, after and after - DAY) for begin, after in zip(begins, [*begins[1:], None], strict=True)]


def _told(message: Sentence, day: dt.date, rule: LegalRule) -> Sentence:
    return sentence(message, day=_date(day), why=_why(rule.after, rule.days), rule=_title(rule))


# Days and counts inside a sentence take the language of whoever reads it, so they are written late.
def _date_now(day: dt.date) -> str:
    return format_date(day, get_language() or "en")


def _why_now(after: str, days: int | None) -> str:
    days = days or 0
    if after == After.NOTICE:
        text = ngettext("%(days)s day after the notice", "%(days)s days after the notice", days)
    elif after == After.PREVIOUS_REMINDER:
        text = ngettext(
            "%(days)s day after the previous reminder", "%(days)s days after the previous reminder", days
        )
    else:
        text = ngettext("%(days)s day after the due date", "%(days)s days after the due date", days)
    return text % {"days": days}


def _title_now(rule: LegalRule) -> str:
    return rule.title


_date = lazy(_date_now, str)
_why = lazy(_why_now, str)
_title = lazy(_title_now, str)
