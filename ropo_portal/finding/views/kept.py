"""Room: views that are kept, and columns that are chosen."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ropo_portal.errors import DomainError
from ropo_portal.finding import operations
from ropo_portal.finding.forms import ViewForm
from ropo_portal.finding.models import SavedView
from ropo_portal.finding.views.desk import address_of, environment_of, listing_of
from ropo_portal.ui import htmx
from ropo_portal.ui.access import requires, scoped_object

UNPROCESSABLE = 422


@requires("view.keep")
@require_POST
def save(request: HttpRequest, kind: str) -> HttpResponse:
    """Keep the filters of a list under a name."""
    listing, environment = listing_of(kind), environment_of(request, "view.keep")
    query = address_of(listing, environment, QueryDict(request.POST.get("query", "")))
    form = ViewForm(request.POST)
    facts = {"creditor": environment.creditor, "listing": listing, "query": query, "at": timezone.now()}
    view = _kept(form, operations.save_view, **facts, actor=request.user)
    if view is None:
        context = {"form": form, "listing": listing, "query": query}
        return render(request, "finding/view_form.html", context, status=UNPROCESSABLE)
    return htmx.tell(request, htmx.redirect(request, address(view)), _("The view was saved."))


@requires("view.keep")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Rename a view, share it or take it back."""
    view = scoped_object(request, SavedView, pk, "view.keep")
    form = ViewForm(request.POST or None, initial={"name": view.name, "is_shared": view.is_shared})
    if request.method == "POST" and _kept(form, operations.rename_view, view=view):
        return htmx.tell(request, htmx.redirect(request, address(view)), _("The view was saved."))
    context = {"form": form, "listing": listing_of(view.listing), "view": view}
    return render(request, "finding/view_form.html", context, status=UNPROCESSABLE if form.is_bound else 200)


@requires("view.keep")
@require_POST
def drop(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Let a view go."""
    view = scoped_object(request, SavedView, pk, "view.keep")
    operations.drop_view(view=view)
    home = f"{reverse(listing_of(view.listing).route)}?all=1"
    return htmx.tell(request, htmx.redirect(request, home), _("The view was deleted."))


@requires("document.view")
@require_POST
def default(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Let the list open with this view, or whole again."""
    view = scoped_object(request, SavedView, pk, "document.view")
    user: Any = request.user
    operations.choose_default(view=view, actor=user, is_default=request.POST.get("is_default") == "1")
    return htmx.redirect(request, address(view))


@requires("document.view")
@require_POST
def columns(request: HttpRequest, kind: str) -> HttpResponse:
    """Remember which columns the reader wants to see."""
    listing, environment = listing_of(kind), environment_of(request, "document.view")
    user: Any = request.user
    operations.choose_columns(listing=listing, names=request.POST.getlist("column"), actor=user)
    query = address_of(listing, environment, QueryDict(request.POST.get("query", "")))
    return htmx.redirect(request, f"{reverse(listing.route)}?{query or 'all=1'}")


def address(view: SavedView) -> str:
    """Give the way to the list as the view shows it."""
    return f"{reverse(listing_of(view.listing).route)}?{view.query}"


def _kept(form: ViewForm, act: Any, **facts: Any) -> SavedView | None:
    if not form.is_valid():
        return None
    try:
        view: SavedView = act(**facts, **form.cleaned_data)
    except DomainError as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return None
    return view
