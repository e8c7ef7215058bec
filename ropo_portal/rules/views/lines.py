"""Room: how one rule is written in a table, whatever kind it is."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from ropo_portal.days import format_date
from ropo_portal.money import format_amount, format_money, format_percent
from ropo_portal.rules.models import (
    KINDS,
    Country,
    DatedRule,
    DebtorKind,
    Fee,
    FeeCap,
    InterestRate,
    LegalRule,
    Step,
    VatRate,
)

TITLES: dict[str, str | Promise] = {
    "waiting": gettext_lazy("Waiting times"),
    "fees": gettext_lazy("Fee caps"),
    "interest": gettext_lazy("Late interest"),
    "vat": gettext_lazy("VAT rates"),
}
ICONS = {"waiting": "hourglass", "fees": "coins", "interest": "percent", "vat": "receipt-text"}
LOOKS = {"checked": "accepted", "doubtful": "unconfirmed", "open": "held"}
ORDER = [*Step.values, *Fee.values]
WORDS = {str(model): word for word, model in KINDS.items()}


@dataclass(frozen=True, slots=True)
class Line:
    """One rule as a row of a table or the head of a page."""

    rule: DatedRule
    kind: str
    title: str
    debtor: str
    value: str
    note: str
    state: str
    look: str
    standing: str


@dataclass(frozen=True, slots=True)
class Section:
    """The rules of one kind."""

    kind: str
    title: str | Promise
    icon: str
    lines: list[Line]


def line_of(rule: DatedRule, today: dt.date) -> Line:
    """Write a rule."""
    standing = rule.standing(today)
    title, note = _TITLE[type(rule)](rule)
    shown = _("not found") if rule.value is None else _VALUE[type(rule)](rule)
    debtor = "" if isinstance(rule, VatRate) else str(DebtorKind(rule.debtor_kind).label)  # type: ignore[attr-defined]
    return Line(
        rule, WORDS[str(type(rule))], capfirst(title), debtor, shown, note,
        _said(rule, standing), LOOKS[standing], standing,
    )  # fmt: skip


def sections(lines: Iterable[Line]) -> list[Section]:
    """Put rules of one kind together, in the order of the kinds."""
    found: dict[str, list[Line]] = {kind: [] for kind in KINDS}
    for line in sorted(lines, key=_place):
        found[line.kind].append(line)
    return [Section(kind, TITLES[kind], ICONS[kind], rows) for kind, rows in found.items() if rows]


def _place(line: Line) -> tuple[str, str, int]:
    """Order by country and debtor, then by the step's place in the life of a claim; the sort keeps the rest."""
    step = getattr(line.rule, "step", "")
    return line.rule.country, line.debtor, ORDER.index(step) if step in ORDER else 0


def country_name(code: str) -> str:
    """Give a country's name in the reader's language."""
    return str(Country(code).label)


def _said(rule: DatedRule, standing: str) -> str:
    if standing == "open":
        return _("No value yet")
    if standing == "doubtful":
        return _("To be checked")
    return _("Checked on %(day)s") % {"day": format_date(rule.checked_on, _language())}


def _waiting(rule: LegalRule) -> tuple[str, str]:
    return rule.title, str(rule.get_step_display())


def _fee(rule: FeeCap) -> tuple[str, str]:
    notes = [_bounds(rule), rule.when]
    if rule.most_times:
        text = ngettext("at most %(count)s time", "at most %(count)s times", rule.most_times)
        notes.append(text % {"count": rule.most_times})
    return str(rule.get_step_display()), ", ".join(note for note in notes if note)


def _bounds(rule: FeeCap) -> str:
    low = format_amount(rule.principal_from, _language())
    high = format_amount(rule.principal_to, _language()) if rule.principal_to is not None else ""
    if rule.principal_from and high:
        return _("principal above %(low)s up to %(high)s") % {"low": low, "high": high}
    if high:
        return _("principal up to %(high)s") % {"high": high}
    return _("principal above %(low)s") % {"low": low} if rule.principal_from else ""


def _interest(_rule: InterestRate) -> tuple[str, str]:
    return _("late interest"), ""


def _vat(rule: VatRate) -> tuple[str, str]:
    return str(rule.get_label_display()), ""


def _days(rule: LegalRule) -> str:
    if not rule.is_allowed:
        return _("not allowed")
    text = ngettext("%(count)s day", "%(count)s days", rule.days or 0) % {"count": rule.days}
    return f"{text} {rule.get_after_display()}"


def _percent(rule: DatedRule) -> str:
    return format_percent(rule.value, _language())


def _sum(rule: FeeCap) -> str:
    return format_money(rule.value, rule.currency, _language())


def _language() -> str:
    return get_language() or "en"


_TITLE: dict[type[DatedRule], Callable[[Any], tuple[str, str]]] = {
    LegalRule: _waiting, FeeCap: _fee, InterestRate: _interest, VatRate: _vat,
}  # fmt: skip
_VALUE: dict[type[DatedRule], Callable[[Any], str]] = {
    LegalRule: _days, FeeCap: _sum, InterestRate: _percent, VatRate: _percent,
}  # fmt: skip
