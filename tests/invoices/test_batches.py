"""Many at once: the same checks, a frozen choice, one operation each, and nothing twice whatever interleaves."""

import datetime as dt
import uuid
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from ropo_portal.accounts.models import Creditor
from ropo_portal.history.models import Entry
from ropo_portal.invoices.content import InvoiceContent
from ropo_portal.invoices.models import Approval, Batch, BatchItem
from ropo_portal.invoices.operations import (
    BatchIsSent,
    CannotChoose,
    CannotPost,
    CountDiffers,
    batching,
    change_invoice,
    check_batch,
    choose_invoices,
    confirm_doubts,
    days_offered,
    look_again,
    post_invoice,
    resume_batches,
    send_batch,
    send_next,
    take_back_next,
    withdraw_batch,
)
from ropo_portal.parties.operations import mend_debtor
from ropo_portal.submissions.delivery import claim
from ropo_portal.submissions.models import Submission
from ropo_portal.submissions.operations import EnvironmentClosed
from tests.factories import AT, make_creditor, make_debtor, make_environment, make_invoice, make_user
from tests.invoices.batching import LATER, checked, choose, drafts, edit, results, sent

pytestmark = pytest.mark.django_db


# ------------------------------------------------------------------------------------ choose and check
def test_a_choice_is_kept_in_its_order_and_is_history(environment):
    invoices = drafts(environment, 3)[::-1]
    batch = choose(environment, [*invoices, invoices[0]])
    assert [item.invoice for item in batch.items.all()] == invoices
    assert Entry.objects.about(batch).get(verb="batch.chosen").after == {"count": 3}


def test_nothing_and_strangers_are_not_chosen(environment):
    for invoices in ([], [make_invoice(environment), make_invoice()]):
        with pytest.raises(CannotChoose):
            choose(environment, invoices)
    ids = [uuid.UUID(int=number) for number in range(2001)]
    with pytest.raises(CannotChoose, match="2000"):
        choose_invoices(environment=environment, ids=ids, actor=make_user(), at=AT)


def test_checks_are_those_of_a_single_sending(environment):
    homeless = make_debtor(environment.creditor, postcode="", city="")
    unreachable = make_invoice(environment, make_debtor(environment.creditor), channel="email")
    gone = make_invoice(environment)
    post_invoice(invoice=gone, revision=1, actor=make_user(), at=AT)
    batch = checked(
        environment, [make_invoice(environment, homeless), unreachable, gone, make_invoice(environment)]
    )
    found = [[key for key, _words in item.causes] for item in batch.items.all()]
    assert found == [["debtor-postcode", "debtor-city"], ["no_email"], ["already-sent"], []]
    assert [item.is_ready for item in batch.items.all()] == [False, False, False, True]


def test_what_a_single_sending_would_take_is_green_and_nothing_else(environment):
    """The two must never drift apart: what is green is queued, what is red is refused by the operation itself."""
    creditor = environment.creditor
    invoices = [
        make_invoice(environment),
        make_invoice(environment, make_debtor(creditor, street="")),
        make_invoice(environment, rows=()),
        make_invoice(environment, make_debtor(creditor), channel="einvoice"),
        make_invoice(environment, make_debtor(creditor, kind="person"), due_date=AT.date() + dt.timedelta(3)),
    ]
    batch = checked(environment, invoices)
    for item in batch.items.select_related("invoice"):
        try:
            with transaction.atomic():
                post_invoice(invoice=item.invoice, revision=1, confirmed=[], actor=make_user(), at=AT)
            posted = True
        except CannotPost:
            posted = False
        assert item.is_ready == posted, item.causes


def test_only_the_mended_are_looked_at_again(environment):
    homeless = make_debtor(environment.creditor, postcode="")
    batch = checked(environment, [make_invoice(environment, homeless), make_invoice(environment)])
    mend_debtor(debtor=homeless, revision=1, values={"postcode": "00100"}, actor=make_user(), at=LATER)
    look_again(batch=batch, changed=[homeless.pk], at=LATER)
    assert [(item.is_ready, item.checked_at) for item in batch.items.all()] == [(True, LATER), (True, AT)]


def test_doubts_are_confirmed_one_by_one(environment):
    debtor = make_debtor(environment.creditor)
    batch = checked(environment, [make_invoice(environment, debtor), make_invoice(environment, debtor)])
    first, second = batch.items.all()
    assert (first.is_ready, second.is_ready, first.open_doubts[0][0]) == (False, False, "twin_total")
    first = confirm_doubts(item=first, codes=["twin_total", "invented"], actor=make_user(), at=AT)
    assert (first.is_ready, first.confirmed) == (True, ["twin_total"])
    assert Entry.objects.about(first.invoice).filter(verb="invoice.doubts_confirmed").exists()
    send_batch(batch=batch, count=1, actor=make_user(), at=AT)
    assert send_next(batch=batch, at=AT) == 0
    assert results(batch) == [(1, "queued"), (2, "")]


# ------------------------------------------------------------------------------------------------ send
def test_the_ready_ones_are_queued_and_each_is_told(environment):
    batch = sent(environment, drafts(environment, 3))
    assert (send_next(batch=batch, most=2, at=LATER), send_next(batch=batch, most=2, at=LATER)) == (1, 0)
    assert results(batch) == [(1, "queued"), (2, "queued"), (3, "queued")]
    items = list(batch.items.select_related("submission"))
    assert {item.submission.payload_hash for item in items} == {item.fingerprint for item in items}
    assert {item.submission.posted_by_id for item in items} == {batch.sent_by_id}


def test_the_typed_count_must_be_the_ready_ones(environment):
    batch = checked(environment, drafts(environment, 2))
    with pytest.raises(CountDiffers, match="2 invoices are ready"):
        send_batch(batch=batch, count=3, actor=make_user(), at=AT)
    empty = checked(environment, [make_invoice(environment, rows=())])
    with pytest.raises(CountDiffers):
        send_batch(batch=empty, count=0, actor=make_user(), at=AT)


def test_a_batch_is_sent_once_and_then_stays(environment):
    batch = sent(environment, drafts(environment, 1))
    item = batch.items.get()
    who = {"actor": make_user(), "at": AT}
    for act in (
        lambda: send_batch(batch=batch, count=1, **who),
        lambda: check_batch(batch=batch, most=1, at=AT),
        lambda: look_again(batch=batch, changed=[item.invoice_id], at=AT),
        lambda: confirm_doubts(item=item, codes=[], **who),
    ):
        with pytest.raises(BatchIsSent):
            act()


@pytest.mark.parametrize("change", ["invoice", "debtor", "twin"])
def test_what_changed_since_the_check_drops_out_with_its_reason(environment, change):
    invoices = drafts(environment, 2)
    batch = sent(environment, invoices)
    if change == "invoice":
        edit(invoices[0])
    elif change == "debtor":
        type(invoices[0].debtor).objects.filter(pk=invoices[0].debtor_id).update(street="Toinen katu 2")
    else:
        make_invoice(environment, invoices[0].debtor)
    send_next(batch=batch, at=LATER)
    first, second = batch.items.all()
    assert (first.result, bool(first.reason), first.submission) == ("refused", True, None)
    assert (second.result, second.reason) == ("queued", "")


def test_where_two_people_are_needed_the_question_is_put(environment):
    Creditor.objects.filter(pk=environment.creditor_id).update(
        approval_rule="above", approval_limit=Decimal(200)
    )
    environment = type(environment).objects.get(pk=environment.pk)
    large = make_invoice(environment)
    edit_rows = replace(InvoiceContent.of(large), rows=InvoiceContent.of(large).rows * 2)
    large = change_invoice(invoice=large, content=edit_rows, revision=1, actor=make_user(), at=AT)
    batch = sent(environment, [make_invoice(environment), large])
    send_next(batch=batch, at=AT)
    assert results(batch) == [(1, "queued"), (2, "asked")]
    assert Approval.objects.waiting().get().invoice == large
    withdraw_batch(batch=batch, actor=make_user(), at=LATER)
    assert take_back_next(batch=Batch.objects.get(pk=batch.pk), at=LATER) == 0
    assert not Approval.objects.waiting().exists()


def test_a_chosen_day_is_a_banking_day(environment):
    batch = checked(environment, drafts(environment, 1))
    for day in (dt.date(2026, 12, 6), dt.date(2026, 11, 22), dt.date(2027, 6, 1)):
        with pytest.raises(CannotPost) as caught:
            send_batch(batch=batch, count=1, leave_on=day, actor=make_user(), at=AT)
        assert caught.value.field == "leave_on"
    send_batch(batch=batch, count=1, leave_on=dt.date(2026, 12, 7), actor=make_user(), at=AT)
    send_next(batch=Batch.objects.get(pk=batch.pk), at=AT)
    due = Submission.objects.get().due_at.astimezone(environment.time_zone)
    assert due.isoformat() == "2026-12-07T09:00:00+02:00"


def test_the_days_on_offer_begin_today_while_its_time_is_to_come(environment):
    nine = dt.datetime(2026, 11, 23, 9, tzinfo=environment.time_zone)
    early, late = (days_offered(environment, nine + dt.timedelta(minutes=step)) for step in (-1, 1))
    assert (early[0].isoformat(), late[0].isoformat()) == ("2026-11-23", "2026-11-24")
    assert dt.date(2026, 12, 6) not in late


def test_locked_production_sends_nothing(creditor):
    closed = make_environment(creditor, "fi-production")
    batch = checked(closed, drafts(closed, 1))
    with pytest.raises(EnvironmentClosed):
        send_batch(batch=batch, count=1, actor=make_user(), at=AT)


# ------------------------------------------------------------------------------------------- take back
def test_all_is_taken_back_that_has_not_left(environment):
    batch = sent(environment, drafts(environment, 4))
    send_next(batch=batch, most=3, at=AT)
    assert claim(batch.items.get(position=1).submission_id, at=LATER)  # the worker has it
    batch = withdraw_batch(batch=batch, actor=make_user(), at=LATER)
    assert take_back_next(batch=batch, most=1, at=LATER) == 1
    assert take_back_next(batch=batch, most=1, at=LATER) == 0
    states = [item.submission.state if item.submission else item.result for item in batch.items.all()]
    assert states == ["sending", "cancelled", "cancelled", "refused"]
    assert send_next(batch=batch, at=LATER) == 0


def test_a_batch_that_is_not_stopped_takes_nothing_back(environment):
    batch = sent(environment, drafts(environment, 1))
    send_next(batch=batch, at=AT)
    assert take_back_next(batch=batch, at=AT) == 0
    assert Submission.objects.get().state == "queued"


# --------------------------------------------------------------------------------------------- resuming
def test_whoever_comes_later_to_an_item_finds_nothing_to_do(environment):
    batch = sent(environment, drafts(environment, 1))
    send_next(batch=batch, at=AT)
    before = batch.items.values("result", "submission", "settled_at").get()
    batching._take_turn(batch.items.get().pk, AT + dt.timedelta(minutes=1))
    assert (before["result"], batch.items.values("result", "submission", "settled_at").get()) == (
        "queued",
        before,
    )


def test_a_silent_batch_is_gone_on_with(environment):
    batch = sent(environment, drafts(environment, 3))
    send_next(batch=batch, most=1, at=AT)
    resume_batches(at=AT + dt.timedelta(seconds=30))  # somebody is at it
    assert Submission.objects.count() == 1
    resume_batches(at=LATER)
    assert [result for _place, result in results(batch)] == ["queued"] * 3
    withdraw_batch(batch=batch, actor=make_user(), at=LATER)
    resume_batches(at=LATER + dt.timedelta(minutes=2))
    assert set(Submission.objects.values_list("state", flat=True)) == {"cancelled"}


def test_who_may_no_longer_send_sends_no_more(environment):
    sender = make_user("sender", environment.creditor)
    sent(environment, drafts(environment, 1), actor=sender)
    sender.memberships.all().delete()
    resume_batches(at=LATER)
    assert not Submission.objects.exists()


def test_a_kill_between_two_leaves_both_or_neither(environment, monkeypatch):
    batch = sent(environment, drafts(environment, 2))
    save = BatchItem.save

    def killed(self, *args, **options):
        if self.position == 2:
            raise KeyboardInterrupt
        save(self, *args, **options)

    monkeypatch.setattr(BatchItem, "save", killed)
    with pytest.raises(KeyboardInterrupt):
        send_next(batch=batch, at=AT)
    monkeypatch.undo()
    assert Submission.objects.count() == 1
    assert send_next(batch=batch, at=LATER) == 0
    assert Submission.objects.count() == 2


# ----------------------------------------------------------------------------------- the database knows
def test_the_database_keeps_a_sent_batch_as_it_was(environment):
    other = make_invoice(environment)
    batch = checked(environment, drafts(environment, 2))
    refuses(
        BatchItem.objects.filter(batch=batch, position=1), is_chosen=True, result="refused"
    )  # not sent yet
    send_batch(batch=batch, count=2, actor=make_user("sender", environment.creditor), at=AT)
    send_next(batch=batch, most=1, at=AT)
    done, waiting = batch.items.all()
    items, batches = BatchItem.objects.filter(pk=done.pk), Batch.objects.filter(pk=batch.pk)
    refuses(items, result="refused", submission=None)
    refuses(items, reason="x")
    rest = BatchItem.objects.filter(pk=waiting.pk)
    for change in ({"revision": 7}, {"fingerprint": "0" * 64}, {"is_chosen": False}, {"confirmed": ["x"]}):
        refuses(rest, **change)
    refuses(rest, invoice=other)
    refuses(rest, result="queued")
    stranger = post_invoice(invoice=other, revision=1, actor=make_user(), at=AT)
    refuses(rest, result="queued", submission=stranger)
    for change in ({"sent_count": 9}, {"sent_at": None, "sent_by": None}, {"leave_on": AT.date()}):
        refuses(batches, **change)
    refuses(batches, creditor=make_creditor())
    for rows in (items, batches):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows._raw_delete("default")
    with pytest.raises(DatabaseError), transaction.atomic():
        BatchItem.objects.create(batch=batch, invoice=other, position=9, revision=1)


def test_the_database_lets_no_stranger_into_a_batch(environment):
    batch = choose(environment, drafts(environment, 1))
    with pytest.raises(DatabaseError), transaction.atomic():
        BatchItem.objects.create(batch=batch, invoice=make_invoice(), position=9, revision=1)


def refuses(rows, **change):
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(**change)
