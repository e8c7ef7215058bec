"""Room: what an entry changed, side by side, and in whose words."""

import datetime as dt
import re
from collections.abc import Collection
from decimal import Decimal, InvalidOperation
from typing import Any

from django import template
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ropo_portal.days import format_date
from ropo_portal.history.models import Entry
from ropo_portal.money import format_amount, format_decimal, format_percent

register = template.Library()
NOTHING = "–"
HIDDEN = ("••••", "••••")
# What operations write beside the columns of their subject.
AMOUNTS = frozenset({"amount", "total", "principal", "open_before"})
PERCENTS = frozenset({"rate", "percent", "vat_rate", "default_vat_rate", "late_interest"})
# Columns of other tables whose values stand in an entry, and their names there.
ELSEWHERE = {
    "role": "accounts.membership",
    "environment": "accounts.creditorenvironment",
    "state": "submissions.submission",
    "cause": "submissions.attempt",
    "finding": "submissions.evidence",
    "step": "collection.override",
}
COLUMNS = {"environment": "name"}
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}")


@register.inclusion_tag("history/_diff.html")
def diff(entry: Entry, hidden: Collection[str] = ()) -> dict[str, Any]:
    """Show before and after in two columns, a line for each column that changed; of hidden ones only that they did."""
    names = list(dict.fromkeys([*entry.before, *entry.after]))
    kind = entry.subject_type
    rows = [
        (name, _field_label(kind, name), *(HIDDEN if name in hidden else _both(entry, name)))
        for name in names
    ]
    return {"rows": rows, "is_new": not entry.before}


def _both(entry: Entry, name: str) -> tuple[str, str]:
    kind = entry.subject_type
    return _said(kind, name, entry.before), _said(kind, name, entry.after)


@register.filter
def about(entry: Entry) -> str:
    """Name what an entry is about, in the reader's language where its name has words in it."""
    say = getattr(_model(entry.subject_type), "said_label", str)
    return str(say(entry.subject_label))


@register.filter
def subject_type_label(subject_type: str) -> str:
    """Name the kind of thing an entry is about."""
    model = _model(subject_type)
    return capfirst(str(model._meta.verbose_name)) if model else subject_type


def _field_label(subject_type: str, name: str) -> str:
    plain = _(name.replace("_", " "))  # the rows of an invoice are no column
    return capfirst(str(getattr(_field(subject_type, name), "verbose_name", plain)))


def _field(subject_type: str, name: str) -> Any:
    """Find the column a value belongs to; some are written down at another thing than their own."""
    own = _column(subject_type, name)
    if name in ELSEWHERE and not getattr(own, "flatchoices", ()):
        return _column(ELSEWHERE[name], COLUMNS.get(name, name))
    return own


def _column(subject_type: str, name: str) -> Any:
    model = _model(subject_type)
    try:
        return model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        return None


def _said(subject_type: str, name: str, values: dict[str, Any]) -> str:
    """Say a value as the pages do: a choice by its label, an amount and a day in the reader's signs."""
    value, field = values.get(name), _field(subject_type, name)
    choices = dict(getattr(field, "flatchoices", ()))
    if isinstance(value, str) and value in choices:
        return str(choices[value])
    if isinstance(value, str | int) and not isinstance(value, bool) and _is_number(name, field):
        return _number(str(value), name)
    return _shown(value)


def _is_number(name: str, field: Any) -> bool:
    return isinstance(field, models.DecimalField) or name in AMOUNTS | PERCENTS


def _number(text: str, name: str) -> str:
    language = get_language() or "en"
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    if name in PERCENTS:
        return format_percent(number, language)
    return (
        format_amount(number, language)
        if number.as_tuple().exponent in {-2, 0}
        else format_decimal(number, language)
    )


def _model(subject_type: str) -> Any:
    try:
        return apps.get_model(subject_type)
    except (LookupError, ValueError):
        return None


def _shown(value: Any) -> str:
    if value is None or value == "":
        return NOTHING
    if value is True:
        return _("yes")
    if value is False:
        return _("no")
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_shown(item)}" for key, item in value.items())
    if isinstance(value, list):
        return ", ".join(_shown(item) for item in value) or NOTHING
    return _moment(value) if isinstance(value, str) else str(value)


def _moment(text: str) -> str:
    """Write a day or a moment as the reader does; anything else stays as it is."""
    language = get_language() or "en"
    try:
        if _DAY.fullmatch(text):
            return format_date(dt.date.fromisoformat(text), language)
        if _MOMENT.match(text):
            local = timezone.localtime(dt.datetime.fromisoformat(text))
            return f"{format_date(local.date(), language)} {local:%H:%M}"
    except ValueError:
        pass
    return text
