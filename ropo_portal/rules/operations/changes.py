"""Room: how rules are kept: confirmed as they stand, or followed by a new row; the past is never written again."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ropo_portal.days import format_date
from ropo_portal.errors import DomainError, sentence
from ropo_portal.history.operations import differences, record
from ropo_portal.rules.models import DatedRule

DAY = dt.timedelta(days=1)
SHORTEST_REASON = 5


class CannotChangeRule(DomainError):
    """The change would touch the past, or leave the rules without order."""


@transaction.atomic
def check_rule(
    *,
    rule: DatedRule,
    value: Any = None,
    source: str,
    check_by: dt.date | None,
    actor: models.Model | None,
    at: dt.datetime,
) -> DatedRule:
    """Confirm a rule as it stands; a value nobody knew may be filled in, a known one stays."""
    today = timezone.localdate(at)
    locked = _lock(rule)[rule.pk]
    if locked.value is None and value is None:
        raise CannotChangeRule(_("Write the value that you found."), field="value", code="value_missing")
    if locked.value is not None and value is not None and value != locked.value:
        message = _("The value is known already. If it changes, say from which day.")
        raise CannotChangeRule(message, field="value", code="value_known")
    need_source(source)
    need_future(check_by, today)
    values = {"source": source, "checked_on": today, "check_by": check_by, "is_confirmed": True}
    if locked.value is None:
        values[locked.VALUE] = value
    before, after = differences(locked, values)
    _write(locked, values)
    record(
        verb="rule.checked", subject=locked, creditor_id=None, before=before, after=after, actor=actor, at=at
    )
    return locked


@transaction.atomic
def change_rule(
    *,
    rule: DatedRule,
    values: Mapping[str, Any],
    valid_from: dt.date,
    valid_to: dt.date | None = None,
    source: str,
    check_by: dt.date | None,
    reason: str,
    actor: models.Model | None,
    at: dt.datetime,
) -> DatedRule:
    """Close a rule the day before and return the row that follows it; refuses days before today."""
    today = timezone.localdate(at)
    family = _lock(rule)
    old = family[rule.pk]
    before = _shown(old)
    need_source(source)
    need_future(check_by, today)
    if len(reason.strip()) < SHORTEST_REASON:
        message = _("Write in a few words why the rule changes.")
        raise CannotChangeRule(message, field="reason", code="reason_missing")
    _need_order(old, list(family.values()), valid_from, valid_to, today)
    may_change = {old.VALUE, *old.ALSO}
    facts = {name: value for name, value in values.items() if name in may_change}
    facts |= {"valid_from": valid_from, "valid_to": valid_to or _end(old, valid_from)}
    facts |= {"source": source, "checked_on": today, "check_by": check_by, "is_confirmed": True}
    new = _followed(old, facts)
    record(
        verb="rule.changed",
        subject=new,
        creditor_id=None,
        before=before,
        after=_shown(new),
        reason=reason.strip(),
        actor=actor,
        at=at,
    )
    return new


def _lock(rule: DatedRule) -> dict[Any, DatedRule]:
    """Lock the rule with its forerunners and followers, so that two clerks change it one after the other."""
    kind: Any = type(rule)
    return {row.pk: row for row in kind.objects.select_for_update().same_thing(rule)}


def need_source(source: str) -> None:
    """Refuse a rule that nobody says."""
    if not source.strip():
        raise CannotChangeRule(
            _("Name the source: a law, a page, a letter."), field="source", code="no_source"
        )


def need_future(check_by: dt.date | None, today: dt.date) -> None:
    """Refuse a next check that is over already."""
    if check_by is not None and check_by <= today:
        message = _("The next check must lie in the future.")
        raise CannotChangeRule(message, field="check_by", code="check_is_over")


def _need_order(
    old: DatedRule, family: list[DatedRule], begin: dt.date, end: dt.date | None, today: dt.date
) -> None:
    """Refuse what would touch the past, cross a follower, or leave days without a rule."""
    if begin < today:
        message = _("A rule cannot change in the past: the earliest day is today, %(today)s.")
        raise _refused(message, "valid_from", "in_the_past", today=today)
    is_unborn = old.valid_from > today
    if begin < old.valid_from or (begin == old.valid_from and not is_unborn):
        message = _("The present rule began on %(day)s; the new one must begin later.")
        raise _refused(message, "valid_from", "before_it_began", day=old.valid_from)
    if end is not None and end < begin:
        raise CannotChangeRule(
            _("The last day lies before the first."), field="valid_to", code="ends_too_early"
        )
    follower = next((row for row in family if row.valid_from > old.valid_from), None)
    if follower and (begin >= follower.valid_from or (end is not None and end >= follower.valid_from)):
        message = _("Another rule already follows on %(day)s; change that one.")
        raise _refused(message, "valid_from", "has_follower", day=follower.valid_from)
    if old.valid_to is not None and begin > old.valid_to + DAY:
        message = _("The present rule ends on %(day)s; the new one must begin at latest the day after.")
        raise _refused(message, "valid_from", "leaves_a_gap", day=old.valid_to)


def _refused(message: Any, field: str, code: str, **days: dt.date) -> CannotChangeRule:
    language = get_language() or "en"
    shown = {name: format_date(day, language) for name, day in days.items()}
    return CannotChangeRule(sentence(message, **shown), field=field, code=code)


def _end(old: DatedRule, begin: dt.date) -> dt.date | None:
    """Return the end that a new row inherits: that of the row it cuts short."""
    return old.valid_to if old.valid_to and begin <= old.valid_to else None


def _followed(old: DatedRule, facts: Mapping[str, Any]) -> DatedRule:
    """Close the old row and save its follower; a row that has not begun yet is corrected instead."""
    columns = [field.attname for field in old._meta.concrete_fields if not field.primary_key]
    values = {**{name: getattr(old, name) for name in columns}, **facts}
    if values[old.VALUE] is None:
        raise CannotChangeRule(_("Write the new value."), field="value", code="value_missing")
    begin = facts["valid_from"]
    try:
        with transaction.atomic():
            if begin == old.valid_from:
                _write(old, facts)
                return old
            if old.valid_to is None or old.valid_to >= begin:
                _write(old, {"valid_to": begin - DAY})
            new = type(old)(**values)
            new.save(force_insert=True)
            return new
    except IntegrityError as error:
        message = _("This value is not possible, or another rule says the same from the same day.")
        raise CannotChangeRule(message, field="value", code="impossible") from error


def _write(row: DatedRule, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))


def _shown(row: DatedRule) -> dict[str, Any]:
    names = (row.VALUE, *row.ALSO, "valid_from", "valid_to", "source")
    return {name: getattr(row, name) for name in names}
