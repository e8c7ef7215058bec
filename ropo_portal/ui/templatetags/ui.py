"""Words the templates speak: icons, money, days, states, fields and the components that wrap content."""

import uuid
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

import lucide
from django import template
from django.forms import BoundField
from django.template.loader import render_to_string
from django.urls import get_script_prefix, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext

from ropo_portal import days, encryption
from ropo_portal import money as sums
from ropo_portal.ui import navigation, states

register = template.Library()
NOTHING = "–"
STAND_IN = str(uuid.UUID(int=0))


@lru_cache(maxsize=256)
def _svg(name: str, size: int) -> SafeString:
    options = {"class": "icon", "aria-hidden": "true", "focusable": "false"}
    svg = lucide._render_icon(name, size, **options)  # noqa: SLF001 (its public name is a template tag)
    return mark_safe(" ".join(svg.split()))  # noqa: S308 (a file of the wheel)


@register.simple_tag
def icon(name: str, size: int = 18) -> SafeString:
    """Draw a lucide icon; it says nothing to a screen reader, so words must stand beside it."""
    return _svg(str(name) + "", int(size))


@register.filter
def money(value: Decimal | None, currency: str = "EUR") -> str:
    """Write a sum with its currency in the reader's language."""
    return NOTHING if value is None else sums.format_money(value, currency, _language())


@register.filter
def amount(value: Decimal | None) -> str:
    """Write a sum without its currency."""
    return NOTHING if value is None else sums.format_amount(value, _language())


@register.filter
def plain(value: Decimal | None) -> str:
    """Write a quantity or a rate without idle zeros."""
    return NOTHING if value is None else sums.format_decimal(value, _language())


@register.filter
def day(value: date | None) -> str | SafeString:
    """Write a day as its reader writes it, so that what is shown can be typed; one with hyphens never breaks there."""
    if value is None:
        return NOTHING
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    text = days.format_date(value, _language())
    return format_html('<span class="nowrap">{}</span>', text) if "-" in text else text


@register.filter
def days_long(number: int | None) -> str:
    """Say how many days."""
    if number is None:
        return NOTHING
    return ngettext("%(number)s day", "%(number)s days", number) % {"number": number}


@register.filter
def moment(value: datetime | None) -> str | SafeString:
    """Write a moment in local time; the exact one, with its zone, is in the title."""
    if value is None:
        return NOTHING
    local = timezone.localtime(value)
    text = f"{days.format_date(local.date(), _language())} {local:%H:%M}{_zone_word(local)}"
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', local.isoformat(), f"{local:%H:%M:%S %Z}", text
    )


def _zone_word(local: datetime) -> str:
    """Name the zone where a reader of several meets a clock that is not the portal's own."""
    zone = timezone.get_current_timezone()
    own = local.astimezone(timezone.get_default_timezone())
    if not getattr(zone, "is_one_of_several", False) or local.utcoffset() == own.utcoffset():
        return ""
    return f" {local:%Z}"


@register.filter
def masked(value: str | None, shown: int = 4) -> str:
    """Hide all but the last characters."""
    return encryption.masked(str(value), shown) if value else NOTHING


@register.simple_tag
def badge(state: str, label: str = "") -> SafeString:
    """Show a state in words, color and shape; a state nobody knows looks neutral."""
    return _badge(str(state), str(label), _language())


@lru_cache(maxsize=512)
def _badge(state: str, label: str, _in: str) -> SafeString:
    """Draw it once for each language; a list shows the same few on every row."""
    look = states.look(state)
    context = {"look": look, "label": label or look.label or state}
    return mark_safe(render_to_string("components/badge.html", context).strip())  # noqa: S308 (ours, which escapes)


@register.simple_tag
def row_url(name: str, pk: Any, *before: str) -> str:
    """Write the address of one row; the way to it is looked up once, not for each row of a list."""
    return _way(name, get_script_prefix(), *before).replace(STAND_IN, str(pk))


@lru_cache(maxsize=128)
def _way(name: str, _prefix: str, *before: str) -> str:
    return reverse(name, args=[*before, STAND_IN])


@register.inclusion_tag("components/field.html")
def field(
    bound: BoundField, *, hint: str = "", size: str = "", unit: str = "", hide_label: bool = False
) -> dict[str, Any]:
    """Show a form field: label, input, hint and errors, tied together for screen readers."""
    return {
        "field": bound,
        "hint": hint or bound.help_text,
        "size": size,
        "unit": unit,
        "hide_label": hide_label,
        "kind": getattr(bound.field.widget, "input_type", "") or type(bound.field.widget).__name__.lower(),
    }


@register.inclusion_tag("components/errors_summary.html")
def errors_summary(*forms: Any) -> dict[str, Any]:
    """List the errors of forms and formsets on top of the page, each a link to its field."""
    found = [problem for form in forms if form is not None for problem in _problems(form)]
    return {"problems": found}


@register.simple_block_tag
def panel(content: str, title: str = "", icon: str = "", id: str = "", flush: bool = False) -> SafeString:  # noqa: A002
    """Wrap content in a panel: a surface with an optional heading; flush for a table without margins."""
    return _wrapped("panel", content, title=title, icon=icon, id=id, flush=flush)


@register.simple_block_tag
def table(content: str, caption: str, dense: bool = False, rows: bool = True) -> SafeString:
    """Wrap thead, tbody and tfoot; the caption is read aloud, and j/k walk its rows."""
    return _wrapped("table", content, caption=caption, dense=dense, rows=rows)


@register.simple_block_tag
def dialog(content: str, id: str, title: str, wide: bool = False) -> SafeString:  # noqa: A002 (the attribute's name)
    """Wrap content in a native dialog; a `data-dialog-open` button with its id opens it."""
    return _wrapped("dialog", content, id=id, title=title, wide=wide)


@register.simple_block_tag
def toolbar(content: str, label: str) -> SafeString:
    """Wrap search, chips and selects above a list."""
    return _wrapped("toolbar", content, label=label)


@register.simple_tag(takes_context=True)
def offered(context: Any, name: str) -> str:
    """Give the address of a room that this reader finds in her sidebar, else nothing."""
    return navigation.offered(getattr(context.get("request"), "scope", None), name)


def _wrapped(name: str, content: str, **values: Any) -> SafeString:
    inner = mark_safe(content)  # noqa: S308 (rendered, hence escaped, by the template that uses the block)
    return mark_safe(render_to_string(f"components/{name}.html", {**values, "content": inner}))  # noqa: S308


def _problems(form: Any) -> list[dict[str, Any]]:
    if hasattr(form, "forms"):
        own = [{"id": "", "label": "", "text": text} for text in form.non_form_errors()]
        return own + [problem for inner in form.forms for problem in _problems(inner)]
    if not form.is_bound:
        return []
    found = [{"id": "", "label": "", "text": text} for text in form.non_field_errors()]
    for bound in form:
        target = bound.id_for_label or f"{bound.auto_id}_0"  # a group of radios is reached by its first
        found += [{"id": target, "label": bound.label, "text": text} for text in bound.errors]
    return found


def _language() -> str:
    return get_language() or "en"
