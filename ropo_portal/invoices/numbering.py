"""Room: which number and reference an invoice carries: the next of the series, or what a clerk entered."""

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import CreditorEnvironment, ReferenceKind
from ropo_portal.errors import DomainError, sentence
from ropo_portal.identifiers import (
    CannotMakeReference,
    canonical_reference,
    check_invoice_number,
    check_text,
    make_reference,
    normalized_number,
)
from ropo_portal.invoices.models import Claim, ClaimQuerySet, CreditNote, Invoice, InvoiceQuerySet

Text = str | Promise
LONGEST_REFERENCE = 35
MOST_SKIPPED = 1000


class NumberTaken(DomainError):
    """Another invoice has the number; `invoice` is that one."""

    def __init__(self, invoice: Invoice) -> None:
        message = _("This is the same number as invoice %(number)s, which is %(state)s.")
        super().__init__(_about(message, invoice), field="number", code="number_taken")
        self.invoice = invoice


class ReferenceTaken(DomainError):
    """Another invoice has the reference; `invoice` is that one."""

    def __init__(self, invoice: Invoice) -> None:
        message = _("Invoice %(number)s has this reference already; a reference is never used twice.")
        super().__init__(_about(message, invoice), field="reference", code="reference_taken")
        self.invoice = invoice


class ClaimTaken(DomainError):
    """A claim that was invoiced elsewhere has the number or the reference; `claim` is that one."""

    def __init__(self, claim: Claim, *, field: str = "number") -> None:
        message = _("The claim %(number)s, which was invoiced elsewhere, has it already.")
        super().__init__(sentence(message, number=claim.number), field=field, code=f"{field}_taken")
        self.claim = claim


class CreditNoteTaken(DomainError):
    """A credit note has the number; `note` is that one."""

    def __init__(self, note: CreditNote) -> None:
        message = sentence(_("The credit note %(number)s has this number already."), number=note.number)
        super().__init__(message, field="number", code="number_taken")
        self.note = note


class SeriesExhausted(DomainError):
    """The series found no free number."""


def _about(message: Text, invoice: Invoice) -> Text:
    return sentence(message, number=invoice.number, state=state_word(invoice))


def state_word(invoice: Invoice) -> Text:
    """Return the state in a word that fits into a sentence."""
    if invoice.discarded_at:
        return _("discarded")
    submission = invoice.submission
    return _("a draft") if invoice.state == "draft" or submission is None else submission.get_state_display()


def rivals(environment: CreditorEnvironment, invoice: Invoice | None = None) -> InvoiceQuerySet:
    """Invoices whose numbers are spoken for: all but drafts thrown away before anybody posted them."""
    found = Invoice.objects.filter(
        Q(discarded_at=None) | Q(submission__isnull=False), environment=environment
    )
    return found.exclude(pk=invoice.pk) if invoice else found


def foreign_claims(environment: CreditorEnvironment) -> ClaimQuerySet:
    """Claims whose numbers are spoken for by no invoice of ours."""
    return Claim.objects.filter(environment=environment, invoice=None)


def lock_series(environment: CreditorEnvironment) -> CreditorEnvironment:
    """Lock the environment's number series until the transaction ends; two clerks never get one number."""
    return CreditorEnvironment.objects.select_for_update().select_related("creditor").get(pk=environment.pk)


def name_invoice(invoice: Invoice, *, number: str, reference: str, series: CreditorEnvironment) -> None:
    """Give the invoice its number and reference; the series must be locked."""
    number = number or invoice.number
    if number:
        invoice.number = free_number(number, environment=series, invoice=invoice)
        invoice.reference = (
            free_reference(reference, environment=series, invoice=invoice)
            if reference
            else _made_reference(invoice.number, environment=series, invoice=invoice)
        )
    else:
        invoice.number, invoice.reference = _next(series, reference)
        series.save(update_fields=["next_number"])
    invoice.number_key = normalized_number(invoice.number)


def free_number(text: str, *, environment: CreditorEnvironment, invoice: Invoice | None = None) -> str:
    """Return the number as it is stored; refuse what another invoice has."""
    number = check_invoice_number(text, field="number")
    other = rivals(environment, invoice).filter(number_key=normalized_number(number)).first()
    if other:
        raise NumberTaken(other)
    claim = foreign_claims(environment).filter(number_key=normalized_number(number)).first()
    if claim:
        raise ClaimTaken(claim)
    note = CreditNote.objects.filter(environment=environment, number_key=normalized_number(number)).first()
    if note:
        raise CreditNoteTaken(note)
    return number


def next_number(series: CreditorEnvironment) -> tuple[str, str]:
    """Take the next number of the series, which must be locked, and a reference of its own."""
    taken = _next(series, "")
    series.save(update_fields=["next_number"])
    return taken


def free_reference(text: str, *, environment: CreditorEnvironment, invoice: Invoice | None = None) -> str:
    """Return the reference as it is stored; refuse what another invoice has."""
    reference = canonical_reference(check_text(text, LONGEST_REFERENCE, field="reference"))
    other = rivals(environment, invoice).filter(reference=reference).first()
    if other:
        raise ReferenceTaken(other)
    claim = foreign_claims(environment).open().filter(reference=reference).first()
    if claim:
        raise ClaimTaken(claim, field="reference")
    return reference


def reference_for(number: str, environment: CreditorEnvironment) -> str:
    """Make the reference from the digits of an invoice number, of the kind that the environment's banks know."""
    digits = "".join(character for character in number if character in "0123456789")
    kind = environment.reference_kind
    return make_reference(
        "ocr" if kind == ReferenceKind.OCR_LENGTH else kind,
        digits,
        length=environment.reference_length,
        length_digit=kind == ReferenceKind.OCR_LENGTH,
    )


def _made_reference(number: str, *, environment: CreditorEnvironment, invoice: Invoice) -> str:
    try:
        reference = reference_for(number, environment)
    except CannotMakeReference as error:
        message = sentence(_("%(why)s Enter the reference yourself."), why=error.message)
        raise CannotMakeReference(message, field="reference", code=error.code) from error
    return free_reference(reference, environment=environment, invoice=invoice)


def _next(series: CreditorEnvironment, reference: str) -> tuple[str, str]:
    """Take numbers until one is free and has a free reference of the creditor's kind."""
    if reference:
        reference = free_reference(reference, environment=series)
    for _attempt in range(MOST_SKIPPED):
        number = str(series.next_number)
        series.next_number += 1
        try:
            made = reference or reference_for(number, series)  # before asking the database: short numbers make none
        except CannotMakeReference:
            continue
        if _is_spoken_for(series, number_key=number):
            continue
        if reference or not _is_spoken_for(series, reference=made):
            return number, made
    message = _("The number series found no free number; an administrator can set the next one.")
    raise SeriesExhausted(message, field="number", code="series_exhausted")


def _is_spoken_for(series: CreditorEnvironment, **what: str) -> bool:
    notes = CreditNote.objects.filter(environment=series)
    return any(rows.filter(**what).exists() for rows in (rivals(series), foreign_claims(series), notes))
