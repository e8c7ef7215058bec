"""Screens of approvals: look, approve, give back, approve all that were seen; and what the asker is shown."""

from decimal import Decimal

import pytest
from django.urls import reverse

from ropo_portal.accounts.models import Creditor
from ropo_portal.history.models import Entry
from ropo_portal.invoices.models import Approval, Invoice
from ropo_portal.invoices.operations import ask_approval, is_approval_missing
from ropo_portal.invoices.views.look import looked_at
from ropo_portal.parties.models import Debtor
from ropo_portal.submissions.models import Submission
from tests.collection.conftest import make_claim
from tests.collection.writing import proposed
from tests.factories import AT, make_creditor, make_debtor, make_environment, make_invoice, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def strict(environment):
    Creditor.objects.filter(pk=environment.creditor_id).update(approval_rule="all", hold_seconds=600)
    return type(environment).objects.select_related("creditor").get(pk=environment.pk)


def address(name, *args, room="invoices"):
    return reverse(f"{room}:{name}", args=args)


def page_of(answer):
    return answer.content.decode()


def asked(environment, actor=None, **fields):
    invoice = make_invoice(environment, **fields)
    return ask_approval(invoice=invoice, revision=1, actor=actor or make_user(), at=AT)


def listed(browser):
    return browser.get(address("approvals", room="collection"))


def pairs(*approvals):
    return [f"{one.pk}:{one.fingerprint}" for one in approvals]


def test_sending_asks_where_two_people_are_needed(signed_in, strict):
    invoice = make_invoice(strict, invoice_date=AT.date())
    browser = signed_in("sender")
    shown = browser.get(address("send", invoice.pk))
    assert "Ask for approval" in page_of(shown)
    look = looked_at(invoice, strict.today(AT))
    assert is_approval_missing(invoice, look.fingerprint)
    codes = [doubt.code for doubt in shown.context["look"].doubts]
    data = {"revision": 1, "fingerprint": look.fingerprint, "confirmed": codes}
    browser.post(address("send", invoice.pk), data)
    approval = Approval.objects.get()
    assert (approval.verdict, approval.asked_by, Submission.objects.exists()) == (
        "waiting",
        browser.user,
        False,
    )
    there = page_of(browser.get(address("detail", invoice.pk)))
    assert "It waits for a second person" in there
    browser.post(address("approval-withdraw", approval.pk))
    assert "It waits for a second person" not in page_of(browser.get(address("detail", invoice.pk)))


def test_a_day_can_be_chosen_for_one_invoice(signed_in, environment):
    invoice = make_invoice(environment)
    browser = signed_in("sender")
    shown = browser.get(address("send", invoice.pk))
    day = shown.context["days"][2]
    codes = [doubt.code for doubt in shown.context["look"].doubts]
    data = {"revision": 1, "fingerprint": shown.context["look"].fingerprint, "confirmed": codes}
    assert browser.post(address("send", invoice.pk), {**data, "leave_on": "2031-01-01"}).status_code == 422
    browser.post(address("send", invoice.pk), {**data, "leave_on": day.isoformat()})
    due = Submission.objects.get().due_at.astimezone(environment.time_zone)
    assert (due.date(), due.hour) == (day, 9)


def test_a_second_person_looks_and_approves_and_takes_the_next(signed_in, strict):
    first, second = asked(strict), asked(strict)
    browser = signed_in("approver")
    shown = browser.get(address("approval", first.pk))
    assert (shown.context["place"], shown.context["next"], shown.context["is_void"]) == (1, second.pk, False)
    data = {"fingerprint": first.fingerprint, "confirmed": [one.code for one in shown.context["doubts"]]}
    answer = browser.post(address("approve", first.pk), data)
    assert answer["Location"] == address("approval", second.pk)
    submission = Submission.objects.get()
    assert (submission.document_id, submission.state) == (first.invoice_id, "queued")
    again = browser.post(address("approve", first.pk), data)
    assert again["Location"] == address("detail", first.invoice_id)
    assert Submission.objects.count() == 1


def test_it_is_given_back_with_a_reason_that_the_creator_reads(signed_in, strict):
    approval = asked(strict)
    browser = signed_in("approver")
    assert browser.post(address("give-back", approval.pk), {"reason": " "}).status_code == 422
    answer = browser.post(address("give-back", approval.pk), {"reason": "Wrong debtor"})
    assert answer["Location"] == address("approvals", room="collection")
    shown = page_of(signed_in("clerk").get(address("detail", approval.invoice_id)))
    assert "Wrong debtor" in shown
    assert address("edit", approval.invoice_id) in shown


def test_own_items_are_seen_with_the_reason_in_words(signed_in, strict):
    browser = signed_in("approver")
    approval = asked(strict, actor=browser.user)
    shown = page_of(browser.get(address("approval", approval.pk)))
    assert "another person approves" in shown
    assert [row["is_own"] for row in listed(browser).context["rows"]] == [True]
    answer = browser.post(address("approve", approval.pk), {"fingerprint": approval.fingerprint})
    assert (answer.status_code, Submission.objects.exists()) == (422, False)


def test_a_change_of_the_debtor_is_seen_and_nothing_goes(signed_in, strict):
    approval = asked(strict)
    Debtor.objects.filter(pk=approval.invoice.debtor_id).update(street="Toinen katu 2")
    browser = signed_in("approver")
    assert browser.get(address("approval", approval.pk)).context["is_void"]
    assert [row["is_void"] for row in listed(browser).context["rows"]] == [True]
    for fingerprint in (approval.fingerprint, "nonsense"):
        answer = browser.post(address("approve", approval.pk), {"fingerprint": fingerprint})
        assert answer.status_code == 422
    assert not Submission.objects.exists()


def test_all_green_are_approved_after_a_typed_count(signed_in, strict):
    browser = signed_in("approver")
    rows = [asked(strict), asked(strict)]
    mine = asked(strict, actor=browser.user)
    shown = listed(browser)
    assert [(one["count"], one["amount"]) for one in shown.context["sums"]] == [(2, Decimal("251.00"))]
    there = address("approve-all")
    for typed in ("", "x", "3"):
        browser.post(there, {"approval": pairs(*rows), "count": typed})
    browser.post(there, {"approval": ["nonsense"], "count": "1"})
    assert not Submission.objects.exists()
    browser.post(there, {"approval": pairs(*rows), "count": "2"})
    assert {one.document_id for one in Submission.objects.all()} == {row.invoice_id for row in rows}
    browser.post(there, {"approval": pairs(mine), "count": "1"})
    assert Approval.objects.get(pk=mine.pk).verdict == "waiting"


def test_of_many_the_doubtful_stays_and_says_why(signed_in, strict):
    debtor = make_debtor(strict.creditor)
    approval = asked(strict, debtor=debtor)
    make_invoice(strict, debtor)
    answer = signed_in("approver").post(
        address("approve-all"), {"approval": pairs(approval), "count": "1"}, follow=True
    )
    assert "same debtor and the same total" in page_of(answer)
    assert not Submission.objects.exists()


def test_foreign_questions_are_not_approved(signed_in, strict):
    foreign = asked(make_environment(make_creditor(approval_rule="all")))
    browser = signed_in("approver")
    browser.post(address("approve-all"), {"approval": pairs(foreign), "count": "1"})
    assert Approval.objects.get(pk=foreign.pk).verdict == "waiting"
    assert listed(browser).context["rows"] == []


def test_debt_collections_wait_on_the_same_page(signed_in, environment):
    case = proposed(make_claim(environment), make_user())
    (row,) = listed(signed_in("approver")).context["rows"]
    assert (row["page"], row["pk"], row["is_green"]) == ("collection:case-approve", case.pk, False)


def test_the_page_asks_as_often_for_three_as_for_one(
    signed_in, strict, django_assert_num_queries, django_assert_max_num_queries
):
    browser = signed_in("approver")
    asked(strict)
    with django_assert_max_num_queries(14) as seen:
        listed(browser)
    asked(strict)
    asked(strict)
    with django_assert_num_queries(len(seen)):
        listed(browser)


def test_the_rule_of_a_creditor_is_set_by_its_administrator(signed_in, creditor):
    browser = signed_in("administrator")
    there = reverse("parties:creditor-edit", args=[creditor.pk])
    form = browser.get(there).context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    for limit, status in (("", 422), ("-1", 422), ("500", 303)):
        answer = browser.post(there, {**data, "approval_rule": "above", "approval_limit": limit})
        assert answer.status_code == status, answer.context and answer.context["form"].errors
    creditor.refresh_from_db()
    assert (creditor.approval_rule, creditor.approval_limit) == ("above", Decimal(500))
    assert Entry.objects.about(creditor).filter(verb="creditor.changed").count() == 1
    browser.post(there, {**data, "approval_rule": "off", "approval_limit": "500"})
    creditor.refresh_from_db()
    assert (creditor.approval_rule, creditor.approval_limit) == ("off", None)
    assert not Invoice.objects.exists()
