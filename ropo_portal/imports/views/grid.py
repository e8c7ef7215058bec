"""Room: the result: every invoice of a file with its verdict, and the page that mends one."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ropo_portal.errors import DomainError
from ropo_portal.imports import causes, lines, operations
from ropo_portal.imports.causes import Cause
from ropo_portal.imports.forms import MendForm, offered
from ropo_portal.imports.models import Import, ImportedInvoice, Verdict
from ropo_portal.imports.readers import FIELDS
from ropo_portal.imports.views.desk import UNPROCESSABLE, back_to, batch_for, imported_for, scope_of, who
from ropo_portal.invoices.models import CreditNote
from ropo_portal.ui import htmx, paging
from ropo_portal.ui.access import requires

LONGEST_PLACE = 9
CHIPS = (
    (Verdict.NEW, gettext_lazy("New"), "accepted"),
    (Verdict.EXISTING, gettext_lazy("Existing"), "draft"),
    (Verdict.ERROR, gettext_lazy("With errors"), "rejected"),
)


def page_of(request: HttpRequest, batch: Import) -> dict[str, Any]:
    """Give one page of the result; the errors of its invoices are found afresh, in the reader's words."""
    chosen, cause = request.GET.get("verdict", ""), Cause.of(request.GET.get("cause", ""))
    found = causes.wrong(batch, cause) if cause else batch.invoices.all()
    if chosen in Verdict.values:
        found = found.filter(verdict=chosen)
    page = paging.page(
        found.select_related("invoice"), order=("position", "id"), cursor=request.GET.get("cursor")
    )
    asked = {"verdict": chosen if chosen in Verdict.values else "", "cause": cause.key if cause else ""}
    return {
        "page": page,
        "rows": _rows(batch, list(page.rows)),
        "query": urlencode({name: value for name, value in asked.items() if value}),
        "ready": batch.ready_count if batch.is_editable else 0,
        "typed_above": operations.TYPED_ABOVE,
        "unsent": operations.unsent(batch).count() if batch.created_count else 0,
        "chips": _chips(batch, chosen),
        **_by_cause(batch, cause),
    }


def _by_cause(batch: Import, chosen: Cause | None) -> dict[str, Any]:
    """Give the causes of the errors as chips, and what can be written to all invoices of the chosen one."""
    found = causes.counted(batch) if batch.error_count and not batch.is_cleared else []
    cause = next((one for one in found if chosen and one.key == chosen.key), None)
    return {
        "cause": cause,
        "takes_same": cause is not None and cause.column in operations.SAME_FOR_ALL,
        "same_label": label(cause.column) if cause else "",
        "same_choices": offered(cause.column) if cause else [],
        "cause_chips": [
            {
                "label": one.label,
                "href": "?" + urlencode({} if one == cause else {"cause": one.key}),
                "is_on": one == cause,
                "tone": "rejected",
                "count": one.count,
            }
            for one in found
        ],
    }


def _chips(batch: Import, chosen: str) -> list[dict[str, Any]]:
    counts = {"new": batch.new_count, "existing": batch.existing_count, "error": batch.error_count}
    return [
        {
            "label": label,
            "href": "?" + urlencode({} if chosen == verdict else {"verdict": verdict}),
            "is_on": chosen == verdict,
            "tone": tone,
            "key": str(place),
            "count": counts[verdict],
        }
        for place, (verdict, label, tone) in enumerate(CHIPS, start=1)
    ]


def _rows(batch: Import, shown: list[ImportedInvoice]) -> list[dict[str, Any]]:
    wrong = [] if batch.is_cleared else [one for one in shown if one.verdict == Verdict.ERROR]
    judged = lines.judge(batch, wrong, at=timezone.now()) if wrong else []
    faults = {one.pk: found.faults for one, found in zip(wrong, judged, strict=True)}
    credits_ = [one.pk for one in shown if (one.total_amount or 0) < 0]
    notes = (
        set(CreditNote.objects.filter(pk__in=credits_).values_list("pk", flat=True)) if credits_ else set()
    )
    return [
        {
            "imported": one,
            "is_note": one.pk in notes,
            "faults": [{"fault": fault, "label": label(fault.column)} for fault in faults.get(one.pk, [])],
        }
        for one in shown
    ]


def label(column: str) -> Any:
    """Give a column's name in the reader's words."""
    return FIELDS[column].label if column in FIELDS else column


@requires("invoice.edit")
@require_http_methods(["GET", "POST"])
def invoice(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show the cells of one invoice and mend them; one that is in order leads on to the next error."""
    imported = imported_for(request, pk, "invoice.edit")
    is_late = not imported.batch.is_editable or imported.is_made
    if imported.batch.is_cleared or (is_late and request.method == "GET"):
        text = _("This invoice can no longer be changed here.")
        return back_to(request, imported.batch, text, "info")
    form = MendForm(request.POST or None, imported=imported)
    if request.method == "GET":
        return _mend(request, imported, form)
    try:
        judged = operations.mend_invoice(
            imported=imported, revision=form.revision, cells=form.cells(), **who(request)
        )
    except DomainError as error:
        return _mend(request, imported, form, error)
    if judged.faults:
        imported.refresh_from_db()
        return _mend(request, imported, MendForm(None, imported=imported), status=UNPROCESSABLE)
    return _next(request, imported.batch, imported.position)


@requires("invoice.edit")
@require_POST
def same(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Write one text to all invoices of a cause."""
    batch = batch_for(request, pk, "invoice.edit")
    cause = Cause.of(request.POST.get("cause", ""))
    if cause is None:
        return back_to(request, batch)
    try:
        done = operations.mend_cause(
            batch=batch, cause=cause, text=request.POST.get("same", ""), **who(request)
        )
    except DomainError as error:
        there = f"{resolve_url('imports:detail', batch.pk)}?{urlencode({'cause': cause.key})}"
        return htmx.tell(request, htmx.redirect(request, there), error.message, "error")
    words = _("Written to %(count)s invoices; %(good)s of them are in order now.")
    return back_to(request, batch, words % {"count": done.count, "good": done.good})


@requires("invoice.edit")
@require_GET
def next_error(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Go to the first invoice with an error, or to the next one after a place of the file."""
    after = request.GET.get("after", "")
    place = int(after) if after.isdecimal() and len(after) <= LONGEST_PLACE else 0
    return _next(request, batch_for(request, pk, "invoice.edit"), place)


@requires("invoice.edit")
@require_POST
def choose(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take an invoice in, or leave it out."""
    imported = imported_for(request, pk, "invoice.edit")
    try:
        operations.choose_invoice(
            imported=imported, is_included=request.POST.get("included") == "1", **who(request)
        )
    except DomainError as error:
        return back_to(request, imported.batch, error.message, "error")
    return back_to(request, imported.batch)


def _cause(request: HttpRequest) -> Cause | None:
    """Read the cause a clerk walks along, from the address or from the form."""
    return Cause.of(request.POST.get("cause", "") or request.GET.get("cause", ""))


def _next(request: HttpRequest, batch: Import, position: int) -> HttpResponse:
    cause = _cause(request)
    wrong = causes.wrong(batch, cause).order_by("position")
    other = wrong.filter(position__gt=position).first() or wrong.first()
    if other is None or not batch.is_editable:
        return back_to(request, batch, _("None of this kind is left.") if cause else _("No errors are left."))
    there = resolve_url("imports:invoice", other.pk)
    return htmx.redirect(request, f"{there}?{urlencode({'cause': cause.key})}" if cause else there)


def _mend(
    request: HttpRequest,
    imported: ImportedInvoice,
    form: MendForm,
    error: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    judged = lines.judge(imported.batch, [imported], at=timezone.now())[0]
    cause = _cause(request)
    wrong = causes.wrong(imported.batch, cause)
    context = {
        "imported": imported,
        "cause": cause,
        "walk": "&" + urlencode({"cause": cause.key}) if cause else "",
        "wrong_count": wrong.count(),
        "place": wrong.filter(position__lt=imported.position).count() + 1,
        "batch": imported.batch,
        **form.cells_shown(judged, cause.column if cause else ""),
        "columns": form.row_columns,
        "rest": [{"fault": fault, "label": label(fault.column)} for fault in judged.faults],
        "revision": imported.revision,
        "error": error,
        "may_edit": scope_of(request).may("invoice.edit", imported.batch.creditor_id),
    }
    return render(request, "imports/invoice_form.html", context, status=UNPROCESSABLE if error else status)
