"""Room: what stands above every list: views that are kept, filters that are on, columns and files."""

from typing import Any

from django import template

from ropo_portal.finding.models import ColumnChoice, DefaultView, SavedView
from ropo_portal.listings import LISTINGS

register = template.Library()


@register.inclusion_tag("finding/_list_tools.html", takes_context=True)
def list_tools(context: dict[str, Any], name: str, form: Any) -> dict[str, Any]:
    """Show the views of a list, the filters that are on, and what can be done with all of it."""
    request = context["request"]
    scope, creditor = request.scope, request.scope.creditor
    views = SavedView.objects.visible_to(scope).filter(creditor=creditor, listing=name).order_by("name_key")
    chosen = DefaultView.objects.filter(user=request.user, creditor=creditor, listing=name)
    address = form.address()
    shown = list(views)
    return {
        "listing": LISTINGS[name],
        "form": form,
        "address": address,
        "views": shown,
        "current": next((view for view in shown if view.query == address), None),
        "default_id": chosen.values_list("view_id", flat=True).first() if shown else None,
        "columns": _columns(request, name),
        "may_keep": creditor is not None and scope.may("view.keep", creditor.pk),
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_tag(takes_context=True)
def chosen_columns(context: dict[str, Any], name: str) -> dict[str, bool]:
    """Tell of each column that may be hidden whether the reader wants it."""
    return {column.name: is_on for column, is_on in _columns(context["request"], name)}


def _columns(request: Any, name: str) -> list[tuple[Any, bool]]:
    cache: dict[str, Any] = request.__dict__.setdefault("_chosen_columns", {})
    if name not in cache:
        own = ColumnChoice.objects.filter(user=request.user, listing=name)
        names = own.values_list("names", flat=True).first()
        cache[name] = [
            (column, column.is_usual if names is None else column.name in names)
            for column in LISTINGS[name].choosable
        ]
    return list(cache[name])
