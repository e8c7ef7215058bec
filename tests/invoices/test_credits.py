"""Credit notes and where they are placed: numbers only shrink, and nothing is negated twice."""

import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ropo_portal import money
from ropo_portal.errors import DomainError
from ropo_portal.identifiers import new_id
from ropo_portal.invoices.content import RowContent
from ropo_portal.invoices.creditable import CannotCredit, Remainder, RowCredit, remainders, remaining_total
from ropo_portal.invoices.creditable import credited as price
from ropo_portal.invoices.models import Claim, CreditNote, CreditNoteRow, InvoiceRow
from ropo_portal.invoices.operations import (
    claim_of,
    note_allocation,
    post_allocation,
    post_credit_note,
    post_invoice,
    withdraw_allocation,
    withdraw_credit_note,
)
from ropo_portal.submissions.models import Kind, Submission
from tests.collection.conftest import make_claim, make_sent_invoice
from tests.factories import AT, make_environment, make_invoice, make_user, queue
from tests.invoices.money import PAID, credit, credited, ended, pursued, sent, whole
from tests.invoices.settling import settle

pytestmark = pytest.mark.django_db
ROWS = (
    RowContent(
        "Lumityö", Decimal("48.00"), Decimal("25.5"), quantity=Decimal(3), unit="h", discount=Decimal(10)
    ),
    RowContent("Sora", Decimal("10.01"), Decimal("13.5"), quantity=Decimal(2), product_number="S-1"),
)


@pytest.fixture
def invoice(environment):
    return make_sent_invoice(environment, rows=ROWS)


def refused(act, *args, **fields):
    with pytest.raises(DomainError) as caught:
        act(*args, **fields)
    return caught.value.code


def wire(document):
    document.refresh_from_db()
    found = json.loads(bytes(document.submission.payload))
    return found["datastream"]["dataset"][0] if "datastream" in found else found


def part(invoice, *amounts):
    """Credit quantities of the rows in their order, at the price of the invoice."""
    return [
        RowCredit(row.pk, Decimal(amount), row.unit_price)
        for row, amount in zip(invoice.rows.all(), amounts, strict=False)
    ]


def test_a_whole_credit_is_the_invoice_with_negative_prices(invoice):
    note = credited(invoice, state="queued")
    job = wire(note)
    assert {name: job[name] for name in ("jobtype", "refundtojobid", "netamount", "vatamount", "totalamount")} == {
        "jobtype": "300", "refundtojobid": "4410233", "netamount": "-149.62", "vatamount": "-35.75",
        "totalamount": "-185.37",
    }  # fmt: skip
    assert job["payrow"] == [
        {
            "desc": "Lumityö", "count": "3", "itemtype": "h", "amount": "-48.00", "taxpr": "25.5", "discount": "10",
            "netamount": "-129.60", "vatamount": "-33.05", "totalamount": "-162.65",
        },
        {
            "desc": "Sora", "count": "2", "amount": "-10.01", "taxpr": "13.5", "netamount": "-20.02",
            "vatamount": "-2.70", "totalamount": "-22.72", "productid": "S-1",
        },
    ]  # fmt: skip
    assert "refundtobillnum" not in job
    assert job["freetext"] == "Wrong price"
    assert (job["billnum"] != invoice.number, job["billcode"] != invoice.reference) == (True, True)
    assert note.submission.kind == "credit-note"
    assert Claim.objects.get().open_amount == 0


def test_part_of_it_leaves_the_rest(invoice):
    credited(invoice, part(invoice, "1"))
    left = remainders(invoice)
    assert [(each.quantity, each.net) for each in left] == [(2, Decimal("86.40")), (2, Decimal("20.02"))]
    assert Claim.objects.get().open_amount == invoice.total_amount - Decimal("54.22")
    credited(invoice, part(invoice, "2", "2"))
    assert (remaining_total(remainders(invoice)), Claim.objects.get().open_amount) == (0, 0)
    assert refused(credit, invoice) == "above_row"


def test_unplaced_names_nothing_and_without_a_job_the_number_names_it(environment, invoice):
    job = wire(credited(invoice, part(invoice, "1"), is_placed=False))
    assert not {"refundtojobid", "refundtobillnum"} & set(job)
    Submission.objects.filter(pk=invoice.submission_id).update(ropo_job_id="")
    note = credited(invoice, part(invoice, "1"))
    assert wire(note)["refundtobillnum"] == invoice.number


def test_what_grows_is_refused(invoice):
    row = invoice.rows.first()
    assert refused(credit, invoice, [RowCredit(row.pk, Decimal(4), row.unit_price)]) == "grows"
    assert refused(credit, invoice, [RowCredit(row.pk, Decimal(1), row.unit_price + 1)]) == "grows"
    assert refused(credit, invoice, [RowCredit(row.pk, Decimal(-1), row.unit_price)]) == "grows"
    assert refused(credit, invoice, [RowCredit(new_id(), Decimal(1), Decimal(1))]) == "new_product"
    assert refused(credit, invoice, part(invoice, "1") * 2) == "new_product"
    assert refused(credit, invoice, []) == "nothing_chosen"
    assert refused(credit, invoice, reason=" ") == "no_reason"
    assert not CreditNote.objects.exists()


def test_more_than_is_open_names_the_open_amount(invoice):
    claim = sent(pursued_free(invoice), "100.00", state="accepted").claim
    with pytest.raises(DomainError) as caught:
        credit(invoice)
    assert (caught.value.code, "85.37" in str(caught.value)) == ("above_open", True)
    note = credited(invoice, is_refund=True)
    assert (note.credited_amount, note.refunded_amount) == (Decimal("85.37"), Decimal("100.00"))
    fresh = Claim.objects.get(pk=claim.pk)
    assert (fresh.open_amount, fresh.overpaid_amount) == (0, 0)


def pursued_free(invoice):
    return claim_of(invoice=invoice, actor=make_user(), at=AT)


def test_nothing_to_credit_on_what_ropo_did_not_take(environment):
    draft = make_invoice(environment)
    assert refused(credit, draft) == "nothing_to_credit"
    settle(post_invoice(invoice=draft, revision=1, actor=make_user(), at=AT), "rejected")
    draft.refresh_from_db()
    assert refused(credit, draft) == "nothing_to_credit"


def test_one_thing_at_a_time(invoice):
    note = credit(invoice, part(invoice, "1"))
    assert refused(credit, invoice, part(invoice, "1")) == "unfinished"
    assert refused(sent, pursued_free(invoice), "1.00") == "unfinished"
    withdraw_credit_note(note=note, actor=make_user(), at=AT)
    assert refused(post_credit_note, note=note, actor=make_user(), at=AT) == "withdrawn"
    assert remaining_total(remainders(invoice)) == invoice.total_amount


def test_a_refused_note_frees_what_it_took_and_goes_again(invoice):
    note = credited(invoice, state="rejected")
    assert remaining_total(remainders(invoice)) == invoice.total_amount
    ended(note, post_credit_note(note=note, actor=make_user(), at=AT), "accepted")
    assert (note.state, Claim.objects.get().open_amount) == ("accepted", 0)


def test_a_pursued_claim_is_told_by_allocation(environment, invoice):
    claim = pursued_free(invoice)
    settle(queue(environment, number=claim.number, kind=Kind.REMINDER), "accepted", ropo_job_id="990")
    assert refused(credit, invoice) == "place_later"
    note = credited(invoice, part(invoice, "1"), is_placed=False)
    before = Claim.objects.get().open_amount
    placed = placing(claim, note.total_amount, credit_note=note)
    ended(placed, post_allocation(allocation=placed, actor=make_user(), at=AT), "accepted")
    assert wire(placed) == {
        "jobid": 990, "amount": "54.22", "date": "2026-11-20", "type": "allocated", "creditnotebillnum": note.number,
    }  # fmt: skip
    assert Claim.objects.get().open_amount == before  # the note lowered it already
    assert refused(placing, claim, Decimal("0.01"), credit_note=note) == "above_note"


def placing(claim, amount, **fields):
    facts = {"date": PAID, "actor": make_user(), "at": AT, **fields}
    return note_allocation(claim=claim, amount=Decimal(amount), **facts)


def test_a_credit_made_elsewhere_lowers_the_claim(environment):
    claim = pursued(environment)
    placed = placing(claim, "62.75", credit_note_number="H-20260117")
    post_allocation(allocation=placed, actor=make_user(), at=AT)
    assert wire(placed)["creditnotebillnum"] == "H-20260117"
    assert Claim.objects.get().open_amount == Decimal("187.25")
    assert refused(placing, claim, "1.00", credit_note_number="H-2") == "unfinished"
    withdraw_allocation(allocation=placed, actor=make_user(), at=AT)
    assert Claim.objects.get().open_amount == 250
    assert refused(placing, claim, "250.01", credit_note_number="H-2") == "above_open"
    assert refused(placing, claim, "1.00") == "no_credit_note"
    assert refused(placing, claim, "1.00", credit_note_number="H", kind="gift") == "kind_unknown"
    back = placing(claim, "250.00", credit_note_number="H-3", kind="refunded")
    post_allocation(allocation=back, actor=make_user(), at=AT)
    assert Claim.objects.get().open_amount == 250


def test_a_credit_of_another_claim_is_not_placed_here(environment, invoice):
    note = credited(invoice, part(invoice, "1"), is_placed=False)
    other = pursued(environment)
    assert refused(placing, other, "1.00", credit_note=note) == "not_to_be_placed"
    assert refused(placing, make_claim(make_environment()), "1.00", credit_note=note) == "not_to_be_placed"


def test_what_ropo_does_not_have_is_not_told(environment):
    placed = placing(make_claim(environment), "1.00", credit_note_number="H-1")
    assert refused(post_allocation, allocation=placed, actor=make_user(), at=AT) == "not_at_ropo"


prices = st.decimals(min_value=Decimal("0.01"), max_value=Decimal(999), places=2)
rates = st.sampled_from([Decimal("25.5"), Decimal(14), Decimal(10), Decimal(0)])
shares = st.lists(
    st.lists(st.decimals(min_value=0, max_value=1, places=2), min_size=3, max_size=3), max_size=4
)


class Stored:
    """An invoice with rows in memory."""

    def __init__(self, rows) -> None:
        self.rows = self
        self.list = [
            InvoiceRow(position=place, description="x", quantity=pieces, unit_price=price, vat_rate=rate)
            for place, (pieces, price, rate) in enumerate(rows)
        ]

    def all(self):
        return self.list


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.tuples(st.integers(1, 9).map(Decimal), prices, rates), min_size=3, max_size=3),
    cuts=shares,
)
def test_what_remains_never_falls_below_nothing_and_ends_at_nothing(rows, cuts):
    whole_rows = Stored(rows).all()
    totals = money.totals(whole_rows)
    left = [
        Remainder(row, row.quantity, amounts.net, amounts.vat)
        for row, amounts in zip(whole_rows, totals.rows, strict=True)
    ]
    taken = Decimal(0)
    for cut in [*cuts, [Decimal(1)] * 3]:
        wanted = [
            RowCredit(each.row.pk, (each.quantity * share).quantize(Decimal("0.0001")), each.row.unit_price)
            for each, share in zip(left, cut, strict=True)
        ]
        try:
            priced = price(left, wanted)
        except CannotCredit:
            assert not any(wish.quantity for wish in wanted)
            continue
        taken += sum(row.total for row in priced)
        gone = {row.row.pk: row for row in priced}
        left = [
            Remainder(each.row, each.quantity - gone[each.row.pk].quantity, each.net - gone[each.row.pk].net,
                      each.vat - gone[each.row.pk].vat) if each.row.pk in gone else each
            for each in left
        ]  # fmt: skip
        assert all(each.net >= 0 for each in left)
        assert 0 <= taken <= totals.total
    assert (taken, remaining_total(left)) == (totals.total, 0)


def test_rows_keep_what_was_taken(invoice):
    note = credit(invoice, part(invoice, "1", "1"))
    assert [(row.net, row.vat) for row in CreditNoteRow.objects.filter(note=note)] == [
        (Decimal("43.20"), Decimal("11.02")), (Decimal("10.01"), Decimal("1.35")),
    ]  # fmt: skip
    assert whole(invoice)
