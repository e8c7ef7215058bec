"""Room: the steps of one import: its columns, its progress, and what came of it."""

import datetime as dt
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from ropo_portal.errors import DomainError
from ropo_portal.imports import operations, readers
from ropo_portal.imports.forms import LayoutForm, read_cell
from ropo_portal.imports.models import Import
from ropo_portal.imports.views import grid
from ropo_portal.imports.views.desk import (
    UNPROCESSABLE,
    back_to,
    batch_for,
    scope_of,
    step_list,
    who,
)
from ropo_portal.imports.withdrawing import sent_count
from ropo_portal.ui import htmx
from ropo_portal.ui.access import requires

State = Import.State
MOST_TWINS = 5


@requires("document.view")
@require_GET
def detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show an import as far as it has come."""
    batch = batch_for(request, pk, "document.view")
    context = _frame(request, batch)
    if batch.state == State.SURVEYED and context["may_edit"]:
        return htmx.redirect(request, "imports:columns", batch.pk)
    if batch.is_moving:
        context |= pace(batch, timezone.now())
    elif batch.staged_at:
        context |= grid.page_of(request, batch)
    return htmx.render(request, "imports/import_detail.html", "imports/_grid.html", context)


@requires("document.view")
@require_GET
def progress(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show how far the worker is; when it is done, the page itself."""
    batch = batch_for(request, pk, "document.view")
    if not batch.is_moving:
        return htmx.redirect(request, "imports:detail", batch.pk)
    context = _frame(request, batch) | pace(batch, timezone.now())
    return htmx.render(request, "imports/import_detail.html", "imports/_progress.html", context)


@requires("invoice.edit")
@require_http_methods(["GET", "POST"])
def columns(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show what the columns are taken for, with the first lines as read; then let the whole file be read."""
    batch = batch_for(request, pk, "invoice.edit")
    if batch.is_moving or batch.created_count or not batch.layout or not batch.pieces.exists():
        return back_to(request, batch)
    form = LayoutForm(request.POST or None, batch=batch)
    if request.method == "GET" or not form.is_valid():
        return _columns(request, batch, form)
    try:
        survey = operations.look_at(batch, form.layout)
        keep_as = form.cleaned_data["keep_as"]
        operations.choose_layout(batch=batch, survey=survey, keep_as=keep_as, **who(request))
        if "look" in request.POST:
            return htmx.redirect(request, "imports:columns", batch.pk)
        operations.start_staging(batch=Import.objects.get(pk=batch.pk), **who(request))
    except (DomainError, readers.CannotRead) as error:
        return _columns(request, batch, form, str(error))
    return back_to(request, batch)


def _columns(request: HttpRequest, batch: Import, form: LayoutForm, refusal: str = "") -> HttpResponse:
    try:
        survey = operations.look_at(batch, form.shown)
    except readers.CannotRead as error:
        refusal, survey = refusal or str(error), None
    context = _frame(request, batch) | {
        "form": form,
        "survey": survey,
        "columns": form.columns(survey) if survey else [],
        "fields": readers.FIELDS,
        **_sample(survey),
        "refusal": refusal,
    }
    return render(
        request,
        "imports/import_columns.html",
        context,
        status=UNPROCESSABLE if request.method == "POST" else 200,
    )


def _sample(survey: readers.Survey | None) -> dict[str, Any]:
    """Lay the first lines out by column."""
    parsed = survey.parsed[:10] if survey else []
    names = [name for name in readers.FIELDS if any(cells.get(name) for cells in parsed)]
    return {
        "sample_heads": [readers.FIELDS[name] for name in names],
        "sample": [[read_cell(name, cells.get(name, "")) for name in names] for cells in parsed],
    }


def pace(batch: Import, at: dt.datetime) -> dict[str, Any]:
    """Tell how much is done, of how much, and how long the rest may take."""
    done, most = batch.created_count, batch.new_count
    if batch.state == State.STAGING:
        done, most = batch.line_count, batch.line_guess
    elif batch.is_withdrawing:
        done, most = batch.line_guess - batch.created_count, batch.line_guess
    passed = (at - (batch.started_at or at)).total_seconds()
    left = ""
    if done and most > done and passed > 1:
        seconds = round(passed * (most - done) / done)
        left = _("about %(count)s minutes left") % {"count": seconds // 60 + 1} if seconds >= 60 else (
            _("about %(count)s seconds left") % {"count": max(seconds, 1)}
        )  # fmt: skip
    return {"done": done, "most": max(most, done), "left": left}


def _frame(request: HttpRequest, batch: Import) -> dict[str, Any]:
    return {
        "batch": batch,
        "steps": step_list(batch),
        "currency": batch.environment.currency,
        "twins": list(Import.objects.twins(batch).order_by("-created_at")[:MOST_TWINS]),
        "sent_count": sent_count(batch) if batch.state == State.WITHDRAWN else 0,
        "may_edit": scope_of(request).may("invoice.edit", batch.creditor_id),
    }
