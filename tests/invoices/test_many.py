"""Many invoices and debtors at once: the same rules and the same traces as one."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import IntegrityError
from hypothesis import given
from hypothesis import strategies as st

from ropo_portal.encryption import keyed_hash
from ropo_portal.history.models import Entry
from ropo_portal.identifiers import new_id
from ropo_portal.invoices.content import InvoiceContent, PlainInvoice, RowContent
from ropo_portal.invoices.models import Invoice
from ropo_portal.invoices.operations import (
    CannotChange,
    ManyRefused,
    change_invoice,
    create_checked,
    create_invoice,
    create_invoices,
    erase_drafts,
)
from ropo_portal.parties.models import NATIONAL_ID_PURPOSE, Debtor
from ropo_portal.parties.operations import create_debtors
from tests.factories import AT, NATIONAL_IDS, make_content, make_debtor, make_user

pytestmark = pytest.mark.django_db
FROM = {"import": "x"}


@pytest.fixture
def debtor(creditor):
    return make_debtor(creditor)


def many(environment, *contents):
    ids = create_invoices(environment=environment, contents=contents, origin=FROM, actor=make_user(), at=AT)
    return [Invoice.objects.get(pk=pk) for pk in ids]


def columns(row):
    """Everything stored but the keys and what the series gives."""
    names = {field.attname for field in row._meta.concrete_fields} - {
        "id",
        "number",
        "number_key",
        "reference",
    }
    return {name: getattr(row, name) for name in names}


def test_many_are_what_one_is(environment, debtor):
    rows = (
        RowContent(
            "Consulting",
            Decimal(100),
            Decimal(25),
            discount=Decimal(10),
            unit="h",
            free_text="x",
            start_date=AT.date(),
        ),
        RowContent("Travel", Decimal(33), Decimal(14), quantity=Decimal(2)),
    )
    content = make_content(debtor, rows=rows, free_text="Thanks", our_reference="A", extras={"seller": "S"})
    one = create_invoice(environment=environment, content=content, actor=make_user(), at=AT)
    first, second = many(environment, content, replace(content, number="2026-7"))
    one.refresh_from_db()
    assert columns(first) == columns(one) == columns(second)
    assert InvoiceContent.of(first).rows == InvoiceContent.of(one).rows
    assert (first.number, second.number, second.number_key) == (str(int(one.number) + 1), "2026-7", "2026-7")
    assert len({one.reference, first.reference, second.reference}) == 3


def test_each_leaves_a_line_and_the_chain_stays_whole(environment, debtor):
    made = many(environment, *[make_content(debtor, number=f"A-20{place}") for place in range(3)])
    entries = [Entry.objects.about(invoice).get() for invoice in made]
    assert [(entry.verb, entry.after["import"], entry.after["number"]) for entry in entries] == [
        ("invoice.created", "x", f"A-20{place}") for place in range(3)
    ]
    assert Entry.objects.all().first_broken(environment.creditor_id) is None
    one = create_invoice(environment=environment, content=make_content(debtor), actor=make_user(), at=AT)
    assert Entry.objects.about(one).get().sequence == entries[-1].sequence + 1
    assert Entry.objects.all().first_broken(environment.creditor_id) is None


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"number": "T-100"}, "number_taken"),
        ({"number": "t-100"}, "number_taken"),
        ({"number": "N-22", "reference": "1232"}, "reference_taken"),
        ({"number": "?"}, "invoice_number"),
        ({"number": "X-"}, "not_digits"),
        ({"number": "N-100"}, "number_twice"),
        ({"number": "N-22", "reference": "5555"}, "reference_twice"),
        ({"number": "N-22", "rows": (RowContent("", Decimal(1), Decimal(1)),)}, "row_without_description"),
        ({"number": "N-22", "channel": "pigeon"}, "channel_unknown"),
    ],
)
def test_one_that_is_refused_refuses_all(environment, debtor, change, code):
    taken = make_content(debtor, number="T-100", reference="1232")
    create_invoice(environment=environment, content=taken, actor=make_user(), at=AT)
    before = Entry.objects.count()
    good = make_content(debtor, number="N-100", reference="5555")
    with pytest.raises(ManyRefused) as refusal:
        many(environment, good, make_content(debtor, **change))
    assert (refusal.value.code, refusal.value.place) == (code, 1)
    assert (Invoice.objects.count(), Entry.objects.count()) == (1, before)


def test_the_series_passes_over_what_is_spoken_for(environment, debtor):
    environment.next_number = 100
    environment.save()
    create_invoice(
        environment=environment, content=make_content(debtor, number="101"), actor=make_user(), at=AT
    )
    made = many(environment, *[make_content(debtor)] * 3)
    environment.refresh_from_db()
    assert [invoice.number for invoice in made] == ["100", "102", "103"]
    assert environment.next_number == 104


def test_untouched_drafts_are_erased_and_told_of(environment, debtor):
    made = many(environment, make_content(debtor, number="A-100"), make_content(debtor, number="A-101"))
    erase_drafts(drafts=made, reason="wrong file", actor=make_user(), at=AT)
    assert Invoice.objects.count() == 0
    assert [Entry.objects.about(one).order_by("sequence").last().verb for one in made] == [
        "invoice.discarded"
    ] * 2
    assert Entry.objects.all().first_broken(environment.creditor_id) is None


def test_a_draft_somebody_worked_on_is_not_erased(environment, debtor):
    first, second = many(
        environment, make_content(debtor, number="A-100"), make_content(debtor, number="A-101")
    )
    content = replace(InvoiceContent.of(second), free_text="mine")
    change_invoice(invoice=second, content=content, revision=1, actor=make_user(), at=AT)
    with pytest.raises(CannotChange):
        erase_drafts(drafts=[first, second], reason="", actor=make_user(), at=AT)
    assert Invoice.objects.count() == 2


def unsaved(creditor, **fields):
    facts = {
        "kind": "person",
        "name": "Äiti Öhman",
        "street": "Katu 1",
        "postcode": "00100",
        "city": "Helsinki",
    }
    return Debtor(id=new_id(), creditor=creditor, **facts | {"national_id": NATIONAL_IDS["FI"]} | fields)


def test_debtors_are_sealed_searchable_and_told_of(creditor):
    made = [
        unsaved(creditor, customer_number="7"),
        unsaved(creditor, kind="company", national_id="", name="B Oy"),
    ]
    create_debtors(debtors=made, origin=FROM, actor=make_user(), at=AT)
    person = Debtor.objects.get(customer_number="7")
    assert person.national_id == NATIONAL_IDS["FI"]
    assert person.national_id_hash == keyed_hash(NATIONAL_ID_PURPOSE, NATIONAL_IDS["FI"])
    assert person.search_name == "äiti öhman"
    entry = Entry.objects.about(person).get()
    assert (entry.verb, entry.after["national_id"], entry.after["import"]) == ("debtor.created", True, "x")
    assert NATIONAL_IDS["FI"] not in str(entry.after)
    assert Entry.objects.all().first_broken(creditor.pk) is None


def test_a_customer_number_is_given_once(creditor):
    make_debtor(creditor, customer_number="7")
    with pytest.raises(IntegrityError):
        create_debtors(
            debtors=[unsaved(creditor, customer_number="7")], origin=FROM, actor=make_user(), at=AT
        )


def checked(environment, *plain):
    keys = [new_id() for _one in plain]
    create_checked(environment=environment, invoices=plain, ids=keys, origin=FROM, actor=make_user(), at=AT)
    return [Invoice.objects.get(pk=pk) for pk in keys]


def test_what_was_checked_before_is_stored_and_told_as_anything_else(environment, debtor):
    rows = (RowContent("Travel", Decimal("33.10"), Decimal(14), quantity=Decimal("2.5"), end_date=AT.date()),)
    content = make_content(debtor, rows=rows, number="A-100", free_text="Thanks", extras={"seller": "S"})
    [one] = many(environment, content)
    kept = json.loads(json.dumps(PlainInvoice.of(replace(content, number="B-2001")).to_list()))
    [other] = checked(environment, PlainInvoice(*kept))
    assert columns(one) == columns(other)
    assert InvoiceContent.of(one).rows == InvoiceContent.of(other).rows
    told = [Entry.objects.about(invoice).get().after for invoice in (one, other)]
    own = ("number", "reference")
    same = {**content.facts(), "revision": 1, **FROM} | dict.fromkeys(own)
    assert [facts | dict.fromkeys(own) for facts in told] == [same, same]
    assert Entry.objects.all().first_broken(environment.creditor_id) is None


@pytest.mark.parametrize(("number", "reference", "code"), [("t-100", "", "number_taken"), ("N-100", "", "number_twice"),
                                                            ("N-22", "1232", "reference_taken")])  # fmt: skip
def test_what_others_have_is_asked_of_checked_invoices_too(environment, debtor, number, reference, code):
    taken = make_content(debtor, number="T-100", reference="1232")
    create_invoice(environment=environment, content=taken, actor=make_user(), at=AT)
    plain = [make_content(debtor, number="N-100"), make_content(debtor, number=number, reference=reference)]
    with pytest.raises(ManyRefused) as refusal:
        checked(environment, *map(PlainInvoice.of, plain))
    assert (refusal.value.code, refusal.value.place, Invoice.objects.count()) == (code, 1, 1)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4), st.integers(0, 4))
def test_a_row_is_told_in_the_fewest_digits(number, places):
    number = number.quantize(Decimal(1).scaleb(-places))
    row = RowContent("X", number, Decimal("25.50"), quantity=number, unit="h", discount=abs(number))
    shortest = f"{number.normalize():f}"
    less = f" −{abs(number).normalize():f} %" if number else ""
    assert str(row) == f"X: {shortest} h × {shortest}{less}, 25.5 %"
