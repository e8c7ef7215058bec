"""The debtor's account, flags and promises on screen."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from ropo_portal.collection.models import Promise
from ropo_portal.collection.operations import note_promise
from ropo_portal.parties.models import Flag
from ropo_portal.submissions.models import Submission
from tests.collection.conftest import TODAY, make_claim
from tests.collection.flags import flagged, queued_invoice, queued_reminder
from tests.collection.writing import started
from tests.factories import AT, make_debtor, make_user
from tests.invoices.settling import settle

pytestmark = pytest.mark.django_db
FLAG = {"kind": "deceased", "reason": "a letter from the register", "begin_date": "1.11.2026", "end_date": ""}
HTMX = {"HX-Request": "true"}


@pytest.fixture
def debtor(creditor):
    return make_debtor(creditor, kind="person")


def address(name, *args):
    return reverse(f"collection:{name}", args=args)


def page_of(debtor):
    return reverse("parties:debtor-detail", args=[debtor.pk])


def text_of(answer):
    return answer.content.decode()


@pytest.mark.parametrize("role", ["sender", "approver"])
def test_a_flag_is_set_and_says_how_much_it_took_back(signed_in, environment, debtor, role):
    submission = queued_invoice(environment, debtor=debtor)
    browser = signed_in(role)
    page = browser.post(address("flag", debtor.pk), FLAG, follow=True)
    assert page.redirect_chain == [(page_of(debtor), 303)]
    assert "1 document was taken back before it left" in text_of(page)
    assert Submission.objects.get(pk=submission.pk).state == "cancelled"
    assert Flag.objects.get().set_by == browser.user


@pytest.mark.parametrize("role", ["reader", "clerk", "administrator", "auditor"])
def test_flags_are_not_for_everybody(signed_in, debtor, role):
    browser = signed_in(role)
    assert browser.get(address("flag", debtor.pk)).status_code == 403
    assert browser.post(address("flag", debtor.pk), FLAG).status_code == 403
    assert address("flag", debtor.pk) not in text_of(browser.get(page_of(debtor)))
    assert not Flag.objects.exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [({"kind": ""}, "kind"), ({"reason": "x"}, "reason"), ({"begin_date": "1.11.2036"}, "begin_date"),
     ({"end_date": "2.11.2026"}, "end_date"), ({"end_date": "31.2.2027"}, "end_date")],
)  # fmt: skip
def test_a_flag_with_an_error_comes_back_with_what_was_typed(signed_in, debtor, change, field):
    page = signed_in("sender").post(
        address("flag", debtor.pk), {**FLAG, "reason": "kept <b>text</b>", **change}
    )
    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert "<b>text" not in text_of(page)
    assert not Flag.objects.exists()


def test_foreign_debtors_and_flags_do_not_exist(signed_in, environment):
    foreign = make_debtor()
    flag = flagged(foreign).flag
    browser = signed_in("approver")
    assert browser.post(address("flag", foreign.pk), FLAG).status_code == 404
    assert browser.post(address("flag-lift", flag.pk), {"reason": "it was a mistake"}).status_code == 404
    assert browser.get(address("of-debtor", foreign.pk)).status_code == 404


def test_wrong_methods(signed_in, debtor):
    browser = signed_in("sender")
    assert browser.post(address("of-debtor", debtor.pk)).status_code == 405
    assert browser.put(address("flag", debtor.pk)).status_code == 405
    assert browser.delete(address("promise", debtor.pk)).status_code == 405


@pytest.mark.parametrize(("kind", "status"), [("deceased", 403), ("minor", 403), ("disputed", 303)])
def test_the_dead_and_the_young_are_freed_by_an_approver_only(signed_in, debtor, kind, status):
    flag = flagged(debtor, kind).flag
    there = address("flag-lift", flag.pk)
    sender, approver = signed_in("sender"), signed_in("approver")
    assert (there in text_of(sender.get(page_of(debtor)))) == (status == 303)
    assert sender.post(there, {"reason": "it was a mistake"}).status_code == status
    if status == 403:
        assert approver.post(there, {"reason": ""}).status_code == 422
        assert approver.post(there, {"reason": "it was a mistake"}).status_code == 303
    assert Flag.objects.get().lifted_reason == "it was a mistake"


def test_buttons_are_gray_with_the_reason(signed_in, environment, debtor):
    claim = make_claim(environment, debtor)
    flagged(debtor, "disputed", end_date=dt.date(2036, 1, 31))
    page = text_of(signed_in("sender").get(address("claim", claim.pk)))
    assert "marked “Disputed” up to and including 31.1.2036" in page
    assert address("begin", claim.pk, "reminder") not in page


def test_what_left_is_for_a_person_to_tell_ropo(signed_in, environment, debtor):
    gone = queued_reminder(environment, debtor=debtor)
    settle(gone, "accepted", ropo_job_id="440099", ropo_next_status_text="To collection",
           ropo_next_status="3", ropo_next_status_date=TODAY)  # fmt: skip
    browser = signed_in("sender")
    assert "A person must tell" not in text_of(browser.get(address("of-debtor", debtor.pk)))
    flagged(debtor, "deceased")
    page = text_of(browser.get(address("of-debtor", debtor.pk), headers=HTMX))
    assert "A person must tell Ropo One" in page
    assert "job 440099" in page
    assert "To collection on 23.11.2026" in page


def test_the_account_shows_sums_claims_and_costs_the_same(signed_in, environment, debtor):
    browser, costs = signed_in("reader"), []
    for number in range(3):
        make_claim(environment, debtor, number=f"X-{number}", reference=["1232", "1245", "1258"][number])
        note_promise(debtor=debtor, environment=environment, claim=None, date=TODAY, amount=Decimal(number + 1),
                     note="", actor=make_user(), at=AT)  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            page = text_of(browser.get(address("of-debtor", debtor.pk), headers=HTMX))
        costs.append(len(queries))
    assert costs[0] == costs[1] == costs[2] <= 16
    assert "750.00" in page.replace("\u00a0", " ")
    assert "X-2" in page


def test_the_debtor_page_costs_the_same_for_one_and_for_three_flags(signed_in, debtor):
    browser, costs = signed_in("reader"), []
    for kind in ("disputed", "minor", "payment-plan"):
        flagged(debtor, kind)
        with CaptureQueriesContext(connection) as queries:
            browser.get(page_of(debtor))
        costs.append(len(queries))
    assert costs[0] == costs[1] == costs[2] <= 10


def test_a_promise_is_noted_warned_about_and_taken_back(signed_in, environment, debtor):
    claim = make_claim(environment, debtor)
    reminder = started(claim)
    browser = signed_in("sender")
    day = environment.today(timezone.now()) + dt.timedelta(days=5)
    data = {"claim": claim.pk, "amount": "100,00", "date": day.isoformat(), "note": "by phone"}
    assert browser.post(address("promise", debtor.pk), {**data, "amount": "0"}).status_code == 422
    assert (
        browser.post(
            address("promise", debtor.pk), {**data, "claim": make_claim(number="Y", reference="1245").pk}
        ).status_code
        == 422
    )
    assert browser.post(address("promise", debtor.pk), data).status_code == 303
    there = address("reminder-send", reminder.pk)
    assert "Go on despite the promise" in text_of(browser.get(there))
    refused = browser.post(there, {"revision": 1})
    assert refused.status_code == 422
    assert not Submission.objects.exists()
    assert browser.post(there, {"revision": 1, "despite_promise": "1"}).status_code == 303
    promise = Promise.objects.get()
    assert browser.post(address("promise-withdraw", promise.pk)).status_code == 303
    assert "Taken back" in text_of(browser.get(address("of-debtor", debtor.pk)))


@pytest.mark.parametrize("role", ["reader", "approver", "administrator", "auditor"])
def test_promises_are_noted_by_those_who_write(signed_in, debtor, role):
    assert signed_in(role).post(address("promise", debtor.pk), {}).status_code == 403
