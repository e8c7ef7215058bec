"""The pages of the history: for those who may read it, of the chosen creditor alone."""

import datetime as dt
import uuid

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import gettext, override

from ropo_portal.history.models import ChainHead, Entry
from ropo_portal.history.operations import record
from ropo_portal.rules.models import InterestRate
from ropo_portal.submissions.models import Kind, Submission
from tests.factories import AT, make_creditor, make_debtor, make_environment, make_invoice, queue

pytestmark = pytest.mark.django_db
READERS = ["approver", "administrator", "auditor"]
OTHERS = ["reader", "clerk", "sender"]


def url(name, *args):
    return reverse(f"history:{name}", args=args)


def text(page):
    return page.content.decode()


@pytest.fixture
def debtor(creditor):
    return make_debtor(creditor, name="Aalto Oy")


@pytest.fixture
def entry(creditor, debtor, user_as):
    return write(
        debtor, actor=user_as("clerk"), before={"city": "Turku"}, after={"city": "Oulu"}, reason="It moved"
    )


def write(subject, *, verb="debtor.changed", at=AT, actor=None, **values):
    creditor_id = getattr(subject, "creditor_id", subject.pk)
    return record(verb=verb, subject=subject, creditor_id=creditor_id, actor=actor, at=at, **values)


@pytest.fixture
def foreign_entry(db):
    other = make_creditor(name="Foreign Oy")
    make_environment(other)
    return write(make_debtor(other, name="Foreign Debtor"))


@pytest.mark.parametrize("role", READERS)
def test_pages_open(signed_in, entry, foreign_entry, role):
    browser = signed_in(role)
    page = text(browser.get(url("list")))
    assert "changed the debtor" in page
    assert "Foreign" not in page
    detail = text(browser.get(url("detail", entry.pk)))
    assert [word in detail for word in ("Turku", "Oulu", "It moved", "City")] == [True] * 4


@pytest.mark.parametrize("role", OTHERS)
def test_others_see_no_history(signed_in, entry, role):
    browser = signed_in(role)
    answers = [browser.get(url("list")), browser.get(url("detail", entry.pk)), browser.post(url("verify"))]
    assert {answer.status_code for answer in answers} == {403}


def test_strangers_are_sent_to_the_door(entry):
    browser = Client()
    answers = [browser.get(url("list")), browser.get(url("detail", entry.pk)), browser.post(url("verify")),
               browser.get(url("of-subject", entry.subject_id))]  # fmt: skip
    assert {answer.status_code for answer in answers} == {302}


def test_foreign_entries_do_not_exist(signed_in, creditor, foreign_entry):
    browser = signed_in("auditor")
    assert browser.get(url("detail", foreign_entry.pk)).status_code == 404
    assert browser.get(url("detail", uuid.uuid4())).status_code == 404
    assert "changed" not in text(browser.get(url("of-subject", foreign_entry.subject_id)))


def test_wrong_methods(signed_in, entry):
    browser = signed_in("auditor")
    answers = [browser.post(url("list")), browser.post(url("detail", entry.pk)), browser.get(url("verify")),
               browser.post(url("of-subject", entry.subject_id))]  # fmt: skip
    assert {answer.status_code for answer in answers} == {405}


def test_the_list_costs_the_same_for_one_and_for_three(signed_in, debtor):
    browser, costs = signed_in("auditor"), []
    for number in (1, 2):
        for _ in range(number):
            write(debtor)
        with CaptureQueriesContext(connection) as queries:
            browser.get(url("list"))
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 7


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"text": "aalto"}, 1),
        ({"text": "nobody"}, 0),
        ({"who": "clerk"}, 1),
        ({"who": "system"}, 0),
        ({"verb": "debtor.changed"}, 1),
        ({"verb": "debtor.created"}, 0),
        ({"subject": "parties.debtor"}, 1),
        ({"subject": "invoices.invoice"}, 0),
        ({"since": "23.11.2026", "until": "23.11.2026"}, 1),
        ({"since": "24.11.2026"}, 0),
        ({"until": "22.11.2026"}, 0),
        ({"since": "30.2.2026"}, 1),
        ({"verb": "'; --", "cursor": "broken"}, 1),
        ({"text": "%"}, 0),
    ],
)
def test_filters(signed_in, entry, wanted, found):
    page = signed_in("auditor").get(url("list"), wanted)
    assert page.status_code == 200
    assert len(page.context["page"]) == found


def test_a_filter_that_is_not_understood_says_so(signed_in, entry):
    assert "does not exist" in text(signed_in("auditor").get(url("list"), {"since": "30.2.2026"}))


def test_days_begin_at_the_creditors_midnight(signed_in, debtor):
    write(debtor, at=dt.datetime(2026, 11, 22, 22, 30, tzinfo=dt.UTC))
    page = signed_in("auditor").get(url("list"), {"since": "23.11.2026", "until": "23.11.2026"})
    assert len(page.context["page"]) == 1


def test_the_list_pages_on(signed_in, debtor):
    for minute in range(51):
        write(debtor, at=AT + dt.timedelta(minutes=minute))
    browser = signed_in("auditor")
    first = browser.get(url("list"), {"verb": "debtor.changed"}).context["page"]
    second = browser.get(url("list"), {"verb": "debtor.changed", "cursor": first.next}).context["page"]
    assert [len(first), len(second)] == [50, 1]


def test_a_whole_chain_is_said_to_be_whole(signed_in, entry):
    browser = signed_in("auditor")
    assert "The chain is whole" in text(browser.post(url("verify")))
    fragment = text(browser.post(url("verify"), headers={"HX-Request": "true"}))
    assert ("The chain is whole" in fragment, "<html" in fragment) == (True, False)


def test_a_broken_chain_is_named(signed_in, entry):
    ChainHead.objects.filter(chain=entry.chain).update(sequence=2)
    assert "entry 2 is missing" in text(signed_in("auditor").post(url("verify")))
    ChainHead.objects.filter(chain=entry.chain).update(sequence=1)
    Entry.objects.bulk_create([_copy(entry)])
    ChainHead.objects.filter(chain=entry.chain).update(sequence=2, hash="x")
    assert "broken at entry 2" in text(signed_in("auditor").post(url("verify")))


def _copy(entry):
    values = {field.attname: getattr(entry, field.attname) for field in entry._meta.concrete_fields}
    return Entry(**{**values, "id": uuid.uuid4(), "sequence": 2})


@pytest.mark.parametrize("role", [*READERS, *OTHERS])
def test_the_timeline_of_a_thing_tells_who_and_when_but_no_values(signed_in, entry, role):
    page = text(signed_in(role).get(url("of-subject", entry.subject_id), headers={"HX-Request": "true"}))
    assert [word in page for word in ("Changed the debtor", entry.actor_label, "It moved")] == [True] * 3
    assert [word in page for word in ("Oulu", "<html")] == [False] * 2


def test_an_empty_timeline_says_so(signed_in, creditor):
    assert "Nothing happened yet" in text(signed_in("reader").get(url("of-subject", uuid.uuid4())))


def test_hostile_text_is_text(signed_in, debtor):
    hostile = "<script>alert(1)</script>"
    entry = write(
        debtor,
        label=hostile,
        reason=hostile,
        before={hostile: hostile},
        after={"city": [hostile, {"a": hostile}]},
    )
    browser = signed_in("auditor")
    for address in (url("list"), url("detail", entry.pk), url("of-subject", debtor.pk)):
        assert "<script>alert" not in text(browser.get(address))


def test_an_entry_of_a_room_that_is_gone_is_still_shown(signed_in, creditor):
    entry = write(creditor, verb="letter.burnt")
    Entry.objects.bulk_create([_gone(entry)])
    page = text(signed_in("auditor").get(url("list")))
    assert "Letter.burnt" in page
    assert "letters.letter" in page


def _gone(entry):
    gone = _copy(entry)
    gone.subject_type = "letters.letter"
    return gone


def test_the_entry_of_an_invoice_shows_its_rows(signed_in, environment):
    """The rows are no column of the invoice, and still have a name."""
    invoice = make_invoice(environment)
    entry = Entry.objects.get(subject_id=invoice.pk, verb="invoice.created")
    assert "rows" in entry.after
    assert "Rows" in signed_in("auditor").get(f"/history/{entry.pk}").content.decode()


def test_values_are_said_as_the_pages_say_them(signed_in, creditor, environment):
    """Choices by their labels, amounts and days in the reader's signs; what cannot be read stays as it was."""
    invoice = make_invoice(environment)
    entry = write(
        invoice, verb="invoice.changed",
        before={"channel": "post", "total_amount": "1234.50", "due_date": "2026-12-07", "environment": "fi-test"},
        after={"channel": "email", "total_amount": "99.00", "due_date": None, "role": "clerk", "state": "held",
               "late_interest": "12.50", "amount": "no number", "at": "2026-11-23T22:30:00Z", "step": "collection"},
    )  # fmt: skip
    page = text(signed_in("auditor").get(url("detail", entry.pk))).replace("\xa0", " ")
    told = ("Letter by post", "E-mail", "1 234.50", "99.00", "7.12.2026", "Finland, test", "Clerk", "12.5 %")
    for words in (*told, "no number", "24.11.2026 00:30", "Debt collection"):
        assert words in page, words


@pytest.fixture
def house_entries(db):
    rule = InterestRate.objects.first()
    return [
        record(verb=verb, subject=rule, creditor_id=None, after={"percent": "11.00"}, actor=None, at=AT)
        for verb in ("rule.changed", "user.secret")
    ]


@pytest.mark.parametrize("role", ["administrator", "auditor"])
def test_the_book_of_the_house_is_open_to_administrators_and_auditors(
    signed_in, environment, house_entries, role
):
    browser = signed_in(role)
    page = text(browser.get(url("list"), {"book": "house"}))
    address = url("detail", house_entries[0].pk)
    assert address in page
    assert "user.secret" not in page
    assert address not in text(browser.get(url("list")))
    assert browser.get(url("detail", house_entries[0].pk)).status_code == 200
    assert browser.get(url("detail", house_entries[1].pk)).status_code == 404


def test_the_book_of_the_house_is_closed_to_others(signed_in, environment, house_entries):
    browser = signed_in("approver")
    page = text(browser.get(url("list"), {"book": "house"}))
    assert (url("detail", house_entries[0].pk) in page, 'name="book"' in page) == (False, False)
    assert browser.get(url("detail", house_entries[0].pk)).status_code == 404


def test_what_a_worker_wrote_is_read_in_the_readers_language(environment, signed_in):
    submission = queue(environment)
    with transaction.atomic():
        entry = record(
            verb="submission.held", subject=submission, creditor_id=environment.creditor_id,
            after={"state": "held", "cause": "flag: the debtor is not to be sent this", "detail": "no source knows it"},
            actor=None, at=AT,
        )  # fmt: skip
    assert entry.subject_label == f"invoice {submission.number}"
    browser = signed_in("auditor")
    browser.user.language = "fi"
    browser.user.save()
    page = browser.get(reverse("history:detail", args=[entry.pk])).content.decode()
    with override("fi"):
        words = [
            Kind.INVOICE.label,
            gettext("The portal"),
            gettext("No look-up found anything at Ropo One under this number."),
        ]
    assert f"{words[0]} {submission.number}" in page
    assert words[1] in page
    assert words[2] in page
    assert "flag: the debtor" in page
    assert f"{words[0]} {submission.number}" in browser.get(reverse("history:list")).content.decode()


def test_older_names_stay_as_they_were_written():
    assert Submission.said_label("Invoice 7") == "Invoice 7"
    assert Submission.said_label("Rechnung 7") == "Rechnung 7"
