"""Room: mending many invoices in one grid, cause by cause, and letting doubts stand one by one."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from ropo_portal.errors import DomainError
from ropo_portal.invoices import operations
from ropo_portal.invoices.causes import DOUBTS, Cause, cause, doubt_group
from ropo_portal.invoices.content import PLAIN, InvoiceContent
from ropo_portal.invoices.forms.approvals import StandForm
from ropo_portal.invoices.forms.batches import MendForm
from ropo_portal.invoices.models import Batch, BatchItem, Invoice
from ropo_portal.invoices.views.desk import UNPROCESSABLE, user_of
from ropo_portal.parties.models import Debtor
from ropo_portal.parties.operations import mend_debtor
from ropo_portal.ui import htmx
from ropo_portal.ui.access import requires, scoped_object

SHOWN = 50


@requires("invoice.edit")
@require_http_methods(["GET", "POST"])
def group(request: HttpRequest, pk: uuid.UUID, kind: str) -> HttpResponse:
    """Show all that one cause holds back, as a grid; what is typed is saved, and only that is checked again."""
    batch = _unsent(request, pk)
    why = cause(kind)
    items = [item for item in _wrong(batch) if any(key == kind for key, _words in item.causes)]
    rows = _rows(items, why)
    forms = [MendForm(request.POST or None, cause=why, subject=row["subject"]) for row in rows]
    if request.method == "POST" and why.subject:
        mended, refused = _saved(request, batch, forms)
        if not refused:
            return _onward(request, batch, kind, mended, len(rows))
        forms = [form for form in forms if form.subject.pk not in mended]
    context = {"batch": batch, "kind": kind, "cause": why, "count": len(items), "sheet": _Sheet(forms)}
    context["rows"] = [
        row | {"form": form} for form in forms for row in rows if row["subject"] is form.subject
    ]
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, "invoices/batch_group.html", context, status=status)


@requires("invoice.edit")
@require_http_methods(["GET", "POST"])
def doubts(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """List every doubt by itself; only what somebody marks is let stand."""
    batch = _unsent(request, pk)
    kind = request.GET.get("kind", "")
    items = [item for item in _wrong(batch) if not item.causes and _is_odd(item, kind)]
    forms = [StandForm(request.POST or None, item=item) for item in items]
    status = 200
    if request.method == "POST":
        forms = [form for form in forms if form.marked and not _stands(request, form)]
        if not forms:
            more = len(items) > SHOWN
            return htmx.redirect(request, "invoices:batch-doubts" if more else "invoices:batch", pk)
        status = UNPROCESSABLE
    context = {"batch": batch, "forms": forms[:SHOWN], "kind": DOUBTS.get(kind, "")}
    return render(request, "invoices/batch_doubts.html", context, status=status)


def _stands(request: HttpRequest, form: StandForm) -> bool:
    """Let the marked doubts of one invoice stand; tell whether nothing was refused."""
    if not form.is_valid():
        return False
    codes, why = [*form.item.confirmed, *form.cleaned_data["confirmed"]], form.cleaned_data["why"]
    try:
        operations.confirm_doubts(
            item=form.item, codes=codes, reason=why, actor=user_of(request), at=timezone.now()
        )
    except DomainError as error:
        form.add_error("why", str(error))
        return False
    return True


def _is_odd(item: BatchItem, kind: str) -> bool:
    """Tell whether a doubt of the kind, or any without one, waits to be looked at."""
    groups = {doubt_group(doubt[0]) for doubt in item.open_doubts}
    return kind in groups if kind else bool(groups)


class _Sheet:
    """All rows as one form, for the summary of what must be corrected."""

    def __init__(self, forms: list[MendForm]) -> None:
        self.forms = forms

    def non_form_errors(self) -> list[str]:
        """Every refusal has its row."""
        return []


def _unsent(request: HttpRequest, pk: uuid.UUID) -> Batch:
    batch: Batch = scoped_object(request, Batch, pk, "invoice.edit")
    if batch.sent_at:
        raise Http404
    return batch


def _wrong(batch: Batch) -> Any:
    return BatchItem.objects.filter(batch=batch, is_ready=False).select_related(
        "invoice__debtor__creditor", "invoice__environment__creditor"
    )


def _rows(items: list[BatchItem], why: Cause) -> list[dict[str, Any]]:
    """Put invoices of one debtor on one row where it is the debtor that lacks something."""
    rows: dict[uuid.UUID, dict[str, Any]] = {}
    for item in items:
        subject = item.invoice.debtor if why.subject == "debtor" else item.invoice
        words = "; ".join(words for _key, words in item.causes)
        row = rows.setdefault(subject.pk, {"subject": subject, "invoices": [], "words": words})
        row["invoices"].append(item.invoice)
    return list(rows.values())[:SHOWN]


def _saved(request: HttpRequest, batch: Batch, forms: list[MendForm]) -> tuple[list[uuid.UUID], bool]:
    """Save each touched row by itself; return what was mended and whether anything was refused."""
    mended: list[uuid.UUID] = []
    touched = [form for form in forms if form.is_touched]
    for form in touched:
        if not form.is_valid():
            continue
        try:
            _mend(form, {"actor": user_of(request), "at": timezone.now()})
        except DomainError as error:
            form.subject.refresh_from_db()
            form.refuse(error)
        else:
            mended.append(form.subject.pk)
    if mended:
        operations.look_again(batch=batch, changed=mended, at=timezone.now())
    return mended, any(form.errors for form in touched)


def _mend(form: MendForm, who: dict[str, Any]) -> None:
    mend: dict[type, Callable[..., Any]] = {Debtor: _mend_debtor, Invoice: _mend_invoice}
    mend[type(form.subject)](form.subject, form.cleaned_data["revision"], form.values(), who)


def _mend_debtor(debtor: Debtor, revision: int, values: dict[str, Any], who: dict[str, Any]) -> None:
    mend_debtor(debtor=debtor, revision=revision, values=values, **who)


def _mend_invoice(invoice: Invoice, revision: int, values: dict[str, Any], who: dict[str, Any]) -> None:
    content = InvoiceContent.of(invoice)
    plain = {name: value for name, value in values.items() if name in PLAIN}
    extras = {name: value for name, value in values.items() if name not in PLAIN}
    content = replace(content, **plain, extras={**content.extras, **extras})
    operations.change_invoice(invoice=invoice, content=content, revision=revision, **who)


def _onward(
    request: HttpRequest, batch: Batch, kind: str, mended: list[uuid.UUID], rows: int
) -> HttpResponse:
    """Stay while something of this cause is left, else go back to the whole."""
    if not mended:
        text, level = _("Nothing was typed, so nothing was changed."), "info"
    else:
        text = ngettext("%(count)s was mended.", "%(count)s were mended.", len(mended))
        text, level = text % {"count": len(mended)}, "success"
    stays = len(mended) < rows or rows == SHOWN
    where = ("invoices:batch-group", batch.pk, kind) if stays else ("invoices:batch", batch.pk)
    return htmx.tell(request, htmx.redirect(request, *where), text, level)
