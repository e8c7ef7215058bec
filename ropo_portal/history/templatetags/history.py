"""Room: what an entry changed, side by side, and in whose words."""

from typing import Any

from django import template
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ropo_portal.history.models import Entry

register = template.Library()
NOTHING = "–"


@register.inclusion_tag("history/_diff.html")
def diff(entry: Entry) -> dict[str, Any]:
    """Show before and after in two columns, a line for each column that changed."""
    names = list(dict.fromkeys([*entry.before, *entry.after]))
    rows = [
        (
            _field_label(entry.subject_type, name),
            _shown(entry.before.get(name)),
            _shown(entry.after.get(name)),
        )
        for name in names
    ]
    return {"rows": rows, "is_new": not entry.before}


@register.filter
def subject_type_label(subject_type: str) -> str:
    """Name the kind of thing an entry is about."""
    model = _model(subject_type)
    return capfirst(str(model._meta.verbose_name)) if model else subject_type


def _field_label(subject_type: str, name: str) -> str:
    plain = name.replace("_", " ")
    model = _model(subject_type)
    try:
        field = model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        field = None
    return capfirst(str(getattr(field, "verbose_name", plain)))  # the rows of an invoice are no column


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
    return str(value)
