"""Room: lists as files: the ordinary size at once, a large one by a worker."""

import datetime as dt
import io
import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from ropo_portal.finding import files, operations, sheets
from ropo_portal.finding.models import Export
from ropo_portal.finding.views.desk import address_of, environment_of, listing_of
from ropo_portal.ui import htmx, paging
from ropo_portal.ui.access import requires, scoped_object

AT_ONCE = 5000
KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@requires("document.view")
@require_POST
def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Give the whole list as a file; a large one is written by a worker, and its page says how far it is."""
    listing, environment = listing_of(kind), environment_of(request, "document.view")
    query = address_of(listing, environment, QueryDict(request.POST.get("query", "")))
    file = request.POST.get("file", "xlsx")
    at, user = timezone.now(), request.user
    form = listing.form(QueryDict(query), environment)
    count = paging.count_up_to(listing.rows(form, environment, environment.today(at)), AT_ONCE)
    facts: dict[str, Any] = {
        "listing": listing, "environment": environment, "query": query, "kind": file if file in KINDS else "xlsx",
        "actor": user, "at": at,
    }  # fmt: skip
    if count.is_capped:
        return htmx.redirect(request, "finding:export-detail", operations.ask_for_export(**facts).pk)
    operations.take_list(**facts, count=count.number)
    return _file(facts)


@requires("document.view")
@require_GET
def detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Say how far a file is, and give the way to it."""
    row = scoped_object(request, Export, pk, "document.view")
    context = {"export": row, "listing": listing_of(row.listing), "kept_until": row.created_at + files.KEPT}
    return htmx.render(request, "finding/export.html", "finding/_export.html", context)


@requires("document.view")
@require_GET
def download(request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    """Give a file that is ready, for a day."""
    row = scoped_object(request, Export, pk, "document.view")
    if row.state != Export.State.READY or row.created_at < timezone.now() - files.KEPT:
        raise Http404
    response = StreamingHttpResponse(files.content_of(row), content_type=KINDS[row.kind])
    return _named(response, row.listing, row.kind, row.created_at)


def _file(facts: dict[str, Any]) -> HttpResponseBase:
    listing, environment, kind = facts["listing"], facts["environment"], facts["kind"]
    headings, rows = files.sheet_of(listing, environment, facts["query"], facts["at"])
    if kind == "csv":
        lines = sheets.csv_lines(headings, rows, environment.time_zone)
        return _named(StreamingHttpResponse(lines, content_type=KINDS[kind]), listing.name, kind, facts["at"])
    file = io.BytesIO()
    sheets.write_xlsx(file, headings, rows, environment.time_zone)
    return _named(HttpResponse(file.getvalue(), content_type=KINDS[kind]), listing.name, kind, facts["at"])


def _named(response: HttpResponseBase, name: str, kind: str, at: dt.datetime) -> HttpResponseBase:
    header = content_disposition_header(as_attachment=True, filename=f"{name}-{at:%Y-%m-%d}.{kind}")
    response["Content-Disposition"] = header or "attachment"
    response["Cache-Control"] = "no-store"
    return response
