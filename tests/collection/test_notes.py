"""Notes on debtors: written, taken back, never changed, never sent, and never with an identity code."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from ropo_portal.collection.models import DebtorNote
from ropo_portal.collection.operations import NoteRefused, merge_debtors, withdraw_note, write_note
from ropo_portal.history.models import Entry
from ropo_portal.identifiers import holds_personal_id
from tests.collection.conftest import TODAY, make_own_claim
from tests.collection.writing import refuses
from tests.factories import AT, make_debtor, make_user

pytestmark = pytest.mark.django_db
CALLS = "Calls back in the morning.\nAsk for the bookkeeper."


def written(debtor, text=CALLS, **fields):
    return write_note(debtor=debtor, text=text, **{"actor": make_user(), "at": AT, **fields})


def test_a_note_is_written_and_told_without_its_words(creditor):
    debtor = make_debtor(creditor)
    note = written(debtor)
    assert (note.text, note.written_at) == (CALLS, AT)
    entry = Entry.objects.about(debtor).get(verb="debtor.note_written")
    assert "bookkeeper" not in f"{entry.before} {entry.after} {entry.reason}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM collection_debtornote")
        assert "bookkeeper" not in cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("  \n ", "empty"),
        ("Hetu 131052-308T on väärin", "personal_id"),
        ("131052–308t", "personal_id"),
        ("pnr 811218 9876", "personal_id"),
        ("(198112189876)", "personal_id"),
        ("fnr 010190 00083", "personal_id"),
    ],
)
def test_what_is_refused(creditor, text, code):
    refuses(NoteRefused, code, written, make_debtor(creditor), text)
    assert not DebtorNote.objects.exists()


@pytest.mark.parametrize(
    "text",
    ["040-1234567", "RF18 5390 0754 7034", "Invoice 100200300 of 131052", "131052-308", "x131052-308T"],
)
def test_other_numbers_are_no_identity_codes(text):
    assert not holds_personal_id(text)


def test_a_note_is_taken_back_once_and_its_words_are_not_shown(creditor, signed_in):
    browser, debtor = signed_in("clerk"), make_debtor(creditor)
    note = written(debtor)
    there = reverse("collection:notes", args=[debtor.pk])
    assert "bookkeeper" in browser.get(there).content.decode()
    browser.post(reverse("collection:note-withdraw", args=[note.pk]))
    page = browser.get(there).content.decode()
    assert "bookkeeper" not in page
    assert "Taken back by" in page
    refuses(NoteRefused, "withdrawn_already", withdraw_note, note=note, actor=make_user(), at=AT)
    verbs = Entry.objects.about(debtor).filter(verb__startswith="debtor.note").order_by("sequence")
    assert [entry.verb for entry in verbs] == ["debtor.note_written", "debtor.note_withdrawn"]


@pytest.mark.parametrize("change", [{"text": ""}, {"written_at": AT.replace(year=2025)}, {"delete": True}])
def test_the_database_keeps_a_note_as_it_is(creditor, change):
    note = written(make_debtor(creditor))
    rows = DebtorNote.objects.filter(pk=note.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows._raw_delete(rows.db) if "delete" in change else rows.update(**change)


def test_the_database_gives_no_note_back(creditor):
    note = withdraw_note(note=written(make_debtor(creditor)), actor=make_user(), at=AT)
    with pytest.raises(DatabaseError), transaction.atomic():
        DebtorNote.objects.filter(pk=note.pk).update(withdrawn_at=None, withdrawn_by=None)


def test_notes_of_a_double_stand_with_the_kept_one(creditor, signed_in, user_as):
    double, kept = make_debtor(creditor), make_debtor(creditor)
    written(double)
    merge_debtors(
        double=double, kept=kept, reason="the same one", confirms_ids=True, today=TODAY,
        actor=user_as("approver"), at=AT,
    )  # fmt: skip
    double.refresh_from_db()
    refuses(NoteRefused, "merged", written, double)
    for one in (kept, double):
        page = signed_in("reader").get(reverse("collection:notes", args=[one.pk])).content.decode()
        assert "bookkeeper" in page


def test_debtor_claim_and_invoice_lead_to_the_notes(environment, signed_in):
    claim, browser = make_own_claim(environment), signed_in("clerk")
    there = reverse("collection:notes", args=[claim.debtor_id])
    pages = [
        reverse("parties:debtor-detail", args=[claim.debtor_id]), reverse("collection:claim", args=[claim.pk]),
        reverse("invoices:detail", args=[claim.invoice_id]),
    ]  # fmt: skip
    assert [f'hx-get="{there}"' in browser.get(page).content.decode() for page in pages] == [True] * 3


def test_the_piece_answers_with_itself(creditor, signed_in):
    browser, debtor = signed_in("clerk"), make_debtor(creditor)
    write = reverse("collection:note-write", args=[debtor.pk])
    said = browser.post(write, {"text": CALLS}, headers={"HX-Request": "true"})
    assert (said.status_code, "bookkeeper" in said.content.decode()) == (200, True)
    assert said.content.decode().lstrip().startswith("<section")
    refused = browser.post(write, {"text": "131052-308T"}, headers={"HX-Request": "true"})
    assert (refused.status_code, "Write the note without it." in refused.content.decode()) == (422, True)
    assert signed_in("reader").post(write, {"text": CALLS}).status_code == 403
