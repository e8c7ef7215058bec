"""Room: a credit note of a file: the invoice it credits, which of its rows it takes back, and what forbids it."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ropo_portal import money
from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.copying import among
from ropo_portal.errors import DomainError, sentence
from ropo_portal.identifiers import normalized_number
from ropo_portal.imports import columns
from ropo_portal.imports.columns import Fault, Group
from ropo_portal.invoices import payable
from ropo_portal.invoices.content import MOST_ROWS, RowContent
from ropo_portal.invoices.creditable import RowCredit, credited, remainders
from ropo_portal.invoices.models import Claim, Invoice, InvoiceRow
from ropo_portal.parties.models import Debtor
from ropo_portal.submissions.models import Submission

WORDS: Final = frozenset({"credit", "credit note", "credit_note", "381", "hyvityslasku", "kreditfaktura", "kreditnota"})  # fmt: skip
LONGEST_REASON: Final = 500
COLUMN: Final = {"quantity": "row_quantity", "unit_price": "row_price"}


@dataclass(frozen=True, slots=True)
class Credit:
    """A credit note that may be written: sums are positive, as on the invoice."""

    invoice: Invoice
    rows: tuple[RowCredit, ...]
    date: dt.date
    number: str
    reason: str
    total: Decimal


def is_credit(group: Group) -> bool:
    """Whether the lines are a credit note: they say so, name an invoice, or their stated total is below zero."""
    if group.cell("document_type").casefold() in WORDS or group.cell("stated_total").startswith("-"):
        return True
    return bool(group.cell("credits_number")) and not group.cell("document_type")


@dataclass
class Credits:
    """Judges the credit notes of one environment; the invoices of a block are asked for together."""

    environment: CreditorEnvironment
    today: dt.date
    invoices: Mapping[str, Invoice] = field(default_factory=dict)
    seen: dict[str, str] = field(default_factory=dict)

    def load(self, groups: Iterable[Group]) -> None:
        """Ask for every invoice that these credit."""
        keys = {normalized_number(group.cell("credits_number")) for group in groups if is_credit(group)} - {
            ""
        }
        found = Invoice.objects.filter(
            among("number_key", keys), environment=self.environment, discarded_at=None
        )
        related = ("submission", "debtor__merged_into", "environment")
        rows = found.select_related(*related).defer("submission__payload") if keys else ()
        self.invoices = {one.number_key: one for one in rows}

    def judge(self, group: Group, number: str, debtor: Debtor | None, faults: list[Fault]) -> Credit | None:
        """Return the credit note of these lines, or note what is wrong with it."""
        before = len(faults)
        head = columns.read(group, 0, columns.HEAD, faults)
        rows = [columns.row(group, place, faults) for place in range(min(len(group.lines), MOST_ROWS))]
        invoice = self._invoice(group, debtor, faults)
        if invoice is None or len(faults) > before or None in rows or "invoice_date" not in head:
            return None
        wanted, places = _wanted(group, invoice, [row for row in rows if row], faults)
        if len(faults) > before:
            return None
        reason = " ".join(str(head.get("message") or "").split())
        if len(reason) > LONGEST_REASON:
            message = sentence(
                _("The reason for a credit has at most %(most)s characters."), most=LONGEST_REASON
            )
            faults.append(group.fault("message", "too_long", message))
            return None
        credit = Credit(invoice, wanted, head["invoice_date"], number, reason, Decimal(0))
        return self._allowed(group, credit, places, faults)

    def _invoice(self, group: Group, debtor: Debtor | None, faults: list[Fault]) -> Invoice | None:
        """Return the invoice that is credited: there, at Ropo One, and to the debtor the line speaks of."""
        number = group.cell("credits_number")
        if not number:
            message: columns.Text = _("Say which invoice this credits.")
            faults.append(group.fault("credits_number", "required", message))
            return None
        invoice = self.invoices.get(normalized_number(number))
        if invoice is None:
            message = _(
                "There is no invoice of this number here. If it comes with this file, send it first and then bring the credit note again."
            )
            faults.append(group.fault("credits_number", "not_found", message))
        elif invoice.state != Submission.State.ACCEPTED:
            message = _("There is nothing to credit: Ropo One has not taken this invoice.")
            faults.append(group.fault("credits_number", "nothing_to_credit", message))
        elif debtor and debtor.pk != invoice.debtor.current.pk:
            message = sentence(_("Invoice %(number)s is to another debtor."), number=invoice.number)
            faults.append(group.fault("debtor_name", "debtor_contradicts", message))
        elif self.seen.setdefault(invoice.number_key, group.key) != group.key:
            message = _(
                "Another credit note of this file credits the same invoice. Bring it after that one was sent."
            )
            faults.append(group.fault("credits_number", "credited_twice", message))
        return invoice

    def _allowed(
        self, group: Group, credit: Credit, places: Mapping[int, int], faults: list[Fault]
    ) -> Credit | None:
        """Ask the rules of credit notes; a refused row stands at its line."""
        invoice = credit.invoice
        claim = Claim.objects.with_parties().filter(invoice=invoice).first()
        known = claim or Claim(invoice_date=invoice.invoice_date, number=invoice.number)
        try:
            payable.refuse_day(known, credit.date, today=self.today, field="invoice_date")
            if claim:
                payable.refuse_unfinished(claim)
            priced = credited(remainders(invoice), credit.rows)
        except DomainError as refusal:
            _rows, place, name = [*(refusal.field or "").split("-"), "", "", ""][:3]
            if place.isdigit():
                column = COLUMN.get(name, "row_price")
                faults.append(group.refusal(column, refusal, places.get(int(place), 0)))
            else:
                faults.append(group.refusal(refusal.field or "credits_number", refusal))
            return None
        total = sum((row.total for row in priced), Decimal(0))
        _refuse_sums(
            group, total, claim.open_amount if claim else invoice.total_amount, self.environment, faults
        )
        return Credit(invoice, credit.rows, credit.date, credit.number, credit.reason, total)


def _wanted(
    group: Group, invoice: Invoice, rows: list[RowContent], faults: list[Fault]
) -> tuple[tuple[RowCredit, ...], dict[int, int]]:
    """Return what is taken back of which row, and for each row of the invoice the line that speaks of it."""
    all_rows = list(invoice.rows.all())
    left, wanted, places = list(all_rows), [], {}
    for place, content in enumerate(rows):
        row = _same(content, left)
        if row is None:
            message = _("No row of invoice %(number)s has this description and VAT rate, or several have.")
            text = sentence(message, number=invoice.number)
            faults.append(group.fault("row_description", "not_on_invoice", text, place))
            continue
        left.remove(row)
        places[all_rows.index(row)] = place
        quantity, price = abs(content.quantity).copy_sign(row.quantity), abs(content.unit_price)
        wanted.append(RowCredit(row.pk, quantity, price.copy_sign(row.unit_price)))
    return tuple(wanted), places


def _same(content: RowContent, rows: list[InvoiceRow]) -> InvoiceRow | None:
    """Return the one row of the invoice that a line speaks of: its product or words, and its VAT rate; never a guess."""
    named = content.description.casefold()
    fitting = [
        row for row in rows if row.vat_rate == content.vat_rate and row.description.casefold() == named
    ]
    if content.product_number and not fitting:
        fitting = [
            row
            for row in rows
            if row.vat_rate == content.vat_rate and row.product_number == content.product_number
        ]
    priced = [row for row in fitting if abs(row.unit_price) == abs(content.unit_price)]
    if len(fitting) == 1 or priced:
        return (priced or fitting)[0]
    return None


def _refuse_sums(
    group: Group, total: Decimal, open_amount: Decimal, environment: CreditorEnvironment, faults: list[Fault]
) -> None:
    language = get_language() or "en"
    if total > open_amount:
        shown = money.format_money(open_amount, environment.currency, language)
        message = _(
            "Only %(open)s is open of this claim. Credit less, or note that the debtor gets money back."
        )
        faults.append(group.fault("stated_total", "above_open", sentence(message, open=shown)))
    text = group.cell("stated_total")
    try:
        if text and abs(columns.amount(text)) != total:
            shown = money.format_money(total, environment.currency, language)
            faults.append(
                group.fault(
                    "stated_total", "sums_differ", sentence(_("The rows add up to %(amount)s."), amount=shown)
                )
            )
    except DomainError as refusal:
        faults.append(group.refusal("stated_total", refusal))
