"""Reminders, debt collections, proofs, overrides and settlements never meet another environment: by plain SQL."""
# ruff: noqa: S608 -- the names of tables and columns are written in this file

import datetime as dt

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from ropo_portal.collection.models import DebtCollectionCase, Override, Proof, Reminder
from ropo_portal.collection.operations import approve_case, post_reminder, propose_override
from ropo_portal.identifiers import new_id
from ropo_portal.invoices.models import BypassPayment, CreditAllocation, PaymentReport
from ropo_portal.invoices.operations import take_in_reports
from ropo_portal.submissions.models import (
    Kind,
    PageReading,
    StatusIncident,
    StatusLine,
    StatusPage,
    StatusUpdate,
    Submission,
)
from tests import factories
from tests.collection.conftest import make_claim, make_sent_invoice
from tests.collection.writing import proposed, started
from tests.factories import AT, make_creditor, make_environment, make_live, make_user
from tests.invoices.money import credit, noted, told

pytestmark = pytest.mark.django_db
RULE = r"step_stays|settlement_stays|news_stays|one_place|no_crossing|claim:|status_update_change"


def refused(statement, *values):
    plain = [
        value.hex if hasattr(value, "hex") and connection.vendor == "sqlite" else value for value in values
    ]
    with pytest.raises(DatabaseError, match=RULE), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, plain)


def refused_row(model, **facts):
    with pytest.raises(DatabaseError, match=RULE), transaction.atomic():
        model.objects.create(**facts)


@pytest.fixture(params=["production", "another creditor"])
def elsewhere(request, environment):
    """An environment that must never be met: the creditor's own production, or another creditor's sandbox."""
    if request.param == "production":
        return make_live(make_environment(environment.creditor, "fi-production"))
    return make_environment(make_creditor())


def make_case(claim, people):
    case = proposed(claim, people["sender"])
    approve_case(case=case, fingerprint=case.fingerprint, actor=people["approver"], at=AT)
    case.refresh_from_db()
    return case


def row_of(table, claim, people):
    """One document of the claim."""
    if table == "collection_reminder":
        return started(claim)
    if table == "collection_debtcollectioncase":
        return proposed(claim, people["sender"])
    return propose_override(claim=claim, step="reminder", reason="x", actor=people["sender"], at=AT)


@pytest.mark.parametrize(
    "table", ["collection_reminder", "collection_debtcollectioncase", "collection_override"]
)
def test_a_step_keeps_its_claim(claim, people, elsewhere, table):
    row, other = row_of(table, claim, people), make_claim(elsewhere)
    refused(f"UPDATE {table} SET claim_id = %s WHERE id = %s", other.pk, row.pk)


@pytest.mark.parametrize(
    ("table", "kind"),
    [("collection_reminder", Kind.REMINDER), ("collection_debtcollectioncase", Kind.DEBT_COLLECTION)],
)
def test_a_step_points_to_no_posting_of_elsewhere(claim, people, elsewhere, table, kind):
    row = row_of(table, claim, people)
    if table.endswith("case"):
        DebtCollectionCase.objects.filter(pk=row.pk).update(approved_by=people["approver"], approved_at=AT)
    foreign = factories.queue(elsewhere, number=claim.number, kind=kind, document_id=row.pk)
    refused(f"UPDATE {table} SET submission_id = %s WHERE id = %s", foreign.pk, row.pk)


def test_a_step_points_to_no_posting_of_another_document(environment, claim):
    reminder = started(claim)
    other = factories.queue(environment, number="other", kind=Kind.REMINDER)
    refused("UPDATE collection_reminder SET submission_id = %s", other.pk)
    print_job = factories.queue(environment, number="more", document_id=reminder.pk)
    refused("UPDATE collection_reminder SET submission_id = %s", print_job.pk)


def test_a_step_is_not_born_with_a_posting_of_elsewhere(claim, people, elsewhere):
    for model, kind in ((Reminder, Kind.REMINDER), (DebtCollectionCase, Kind.DEBT_COLLECTION)):
        key = new_id()
        foreign = factories.queue(elsewhere, number=claim.number + kind, kind=kind, document_id=key)
        facts = {"submission": foreign, "amount": 1, "created_at": AT}
        if model is DebtCollectionCase:
            facts |= {"proposed_by": people["sender"], "fingerprint": "f", "approved_by": people["approver"]}
        refused_row(model, id=key, claim=claim, **facts)


def test_nobody_of_elsewhere_approves(claim, people):
    stranger = make_user("approver", make_creditor())
    case = proposed(claim, people["sender"])
    refused(
        "UPDATE collection_debtcollectioncase SET approved_by_id = %s WHERE id = %s", stranger.pk, case.pk
    )
    override = propose_override(claim=claim, step="reminder", reason="x", actor=people["sender"], at=AT)
    refused(
        "UPDATE collection_override SET confirmed_by_id = %s, confirmed_at = %s WHERE id = %s",
        stranger.pk, AT, override.pk,
    )  # fmt: skip
    facts = {
        "claim": claim,
        "step": "collection",
        "reason": "x",
        "proposed_by": people["sender"],
        "proposed_at": AT,
    }
    refused_row(Override, confirmed_by=people["approver"], confirmed_at=AT, **facts)


def test_a_confirmed_override_stays(claim, people):
    override = propose_override(claim=claim, step="reminder", reason="x", actor=people["sender"], at=AT)
    Override.objects.filter(pk=override.pk).update(confirmed_by=people["approver"], confirmed_at=AT)
    refused("UPDATE collection_override SET withdrawn_at = %s", AT)
    refused("UPDATE collection_override SET confirmed_by_id = NULL, confirmed_at = NULL")


def test_a_proof_stays_with_its_case(claim, people, elsewhere):
    case, other = proposed(claim, people["sender"]), make_claim(elsewhere)
    there = DebtCollectionCase.objects.create(claim=other, amount=1, created_at=AT)
    refused("UPDATE collection_proof SET case_id = %s", there.pk)
    refused("UPDATE collection_proof SET sha256 = %s", "0" * 64)
    assert Proof.objects.get().case_id == case.pk


def test_an_approved_case_goes_its_own_way(claim, people):
    case = make_case(claim, people)
    assert case.submission.document_id == case.pk
    assert post_reminder(
        reminder=started(make_claim(make_environment())), revision=1, actor=make_user(), at=AT
    ).pk


# ------------------------------------------------------------------------------------ payments and credits
def settlement(model, claim, **facts):
    """A payment or allocation of the claim, as a row."""
    own = (
        {"credit_note_number": "H-1", "date": AT.date()}
        if model is CreditAllocation
        else {"paid_date": AT.date()}
    )
    common = {"claim": claim, "amount": 1, "open_before": 1, "created_at": AT, "written_by": make_user()}
    return model.objects.create(**{**common, **own, **facts})


SETTLEMENTS = [(BypassPayment, Kind.BYPASS_PAYMENT), (CreditAllocation, Kind.CREDIT_ALLOCATION)]


@pytest.mark.parametrize(("model", "kind"), SETTLEMENTS)
def test_a_settlement_stays(claim, elsewhere, model, kind):
    row, other = settlement(model, claim), make_claim(elsewhere)
    table = model._meta.db_table
    refused(f"UPDATE {table} SET claim_id = %s", other.pk)
    foreign = factories.queue(elsewhere, number=claim.number, kind=kind, document_id=row.pk)
    refused(f"UPDATE {table} SET submission_id = %s", foreign.pk)
    news = told(other, "1")
    refused(f"UPDATE {table} SET effect_id = %s", news.pk)
    with pytest.raises(DatabaseError, match=RULE), transaction.atomic():
        settlement(model, claim, effect=news, amount=1, withdrawn_at=AT)


def test_an_allocation_takes_no_credit_note_of_elsewhere(claim, elsewhere):
    note = credit(make_sent_invoice(elsewhere))
    row = settlement(CreditAllocation, claim)
    refused("UPDATE invoices_creditallocation SET credit_note_id = %s WHERE id = %s", note.pk, row.pk)
    foreign = factories.queue(
        make_environment(), number=note.number, kind=Kind.CREDIT_NOTE, document_id=note.pk
    )
    refused("UPDATE invoices_creditnote SET submission_id = %s WHERE id = %s", foreign.pk, note.pk)


def test_a_report_is_news_of_its_own_claim(claim, elsewhere):
    other = make_claim(elsewhere)
    here, there = told(claim, "7", update_id="1"), told(other, "7", update_id="2")
    refused_row(PaymentReport, claim=claim, update=there, amount=7, created_at=AT)
    strange = settlement(BypassPayment, other)
    refused_row(PaymentReport, claim=claim, update=here, payment=strange, amount=7, created_at=AT)
    report = PaymentReport.objects.create(claim=claim, update=here, amount=7, created_at=AT)
    refused("UPDATE invoices_paymentreport SET claim_id = %s", other.pk)
    refused("UPDATE invoices_paymentreport SET update_id = %s", there.pk)
    refused("UPDATE invoices_paymentreport SET payment_id = %s", strange.pk)
    assert PaymentReport.objects.get() == report


def test_our_own_payment_still_meets_its_report(claim):
    noted(claim)
    told(claim, "250.00")
    assert take_in_reports(at=AT + dt.timedelta(hours=2)) == 1


# ------------------------------------------------------------------------------------------------- news
def test_news_stays_with_the_environment_of_its_page(environment, elsewhere):
    page = StatusPage.objects.create(
        environment=elsewhere, source="poll", received_at=AT, sha256="0", body=b"{}"
    )
    facts = {"environment": environment, "page": page, "content_hash": "0"}
    refused_row(StatusUpdate, source="polled", update_id="1", at=AT, received_at=AT, **facts)
    refused_row(StatusIncident, kind="unreadable", at=AT, **facts)


def test_a_line_and_its_token_stay(environment, elsewhere):
    line, other = (StatusLine.objects.create(environment=one) for one in (environment, elsewhere))
    other.tokens.create(token_hash="0", expires_at=AT)
    refused("UPDATE submissions_webhooktoken SET line_id = %s", line.pk)
    third = make_environment(make_creditor())
    refused("UPDATE submissions_statusline SET environment_id = %s WHERE id = %s", third.pk, line.pk)


def test_a_reading_keeps_its_page(environment, elsewhere):
    pages = [
        StatusPage.objects.create(environment=one, source="poll", received_at=AT, sha256="0", body=b"{}")
        for one in (environment, elsewhere)
    ]
    PageReading.objects.create(page=pages[0], read_at=AT)
    refused("UPDATE submissions_pagereading SET page_id = %s", pages[1].pk)


def test_one_settlement_of_a_number_is_under_way(environment, claim):
    first = factories.queue(environment, number=claim.number, kind=Kind.BYPASS_PAYMENT)
    columns = [column.attname for column in Submission._meta.concrete_fields]
    same = {name: getattr(first, name) for name in columns if name not in {"id", "document_id"}}
    for kind in (Kind.BYPASS_PAYMENT, Kind.CREDIT_ALLOCATION):
        with pytest.raises(IntegrityError), transaction.atomic():
            Submission.objects.create(**same | {"kind": kind, "document_id": new_id()})
