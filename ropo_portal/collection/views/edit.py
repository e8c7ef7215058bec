"""Room: writing: a claim invoiced elsewhere, a reminder, a debt collection."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ropo_portal.collection import operations, refusals
from ropo_portal.collection.forms import CaseForm, ForeignClaimForm, ReminderForm
from ropo_portal.collection.models import DebtCollectionCase, Reminder, Step
from ropo_portal.collection.obstacles import obstacles
from ropo_portal.collection.operations import StepHasChanged
from ropo_portal.collection.standing import standing_of
from ropo_portal.collection.views.desk import (
    KINDS,
    UNPROCESSABLE,
    claim_for,
    document_for,
    log_strangers,
    put,
    refused,
    scope_of,
    who,
    working_environment,
)
from ropo_portal.errors import DomainError
from ropo_portal.invoices.changes import changes_since
from ropo_portal.invoices.models import Claim
from ropo_portal.invoices.operations import open_claim
from ropo_portal.rules.operations import legal_bar
from ropo_portal.ui import htmx
from ropo_portal.ui.access import requires


@requires("collection.edit")
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Write down a claim that was invoiced elsewhere."""
    environment = working_environment(request, "collection.edit")
    form = ForeignClaimForm(request.POST or None, environment=environment)
    if form.is_bound:
        log_strangers(request, form)
    if form.is_bound and form.is_valid():
        try:
            claim = open_claim(environment=environment, **form.content(), **who(request))
        except DomainError as error:
            put(form, error)
        else:
            response = htmx.redirect(request, "collection:claim", claim.pk)
            return htmx.tell(request, response, _("The claim %(number)s is open.") % {"number": claim.number})
    context = {"form": form, "environment": environment}
    return render(request, "collection/claim_form.html", context, status=_status(form))


@requires("collection.edit")
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest, pk: uuid.UUID, step: str) -> HttpResponse:
    """Open the form of a step, or the draft there is; nothing is written until the form is saved or sent."""
    if step not in Step.values:
        raise Http404
    kind = "reminder" if step == Step.REMINDER else "case"
    claim = claim_for(request, pk, "collection.edit")
    begun = KINDS[kind].objects.kept().select_related("submission").filter(claim=claim).first()
    if request.method == "GET" and begun is not None and begun.is_editable:
        return htmx.redirect(request, f"collection:{kind}", begun.pk)
    for obstacle in obstacles(claim, step, today=claim.environment.today(timezone.now())):
        return refused(request, claim, obstacle)
    document, form = _unwritten(request, kind, claim)
    if form.is_bound:
        log_strangers(request, form)
        written = _written(request, kind, claim, form)
        if written is not None:
            return written
    return _form(request, kind, document, form, is_new=True)


@requires("collection.edit")
@require_http_methods(["GET", "POST"])
def reminder(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Write a reminder: how it travels, and what it says."""
    document = document_for(request, "reminder", pk, "collection.edit")
    names = ("channel", "einvoice_payment_id", "free_text", "revision")
    form = ReminderForm(_posted(request), initial={name: getattr(document, name) for name in names})

    def save(**values: Any) -> None:
        operations.change_reminder(reminder=document, **values)

    return _edited(request, "reminder", document, form, save)


@requires("collection.edit")
@require_http_methods(["GET", "POST"])
def case(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Write a debt collection: when and where the debtor was reminded, and the proof."""
    document = document_for(request, "case", pk, "collection.edit")
    names = ("notice_date", "notice_channel", "notice_address", "revision")
    initial = {name: getattr(document, name) for name in names}
    form = CaseForm(_posted(request), request.FILES or None, initial=initial)

    def save(**values: Any) -> None:
        saved = operations.change_case(case=document, **values)
        file = form.file()
        if file:
            operations.add_proof(case=saved, name=file[0], content=file[1], **who(request))

    return _edited(request, "case", document, form, save)


def _unwritten(request: HttpRequest, kind: str, claim: Claim) -> tuple[Any, Any]:
    """Give a document that nothing was written of, and its form."""
    channel, posted = claim.debtor.channel, _posted(request)
    if kind == "reminder":
        document: Any = Reminder(claim=claim, amount=claim.open_amount, channel=channel)
        return document, ReminderForm(posted, initial={"channel": channel, "revision": 1})
    document = DebtCollectionCase(claim=claim, amount=claim.open_amount)
    return document, CaseForm(posted, request.FILES or None, initial={"revision": 1})


def _written(request: HttpRequest, kind: str, claim: Claim, form: Any) -> HttpResponse | None:
    """Write the document down for the first time and go on; None where the form has something to say."""
    start: Any = operations.start_reminder if kind == "reminder" else operations.start_case
    if not form.is_valid():
        return None
    try:
        document = start(claim=claim, **form.content(), is_written=True, **who(request))
    except StepHasChanged as error:
        there = htmx.redirect(request, f"collection:{kind}", error.document.pk)
        return htmx.tell(request, there, error.message, "error")
    except DomainError as error:
        put(form, error)
        return None
    return _proven(request, document, form) or _go_on(request, kind, document)


def _proven(request: HttpRequest, document: Any, form: Any) -> HttpResponse | None:
    """Keep the proof that came with a debt collection; a file that is refused is said on the draft's own form."""
    file = form.file() if isinstance(form, CaseForm) else None
    if not file:
        return None
    try:
        operations.add_proof(case=document, name=file[0], content=file[1], **who(request))
    except DomainError as error:
        return htmx.tell(
            request, htmx.redirect(request, "collection:case", document.pk), error.message, "error"
        )
    return None


def _edited(request: HttpRequest, kind: str, document: Any, form: Any, save: Any) -> HttpResponse:
    """Save what was posted and go on; show the form (again) otherwise."""
    if not document.is_editable:
        return refused(request, document.claim, DomainError(_("This can no longer be changed.")))
    if not form.is_bound:
        return _form(request, kind, document, form)
    log_strangers(request, form)
    if form.is_valid() and _saved(request, form, save):
        return _go_on(request, kind, document)
    return _form(request, kind, document_for(request, kind, document.pk, "collection.edit"), form)


def _saved(request: HttpRequest, form: Any, save: Any) -> bool:
    try:
        save(**form.content(), revision=form.cleaned_data["revision"], **who(request))
    except StepHasChanged as error:
        _look_again(form, error)
    except DomainError as error:
        put(form, error)
    else:
        return True
    return False


def _look_again(form: Any, error: StepHasChanged) -> None:
    """Let the clerk, who now knows that somebody was faster, save over it."""
    form.add_error(None, str(error))
    form.changes = changes_since(error.document, form.cleaned_data["revision"])
    form.data = form.data.copy()
    form.data["revision"] = str(error.document.revision)


def _go_on(request: HttpRequest, kind: str, document: Any) -> HttpResponse:
    if request.POST.get("then") == "send":
        there = "collection:reminder-send" if kind == "reminder" else "collection:case-propose"
        return htmx.redirect(request, there, document.pk)
    response = htmx.redirect(request, f"collection:{kind}", document.pk)
    return htmx.tell(request, response, _("Saved."))


def _form(request: HttpRequest, kind: str, document: Any, form: Any, *, is_new: bool = False) -> HttpResponse:
    claim = document.claim
    standing = standing_of(claim, today=claim.environment.today(timezone.now()))
    is_case = isinstance(document, DebtCollectionCase)
    action = "collection.send" if is_case else "reminder.send"
    context = {
        "document": document,
        "is_new": is_new,
        "here": reverse("collection:begin", args=[claim.pk, document.step])
        if is_new
        else reverse(f"collection:{kind}", args=[document.pk]),
        "claim": claim,
        "form": form,
        "changes": getattr(form, "changes", ()),
        "standing": standing,
        "bar": legal_bar(standing.clock),
        "proofs": document.proofs.defer("content") if is_case and not is_new else (),
        "needs_notice": refusals.needs_notice(claim),
        "may_send": scope_of(request).may(action, claim.creditor_id),
    }
    return render(request, f"collection/{kind}_form.html", context, status=_status(form))


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _status(form: Any) -> int:
    return UNPROCESSABLE if form.is_bound else 200
