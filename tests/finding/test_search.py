"""The search of every page: what finds what, who sees it, and where what was typed never goes."""

import logging
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ropo_portal.accounts.models import Membership
from ropo_portal.accounts.scope import Scope
from ropo_portal.finding import search
from ropo_portal.invoices.models import Claim
from ropo_portal.submissions.models import Submission
from tests.collection.conftest import make_claim, make_own_claim
from tests.factories import (
    NATIONAL_IDS,
    make_creditor,
    make_debtor,
    make_environment,
    make_invoice,
    make_user,
)
from tests.submissions.stages import staged

pytestmark = pytest.mark.django_db
EVERYWHERE, SUGGESTIONS = reverse("finding:everywhere"), reverse("finding:suggestions")


@pytest.fixture
def reader(creditor):
    return make_user("reader", creditor)


@pytest.fixture
def virta(creditor):
    return make_debtor(creditor, name="Virta Ääni Oy", customer_number="K-4711", business_id="2077474-0")


def seen(user, text, most=20):
    """Return kind and key of everything that is found."""
    question = search.Question.of(text, Scope(user))
    return {(group.kind, row.pk) for group in search.found(question, most=most) for row in group.rows}


def test_an_invoice_is_found_by_number_beginning_reference_and_sum(environment, virta, reader):
    invoice = make_invoice(environment, virta)
    whole = f"{invoice.total_amount:.2f}"
    for text in (
        invoice.number,
        invoice.number[:3].upper(),
        invoice.reference,
        whole,
        whole.replace(".", ","),
    ):
        assert ("invoice", invoice.pk) in seen(reader, text), text


def test_a_claim_is_found_by_number_reference_and_principal(environment, reader):
    claim = make_claim(environment, number="Z-900", principal=Decimal("77.25"))
    for text in ("z-900", "Z-9", claim.reference, "00" + claim.reference, "77,25"):
        assert seen(reader, text) == {("claim", claim.pk)}, text


@pytest.mark.parametrize("text", ["virta", "ÄÄNI", "ääni virta", "k-4711", "2077474-0", "20774740"])
def test_a_debtor_is_found_by_words_and_numbers(virta, reader, text):
    assert seen(reader, text) == {("debtor", virta.pk)}


def test_a_person_is_found_by_the_whole_identity_code_alone(creditor, reader):
    person = make_debtor(creditor, kind="person", name="Aino Esimerkki")
    assert seen(reader, NATIONAL_IDS["FI"].lower()) == {("debtor", person.pk)}
    assert seen(reader, NATIONAL_IDS["FI"][:8]) == set()


def test_a_submission_is_found_by_ropos_job(environment, reader):
    row = staged(environment, "accepted", number="QQ-1", changes={"ropo_job_id": "5512345"})
    assert seen(reader, "5512345") == {("submission", row.pk)}


def test_words_bring_the_debtors_invoices_too(environment, virta, reader):
    invoice = make_invoice(environment, virta)
    make_invoice(environment)
    assert seen(reader, "virta") == {("debtor", virta.pk), ("invoice", invoice.pk)}


def test_digits_that_no_number_has_are_looked_for_in_names(creditor, reader):
    house = make_debtor(creditor, name="As. Oy Rantakatu 14", business_id="")
    assert seen(reader, "rantakatu 14") == {("debtor", house.pk)}


def test_what_is_foreign_or_discarded_is_not_found(environment, virta, reader, at):
    foreign = make_environment(make_creditor("FI"))
    theirs = make_invoice(foreign, make_debtor(foreign.creditor, name="Virta Oma", customer_number="K-1"))
    claim = make_claim(foreign, number="F-1", reference="1232")
    job = staged(foreign, "accepted", changes={"ropo_job_id": "5512346"})
    for text in (
        theirs.number,
        theirs.reference,
        "F-1",
        "1232",
        "5512346",
        "K-1",
        "Oma",
        f"{theirs.total_amount:.2f}",
    ):
        assert seen(reader, text) == set(), text
    both = make_user("reader", environment.creditor)
    Membership.objects.create(user=both, creditor=foreign.creditor, role="reader")
    assert ("claim", claim.pk) in seen(both, "F-1")
    assert seen(both, "5512346") == {("submission", job.pk)}
    gone = make_invoice(environment, virta)
    type(gone).objects.filter(pk=gone.pk).update(discarded_at=at)
    assert seen(reader, gone.number) == set()


@pytest.mark.parametrize("text", ["", "   ", "\x00", "%", "_", "\\", "'", "💶", "1" * 500, "۱۲", "-"])
def test_nonsense_finds_nothing_and_breaks_nothing(environment, virta, reader, text):
    assert seen(reader, text) == set()


def test_enter_opens_the_one_thing_of_that_number(signed_in, environment, virta):
    claim = make_own_claim(environment, debtor=virta)
    browser = signed_in("reader")
    for text in (claim.number, claim.reference):
        answer = browser.post(EVERYWHERE, {"q": text})
        assert (answer.status_code, answer["Location"]) == (
            303,
            reverse("invoices:detail", args=[claim.invoice_id]),
        )
    answer = browser.post(EVERYWHERE, {"q": "4410233"})
    job = Submission.objects.get(ropo_job_id="4410233")
    assert answer["Location"] == reverse("submissions:detail", args=[job.pk])
    assert browser.post(EVERYWHERE, {"q": "k-4711"})["Location"].endswith(str(virta.pk))
    assert browser.post(EVERYWHERE, {"q": claim.number[:1]}).status_code == 200


def test_two_of_the_same_number_are_both_shown(signed_in, environment):
    browser = signed_in("reader")
    other = make_environment(environment.creditor, "fi-test")
    rows = [
        make_claim(place, make_debtor(environment.creditor), number="D-1") for place in (environment, other)
    ]
    answer = browser.post(EVERYWHERE, {"q": "d-1"})
    assert answer.status_code == 200
    for row in rows:
        assert reverse("collection:claim", args=[row.pk]) in answer.content.decode()
        assert row.environment.get_name_display() in answer.content.decode()


def test_suggestions_come_in_groups(signed_in, environment, virta):
    claim = make_own_claim(environment, debtor=virta)
    groups = signed_in("reader").post(SUGGESTIONS, {"q": claim.number}).json()["groups"]
    assert [group["kind"] for group in groups] == ["invoice", "claim", "submission"]
    assert groups[0]["title"] == "Invoices"
    assert groups[0]["hits"][0]["url"] == reverse("invoices:detail", args=[claim.invoice_id])
    assert "Virta" in groups[0]["hits"][0]["hint"]
    assert signed_in("reader").post(SUGGESTIONS, {"q": "v"}).json() == {"groups": []}


def test_what_was_typed_stays_out_of_addresses_and_logs(signed_in, creditor, caplog):
    caplog.set_level(logging.DEBUG)
    make_debtor(creditor, kind="person")
    browser = signed_in("reader")
    code = NATIONAL_IDS["FI"]
    answers = [browser.post(address, {"q": code}) for address in (EVERYWHERE, SUGGESTIONS)]
    assert all(code not in str(answer.headers) for answer in answers)
    assert code not in answers[1].content.decode()
    assert code not in caplog.text
    assert browser.get(SUGGESTIONS, {"q": code}).status_code == 405
    assert "Aino" not in browser.get(EVERYWHERE, {"q": code}).content.decode()


def test_the_box_stands_on_every_page_of_a_member_and_asks_a_token(signed_in, environment):
    page = signed_in("reader").get(reverse("invoices:list")).content.decode()
    assert f'action="{EVERYWHERE}"' in page
    assert 'method="post"' in page.split(f'action="{EVERYWHERE}"')[0].rpartition("<form")[2]
    guarded = Client(enforce_csrf_checks=True)
    guarded.force_login(make_user("reader", environment.creditor))
    assert guarded.post(EVERYWHERE, {"q": "1"}).status_code == 403


def test_more_rows_cost_no_more_questions(environment, reader):
    numbers = []
    for _round in range(2):
        for _place in range(2):
            make_claim(
                environment,
                make_debtor(environment.creditor),
                number=f"W-{Claim.objects.count()}",
                reference=f"7{Claim.objects.count()}1",
            )
        with CaptureQueriesContext(
            connection,
        ) as asked:
            question = search.Question.of("W-", Scope(reader))
            assert search.found(question, most=20)
        numbers.append(len(asked))
    assert numbers[0] == numbers[1]
