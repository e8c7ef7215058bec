"""Approvals: two people, exactly what was asked, and a database that knows it."""

import datetime as dt
import threading
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from ropo_portal.accounts.models import Creditor
from ropo_portal.accounts.operations import change_creditor
from ropo_portal.errors import DomainError
from ropo_portal.history.models import Entry
from ropo_portal.invoices.content import InvoiceContent
from ropo_portal.invoices.models import Approval, Invoice
from ropo_portal.invoices.operations import (
    AlreadyAsked,
    ApprovalNeeded,
    ApprovalVoid,
    DocumentHasChanged,
    DoubtsRemain,
    NothingToApprove,
    SamePerson,
    approve_invoice,
    ask_approval,
    change_invoice,
    is_author,
    post_invoice,
    return_invoice,
    withdraw_invoice,
    withdraw_question,
)
from ropo_portal.parties.models import Debtor
from ropo_portal.submissions.models import Submission
from tests import factories
from tests.factories import AT, make_creditor, make_debtor, make_environment, make_invoice, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def strict(environment):
    """The environment of a creditor that wants every invoice approved."""
    Creditor.objects.filter(pk=environment.creditor_id).update(approval_rule="all")
    return type(environment).objects.select_related("creditor").get(pk=environment.pk)


def ask(invoice, **options):
    facts = {"invoice": invoice, "revision": invoice.revision, "actor": make_user(), "at": AT}
    return ask_approval(**facts | options)


def approve(approval, **options):
    facts = {"approval": approval, "fingerprint": approval.fingerprint, "actor": make_user(), "at": AT}
    return approve_invoice(**facts | options)


def edit(invoice, actor=None):
    content = replace(InvoiceContent.of(invoice), our_reference="edited")
    return change_invoice(
        invoice=invoice, content=content, revision=invoice.revision, actor=actor or make_user(), at=AT
    )


def post(invoice, **options):
    return post_invoice(invoice=invoice, revision=invoice.revision, actor=make_user(), at=AT, **options)


def test_nothing_leaves_before_a_second_person_has_agreed(strict):
    invoice = make_invoice(strict)
    with pytest.raises(ApprovalNeeded):
        post(invoice)
    approval = ask(invoice)
    with pytest.raises(ApprovalNeeded):
        post(invoice)
    submission = approve(approval)
    approval.refresh_from_db()
    assert (approval.verdict, submission.payload_hash) == ("approved", approval.fingerprint)
    assert Invoice.objects.get(pk=invoice.pk).submission == submission
    verbs = set(Entry.objects.about(invoice).values_list("verb", flat=True))
    assert {"invoice.approval_asked", "invoice.approved", "invoice.posted"} <= verbs


@pytest.mark.parametrize(("limit", "is_needed"), [("125.49", True), ("125.50", False), ("1000", False)])
def test_a_limit_is_an_amount_that_may_still_pass(environment, limit, is_needed):
    Creditor.objects.update(approval_rule="above", approval_limit=Decimal(limit))
    invoice = make_invoice(type(environment).objects.get(pk=environment.pk))
    if is_needed:
        with pytest.raises(ApprovalNeeded):
            post(invoice)
    else:
        assert post(invoice).state == "queued"


def test_abroad_the_limit_says_nothing(creditor):
    abroad = make_environment(creditor, "se-test")
    Creditor.objects.update(approval_rule="above", approval_limit=Decimal(10_000))
    with pytest.raises(ApprovalNeeded):
        post(make_invoice(type(abroad).objects.get(pk=abroad.pk), make_debtor(creditor)))


def test_changing_the_rule_is_history(creditor):
    values = {"approval_rule": "above", "approval_limit": Decimal(500)}
    change_creditor(creditor=creditor, values=values, actor=make_user(), at=AT)
    entry = Entry.objects.about(creditor).get(verb="creditor.changed")
    assert entry.before == {"approval_rule": "off", "approval_limit": None}
    assert entry.after == {"approval_rule": "above", "approval_limit": "500"}


@pytest.mark.parametrize("role", ["creator", "editor", "asker"])
def test_who_wrote_it_or_asked_does_not_approve(strict, role):
    invoice = make_invoice(strict)
    people = {
        "creator": Entry.objects.about(invoice).get().actor,
        "editor": make_user(),
        "asker": make_user(),
    }
    invoice = edit(invoice, people["editor"])
    approval = ask(invoice, actor=people["asker"])
    assert [is_author(invoice, people[one]) for one in ("creator", "editor", "asker")] == [True, True, False]
    with pytest.raises(SamePerson):
        approve(approval, actor=people[role])
    # and past the operation, straight into the table
    with pytest.raises(DatabaseError), transaction.atomic():
        Approval.objects.filter(pk=approval.pk).update(
            verdict="approved", decided_by=people[role], decided_at=AT
        )
    assert not Submission.objects.exists()


def test_the_database_queues_nothing_unapproved(strict):
    invoice = make_invoice(strict)
    with pytest.raises(DatabaseError), transaction.atomic():
        factories.queue(strict, document_id=invoice.pk)
    approval = ask(invoice)
    with pytest.raises(DatabaseError), transaction.atomic():
        factories.queue(strict, document_id=invoice.pk)
    Approval.objects.filter(pk=approval.pk).update(verdict="approved", decided_by=make_user(), decided_at=AT)
    with pytest.raises(DatabaseError), transaction.atomic():
        factories.queue(strict, document_id=invoice.pk)  # other bytes than the approved ones
    assert post(invoice).state == "queued"


def test_the_database_wants_the_revision_that_was_approved(strict):
    invoice = make_invoice(strict)
    approval = ask(invoice)
    Approval.objects.filter(pk=approval.pk).update(verdict="approved", decided_by=make_user(), decided_at=AT)
    Invoice.objects.filter(pk=invoice.pk).update(revision=2)
    with pytest.raises(ApprovalNeeded):
        post(Invoice.objects.get(pk=invoice.pk))


@pytest.mark.parametrize(
    "change",
    [
        {"verdict": "waiting"}, {"verdict": "returned", "reason": "x"}, {"fingerprint": "0" * 64}, {"revision": 9},
        {"decided_by": None}, {"asked_at": AT + dt.timedelta(1)},
    ],
)  # fmt: skip
def test_an_answer_is_not_rewritten(strict, change):
    approval = ask(make_invoice(strict))
    approve(approval)
    with pytest.raises(DatabaseError), transaction.atomic():
        Approval.objects.filter(pk=approval.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Approval.objects.filter(pk=approval.pk)._raw_delete("default")


def test_a_question_begins_unanswered(strict):
    invoice, person = make_invoice(strict), make_user()
    with pytest.raises(DatabaseError), transaction.atomic():
        Approval.objects.create(
            invoice=invoice, revision=1, fingerprint="0" * 64, asked_by=make_user(), asked_at=AT,
            verdict="approved", decided_by=person, decided_at=AT,
        )  # fmt: skip


@pytest.mark.parametrize("change", ["invoice", "debtor", "seen"])
def test_a_change_makes_the_question_void(strict, change):
    invoice = make_invoice(strict)
    approval = ask(invoice)
    seen = approval.fingerprint
    if change == "invoice":
        edit(invoice)
    elif change == "debtor":
        Debtor.objects.filter(pk=invoice.debtor_id).update(street="Toinen katu 2")
    else:
        seen = "0" * 64
    with pytest.raises((ApprovalVoid, DocumentHasChanged)):
        approve(approval, fingerprint=seen)
    assert not Submission.objects.exists()
    assert Approval.objects.waiting().exists() == (change != "invoice")


def test_a_later_revision_is_void_even_where_the_message_is_the_same(strict):
    invoice = make_invoice(strict)
    approval = ask(invoice)
    type(invoice).objects.filter(pk=invoice.pk).update(revision=invoice.revision + 1)
    with pytest.raises(ApprovalVoid):
        approve(approval)
    assert not Submission.objects.exists()


def test_an_approval_stands_while_nothing_changes_and_is_void_after(strict):
    invoice = make_invoice(strict)
    approve(ask(invoice))
    back = withdraw_invoice(invoice=invoice, actor=make_user(), at=AT)
    assert post(back).sequence == 2
    back = withdraw_invoice(invoice=invoice, actor=make_user(), at=AT)
    changed = edit(back)
    with pytest.raises(ApprovalNeeded):
        post(changed)
    assert approve(ask(changed)).sequence == 3


def test_the_same_question_waits_once_and_can_be_taken_back(strict):
    invoice = make_invoice(strict)
    approval = ask(invoice)
    with pytest.raises(AlreadyAsked):
        ask(invoice)
    withdraw_question(approval=approval, actor=make_user(), at=AT)
    with pytest.raises(NothingToApprove):
        approve(approval)
    assert ask(invoice).verdict == "waiting"


def test_it_is_given_back_with_the_reason(strict):
    invoice = make_invoice(strict)
    approval = ask(invoice)
    with pytest.raises(DomainError) as caught:
        return_invoice(approval=approval, reason=" ", actor=make_user(), at=AT)
    assert caught.value.field == "reason"
    back = return_invoice(approval=approval, reason="Wrong debtor", actor=make_user(), at=AT)
    assert (back.verdict, back.reason) == ("returned", "Wrong debtor")
    assert Entry.objects.about(invoice).get(verb="invoice.approval_returned").reason == "Wrong debtor"
    with pytest.raises(ApprovalNeeded):
        post(invoice)


def test_new_doubts_are_the_approvers_to_confirm(strict):
    debtor = make_debtor(strict.creditor)
    approval = ask(make_invoice(strict, debtor), confirmed=[])
    make_invoice(strict, debtor)
    with pytest.raises(DoubtsRemain):
        approve(approval)
    assert approve(approval, confirmed=["twin_total"]).state == "queued"


def test_the_way_that_was_asked_is_the_way_it_goes(strict):
    day = dt.date(2026, 12, 1)
    invoice = make_invoice(strict)
    submission = approve(ask(invoice, is_printed_here=True, leave_on=day))
    assert (submission.kind, submission.due_at.astimezone(dt.UTC).isoformat()) == (
        "local-print",
        "2026-12-01T07:00:00+00:00",
    )


@pytest.mark.pg
@pytest.mark.django_db(transaction=True)
def test_approving_and_editing_at_once_never_sends_what_nobody_saw():
    creditor = make_creditor(approval_rule="all")
    invoice = make_invoice(make_environment(creditor))
    approval, people = ask(invoice), [make_user(), make_user()]
    start, ends = threading.Barrier(2), []

    def race(act):
        start.wait()
        try:
            ends.append(act())
        except DomainError as refusal:
            ends.append(refusal)
        finally:
            connection.close()

    acts = [lambda: approve(approval, actor=people[0]), lambda: edit(invoice, people[1])]
    threads = [threading.Thread(target=race, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sent = Submission.objects.first()
    now = Invoice.objects.get(pk=invoice.pk)
    assert len([end for end in ends if isinstance(end, DomainError)]) == 1, ends
    assert (sent is None) == (now.revision == 2)
    assert sent is None or sent.payload_hash == approval.fingerprint
