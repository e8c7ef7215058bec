"""Notices: who is told of what, once; a letter holds nothing of anybody; a mail server that fails loses no notice."""

import datetime as dt
import logging

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse

from ropo_portal.accounts.models import Membership
from ropo_portal.submissions.models import ResendProposal, Submission
from ropo_portal.worklist import delivery, noticing, tasks
from ropo_portal.worklist.models import Notice, NoticeSent, NoticeWish
from ropo_portal.worklist.operations import wish_notices
from tests import factories
from tests.factories import AT
from tests.submissions.stages import staged
from tests.worklist import letters
from tests.worklist.test_house_work import asked
from tests.worklist.test_today import TODAY

pytestmark = pytest.mark.django_db
PAGE = reverse("worklist:notices")
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.fixture
def user_as(creditor):
    """Give a user whose letters are looked at."""
    return lambda role: letters.reader(role, creditor)


@pytest.fixture
def sender(user_as):
    found = user_as("sender")
    wish_notices(when="at_once", actor=found)
    return found


def told(at=AT):
    """Let one round pass; return what every letter of it says."""
    mail.outbox.clear()
    letters.quieten()
    noticing.write_notices(at=at)
    delivery.send_notices(clock=lambda: at)
    return [(letter.to, letter.subject) for letter in mail.outbox]


def test_told_once_of_what_waits(environment, sender):
    for state in ("unconfirmed", "held", "rejected"):
        staged(environment, state)
    assert told() == [([sender.email], "3 new rows of work wait")]
    assert Notice.objects.get().numbers == {"unconfirmed": 1, "held": 1, "rejected": 1}
    assert told(AT + HOUR) == []
    staged(environment, "held")
    assert told(AT + 2 * HOUR) == [([sender.email], "1 new row of work waits")]


@pytest.mark.parametrize("state", ["queued", "sending", "accepted", "cancelled"])
def test_not_told_of_what_goes_well(environment, sender, state):
    staged(environment, state)
    assert told() == []


def test_told_of_approvals_of_others_only(environment, sender, user_as):
    approver = user_as("approver")
    wish_notices(when="at_once", actor=approver)
    asked(environment)
    assert told() == [([approver.email], "1 new row of work waits")]
    assert Notice.objects.get().numbers == {"approval": 1}


@pytest.mark.parametrize(
    ("role", "when"), [("sender", "off"), ("clerk", None), ("reader", None), ("auditor", None)]
)
def test_nobody_is_told_who_does_not_want_it(environment, user_as, role, when):
    reader = user_as(role)
    if when:
        wish_notices(when=when, actor=reader)
    staged(environment, "held")
    assert told() == []


@pytest.mark.parametrize("role", ["sender", "approver"])
def test_who_decides_is_told_daily_without_asking(environment, user_as, role):
    reader = user_as(role)
    staged(environment, "held")
    assert told() == [([reader.email], "1 new row of work waits")]
    staged(environment, "held")
    assert told(AT + HOUR) == []


def test_nobody_is_told_of_foreign_rows_or_after_leaving(environment, sender):
    staged(factories.make_environment(), "held")
    assert told() == []
    staged(environment, "held")
    Membership.objects.filter(user=sender).delete()
    assert told() == []


def test_who_was_switched_off_gets_no_letter_not_even_one_that_was_written(environment, sender):
    staged(environment, "held")
    letters.quieten()
    noticing.write_notices(at=AT)
    type(sender).objects.filter(pk=sender.pk).update(is_active=False)
    assert told() == []
    assert Notice.objects.get().sent_at is None


def test_daily_is_one_letter_a_day_from_seven_on(environment, user_as):
    reader = user_as("sender")
    wish_notices(when="daily", actor=reader)
    morning = dt.datetime(2026, 11, 23, 5, 0, tzinfo=dt.UTC)  # seven in Helsinki
    staged(environment, "held", at=morning - HOUR)
    assert told(morning - MINUTE) == []
    assert len(told(morning)) == 1
    staged(environment, "held", at=morning)
    assert told(morning + 12 * HOUR) == []
    assert len(told(morning + DAY)) == 1


def test_a_letter_holds_numbers_and_links_alone(environment, sender, settings):
    settings.PORTAL_URL = "https://portal.example/"
    row = staged(environment, "held", number="NR-4711", person="Aino Esimerkki")
    told()
    (letter,) = mail.outbox
    text = f"{letter.subject} {letter.body}"
    for private in ("NR-4711", "Aino", "125", environment.creditor.name, str(row.pk), sender.name):
        assert private not in text
    assert "Held: 1\nhttps://portal.example/today/?all=1&group=held" in letter.body
    assert f"https://portal.example{PAGE}" in letter.body


def test_a_letter_is_in_the_readers_language(environment, sender):
    type(sender).objects.filter(pk=sender.pk).update(language="fi")
    staged(environment, "rejected")
    letters.quieten()
    noticing.write_notices(at=AT)
    from django.utils import translation  # noqa: PLC0415 (what the reader's language calls it)

    with translation.override("fi"):
        word = translation.gettext("Rejected")
    assert f"{word}: 1" in delivery.letter(Notice.objects.get()).body
    assert translation.get_language() == "en"


class Broken:
    """A mail server that takes nothing."""

    def __init__(self, *_args, **_options) -> None:
        pass

    def send_messages(self, _messages):
        raise OSError(f"refused for {factories.User.objects.first().email}")


def test_a_failing_mail_server_is_tried_again_and_then_no_more(environment, sender, settings, caplog):
    staged(environment, "held")
    working, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.Broken"
    with caplog.at_level(logging.WARNING):
        assert told() == []
    assert sender.email not in caplog.text
    assert told(AT + MINUTE) == []
    assert Notice.objects.get().tries == 1  # it rests
    settings.EMAIL_BACKEND = working
    assert len(told(AT + HOUR)) == 1
    assert told(AT + DAY) == []

    Notice.objects.update(sent_at=None, tries=Notice.MOST_TRIES)
    assert told(AT + 2 * DAY) == []


def test_a_worker_that_dies_after_writing_loses_nothing(environment, sender):
    staged(environment, "held")
    letters.quieten()
    noticing.write_notices(at=AT)
    assert len(told(AT + HOUR)) == 1


def test_only_one_of_two_workers_sends(environment, sender):
    staged(environment, "held")
    letters.quieten()
    noticing.write_notices(at=AT)
    notice = Notice.objects.get()
    assert delivery._send(notice.pk, 0, lambda: AT)
    assert not delivery._send(notice.pk, 0, lambda: AT)
    assert len(mail.outbox) == 1


def test_the_database_keeps_one_row_from_being_told_twice(environment, sender):
    staged(environment, "held")
    letters.quieten()
    noticing.write_notices(at=AT)
    row = NoticeSent.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        NoticeSent.objects.create(notice=row.notice, user=row.user, kind=row.kind, subject_id=row.subject_id)


def test_the_task_writes_and_sends(environment, sender):
    staged(environment, "held")
    letters.quieten()
    tasks.notices()
    tasks.notices()
    assert len(mail.outbox) == 1


def test_the_wish_is_kept(signed_in):
    browser = signed_in("reader")
    assert 'value="off" selected' in browser.get(PAGE).content.decode()
    assert browser.post(PAGE, {"when": "daily"}).status_code == 303
    assert NoticeWish.objects.get(user=browser.user).when == "daily"
    assert 'value="daily" selected' in browser.get(PAGE).content.decode()
    assert browser.post(PAGE, {"when": "hourly"}).status_code == 422
    assert NoticeWish.objects.get(user=browser.user).when == "daily"


def number_of(page):
    return next(link.count for link in page.context["frame_links"] if link.entry.name == "worklist:today")


def test_the_sidebar_counts_what_cannot_wait(signed_in, environment):
    browser = signed_in("approver")
    assert number_of(browser.get(TODAY)) == 0
    row = staged(environment, "held")
    staged(environment, "unconfirmed")
    staged(environment, "rejected")
    staged(environment, "accepted")
    staged(factories.make_environment(), "held")
    assert number_of(browser.get(TODAY)) == 3
    ResendProposal.objects.create(
        submission=row, reason="gone", proposed_by=factories.make_user(), proposed_at=AT
    )
    asked(environment)
    assert number_of(browser.get(TODAY)) == 5
    Submission.objects.filter(pk=row.pk).update(written_off_at=AT)
    assert number_of(browser.get(TODAY)) == 4
