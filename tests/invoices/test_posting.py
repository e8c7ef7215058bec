"""Posting: what is refused, what is frozen, and that two clerks never send twice."""

import json
import threading
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection

from ropo_portal.history.models import Entry
from ropo_portal.invoices.content import InvoiceContent, RowContent
from ropo_portal.invoices.models import Invoice
from ropo_portal.invoices.operations import (
    AlreadyPosted,
    CannotChange,
    CannotPost,
    DocumentHasChanged,
    DoubtsRemain,
    InvoiceIncomplete,
    change_invoice,
    discard_invoice,
    post_invoice,
    withdraw_invoice,
)
from ropo_portal.submissions.models import Submission
from ropo_portal.submissions.operations import EnvironmentClosed, TooLate
from tests.factories import (
    AT,
    make_creditor,
    make_debtor,
    make_environment,
    make_invoice,
    make_live,
    make_user,
)

pytestmark = pytest.mark.django_db
ROW = RowContent("Nuohous", Decimal("10.01"), Decimal("25.5"))


def post(invoice, **options):
    return post_invoice(
        **{"invoice": invoice, "revision": invoice.revision, "actor": make_user(), "at": AT} | options
    )


def why_not(environment, **fields):
    """Return code and field of each reason."""
    invoice = make_invoice(environment, fields.pop("debtor", None), **fields)
    with pytest.raises(InvoiceIncomplete) as caught:
        post(invoice)
    assert not Submission.objects.exists()
    return [(error.code, error.field) for error in caught.value.refusals]


def test_posting_freezes_the_message_and_leaves_a_line(environment):
    invoice = make_invoice(environment)
    submission = post(invoice)
    invoice.refresh_from_db()
    assert invoice.submission == submission
    assert (submission.number, submission.amount, submission.currency) == (
        invoice.number,
        Decimal("125.50"),
        "EUR",
    )
    (job,) = json.loads(bytes(submission.payload))["datastream"]["dataset"]
    assert (job["jobtype"], job["totalamount"], job["sendtype"]) == ("300", "125.50", "post")
    assert Entry.objects.about(invoice).filter(verb="invoice.posted").count() == 1


def test_a_total_of_nothing_or_less_is_refused(environment):
    minus = replace(ROW, unit_price=Decimal(-5))
    assert why_not(environment, rows=(minus,)) == [("not_positive", "rows")]
    assert why_not(environment, rows=(replace(ROW, discount=Decimal(100)),)) == [("not_positive", "rows")]
    assert why_not(environment, rows=()) == [("no_rows", "rows")]


@pytest.mark.parametrize(
    ("kind", "debtor", "fields", "reasons"),
    [
        ("company", {"email": ""}, {"channel": "email"}, [("no_email", "channel")]),
        ("company", {}, {"channel": "einvoice"}, [("no_einvoice_address", "channel")]),
        (
            "company",
            {"einvoice_address": "003720774740", "einvoice_operator": "003714377140"},
            {"channel": "consumer-einvoice"},
            [("not_a_person", "channel"), ("no_payment_id", "einvoice_payment_id")],
        ),
        (
            "person",
            {"einvoice_address": "FI2112345600000785", "einvoice_operator": "NDEAFIHH"},
            {"channel": "einvoice"},
            [("not_a_company", "channel")],
        ),
        ("person", {}, {"extras": {"fixed_fee": True}}, [("fixed_fee_for_person", "fixed_fee")]),
        ("person", {}, {"extras": {"finance": "1"}}, [("finance_for_person", "finance")]),
        (
            "person",
            {},
            {"extras": {"plan_months": "1", "plan_count": "3"}},
            [("plan_for_person", "plan_months")],
        ),
        (
            "company",
            {"business_id": ""},
            {"extras": {"finance": "2"}},
            [("finance_without_business_id", "finance")],
        ),
        ("company", {"street": "", "city": ""}, {}, [("debtor_incomplete", "debtor")]),
        (
            "company",
            {},
            {"extras": {"delivery_street": "Satama 1"}},
            [("address_incomplete", "delivery_postcode"), ("address_incomplete", "delivery_city")],
        ),
        (
            "company",
            {},
            {"extras": {"plan_instalments": [["2026-12-01", "100.00"]]}},
            [("plan_sum", "plan_instalments")],
        ),
    ],
)
def test_what_is_missing_is_said_at_the_field(environment, kind, debtor, fields, reasons):
    debtor = make_debtor(environment.creditor, kind=kind, **debtor)
    assert why_not(environment, debtor=debtor, **fields) == reasons


def test_the_same_invoice_is_posted_once(environment):
    invoice = make_invoice(environment)
    submission = post(invoice)
    with pytest.raises(AlreadyPosted) as caught:
        post(invoice)
    assert caught.value.submission == submission
    assert Submission.objects.count() == 1


def test_an_old_page_cannot_post(environment):
    invoice = make_invoice(environment)
    content = replace(InvoiceContent.of(invoice), our_reference="x")
    change_invoice(invoice=invoice, content=content, revision=1, actor=make_user(), at=AT)
    with pytest.raises(DocumentHasChanged):
        post(invoice, revision=1)


def test_a_discarded_invoice_cannot_be_posted(environment):
    invoice = discard_invoice(invoice=make_invoice(environment), revision=1, actor=make_user(), at=AT)
    with pytest.raises(CannotPost) as caught:
        post(invoice)
    assert caught.value.code == "discarded"


def test_a_closed_environment_takes_nothing():
    closed = make_environment(make_creditor(), "fi-production")
    invoice = make_invoice(closed)
    with pytest.raises(EnvironmentClosed):
        post(invoice)
    assert Invoice.objects.get(pk=invoice.pk).submission is None


def test_sums_that_differ_from_the_rows_are_both_named(environment):
    invoice = make_invoice(environment)
    Invoice.objects.filter(pk=invoice.pk).update(net_amount=Decimal("100.01"), total_amount=Decimal("125.51"))
    with pytest.raises(Exception, match=r"125\.50.*125\.51.*0\.01"):
        post(invoice)


def test_doubts_are_confirmed_by_name(environment):
    debtor = make_debtor(environment.creditor)
    make_invoice(environment, debtor)
    twin = make_invoice(environment, debtor)
    with pytest.raises(DoubtsRemain) as caught:
        post(twin, confirmed=[])
    assert [doubt.code for doubt in caught.value.doubts] == ["twin_total"]
    assert post(twin, confirmed=["twin_total"]).state == "queued"


def test_a_posted_invoice_can_neither_change_nor_vanish(environment):
    invoice = make_invoice(environment)
    post(invoice)
    actor = make_user()
    with pytest.raises(CannotChange):
        change_invoice(invoice=invoice, content=InvoiceContent.of(invoice), revision=1, actor=actor, at=AT)
    with pytest.raises(CannotChange):
        discard_invoice(invoice=invoice, revision=1, actor=actor, at=AT)


def test_taken_back_it_is_a_draft_and_posting_again_is_chained(environment):
    invoice = make_invoice(environment)
    first = post(invoice)
    back = withdraw_invoice(invoice=invoice, actor=make_user(), at=AT)
    assert (back.state, back.is_editable) == ("draft", True)
    second = post(back)
    assert (second.previous, second.sequence) == (first, 2)


def test_there_must_be_something_to_take_back(environment):
    invoice = make_invoice(environment)
    with pytest.raises(CannotChange):
        withdraw_invoice(invoice=invoice, actor=make_user(), at=AT)
    submission = post(invoice)
    Submission.objects.filter(pk=submission.pk).update(state="held", held_reason="maybe-sent")
    with pytest.raises(TooLate):
        withdraw_invoice(invoice=Invoice.objects.get(pk=invoice.pk), actor=make_user(), at=AT)


def test_the_number_of_a_posted_invoice_stays_taken(environment):
    invoice = make_invoice(environment, number="88", reference="1232")
    post(invoice)
    back = withdraw_invoice(invoice=invoice, actor=make_user(), at=AT)
    discard_invoice(invoice=back, revision=back.revision, actor=make_user(), at=AT)
    with pytest.raises(Exception, match="88"):
        make_invoice(environment, number="88", reference="1245")


@pytest.mark.pg
@pytest.mark.django_db(transaction=True)
def test_two_clerks_post_at_once_and_one_submission_is_made():
    environment = make_environment(make_creditor())
    invoice = make_invoice(environment)
    actors = [make_user(), make_user()]
    start = threading.Barrier(2)
    ends = []

    def clerk(actor):
        start.wait()
        try:
            ends.append(post(invoice, actor=actor))
        except AlreadyPosted as refusal:
            ends.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=clerk, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(type(end).__name__ for end in ends) == ["AlreadyPosted", "Submission"]
    assert Submission.objects.count() == 1


def test_artificial_codes_do_not_reach_production(creditor):
    production = make_live(make_environment(creditor, "fi-production"))
    debtor = make_debtor(creditor, kind="person", national_id="010594Y9032")
    assert why_not(production, debtor=debtor) == [("test_id_in_production", "debtor")]
    real = make_invoice(production, make_debtor(creditor, kind="person"))
    assert post(real).state == "queued"


def test_abroad_the_currency_is_the_environments(creditor):
    submission = post(make_invoice(make_environment(creditor, "se-test"), make_debtor(creditor)))
    assert (submission.currency, submission.environment.country) == ("SEK", "SE")
