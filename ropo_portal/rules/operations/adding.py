"""Room: rules that are new to the portal; what follows a known rule is a change of that rule."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ropo_portal.history.operations import record
from ropo_portal.rules.models import Country, DatedRule, FeeCap, LegalRule
from ropo_portal.rules.models.dated import CURRENCIES
from ropo_portal.rules.operations.changes import CannotChangeRule, need_future, need_source

# What a new row may say beside its key and its value.
WORDS: dict[type[DatedRule], tuple[str, ...]] = {
    LegalRule: ("name", "is_allowed"),
    FeeCap: ("principal_to", "most_times", "condition"),
}


@transaction.atomic
def add_rule(
    *,
    kind: type[DatedRule],
    values: Mapping[str, Any],
    valid_from: dt.date,
    valid_to: dt.date | None = None,
    source: str,
    check_by: dt.date | None,
    actor: models.Model | None,
    at: dt.datetime,
) -> DatedRule:
    """
    Add a rule that the portal does not know yet; it holds from a day on, for every creditor.

    Refuses `CannotChangeRule` without a value or source, for days before today, and where a rule of the same thing
    holds on one of the days already.
    """
    today = timezone.localdate(at)
    need_source(source)
    need_future(check_by, today)
    if valid_from < today:
        message = _("A new rule begins today or later: nothing that was done is judged by it.")
        raise CannotChangeRule(message, field="valid_from", code="in_the_past")
    if valid_to is not None and valid_to < valid_from:
        raise CannotChangeRule(
            _("The last day lies before the first."), field="valid_to", code="ends_too_early"
        )
    if values.get(kind.VALUE) is None:
        raise CannotChangeRule(_("Write the value that you found."), field="value", code="value_missing")
    names = (*kind.KEY, kind.VALUE, *WORDS.get(kind, ()))
    rule = kind(**{name: values[name] for name in names if name in values})
    rule.valid_from, rule.valid_to, rule.source, rule.check_by = valid_from, valid_to, source, check_by
    rule.checked_on, rule.is_confirmed = today, True
    if isinstance(rule, FeeCap):
        rule.currency = CURRENCIES[Country(rule.country)]
    _save(rule)
    shown = {name: getattr(rule, name) for name in (*names, "valid_from", "valid_to", "source")}
    record(verb="rule.added", subject=rule, creditor_id=None, after=shown, actor=actor, at=at)
    return rule


def _save(rule: DatedRule) -> None:
    try:
        with transaction.atomic():
            rule.save(force_insert=True)
    except IntegrityError as error:
        message = _(
            "This value is not possible, or a rule for the same thing holds on these days already: change that one."
        )
        raise CannotChangeRule(message, code="overlaps") from error
