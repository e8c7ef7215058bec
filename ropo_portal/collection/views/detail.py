"""Room: the whole truth about one claim on one page."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from ropo_portal.collection import operations
from ropo_portal.collection.deeds import deeds
from ropo_portal.collection.fate import fate
from ropo_portal.collection.models import DebtCollectionCase, Override, Proof, Reminder, Step
from ropo_portal.collection.promises import promises_of
from ropo_portal.collection.standing import Standing, standing_of
from ropo_portal.collection.views.desk import KINDS, claim_for, scope_of
from ropo_portal.documents.models import StoredDocument
from ropo_portal.invoices.journal import journal_of
from ropo_portal.invoices.ledger import movements
from ropo_portal.invoices.models import Claim, Invoice
from ropo_portal.rules.operations import legal_bar
from ropo_portal.submissions.models import Submission
from ropo_portal.ui import htmx, states
from ropo_portal.ui.access import requires, scoped_object


@requires("document.view")
@require_GET
def claim(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show how the claim stands, what may be done now, its sums, its days, its papers and its history."""
    scoped_object(request, Claim, pk, "document.view")
    found = Claim.objects.with_parties().with_sums().get(pk=pk)
    return render(request, "collection/claim_detail.html", _context(request, found))


@requires("document.view")
@require_GET
def fate_panel(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Give the sentence of fate and the deeds again, while the claim moves."""
    found = claim_for(request, pk, "document.view")
    return render(request, "collection/_claim_fate.html", _fate_context(request, _look(found)))


@requires("document.view")
@require_GET
def document(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Lead from a reminder or debt collection, as its submission knows it, to the claim's page."""
    for model in KINDS.values():
        if model.objects.visible_to(scope_of(request)).filter(pk=pk).exists():
            found = scoped_object(request, model, pk, "document.view")
            return htmx.redirect(request, "collection:claim", found.claim_id)
    raise Http404


@requires("document.view")
@require_GET
def of_invoice(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Give the buttons and the standing of the invoice's claim, for the invoice's page."""
    invoice = scoped_object(request, Invoice, pk, "document.view")
    claim = Claim.objects.with_parties().filter(invoice=invoice).first()
    context = _fate_context(request, _look(claim)) if claim else {}
    may_begin = scope_of(request).may("collection.edit", invoice.creditor_id)
    steps = [{"step": step, "label": step.label, "key": step.value[0]} for step in Step]
    context |= {"invoice": invoice, "steps": steps, "may_begin": may_begin}
    page, panel = "collection/invoice_claim.html", "collection/_of_invoice.html"
    return htmx.render(request, page, panel, context)


def _look(claim: Claim) -> Standing:
    return standing_of(claim, today=claim.environment.today(timezone.now()))


def _fate_context(request: HttpRequest, standing: Standing) -> dict[str, Any]:
    told = fate(standing.plight)
    return {
        "claim": standing.claim,
        "standing": standing,
        "fate": told,
        "tone": states.look(told.state).tone,
        "deeds": deeds(standing, scope_of(request)),
        "is_moving": standing.is_moving,
        "currency": standing.claim.currency,
        "may_look": scope_of(request).may("submission.look_up", standing.claim.creditor_id),
    }


def _context(request: HttpRequest, claim: Claim) -> dict[str, Any]:
    standing = _look(claim)
    documents = [one for one in (standing.reminder, standing.case, claim.invoice) if one is not None]
    subjects = [one.pk for one in documents]
    chain = Submission.objects.filter(document_id__in=subjects, environment_id=claim.environment_id)
    papers = StoredDocument.objects.filter(subject_id__in=subjects).defer("content")
    return {
        **_fate_context(request, standing),
        **movements(claim),
        "bar": legal_bar(standing.clock),
        "journal": journal_of(claim, currency=claim.currency, subjects=_all_subjects(claim)),
        "chain": chain.defer("payload").order_by("queued_at"),
        "papers": papers.order_by("-created_at"),
        "proofs": Proof.objects.filter(case=standing.case).defer("content") if standing.case else (),
        "promises": promises_of(claim, today=standing.today),
        **_permits(request, standing),
    }


def _all_subjects(claim: Claim) -> list[uuid.UUID]:
    """Whatever was begun for the claim, thrown away or not: the history knows it."""
    models: tuple[Any, ...] = (Reminder, DebtCollectionCase, Override)
    return [pk for model in models for pk in model.objects.filter(claim=claim).values_list("pk", flat=True)]


def _permits(request: HttpRequest, standing: Standing) -> dict[str, bool]:
    actions = {
        "pdf": "document.pdf",
        "pay": "payment.edit",
        "credit": "credit.edit",
        "promise": "promise.edit",
    }
    may, claim = scope_of(request).may, standing.claim
    is_begun = bool(standing.reminder or standing.case)
    found = {f"may_{word}": may(action, claim.creditor_id) for word, action in actions.items()}
    may_edit = may("collection.edit", claim.creditor_id)
    return {**found, "may_mend": may_edit and not is_begun and operations.may_mend(claim)}
