"""Room: what lists of claims and of invoices show of promises to pay."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils import timezone

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


@register.inclusion_tag("collection/_promise_mark.html")
def promise_mark(marks: dict[Any, Mark], pk: Any) -> dict[str, Any]:
    """Show the mark of one row, if it has one."""
    found = marks.get(pk)
    return {"state": found.state, "day": found.day} if found else {}
