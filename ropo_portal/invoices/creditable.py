"""Room: what of an invoice can still be credited, row by row; numbers only shrink, and VAT rates stay."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ropo_portal import money
from ropo_portal.errors import DomainError, sentence
from ropo_portal.invoices.models import CreditNote, CreditNoteRow, Invoice, InvoiceRow

NOTHING = Decimal(0)


class CannotCredit(DomainError):
    """The credit note breaks a rule; `field` names the field of the form."""


@dataclass(frozen=True)
class RowCredit:
    """How much of one row a clerk takes back."""

    row_id: uuid.UUID
    quantity: Decimal
    unit_price: Decimal


@dataclass(frozen=True)
class Remainder:
    """What earlier credit notes have left of one row."""

    row: InvoiceRow
    quantity: Decimal
    net: Decimal
    vat: Decimal

    @property
    def total(self) -> Decimal:
        """Net and VAT."""
        return self.net + self.vat


@dataclass(frozen=True)
class CreditedRow:
    """One row of a credit note with its sums; positive, as on the invoice."""

    row: InvoiceRow
    quantity: Decimal
    unit_price: Decimal
    net: Decimal
    vat: Decimal

    @property
    def total(self) -> Decimal:
        """Net and VAT."""
        return self.net + self.vat


@dataclass(frozen=True)
class _Priced:
    quantity: Decimal
    unit_price: Decimal
    vat_rate: Decimal
    discount: Decimal


def remainders(invoice: Invoice, *, but: CreditNote | None = None) -> list[Remainder]:
    """Return what is left of every row, in their order; `but` is a credit note that does not count."""
    rows = list(invoice.rows.all())
    notes = CreditNote.objects.counting().filter(invoice=invoice)
    if but:
        notes = notes.exclude(pk=but.pk)
    sums = CreditNoteRow.objects.filter(note__in=notes).values("row")
    taken = {
        each["row"]: each
        for each in sums.annotate(pieces=Sum("quantity"), nets=Sum("net"), vats=Sum("vat")).order_by()
    }
    none = {"pieces": NOTHING, "nets": NOTHING, "vats": NOTHING}
    found = []
    for row, amounts in zip(rows, money.totals(rows).rows, strict=True):
        gone = taken.get(row.pk, none)
        net, vat = amounts.net - money.money(gone["nets"]), amounts.vat - money.money(gone["vats"])
        found.append(Remainder(row, _shrunk(row.quantity, gone["pieces"]), net, vat))
    return found


def _shrunk(quantity: Decimal, gone: Decimal) -> Decimal:
    left = (quantity - gone).quantize(Decimal("0.0001"))
    return left if left * quantity > 0 else NOTHING


def remaining_total(left: Iterable[Remainder]) -> Decimal:
    """Return what can still be credited in all."""
    return sum((each.total for each in left), NOTHING)


def credited(left: Sequence[Remainder], wanted: Iterable[RowCredit]) -> tuple[CreditedRow, ...]:
    """
    Price what a clerk takes back; VAT is rounded once per rate, and what takes all of a rate takes its VAT to the cent.

    Refuses (`CannotCredit`) rows that are not on the invoice, numbers that grow, and more than is left of a row.
    """
    places = {each.row.pk: place for place, each in enumerate(left)}
    nets: dict[int, tuple[RowCredit, Decimal]] = {}
    for wish in wanted:
        place = places.get(wish.row_id)
        if place is None or place in nets:
            raise CannotCredit(_("Only rows of the invoice can be credited, each once."), code="new_product")
        if wish.quantity and wish.unit_price:
            nets[place] = wish, _net(left[place], wish, place)
    if not nets:
        raise CannotCredit(_("Choose what is to be credited."), code="nothing_chosen")
    vats = _vats(left, {place: net for place, (_wish, net) in nets.items()})
    return tuple(
        CreditedRow(left[place].row, wish.quantity, wish.unit_price, net, vats[place])
        for place, (wish, net) in sorted(nets.items())
    )


def _net(left: Remainder, wish: RowCredit, place: int) -> Decimal:
    row = left.row
    for name, new, old in (
        ("quantity", wish.quantity, row.quantity),
        ("unit_price", wish.unit_price, row.unit_price),
    ):
        if not 0 < new * old <= old * old:
            message = sentence(_("“%(row)s”: a credit only makes numbers smaller."), row=row.description)
            raise CannotCredit(message, field=f"rows-{place}-{name}", code="grows")
    net = money.row_net(_Priced(wish.quantity, wish.unit_price, row.vat_rate, row.discount))
    if (
        wish.unit_price == row.unit_price
        and wish.quantity == left.quantity
        and abs(net - left.net) <= money.CENT * 5
    ):
        return left.net  # the last pieces take the cents that rounding left behind
    if abs(net) > abs(left.net) and abs(net - left.net) > money.CENT:
        message = _("“%(row)s”: only %(left)s without VAT is left to credit.")
        shown = money.format_amount(left.net, get_language() or "en")
        text = sentence(message, row=row.description, left=shown)
        raise CannotCredit(text, field=f"rows-{place}-quantity", code="above_row")
    return min(net, left.net, key=abs)


def _vats(left: Sequence[Remainder], nets: dict[int, Decimal]) -> dict[int, Decimal]:
    """Share the VAT of each rate among its rows; the largest row takes what rounding leaves."""
    vats: dict[int, Decimal] = {}
    for rate in {left[place].row.vat_rate for place in nets}:
        all_left = [each for each in left if each.row.vat_rate == rate]
        mine = {place: net for place, net in nets.items() if left[place].row.vat_rate == rate}
        whole_net = sum((each.net for each in all_left), NOTHING)
        whole_vat = sum((each.vat for each in all_left), NOTHING)
        net = sum(mine.values(), NOTHING)
        vat = whole_vat if net == whole_net else min(money.money(net * rate / 100), whole_vat, key=abs)
        shares = {place: money.money(each * rate / 100) for place, each in mine.items()}
        largest = max(mine, key=lambda place: abs(mine[place]))
        shares[largest] += vat - sum(shares.values(), NOTHING)
        vats |= shares
    return vats
