"""Room: what keeps chosen invoices from leaving, grouped by cause, and where each cause is mended."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ropo_portal.errors import DomainError
from ropo_portal.invoices.models import Invoice

ADDRESS = ("name", "street", "postcode", "city")
GONE = "already-sent"


@dataclass(frozen=True)
class Cause:
    """One reason; `subject` is what is mended (`debtor` or `invoice`), empty where only the whole form helps."""

    label: str | Promise
    subject: str = ""
    fields: tuple[str, ...] = ()


CAUSES: dict[str, Cause] = {
    "debtor-name": Cause(_("The debtor has no name"), "debtor", ("name",)),
    "debtor-street": Cause(_("The debtor has no street address"), "debtor", ("street",)),
    "debtor-postcode": Cause(_("The debtor has no post code"), "debtor", ("postcode",)),
    "debtor-city": Cause(_("The debtor has no city"), "debtor", ("city",)),
    "no_email": Cause(_("The debtor has no e-mail address"), "debtor", ("email",)),
    "no_einvoice_address": Cause(
        _("The debtor has no e-invoice address"), "debtor", ("einvoice_address", "einvoice_operator")
    ),
    "no_payment_id": Cause(
        _("The consumer's identifier for e-invoices is missing"), "invoice", ("einvoice_payment_id",)
    ),
    "not_a_company": Cause(
        _("This e-invoice goes to companies; choose another channel"), "invoice", ("channel",)
    ),
    "not_a_person": Cause(
        _("This e-invoice goes to consumers; choose another channel"), "invoice", ("channel",)
    ),
    "date_range": Cause(_("A date is out of range"), "invoice", ("invoice_date", "due_date")),
    "due_before_date": Cause(_("The due date lies before the invoice date"), "invoice", ("due_date",)),
    "due_too_late": Cause(_("The due date lies too far away"), "invoice", ("due_date",)),
    "no_rows": Cause(_("There are no rows")),
    "not_positive": Cause(_("The total is not above zero")),
    GONE: Cause(_("Already sent")),
    "flagged": Cause(_("A flag on the debtor stops it")),
    "discarded": Cause(_("Discarded")),
}
# Why an invoice looks odd; a code may have its own end, as that of a rate.
DOUBTS: dict[str, str | Promise] = {
    "unusual_amount": _("The total is far above what is usual"),
    "amount_above_limit": _("The total is above the creditor's own limit"),
    "twin_total": _("Another invoice of the debtor has the same total"),
    "twin_date": _("Another invoice of the debtor has the same date"),
    "twin_number": _("The number looks like another one"),
    "due_date_passed": _("The due date has passed already"),
    "due_date_far": _("The payment term is unusually long"),
    "consumer_term": _("A consumer gets few days to pay"),
    "invoice_date": _("The invoice date is unusual"),
    "reference_check_digit": _("The check digit of the reference is not right"),
    "vat_rate": _("The VAT rate is not in force"),
    "real_person_in_test": _("A living person's identity code in a test environment"),
}
OTHER = Cause(_("Another reason"))


def cause(key: str) -> Cause:
    """Return what is known of a cause."""
    return CAUSES.get(key, OTHER)


def doubt_group(code: str) -> str:
    """Return the group a doubt belongs to, a key of `DOUBTS`; what nobody named is a group of its own."""
    return next((key for key in DOUBTS if code == key or code.startswith(f"{key}_")), code)


def causes_of(invoice: Invoice, refused: Iterable[DomainError]) -> list[list[str]]:
    """Return cause and words of each refusal; an address is one cause for each part that is missing."""
    return [pair for error in refused for pair in _pairs(invoice, error)]


def _pairs(invoice: Invoice, error: DomainError) -> Iterator[list[str]]:
    if error.code != "debtor_incomplete":
        yield [error.code or "other", str(error)]
        return
    for name in ADDRESS:
        if not getattr(invoice.debtor, name).strip():
            yield [f"debtor-{name}", str(CAUSES[f"debtor-{name}"].label)]
