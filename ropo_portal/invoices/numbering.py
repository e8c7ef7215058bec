"""Room: which number and reference an invoice carries: the next of the series, or what a clerk entered."""

from collections.abc import Collection, Sequence

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import CreditorEnvironment, ReferenceKind
from ropo_portal.copying import among
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
    refusal = taken_numbers([normalized_number(number)], environment=environment, invoice=invoice)
    if refusal:
        raise next(iter(refusal.values()))
    return number


def taken_numbers(
    keys: Collection[str], *, environment: CreditorEnvironment, invoice: Invoice | None = None
) -> dict[str, DomainError]:
    """Return those of the normalized numbers that something else has, each with its refusal."""
    found: dict[str, DomainError] = {}
    for note in CreditNote.objects.filter(among("number_key", keys), environment=environment):
        found[note.number_key] = CreditNoteTaken(note)
    for claim in foreign_claims(environment).filter(among("number_key", keys)):
        found[claim.number_key] = ClaimTaken(claim)
    for other in _with_state(rivals(environment, invoice)).filter(among("number_key", keys)):
        found[other.number_key] = NumberTaken(other)
    return found


def _with_state(invoices: InvoiceQuerySet) -> InvoiceQuerySet:
    return invoices.select_related("submission").defer("submission__payload")


def next_number(series: CreditorEnvironment) -> tuple[str, str]:
    """Take the next number of the series, which must be locked, and a reference of its own."""
    taken = _next(series, "")
    series.save(update_fields=["next_number"])
    return taken


def next_numbers(series: CreditorEnvironment, references: Sequence[str]) -> list[tuple[str, str]]:
    """Take as many numbers of the locked series as references are given; a blank one is made of its number."""
    found: list[tuple[str, str]] = []
    for _attempt in range(MOST_SKIPPED):
        missing = len(references) - len(found)
        if not missing:
            series.save(update_fields=["next_number"])
            return found
        numbers = [str(series.next_number + step) for step in range(missing)]
        series.next_number += missing
        found += _fitting(numbers, references[len(found) :], series)
    message = _("The number series found no free number; an administrator can set the next one.")
    raise SeriesExhausted(message, field="number", code="series_exhausted")


def _fitting(
    numbers: Sequence[str], references: Sequence[str], series: CreditorEnvironment
) -> list[tuple[str, str]]:
    """Return the numbers that are free and have a free reference, each with the next reference."""
    taken = _spoken_for(series, "number_key", numbers)
    made = {number: reference_or_blank(number, series) for number in numbers}
    used = _spoken_for(series, "reference", [one for one in made.values() if one])
    found: list[tuple[str, str]] = []
    for number in numbers:
        own = references[len(found)]
        if number not in taken and (own or (made[number] and made[number] not in used)):
            found.append((number, own or made[number]))
    return found


def reference_or_blank(number: str, environment: CreditorEnvironment) -> str:
    """Return the reference made from a number, or nothing when none can be made."""
    try:
        return reference_for(number, environment)
    except CannotMakeReference:
        return ""


def _spoken_for(series: CreditorEnvironment, name: str, values: Sequence[str]) -> set[str]:
    rooms = (rivals(series), foreign_claims(series), CreditNote.objects.filter(environment=series))
    return {
        value for rows in rooms for value in rows.filter(among(name, values)).values_list(name, flat=True)
    }


def free_reference(text: str, *, environment: CreditorEnvironment, invoice: Invoice | None = None) -> str:
    """Return the reference as it is stored; refuse what another invoice has."""
    reference = stored_reference(text)
    refusal = taken_references([reference], environment=environment, invoice=invoice)
    if refusal:
        raise next(iter(refusal.values()))
    return reference


def stored_reference(text: str) -> str:
    """Return a reference as it is stored; refuse what cannot be printed."""
    return canonical_reference(check_text(text, LONGEST_REFERENCE, field="reference"))


def taken_references(
    references: Collection[str], *, environment: CreditorEnvironment, invoice: Invoice | None = None
) -> dict[str, DomainError]:
    """Return those of the stored references that something else has, each with its refusal."""
    found: dict[str, DomainError] = {}
    for claim in foreign_claims(environment).open().filter(among("reference", references)):
        found[claim.reference] = ClaimTaken(claim, field="reference")
    for other in _with_state(rivals(environment, invoice)).filter(among("reference", references)):
        found[other.reference] = ReferenceTaken(other)
    return found


def reference_for(number: str, environment: CreditorEnvironment) -> str:
    """Make the reference from the digits of an invoice number, of the kind that the environment's banks know."""
    digits = (
        number
        if number.isascii() and number.isdigit()
        else "".join(one for one in number if one in "0123456789")
    )
    kind = environment.reference_kind
    return make_reference(
        "ocr" if kind == ReferenceKind.OCR_LENGTH else kind,
        digits,
        length=environment.reference_length,
        length_digit=kind == ReferenceKind.OCR_LENGTH,
    )


def _made_reference(number: str, *, environment: CreditorEnvironment, invoice: Invoice) -> str:
    return free_reference(made_reference(number, environment), environment=environment, invoice=invoice)


def made_reference(number: str, environment: CreditorEnvironment) -> str:
    """Make the reference of an invoice whose number was entered, or ask for it."""
    try:
        return reference_for(number, environment)
    except CannotMakeReference as error:
        message = sentence(_("%(why)s Enter the reference yourself."), why=error.message)
        raise CannotMakeReference(message, field="reference", code=error.code) from error


def _next(series: CreditorEnvironment, reference: str) -> tuple[str, str]:
    """Take numbers until one is free and has a free reference of the creditor's kind."""
    if reference:
        reference = free_reference(reference, environment=series)
    for _attempt in range(MOST_SKIPPED):
        number = str(series.next_number)
        series.next_number += 1
        try:
            made = reference or reference_for(
                number, series
            )  # before asking the database: short numbers make none
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
