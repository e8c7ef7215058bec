"""A flag leaves a debtor alone: in words, at queueing, at sending, and for what already waits."""

import datetime as dt
import threading

import pytest
from django.db import DatabaseError, connection, transaction

from ropo_portal.collection.obstacles import CannotMove, obstacles
from ropo_portal.collection.operations import flag_debtor, post_reminder, start_reminder
from ropo_portal.history.models import Entry
from ropo_portal.invoices.models import Invoice
from ropo_portal.invoices.operations import InvoiceIncomplete, post_invoice
from ropo_portal.parties.models import STOPS_INVOICES, Flag
from ropo_portal.parties.operations import FlagRefused, lift_flag
from ropo_portal.submissions import delivery
from ropo_portal.submissions.models import Submission
from ropo_portal.submissions.operations import release
from ropo_portal.submissions.operations.queueing import DebtorProtected
from tests.collection.conftest import TODAY, make_claim
from tests.collection.flags import flagged, queued_invoice, queued_reminder
from tests.collection.writing import refuses, started
from tests.factories import AT, make_debtor, make_invoice, make_user
from tests.invoices.settling import settle

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.mark.parametrize("kind", Flag.Kind.values)
def test_every_flag_stops_reminders_and_some_stop_invoices(environment, kind):
    debtor = make_debtor(environment.creditor)
    invoice, claim = make_invoice(environment, debtor), make_claim(environment, debtor)
    reminder = started(claim)
    flagged(debtor, kind)
    caught = refuses(
        CannotMove, "flagged", post_reminder, reminder=reminder, revision=1, actor=make_user(), at=AT
    )
    assert str(Flag.Kind(kind).label) in str(caught)
    if kind in STOPS_INVOICES:
        with pytest.raises(InvoiceIncomplete) as refused:
            post_invoice(invoice=invoice, revision=1, actor=make_user(), at=AT)
        assert [one.code for one in refused.value.refusals] == ["flagged"]
    else:
        assert post_invoice(invoice=invoice, revision=1, actor=make_user(), at=AT).state == "queued"


def test_the_sentence_names_the_flag_and_its_last_day(environment):
    claim = make_claim(environment)
    flagged(claim.debtor, "disputed", end_date=TODAY + 7 * DAY)
    [first, *_rest] = obstacles(claim, "reminder", today=TODAY)
    assert str(first) == (
        "The debtor is marked “Disputed” up to and including 30.11.2026. It can be sent from the day after."
    )


def test_the_day_after_the_last_one_the_debtor_is_free_by_itself(environment):
    claim = make_claim(environment)
    flag = flagged(claim.debtor, "disputed", end_date=TODAY).flag
    assert "flagged" in [one.code for one in obstacles(claim, "reminder", today=TODAY)]
    assert "flagged" not in [one.code for one in obstacles(claim, "reminder", today=TODAY + DAY)]
    assert flag.standing_on(TODAY + DAY) == "ended"
    reminder = start_reminder(claim=claim, actor=make_user(), at=AT + DAY)
    assert post_reminder(reminder=reminder, revision=1, actor=make_user(), at=AT + DAY).state == "queued"


def test_the_first_minute_of_the_day_after_is_free_in_the_database_too(environment):
    """Midnight in Finland is 22 o'clock of the day before in Greenwich."""
    debtor = make_debtor(environment.creditor)
    invoice = make_invoice(environment, debtor)
    flagged(debtor, "minor", end_date=TODAY)
    first_minute = dt.datetime(2026, 11, 23, 22, 1, tzinfo=dt.UTC)
    assert post_invoice(invoice=invoice, revision=1, actor=make_user(), at=first_minute).state == "queued"


def test_setting_a_flag_takes_back_what_waits_and_says_how_many(environment):
    debtor = make_debtor(environment.creditor)
    waiting = [queued_invoice(environment, debtor=debtor), queued_reminder(environment, debtor=debtor)]
    other = queued_invoice(environment)
    done = flagged(debtor, "deceased")
    assert done.withdrawn == 2
    assert [Submission.objects.get(pk=one.pk).state for one in [*waiting, other]] == [
        "cancelled", "cancelled", "queued",
    ]  # fmt: skip
    assert set(Entry.objects.filter(verb__endswith=".withdrawn").values_list("verb", flat=True)) == {
        "invoice.withdrawn", "reminder.withdrawn", "submission.withdrawn",
    }  # fmt: skip


def test_a_dispute_leaves_a_new_invoice_in_the_queue(environment):
    debtor = make_debtor(environment.creditor)
    invoice = queued_invoice(environment, debtor=debtor)
    assert flagged(debtor, "disputed").withdrawn == 0
    assert Submission.objects.get(pk=invoice.pk).state == "queued"


def test_what_left_is_not_taken_back(environment):
    submission = queued_reminder(environment)
    settle(submission, "accepted", ropo_job_id="77")
    assert flagged(submission.reminder.claim.debtor).withdrawn == 0
    assert Submission.objects.get(pk=submission.pk).state == "accepted"


def test_the_database_refuses_at_queueing_whatever_the_code_says(environment):
    debtor = make_debtor(environment.creditor)
    submission = queued_invoice(environment, debtor=debtor)
    Submission.objects.filter(pk=submission.pk).update(state="held", held_reason="never-sent")
    flagged(debtor, "deceased")
    with pytest.raises(DatabaseError, match="flag:"), transaction.atomic():
        _sql(
            "UPDATE submissions_submission SET state = 'queued', held_reason = '' WHERE document_id = %s",
            submission,
        )
    refuses(DebtorProtected, "flagged", release, submission=submission, actor=make_user(), at=AT)
    columns = [field.column for field in Submission._meta.concrete_fields if field.column != "id"]
    chosen = (
        ", ".join(columns)
        .replace("state", "'queued'", 1)
        .replace("held_reason", "''")
        .replace("sequence", "sequence + 1")
    )
    new = "lower(hex(randomblob(16)))" if connection.vendor == "sqlite" else "gen_random_uuid()"
    Submission.objects.filter(pk=submission.pk).update(state="cancelled", held_reason="")
    with pytest.raises(DatabaseError, match="flag:"), transaction.atomic():
        _sql(
            f"INSERT INTO submissions_submission (id, {', '.join(columns)}) SELECT {new}, {chosen} "  # noqa: S608
            "FROM submissions_submission WHERE document_id = %s",
            submission,
        )


def test_the_database_lets_nothing_out_that_waits(environment):
    debtor = make_debtor(environment.creditor)
    submission = queued_invoice(environment, debtor=debtor)
    Flag.objects.create(
        debtor=debtor, kind="deceased", reason="the register", begin_date=TODAY, set_by=make_user(), set_at=AT
    )
    with pytest.raises(DatabaseError, match="flag:"), transaction.atomic():
        Submission.objects.filter(pk=submission.pk).update(state="sending", sending_since=AT)


@pytest.mark.parametrize("kind", Flag.Kind.values)
def test_code_and_database_agree_on_invoices(environment, kind):
    debtor = make_debtor(environment.creditor)
    submission = queued_invoice(environment, debtor=debtor)
    Flag.objects.create(
        debtor=debtor, kind=kind, reason="why", begin_date=TODAY, set_by=make_user(), set_at=AT
    )
    try:
        with transaction.atomic():
            Submission.objects.filter(pk=submission.pk).update(state="sending", sending_since=AT)
            assert kind not in STOPS_INVOICES
            transaction.set_rollback(True)
    except DatabaseError:
        assert kind in STOPS_INVOICES


@pytest.mark.parametrize(
    ("change", "text"),
    [("reason = 'another'", "does not change"), ("end_date = '2026-12-24'", "does not change")],
)
def test_a_flag_is_not_rewritten(environment, change, text):
    flag = flagged(make_debtor(environment.creditor)).flag
    with pytest.raises(DatabaseError, match=text), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE parties_flag SET {change}")  # noqa: S608
    with pytest.raises(DatabaseError, match="it stays"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM parties_flag")
    lift_flag(flag=flag, reason="it was another person", actor=make_user(), at=AT)
    with (
        pytest.raises(DatabaseError, match="lifted already"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE parties_flag SET lifted_reason = 'because'")


def test_lifting_frees_and_is_told(environment):
    claim = make_claim(environment)
    flag = flagged(claim.debtor, "disputed").flag
    refuses(FlagRefused, "no_reason", lift_flag, flag=flag, reason=" ", actor=make_user(), at=AT)
    lift_flag(flag=flag, reason="they agreed", actor=make_user(), at=AT)
    assert obstacles(claim, "reminder", today=TODAY) == []
    refuses(
        FlagRefused,
        "lifted_already",
        lift_flag,
        flag=flag,
        reason="again and again",
        actor=make_user(),
        at=AT,
    )
    verbs = Entry.objects.about(claim.debtor).values_list("verb", "reason")
    assert list(verbs.order_by("sequence"))[-2:] == [
        ("debtor.flag_set", "a letter from the register"), ("debtor.flag_lifted", "they agreed"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"reason": "  "}, "no_reason"), ({"begin_date": TODAY + DAY}, "future"), ({"end_date": TODAY - DAY}, "past"),
        ({"begin_date": TODAY - 9 * DAY, "end_date": TODAY - DAY}, "past"),
    ],
)  # fmt: skip
def test_what_is_no_flag(environment, fields, code):
    debtor = make_debtor(environment.creditor)
    refuses(FlagRefused, code, flagged, debtor, **fields)
    assert not Flag.objects.exists()


def test_the_same_flag_stands_once(environment):
    debtor = make_debtor(environment.creditor)
    flagged(debtor, "disputed")
    refuses(FlagRefused, "stands_already", flagged, debtor, "disputed")
    flagged(debtor, "minor")


@pytest.mark.pg
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("head_start", range(6))
def test_a_flag_and_the_worker_at_the_same_moment(environment, head_start):
    """Two connections: it has left, or it was taken back or is held; never both, never neither."""
    debtor = make_debtor(environment.creditor)
    submission = queued_invoice(environment, debtor=debtor)
    actor, start, found = make_user(), threading.Barrier(2), {}

    def work() -> None:
        start.wait()
        threading.Event().wait(head_start * 0.004)
        found["attempt"] = delivery.claim(submission.pk, at=AT)
        connection.close()

    worker = threading.Thread(target=work)
    worker.start()
    start.wait()
    found["done"] = flag_debtor(
        debtor=debtor, kind="deceased", reason="the register", begin_date=TODAY, end_date=None, today=TODAY,
        actor=actor, at=AT,
    )  # fmt: skip
    worker.join()
    state = Submission.objects.get(pk=submission.pk).state
    stayed = {("cancelled", 1), ("held", 0)}
    has_left = found["attempt"] is not None
    assert (state, found["done"].withdrawn) in ({("sending", 0)} if has_left else stayed)


@pytest.mark.pg
@pytest.mark.django_db(transaction=True)
def test_posting_waits_for_a_flag_that_is_being_set(environment):
    """What is posted while a flag is being set is refused, not queued behind its back."""
    debtor = make_debtor(environment.creditor)
    invoice, user, refused = make_invoice(environment, debtor), make_user(), []

    def post() -> None:
        try:
            post_invoice(invoice=Invoice.objects.get(pk=invoice.pk), revision=1, actor=user, at=AT)
        except InvoiceIncomplete as error:
            refused.append(error.refusals[0].code)
        connection.close()

    clerk = threading.Thread(target=post)
    with transaction.atomic():
        flagged(debtor, "deceased")
        clerk.start()
        threading.Event().wait(0.3)
        assert not refused
    clerk.join()
    assert refused == ["flagged"]
    assert not Submission.objects.exists()


def _sql(statement, submission):
    with connection.cursor() as cursor:
        key = submission.document_id.hex if connection.vendor == "sqlite" else submission.document_id
        cursor.execute(statement, [key])
