"""Reminders and what both steps share: what is refused in words, what is frozen, acting before the day."""

import datetime as dt
import json
import threading
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from ropo_portal.accounts.operations import grant_role
from ropo_portal.collection.models import Override, Reminder
from ropo_portal.collection.operations import (
    AlreadyRunning,
    CannotChange,
    CannotMove,
    OverrideRefused,
    StepHasChanged,
    StepIncomplete,
    TooEarly,
    approve_case,
    change_reminder,
    confirm_override,
    discard_reminder,
    gather_everywhere,
    gather_overdue,
    post_reminder,
    propose_override,
    start_case,
    start_reminder,
    withdraw_override,
    withdraw_reminder,
)
from ropo_portal.errors import DomainError
from ropo_portal.history.models import Entry
from ropo_portal.invoices.models import Claim
from ropo_portal.submissions.hooks import AFTER_INTAKE
from ropo_portal.submissions.models import Kind, Submission
from ropo_portal.submissions.operations import AlreadyPosted, CannotPost, TooLate
from tests import factories
from tests.collection.conftest import DUE, TODAY, make_claim, make_own_claim, make_sent_invoice
from tests.collection.writing import codes, let_reminders_go, proposed, refuses, started
from tests.factories import AT, make_creditor, make_debtor, make_environment, make_user
from tests.invoices.settling import settle

pytestmark = pytest.mark.django_db
NOTICE = dt.date(2026, 10, 20)


def post(reminder, **fields):
    return post_reminder(
        **{"reminder": reminder, "revision": reminder.revision, "actor": make_user(), "at": AT} | fields
    )


# --------------------------------------------------------------------------------------- beginning
def test_a_reminder_begins_with_what_is_open(claim):
    reminder = started(claim)
    assert (reminder.amount, reminder.state, reminder.channel) == (Decimal("250.00"), "draft", "post")
    assert started(claim) == reminder
    assert Entry.objects.about(reminder).get().verb == "reminder.started"


@pytest.mark.parametrize("start", [start_reminder, start_case])
def test_what_is_not_due_is_not_moved(environment, start):
    claim = make_claim(environment, invoice_date=TODAY, due_date=TODAY)
    error = refuses(CannotMove, "not_due", start, claim=claim, actor=make_user(), at=AT)
    assert "23.11.2026" in str(error)


@pytest.mark.parametrize("start", [start_reminder, start_case])
def test_the_day_after_the_due_date_is_too_early_for_a_finnish_consumer(environment, start):
    debtor = make_debtor(environment.creditor, kind="person")
    claim = make_claim(environment, debtor, due_date=TODAY - dt.timedelta(days=1))
    error = refuses(TooEarly, "too_early", start, claim=claim, actor=make_user(), at=AT)
    assert "12.2026" in str(error)


def test_one_step_at_a_time(claim):
    reminder = started(claim)
    refuses(CannotMove, "other_step", start_case, claim=claim, actor=make_user(), at=AT)
    discard_reminder(reminder=reminder, revision=1, actor=make_user(), at=AT)
    assert start_case(claim=claim, actor=make_user(), at=AT).state == "draft"
    refuses(CannotMove, "other_step", start_reminder, claim=claim, actor=make_user(), at=AT)


def test_what_ropo_has_is_not_begun_again(claim):
    submission = settle(post(started(claim)), "accepted", ropo_job_id="4410299")
    Submission.objects.filter(pk=submission.pk).update(
        ropo_next_status="2", ropo_next_status_text="Perintä", ropo_next_status_date=dt.date(2026, 12, 8)
    )
    error = refuses(AlreadyRunning, "already_running", start_case, claim=claim, actor=make_user(), at=AT)
    assert error.other == submission
    assert [word in str(error) for word in ("4410299", "Debt collection", "8.12.2026")] == [True] * 3


def test_a_monitored_invoice_is_not_moved_by_us(environment, claim):
    factories.queue(environment, number=" x-17", kind=Kind.MONITORED_INVOICE)
    for start in (start_reminder, start_case):
        refuses(AlreadyRunning, "already_running", start, claim=claim, actor=make_user(), at=AT)


def test_our_own_print_invoice_stands_in_nobodys_way(environment):
    claim = make_own_claim(environment)
    assert post(started(claim)).state == "queued"


# --------------------------------------------------------------------------------------- reminders
def test_posting_a_reminder_freezes_it(claim):
    reminder = started(claim)
    submission = post(reminder)
    reminder.refresh_from_db()
    assert reminder.submission == submission
    assert (submission.kind, submission.opening, submission.amount) == (
        "reminder",
        "claim",
        Decimal("250.00"),
    )
    (job,) = json.loads(bytes(submission.payload))["datastream"]["dataset"]
    assert (job["jobtype"], job["amount"], "payrow" in job) == ("1", "250.00", False)
    assert Entry.objects.about(reminder).filter(verb="reminder.posted").count() == 1
    with pytest.raises(AlreadyPosted):
        post(reminder)


@pytest.mark.parametrize(
    ("kind", "channel", "debtor", "reasons"),
    [
        ("company", "email", {}, [("no_email", "channel")]),
        ("company", "einvoice", {}, [("no_einvoice_address", "channel")]),
        ("person", "einvoice", {"einvoice_address": "A", "einvoice_operator": "B"}, [("not_a_company", "channel")]),
        (
            "company", "consumer-einvoice", {"einvoice_address": "A", "einvoice_operator": "B"},
            [("not_a_person", "channel"), ("no_payment_id", "einvoice_payment_id")],
        ),
        ("company", "post", {"street": "", "city": " "}, [("debtor_incomplete", "debtor")]),
    ],
)  # fmt: skip
def test_what_a_reminder_lacks_is_said_at_the_field(environment, kind, channel, debtor, reasons):
    claim = make_claim(environment, make_debtor(environment.creditor, kind=kind, **debtor))
    reminder = started(claim)
    if channel != "post":
        reminder = change_reminder(reminder=reminder, channel=channel, revision=1, actor=make_user(), at=AT)
    with pytest.raises(StepIncomplete) as caught:
        post(reminder)
    assert codes(caught) == reasons
    assert not Submission.objects.exists()


def test_changes_of_a_reminder(claim):
    reminder = started(claim)
    same = change_reminder(reminder=reminder, channel="post", revision=1, actor=make_user(), at=AT)
    assert same.revision == 1
    texted = change_reminder(
        reminder=reminder, channel="post", free_text="Hei", revision=1, actor=make_user(), at=AT
    )
    assert (texted.free_text, texted.revision) == ("Hei", 2)
    facts = {"reminder": texted, "actor": make_user(), "at": AT}
    with pytest.raises(StepHasChanged):
        change_reminder(channel="email", revision=1, **facts)
    with pytest.raises(StepHasChanged):
        post(texted, revision=1)
    refuses(CannotChange, "channel_unknown", change_reminder, channel="fax", revision=2, **facts)
    refuses(
        DomainError,
        "forbidden_character",
        change_reminder,
        channel="post",
        free_text="\x00",
        revision=2,
        **facts,
    )


def test_an_amount_that_has_changed_is_looked_at_again(claim):
    reminder = started(claim)
    Reminder.objects.filter(pk=reminder.pk).update(amount=Decimal("249.00"))
    with pytest.raises(StepIncomplete) as caught:
        post(reminder)
    assert codes(caught) == [("amount_changed", "amount")]


def test_a_reminder_on_its_way_neither_changes_nor_vanishes(claim):
    reminder = started(claim)
    submission = post(reminder)
    who = {"reminder": reminder, "actor": make_user(), "at": AT}
    refuses(CannotChange, "cannot_change", change_reminder, channel="email", revision=1, **who)
    refuses(CannotChange, "cannot_change", discard_reminder, revision=1, **who)
    back = withdraw_reminder(**who)
    assert back.state == "draft"
    again = post(back)
    assert (again.previous, again.sequence) == (submission, 2)
    settle(again, "accepted")
    with pytest.raises(TooLate):
        withdraw_reminder(**who)


def test_there_must_be_something_to_take_back(claim):
    refuses(CannotChange, "not_posted", withdraw_reminder, reminder=started(claim), actor=make_user(), at=AT)


def test_a_discarded_reminder_is_not_posted(claim):
    reminder = discard_reminder(reminder=started(claim), revision=1, actor=make_user(), at=AT)
    refuses(CannotPost, "discarded", post, reminder)


def test_the_clock_is_asked_again_at_posting(environment):
    claim = make_claim(environment)
    reminder = started(claim)
    early = dt.datetime(2026, 10, 1, 9, tzinfo=dt.UTC)
    refuses(CannotMove, "not_due", post, reminder, at=early)


# --------------------------------------------------------------------------------------- overrides
def test_two_people_may_act_before_the_day(environment, people):
    debtor = make_debtor(environment.creditor, kind="person")
    claim = make_claim(environment, debtor, due_date=TODAY - dt.timedelta(days=1))
    who = {"actor": people["sender"], "at": AT}
    refuses(OverrideRefused, "no_reason", propose_override, claim=claim, step="reminder", reason=" ", **who)
    override = propose_override(claim=claim, step="reminder", reason="Bankruptcy near", **who)
    refuses(
        OverrideRefused, "proposed_already", propose_override, claim=claim, step="reminder", reason="x", **who
    )
    refuses(OverrideRefused, "same_person", confirm_override, override=override, **who)
    refuses(TooEarly, "too_early", start_reminder, claim=claim, **who)
    confirm_override(override=override, actor=people["approver"], at=AT)
    assert start_reminder(claim=claim, **who).state == "draft"
    refuses(OverrideRefused, "too_late", withdraw_override, override=override, **who)
    entry = Entry.objects.about(claim).get(verb="override.confirmed")
    assert (entry.reason, entry.after) == ("Bankruptcy near", {"step": "reminder"})


def test_a_proposal_taken_back_allows_nothing(environment, people):
    claim = make_claim(environment)
    who = {"actor": people["sender"], "at": AT}
    override = propose_override(claim=claim, step="collection", reason="x", **who)
    withdraw_override(override=override, **who)
    refuses(OverrideRefused, "too_late", confirm_override, override=override, actor=people["approver"], at=AT)
    assert propose_override(claim=claim, step="collection", reason="y", **who).pk != override.pk


def test_nobody_overrides_alone_in_the_database(claim, people):
    grant_role(user=people["sender"], creditor=claim.creditor, role="approver", actor=make_user(), at=AT)
    override = propose_override(claim=claim, step="reminder", reason="x", actor=people["sender"], at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Override.objects.filter(pk=override.pk).update(confirmed_by=people["sender"])


# ------------------------------------------------------------------------- what the database keeps
def test_one_open_document_a_claim(claim):
    started(claim)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reminder.objects.create(claim=claim, amount=1, created_at=AT)
    assert Reminder.objects.create(claim=claim, amount=1, created_at=AT, discarded_at=AT).pk


def test_the_database_refuses_a_second_opening_of_a_number(environment, claim):
    first = post(started(claim))
    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.objects.create(
            **{
                field.attname: getattr(first, field.attname)
                for field in Submission._meta.concrete_fields
                if field.attname not in {"id", "document_id", "kind"}
            },
            id=claim.pk, document_id=claim.pk, kind=Kind.DEBT_COLLECTION,
        )  # fmt: skip


def test_a_rejected_reminder_leaves_the_number_free(claim, people):
    reminder = started(claim)
    settle(post(reminder), "rejected", trouble="no")
    reminder.refresh_from_db()
    assert reminder.is_editable
    discard_reminder(reminder=reminder, revision=1, actor=make_user(), at=AT)
    case = proposed(claim, people["sender"])
    assert (
        approve_case(case=case, fingerprint=case.fingerprint, actor=people["approver"], at=AT).opening
        == "claim"
    )


# --------------------------------------------------------------------------------------- gathering
def test_overdue_invoices_become_claims(environment):
    invoice = make_sent_invoice(environment)
    make_sent_invoice(environment, invoice_date=TODAY, due_date=TODAY)
    assert gather_overdue(environment=environment, actor=make_user(), at=AT) == 1
    assert gather_overdue(environment=environment, actor=None, at=AT) == 0
    assert Claim.objects.get().invoice == invoice


def test_overdue_invoices_become_claims_by_themselves(environment):
    first, second = make_sent_invoice(environment), make_sent_invoice(make_environment())
    assert gather_everywhere in AFTER_INTAKE
    gather_everywhere(at=AT)
    assert {claim.invoice for claim in Claim.objects.all()} == {first, second}


@pytest.mark.pg
@pytest.mark.django_db(transaction=True)
def test_two_clerks_move_a_claim_at_once_and_one_letter_goes():
    environment = make_environment(make_creditor("SE"))
    claim = make_claim(environment, reference="1230", invoice_date=DUE, due_date=DUE)
    let_reminders_go("SE")
    reminder, start, ends = started(claim), threading.Barrier(2), []

    def clerk(actor):
        start.wait()
        try:
            ends.append(post(reminder, actor=actor))
        except AlreadyPosted as refusal:
            ends.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=clerk, args=(make_user(),)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(type(end).__name__ for end in ends) == ["AlreadyPosted", "Submission"]
