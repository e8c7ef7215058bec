"""Claims: made of our invoices on demand, opened for foreign ones, and never two for one number."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from ropo_portal.errors import DomainError
from ropo_portal.history.models import Entry
from ropo_portal.invoices.models import Claim, Invoice
from ropo_portal.invoices.numbering import ClaimTaken
from ropo_portal.invoices.operations import CannotClaim, claim_of
from tests.collection.conftest import DUE, make_claim, make_own_claim, make_sent_invoice
from tests.factories import AT, make_debtor, make_environment, make_invoice, make_user

pytestmark = pytest.mark.django_db


def test_a_claim_of_ours_is_made_once(environment):
    invoice = make_sent_invoice(environment)
    first, second = (claim_of(invoice=invoice, actor=make_user(), at=AT) for _ in range(2))
    assert first == second
    assert (first.number, first.principal, first.open_amount, first.overpaid_amount, first.due_date) == (
        invoice.number, Decimal("125.50"), Decimal("125.50"), Decimal(0), DUE,
    )  # fmt: skip
    assert Entry.objects.about(first).filter(verb="claim.opened").count() == 1


def test_nobody_owes_what_nobody_was_sent(environment):
    with pytest.raises(CannotClaim) as caught:
        claim_of(invoice=make_invoice(environment), actor=make_user(), at=AT)
    assert caught.value.code == "not_accepted"


def test_a_foreign_claim_leaves_a_line(environment):
    claim = make_claim(environment, number=" x-17 ")
    assert (claim.number, claim.number_key, claim.invoice, str(claim.open_amount)) == (
        "x-17",
        "x-17",
        None,
        "250.00",
    )
    entry = Entry.objects.about(claim).get()
    assert (entry.verb, entry.after["principal"], claim.debtor.name in str(entry.after)) == (
        "claim.opened", "250.00", False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"principal": Decimal(0)}, "not_positive", "principal"),
        ({"principal": Decimal(-5)}, "not_positive", "principal"),
        ({"principal": Decimal("1.005")}, "too_many_decimals", "principal"),
        ({"principal": Decimal(10) ** 11}, "above_limit", "principal"),
        (
            {"invoice_date": dt.date(2026, 11, 24), "due_date": dt.date(2026, 12, 1)},
            "date_range",
            "invoice_date",
        ),
        ({"invoice_date": dt.date(1899, 1, 1)}, "date_range", "invoice_date"),
        ({"due_date": dt.date(2026, 8, 31)}, "due_before_date", "due_date"),
        ({"due_date": dt.date(2028, 1, 1)}, "due_too_late", "due_date"),
        ({"number": "a\u202eb"}, "forbidden_character", "number"),
        ({"number": ""}, None, "number"),
        ({"reference": "1\x00"}, "forbidden_character", "reference"),
    ],
)
def test_what_a_foreign_claim_cannot_be(environment, fields, code, field):
    with pytest.raises(DomainError) as caught:
        make_claim(environment, **fields)
    assert caught.value.field == field
    assert code is None or caught.value.code == code
    assert not Claim.objects.exists()


def test_a_debtor_of_somebody_else_is_not_found(environment):
    with pytest.raises(CannotClaim) as caught:
        make_claim(environment, make_debtor())
    assert caught.value.code == "debtor_not_found"


def test_numbers_and_references_are_spoken_for_once(environment):
    claim = make_claim(environment)
    with pytest.raises(ClaimTaken) as caught:
        make_claim(environment, number="x-17", reference="1245")
    assert (caught.value.claim, caught.value.field) == (claim, "number")
    with pytest.raises(ClaimTaken) as caught:
        make_claim(environment, number="X-18")
    assert caught.value.field == "reference"
    with pytest.raises(ClaimTaken):
        make_invoice(environment, number="X-17", reference="1245")
    ours = make_invoice(environment)
    with pytest.raises(DomainError, match=ours.number):
        make_claim(environment, number=ours.number, reference="1245")


def test_the_series_steps_over_foreign_claims(environment):
    make_claim(environment, number="1")
    assert make_invoice(environment).number != "1"


def test_the_same_number_elsewhere_is_another_claim(environment):
    assert make_claim(environment).number == make_claim(make_environment()).number


def refused(write):
    with pytest.raises(DatabaseError), transaction.atomic():
        write()
    return True


def test_the_database_keeps_strangers_apart(environment):
    claim = make_own_claim(environment)
    other = make_environment()
    rows = Claim.objects.filter(pk=claim.pk)

    def twin(**fields):
        facts = {name: getattr(claim, name) for name in ("creditor", "environment", "debtor", "reference")}
        days = {"invoice_date": claim.invoice_date, "due_date": claim.due_date, "created_at": AT}
        Claim.objects.create(**facts | days | {"number": "9", "number_key": "9", "principal": 1, **fields})

    assert refused(lambda: twin(environment=other))
    assert refused(lambda: twin(debtor=make_debtor(other.creditor)))
    assert refused(lambda: twin(invoice=make_invoice(other)))
    assert refused(lambda: twin(number_key=claim.number_key))
    assert refused(lambda: twin(principal=0))
    assert refused(lambda: twin(due_date=claim.invoice_date - dt.timedelta(days=1)))
    assert refused(lambda: rows.update(principal=1))
    assert refused(lambda: rows.update(environment=other))
    assert Invoice.objects.get(pk=claim.invoice_id).claim == claim


def test_reads_of_claims(environment):
    due, later = make_claim(environment), make_claim(environment, number="X-18", reference="1245",
        invoice_date=dt.date(2026, 11, 20), due_date=dt.date(2026, 12, 4))  # fmt: skip
    rows = Claim.objects.order_by("due_date")
    assert list(rows.open()) == [due, later]
    assert list(rows.overdue(on=dt.date(2026, 11, 23))) == [due]
    assert list(rows.pursued()) == []
    assert list(rows.pursued(is_pursued=False)) == [due, later]
