"""Room: the pages on which the history is read and proved."""

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from ropo_portal.history.forms import HistoryFilter
from ropo_portal.history.models import Entry
from ropo_portal.ui import htmx, paging, states
from ropo_portal.ui.access import requires, scoped_object

ORDER = ("-at", "-id")
LONGEST_TIMELINE = 50


@requires("history.view")
@require_GET
def entries(request: HttpRequest) -> HttpResponse:
    """List what happened at the chosen creditor, newest first."""
    return htmx.render(request, "history/entry_list.html", "history/_entries.html", _list_context(request))


@requires("history.view")
@require_GET
def detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show one entry: before and after, and how it is chained."""
    entry = scoped_object(request, Entry, pk, "history.view")
    return render(request, "history/entry_detail.html", {"entry": entry})


@requires("history.view")
@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    """Walk the whole chain of the chosen creditor and say in a sentence whether it is whole."""
    broken = Entry.objects.all().first_broken(_creditor_id(request))
    context = {**_list_context(request), "chain": _verdict(broken), "is_whole": broken is None}
    return htmx.render(request, "history/entry_list.html", "history/_chain.html", context)


@requires("document.view")
@require_GET
def of_subject(request: HttpRequest, subject_id: uuid.UUID) -> HttpResponse:
    """Give the timeline of one thing, a piece of its page or a page: who, what and when, no values or addresses."""
    scope: Any = request.scope  # type: ignore[attr-defined]
    found = Entry.objects.filter(subject_id=subject_id, creditor_id__in=scope.creditor_ids).order_by(
        "-at", "-sequence"
    )
    context = {"events": [_event(entry) for entry in found[:LONGEST_TIMELINE]]}
    return htmx.render(request, "history/timeline_page.html", "history/_timeline.html", context)


def _event(entry: Entry) -> dict[str, Any]:
    tone = states.look(entry.verb.rpartition(".")[2]).tone
    return {"title": entry.said, "at": entry.at, "by": entry.who, "text": entry.reason, "state": tone}


def _list_context(request: HttpRequest) -> dict[str, Any]:
    scope: Any = request.scope  # type: ignore[attr-defined]
    creditor_id = _creditor_id(request)
    form = HistoryFilter(request.GET)
    if not scope.may("history.view_house"):
        del form.fields["book"]
    is_house = "book" in form.fields and request.GET.get("book") == "house"
    book = Entry.objects.of_house() if is_house else Entry.objects.filter(creditor_id=creditor_id)
    found = form.narrowed(book, scope.environment.time_zone)
    query = request.GET.copy()
    query.pop("cursor", None)
    page = paging.page(found, order=ORDER, cursor=request.GET.get("cursor"))
    return {"page": page, "form": form, "filters": query.urlencode()}


def _creditor_id(request: HttpRequest) -> uuid.UUID:
    """Give the creditor chosen in the frame; 403 where the reader may not read its history."""
    scope: Any = request.scope  # type: ignore[attr-defined]
    if scope.creditor is None or not scope.may("history.view", scope.creditor.pk):
        raise PermissionDenied("history.view")
    creditor_id: uuid.UUID = scope.creditor.pk
    return creditor_id


def _verdict(broken: Entry | int | None) -> str:
    if broken is None:
        return _("The chain is whole: no entry was changed, removed or added afterwards.")
    if isinstance(broken, Entry):
        return _("The chain is broken at entry %(sequence)s: its content is not what was written.") % {
            "sequence": broken.sequence
        }
    return _("The chain is broken: entry %(sequence)s is missing.") % {"sequence": broken}
