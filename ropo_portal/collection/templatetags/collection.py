"""Room: what lists of claims and of invoices show of promises to pay."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from ropo_portal.collection.promises import Mark, marks_of_claims, marks_of_invoices

register = template.Library()


@register.simple_tag
def promises_on_claims(rows: Iterable[Any]) -> dict[Any, Mark]:
    """Return the marks of the claims of a list, by claim."""
    return marks_of_claims([row["claim"] for row in rows], at=timezone.now())


@register.simple_tag
def promises_on_invoices(rows: Iterable[Any]) -> dict[Any, Mark]:
    """Return the marks of the invoices of a list, by invoice."""
    return marks_of_invoices(list(rows), at=timezone.now())


@register.filter
def promise_of(marks: dict[Any, Mark], pk: Any) -> SafeString:
    """Show the mark of one row, if it has one; most have none, and nothing is drawn for them."""
    found = marks.get(pk)
    if found is None:
        return SafeString()
    context = {"state": found.state, "day": found.day}
    return render_to_string("collection/_promise_mark.html", context)
