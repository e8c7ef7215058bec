"""The first form of a reminder or a debt collection: looking writes nothing, and a draft is thrown away by one key."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from ropo_portal.collection.models import DebtCollectionCase, Reminder
from ropo_portal.collection.operations import StepHasChanged, start_reminder
from ropo_portal.history.models import Entry
from tests.collection.writing import PDF, refuses, started
from tests.factories import AT, make_user

pytestmark = pytest.mark.django_db
LETTER = {"channel": "post", "free_text": "Maksathan pian.", "revision": 1}
NOTICE = {
    "notice_date": "20.10.2026",
    "notice_channel": "post",
    "notice_address": "Satamakatu 1",
    "revision": 1,
}


def address(name, *args):
    return reverse(f"collection:{name}", args=args)


@pytest.mark.parametrize("step", ["reminder", "collection"])
def test_opening_the_form_writes_nothing(signed_in, claim, step):
    browser = signed_in("sender")
    before = Entry.objects.count()
    here = address("begin", claim.pk, step)
    page = browser.get(here)
    assert page.status_code == 200
    assert f'action="{here}"' in page.content.decode()
    assert (Reminder.objects.count(), DebtCollectionCase.objects.count(), Entry.objects.count()) == (
        0,
        0,
        before,
    )
    other = "collection" if step == "reminder" else "reminder"
    assert browser.get(address("begin", claim.pk, other)).status_code == 200


def test_the_first_save_writes_the_draft_with_its_words(signed_in, claim):
    browser = signed_in("sender")
    here = address("begin", claim.pk, "reminder")
    answer = browser.post(here, LETTER)
    reminder = Reminder.objects.get()
    assert answer["Location"] == address("reminder", reminder.pk)
    assert (reminder.channel, reminder.free_text, reminder.revision) == ("post", "Maksathan pian.", 1)
    assert Entry.objects.filter(subject_id=reminder.pk).count() == 1
    # A draft that is there is opened, and never written over by somebody who did not see it.
    assert browser.get(here)["Location"] == address("reminder", reminder.pk)
    assert browser.post(here, LETTER | {"free_text": "Toinen"})["Location"] == address(
        "reminder", reminder.pk
    )
    assert Reminder.objects.get().free_text == "Maksathan pian."
    refuses(
        StepHasChanged, "document_has_changed", start_reminder,
        claim=claim, channel="post", is_written=True, actor=make_user(), at=AT,
    )  # fmt: skip


def test_sending_from_the_first_form_goes_on_to_the_question(signed_in, claim):
    answer = signed_in("sender").post(address("begin", claim.pk, "reminder"), LETTER | {"then": "send"})
    assert answer["Location"] == address("reminder-send", Reminder.objects.get().pk)


def test_a_debt_collection_is_written_with_its_notice_and_proof(signed_in, claim):
    browser, here = signed_in("sender"), address("begin", claim.pk, "collection")
    answer = browser.post(here, NOTICE | {"notice_date": "1.9.2026"})
    assert (answer.status_code, DebtCollectionCase.objects.count()) == (422, 0)
    answer = browser.post(here, NOTICE | {"proof": SimpleUploadedFile("kirje.pdf", PDF)})
    case = DebtCollectionCase.objects.get()
    assert answer["Location"] == address("case", case.pk)
    assert (str(case.notice_date), case.proofs.count()) == ("2026-10-20", 1)


def test_a_refused_proof_leaves_the_draft_and_says_so(signed_in, claim):
    file = SimpleUploadedFile("kirje.pdf", b"no paper at all")
    answer = signed_in("sender").post(address("begin", claim.pk, "collection"), NOTICE | {"proof": file})
    case = DebtCollectionCase.objects.get()
    assert (answer["Location"], case.proofs.count()) == (address("case", case.pk), 0)


def test_what_stands_in_the_way_is_said_on_the_claims_page(signed_in, claim):
    started(claim)
    answer = signed_in("sender").get(address("begin", claim.pk, "collection"))
    assert answer["Location"] == address("claim", claim.pk)


def test_a_draft_is_discarded_from_the_claims_page(signed_in, claim):
    reminder, browser = started(claim), signed_in("clerk")
    page = browser.get(address("claim", claim.pk)).content.decode()
    there = address("discard", "reminder", reminder.pk)
    assert f'action="{there}"' in page
    assert 'data-key="x"' in page
    browser.post(there, {"revision": reminder.revision})
    assert not Reminder.objects.kept().exists()
    page = browser.get(address("claim", claim.pk)).content.decode()
    assert 'data-key="x"' not in page
    assert f'href="{address("begin", claim.pk, "collection")}"' in page
