"""Test and production, and two creditors, cannot meet: every crossing is tried by plain SQL."""

import uuid

import pytest
from django.db import DatabaseError, connection, transaction

from ropo_portal.accounts.operations import switch_off
from ropo_portal.documents.operations import store_document
from ropo_portal.identifiers import new_id
from ropo_portal.invoices.operations import claim_of, post_invoice
from ropo_portal.submissions import delivery
from ropo_portal.submissions.models import Attempt, StatusPage, StatusUpdate, Submission
from ropo_portal.submissions.operations import EnvironmentClosed, withdraw
from tests import factories
from tests.factories import (
    AT,
    make_creditor,
    make_debtor,
    make_environment,
    make_invoice,
    make_live,
    make_user,
)
from tests.invoices.settling import settle

pytestmark = pytest.mark.django_db
RULE = r"one_place|no_crossing|documents_stored|submission_entry|submission_change|claim|another creditor|accounts_"
PDF = b"%PDF-1.7\nplain\n%%EOF\n"


def sql(statement, *values):
    plain = [
        value.hex if isinstance(value, uuid.UUID) and connection.vendor == "sqlite" else value
        for value in values
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, plain)


def refused(statement, *values):
    with pytest.raises(DatabaseError, match=RULE):
        sql(statement, *values)


@pytest.fixture
def trial(creditor):
    return make_environment(creditor, "fi-test")


@pytest.fixture
def production(creditor):
    return make_live(make_environment(creditor, "fi-production"))


@pytest.fixture
def invoice(trial):
    return make_invoice(trial)


def post(invoice):
    return post_invoice(invoice=invoice, revision=invoice.revision, actor=make_user(), at=AT)


def keep(invoice, **facts):
    facts = {"environment_id": invoice.environment_id, "creditor_id": invoice.creditor_id, **facts}
    return store_document(
        subject_type="invoices.invoice", subject_id=invoice.pk, kind="original", content=PDF, at=AT, **facts
    )


@pytest.mark.parametrize("table", ["invoices_invoice", "submissions_submission", "invoices_claim"])
@pytest.mark.parametrize("column", ["environment_id", "creditor_id"])
def test_a_row_never_moves(trial, production, table, column):
    invoice = make_invoice(trial)
    settle(post(invoice), "accepted")
    claim_of(invoice=invoice, actor=make_user(), at=AT)
    there = {"environment_id": production.pk, "creditor_id": make_creditor().pk}[column]
    refused(f"UPDATE {table} SET {column} = %s", there)  # noqa: S608 (the names are written above)


def test_an_invoice_does_not_point_to_a_posting_of_elsewhere(trial, production, invoice):
    foreign = post(make_invoice(production))
    refused("UPDATE invoices_invoice SET submission_id = %s WHERE id = %s", foreign.pk, invoice.pk)


def test_a_document_is_posted_in_one_environment_only(production, invoice):
    withdraw(submission=post(invoice), actor=make_user(), at=AT)
    with pytest.raises(DatabaseError, match=RULE), transaction.atomic():
        factories.queue(production, document_id=invoice.pk)


def test_a_posting_follows_only_a_posting_of_its_own(trial, production):
    earlier = factories.queue(trial)
    with pytest.raises(DatabaseError, match=RULE), transaction.atomic():
        factories.queue(production, previous=earlier)


def test_a_submission_is_not_born_under_anothers_account(trial):
    row = factories.queue(trial)
    stranger = make_environment(make_creditor())
    row.pk, row.id, row._state.adding = new_id(), new_id(), True
    row.document_id, row.number_key, row.environment = new_id(), "other", stranger
    row.payload = b"x"
    with pytest.raises(DatabaseError, match=RULE), transaction.atomic():
        row.save(force_insert=True)


def test_an_invoice_is_not_born_elsewhere(invoice):
    other = make_creditor()
    debtor, environment = make_debtor(other), make_environment(other)
    refused("UPDATE invoices_invoice SET debtor_id = %s WHERE id = %s", debtor.pk, invoice.pk)
    for facts in ({"environment": environment}, {"debtor": debtor}):
        invoice.pk, invoice._state.adding = new_id(), True
        invoice.number, invoice.number_key, invoice.reference = "9", "9", "9"
        for name, value in facts.items():
            setattr(invoice, name, value)
        with pytest.raises(DatabaseError, match=RULE), transaction.atomic():
            invoice.save(force_insert=True)


def test_a_debtor_keeps_its_creditor(invoice):
    refused("UPDATE parties_debtor SET creditor_id = %s", make_creditor().pk)


def test_papers_stay_with_their_invoice(invoice, production):
    keep(invoice)
    for column, value in (("environment_id", production.pk), ("sha256", "0" * 64), ("subject_id", new_id())):
        refused(f"UPDATE documents_storeddocument SET {column} = %s", value)  # noqa: S608 (the names are written above)
    for facts in (
        {"environment_id": production.pk}, {"creditor_id": make_creditor().pk},
        {"environment_id": make_environment(make_creditor()).pk},
    ):  # fmt: skip
        with pytest.raises(DatabaseError, match=RULE), transaction.atomic():
            keep(invoice, fingerprint="1" * 64, **facts)


def test_news_belongs_to_its_own_environment(trial, production):
    row = factories.queue(trial)
    facts = {"environment": production, "received_at": AT}
    page = StatusPage.objects.create(source="poll", sha256="0", body=b"{}", **facts)
    with pytest.raises(DatabaseError, match=RULE), transaction.atomic():
        StatusUpdate.objects.create(
            page=page, source="polled", update_id="1", submission=row, content_hash="0", **facts
        )


def test_locked_production_takes_nothing_and_sends_nothing(creditor):
    closed = make_environment(creditor, "fi-production")
    with pytest.raises(EnvironmentClosed) as caught:
        factories.queue(closed)
    assert (caught.value.code, Submission.objects.count()) == ("locked", 0)


@pytest.mark.django_db(transaction=True)
def test_what_is_queued_waits_behind_the_lock(creditor):
    production = make_live(make_environment(creditor, "fi-production"))
    row = factories.queue(production)
    switch_off(environment=production, reason="wrong letters", actor=make_user(), at=AT)
    assert delivery.deliver(row.pk, clock=lambda: AT) is None
    assert Submission.objects.get().state == "queued"
    with pytest.raises(DatabaseError, match=RULE), transaction.atomic():  # noqa: PT012 (a lock needs both steps)
        Submission.objects.update(state="sending", sending_since=AT)
        Attempt.objects.create(
            submission=row,
            number=1,
            payload_hash=row.payload_hash,
            host="h",
            worker="w",
            started_at=AT,
            deadline_at=AT,
        )
