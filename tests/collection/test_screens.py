"""Screens of collection: who may enter, what they say, and what they refuse."""

import datetime as dt
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ropo_portal.collection.models import DebtCollectionCase, Override, Proof, Reminder
from ropo_portal.collection.operations import approve_case, post_reminder, propose_override
from ropo_portal.invoices.models import Claim
from ropo_portal.submissions.models import Submission
from tests.collection.conftest import make_claim, make_own_claim, make_sent_invoice
from tests.collection.writing import PDF, noticed, proposed, started
from tests.factories import AT, make_debtor, make_invoice, make_user
from tests.invoices.settling import settle

pytestmark = pytest.mark.django_db


def address(name, *args):
    return reverse(f"collection:{name}", args=args)


@pytest.fixture
def reminder(claim):
    return started(claim)


@pytest.fixture
def case(environment, people):
    claim = make_claim(environment, number="X-18", reference="1245")
    return proposed(claim, people["sender"])


def text_of(answer):
    return answer.content.decode()


def test_every_page_opens(signed_in, environment, reminder, case):
    sender, approver = signed_in("sender"), signed_in("approver")
    claim, own = reminder.claim_id, make_sent_invoice(environment)
    pages = [address("list"), address("create"), address("claim", claim), address("fate", claim)]
    pages += [address("reminder", reminder.pk), address("reminder-send", reminder.pk)]
    pages += [address("case", case.pk), address("case-propose", case.pk), address("claim", case.claim_id)]
    pages += [
        address("override", claim, "collection"),
        address("of-invoice", own.pk),
        address("proof", case.proofs.get().pk),
    ]
    assert {url: sender.get(url).status_code for url in pages} == dict.fromkeys(pages, 200)
    assert approver.get(address("case-approve", case.pk)).status_code == 200


def test_strangers_are_sent_to_the_door(claim):
    assert "/account/login/" in Client().get(address("claim", claim.pk))["Location"]


@pytest.mark.parametrize(
    "name",
    ["claim", "fate", "reminder", "reminder-send", "case", "case-propose", "case-approve", "detail", "proof"],
)
def test_what_is_foreign_does_not_exist(signed_in, name, people):
    foreign = make_claim()
    written = {"reminder": started(foreign)}
    there = dict.fromkeys(("claim", "fate"), foreign.pk) | {"detail": written["reminder"].pk}
    there |= dict.fromkeys(("reminder", "reminder-send"), written["reminder"].pk)
    if name in {"case", "case-propose", "case-approve", "proof"}:
        other = noticed(make_claim(foreign.environment, number="9", reference="1245"), people["sender"])
        there |= dict.fromkeys(("case", "case-propose", "case-approve"), other.pk) | {
            "proof": other.proofs.get().pk
        }
    role = "approver" if name == "case-approve" else "sender"
    assert signed_in(role).get(address(name, there[name])).status_code == 404


def test_foreign_things_take_no_acts(signed_in, people):
    foreign = make_claim()
    reminder = started(foreign)
    override = propose_override(claim=foreign, step="reminder", reason="x", actor=make_user(), at=AT)
    invoice = make_sent_invoice(foreign.environment)
    posts = [
        ("sender", address("begin", foreign.pk, "collection")), ("sender", address("withdraw", "reminder", reminder.pk)),
        ("sender", address("discard", "reminder", reminder.pk)), ("sender", address("send-now", "reminder", reminder.pk)),
        ("sender", address("reminder", reminder.pk)), ("sender", address("reminder-send", reminder.pk)),
        ("sender", address("begin-of-invoice", invoice.pk, "reminder")), ("sender", address("override", foreign.pk, "reminder")),
        ("approver", address("override-confirm", override.pk)), ("sender", address("override-withdraw", override.pk)),
    ]  # fmt: skip
    assert {url: signed_in(role).post(url).status_code for role, url in posts} == {
        url: 404 for _, url in posts
    }
    assert (Reminder.objects.get().revision, DebtCollectionCase.objects.count(), Claim.objects.count()) == (
        1,
        0,
        1,
    )


@pytest.mark.parametrize("name", ["claim", "reminder", "case", "detail"])
def test_an_invented_id_is_not_found(signed_in, claim, name):
    assert signed_in("sender").get(address(name, uuid.uuid4())).status_code == 404


def test_an_invented_step_or_kind_is_not_found(signed_in, claim, reminder):
    browser = signed_in("sender")
    urls = [address("begin", claim.pk, "letter"), address("discard", "letter", reminder.pk)]
    urls += [address("override", claim.pk, "letter"), address("withdraw", "Reminder", reminder.pk)]
    assert [browser.post(url).status_code for url in urls] == [404] * 4


def test_the_wrong_role_is_turned_away(signed_in, environment, reminder, case):
    claim = reminder.claim
    override = propose_override(claim=claim, step="reminder", reason="x", actor=make_user(), at=AT)
    calls = [
        ("reader", "get", address("create")), ("reader", "post", address("gather")),
        ("reader", "post", address("begin", claim.pk, "reminder")), ("reader", "get", address("reminder", reminder.pk)),
        ("clerk", "get", address("reminder-send", reminder.pk)), ("clerk", "post", address("withdraw", "reminder", reminder.pk)),
        ("approver", "post", address("discard", "reminder", reminder.pk)), ("clerk", "post", address("case-propose", case.pk)),
        ("sender", "post", address("case-approve", case.pk)), ("sender", "post", address("case-return", case.pk)),
        ("approver", "post", address("case-send", case.pk)), ("clerk", "post", address("send-now", "case", case.pk)),
        ("clerk", "get", address("override", claim.pk, "reminder")), ("sender", "post", address("override-confirm", override.pk)),
        ("administrator", "get", address("proof", case.proofs.get().pk)), ("reader", "post", address("proof-remove", case.proofs.get().pk)),
    ]  # fmt: skip
    assert {(role, url): getattr(signed_in(role), how)(url).status_code for role, how, url in calls} == {
        (role, url): 403 for role, _, url in calls
    }


def test_nothing_is_done_by_looking(signed_in, reminder, case):
    browser, approver = signed_in("sender"), signed_in("approver")
    urls = [address("gather"), address("case-send", case.pk)]
    urls += [address(name, "reminder", reminder.pk) for name in ("withdraw", "send-now", "discard")]
    urls += [address("proof-remove", case.proofs.get().pk)]
    assert {url: browser.get(url).status_code for url in urls} == dict.fromkeys(urls, 405)
    assert approver.get(address("case-return", case.pk)).status_code == 405


@pytest.mark.parametrize("name", ["list", "claim", "fate"])
def test_pages_for_reading_take_no_posts(signed_in, claim, name):
    assert signed_in("sender").post(address(name, *([] if name == "list" else [claim.pk]))).status_code == 405


def test_the_list_asks_as_often_for_three_as_for_one(
    signed_in, environment, django_assert_num_queries, django_assert_max_num_queries
):
    browser = signed_in("reader")
    started(make_claim(environment))
    with django_assert_max_num_queries(16) as asked:
        browser.get(address("list"))
    started(make_claim(environment, number="2", reference="1245"))
    started(make_own_claim(environment))
    with django_assert_num_queries(len(asked)):
        browser.get(address("list"))


def test_the_claim_page_asks_a_bounded_number_of_questions(signed_in, case, django_assert_max_num_queries):
    browser = signed_in("sender")
    with django_assert_max_num_queries(43):
        browser.get(address("claim", case.claim_id))


def listed(browser, **query):
    return [row["claim"].number for row in browser.get(address("list"), query).context["rows"]]


def test_chips_tell_what_waits_for_which_step(signed_in, environment, people):
    today = environment.today(timezone.now())
    day = dt.timedelta(days=1)
    person = make_debtor(environment.creditor, kind="person", name="Aino Mäkelä")
    fresh, old = today - 3 * day, today - 40 * day
    facts = {"invoice_date": today - 60 * day}
    make_claim(environment, number="young-company", due_date=fresh, reference="1", **facts)
    make_claim(environment, person, number="young-person", due_date=fresh, reference="2", **facts)
    make_claim(environment, person, number="old-person", due_date=old, reference="3", **facts)
    make_claim(environment, number="not-due", due_date=today + day, reference="4", **facts)
    running = make_claim(environment, number="running", due_date=old, reference="5", **facts)
    post_reminder(reminder=started(running), revision=1, actor=make_user(), at=AT)
    make_own_claim(environment)
    browser = signed_in("reader")
    assert "old-person" in listed(browser, group="reminder")
    assert "young-company" in listed(browser, group="reminder")
    assert not {"young-person", "not-due", "running"} & set(listed(browser, group="reminder"))
    assert listed(browser, group="collection") == []
    noticed(Claim.objects.get(number="old-person"), make_user(), notice_date=today - 20 * day)
    assert "old-person" not in listed(browser, group="reminder")
    assert "old-person" in listed(browser, group="collection")
    assert not {"young-company", "young-person", "running"} & set(listed(browser, group="collection"))
    assert listed(browser, group="ropo") == ["running"]
    assert len(listed(browser, group="foreign")) == 5
    assert listed(browser, q="mäkelä", group="foreign") == ["old-person", "young-person"]
    assert listed(browser, q="5") == ["running"]
    assert listed(browser, q="young-p") == ["young-person"]
    assert listed(browser, q="zzz") == []


@pytest.mark.parametrize("text", ["%", "'; --", "x" * 10_000, "\x00", "\u202e"])
def test_hostile_searches_break_nothing(signed_in, claim, text):
    assert signed_in("reader").get(address("list"), {"q": text, "group": text}).status_code == 200


def test_a_page_of_fifty_leads_on(signed_in, environment):
    debtor = make_debtor(environment.creditor)
    for place in range(52):
        make_claim(environment, debtor, number=f"N-{place}", reference=f"M{place}")
    browser = signed_in("reader")
    first = browser.get(address("list")).context["page"]
    second = browser.get(address("list"), {"cursor": first.next}).context["page"]
    assert (len(first), len(second), second.next) == (50, 2, None)


def test_overdue_invoices_are_added_with_one_button(signed_in, environment):
    make_sent_invoice(environment)
    browser = signed_in("clerk")
    assert "1 overdue invoice was added." in text_of(browser.post(address("gather"), follow=True))
    assert Claim.objects.count() == 1


def test_the_invoice_page_offers_the_steps(signed_in, environment):
    invoice = make_sent_invoice(environment)
    browser = signed_in("clerk")
    assert address("of-invoice", invoice.pk) in text_of(
        browser.get(reverse("invoices:detail", args=[invoice.pk]))
    )
    offered = text_of(browser.get(address("of-invoice", invoice.pk)))
    assert address("begin-of-invoice", invoice.pk, "reminder") in offered
    assert 'data-key="r"' in offered
    answer = browser.post(address("begin-of-invoice", invoice.pk, "reminder"))
    assert answer["Location"] == address("begin", Claim.objects.get().pk, "reminder")
    assert not Reminder.objects.exists()
    browser.post(answer["Location"], {"channel": "post", "revision": 1})
    assert "Go on with the reminder" in text_of(browser.get(address("of-invoice", invoice.pk)))
    answer = browser.post(address("begin-of-invoice", invoice.pk, "claim"))
    assert answer["Location"] == address("claim", Claim.objects.get().pk)
    assert 'id="of_invoice"' not in text_of(
        browser.get(reverse("invoices:detail", args=[make_invoice(environment).pk]))
    )


def test_an_invoice_ropo_does_not_have_makes_no_claim(signed_in, environment):
    invoice = make_invoice(environment)
    browser = signed_in("clerk")
    shown = text_of(browser.post(address("begin-of-invoice", invoice.pk, "claim"), follow=True))
    assert "there is no claim yet" in shown


def test_gray_buttons_say_why_with_job_and_next_step(signed_in, reminder):
    submission = settle(
        post_reminder(reminder=reminder, revision=1, actor=make_user(), at=AT),
        "accepted",
        ropo_job_id="4410299",
    )
    Submission.objects.filter(pk=submission.pk).update(
        ropo_next_status="2", ropo_next_status_text="Perintä", ropo_next_status_date=dt.date(2026, 12, 8)
    )
    shown = text_of(signed_in("sender").get(address("claim", reminder.claim_id)))
    assert shown.count("job 4410299") >= 2
    assert "Perintä" in shown
    assert "8.12.2026" in shown
    assert address("begin", reminder.claim_id, "collection") not in shown


def test_the_sentence_can_be_copied_and_the_page_follows_what_moves(signed_in, reminder):
    browser = signed_in("reader")
    page = browser.get(address("claim", reminder.claim_id))
    assert f'data-copy="{page.context["fate"].sentence}"' in text_of(page)
    assert b"every 3s" not in browser.get(address("fate", reminder.claim_id)).content
    post_reminder(reminder=reminder, revision=1, actor=make_user(), at=AT)
    assert b"every 3s" in browser.get(address("fate", reminder.claim_id)).content


def test_a_submission_leads_to_its_claim(signed_in, reminder):
    submission = post_reminder(reminder=reminder, revision=1, actor=make_user(), at=AT)
    browser = signed_in("reader")
    assert address("detail", reminder.pk) in text_of(
        browser.get(reverse("submissions:detail", args=[submission.pk]))
    )
    assert browser.get(address("detail", reminder.pk))["Location"] == address("claim", reminder.claim_id)


def test_a_reminder_is_sent_taken_back_and_discarded(signed_in, reminder):
    browser = signed_in("sender")
    assert browser.post(address("reminder-send", reminder.pk), {"revision": 7}).status_code == 422
    assert browser.post(address("reminder-send", reminder.pk), {}).status_code == 422
    assert browser.post(address("discard", "reminder", reminder.pk), {}, follow=True).status_code == 200
    assert browser.post(address("send-now", "reminder", reminder.pk), follow=True).status_code == 200
    sent = browser.post(address("reminder-send", reminder.pk), {"revision": 1})
    assert (sent.status_code, sent["Location"]) == (303, address("claim", reminder.claim_id))
    again = text_of(browser.post(address("reminder-send", reminder.pk), {"revision": 1}, follow=True))
    assert "already been sent" in again
    assert "can no longer be changed" in text_of(browser.get(address("reminder", reminder.pk), follow=True))
    browser.post(address("send-now", "reminder", reminder.pk))
    browser.post(address("withdraw", "reminder", reminder.pk))
    browser.post(address("discard", "reminder", reminder.pk), {"revision": 1})
    reminder.refresh_from_db()
    assert (reminder.state, reminder.discarded_at is None, Submission.objects.get().state) == (
        "draft",
        False,
        "cancelled",
    )


def test_a_case_goes_through_two_hands(signed_in, claim):
    sender, approver = signed_in("sender"), signed_in("approver")
    begun = sender.post(address("begin", claim.pk, "collection"), {"revision": 1})
    case = DebtCollectionCase.objects.get()
    assert begun["Location"] == address("case", case.pk)
    form = {
        "revision": 1, "notice_date": "20.10.2026", "notice_channel": "post", "notice_address": "Satamakatu 1",
        "proof": SimpleUploadedFile("muistutus.pdf", PDF), "then": "send",
    }  # fmt: skip
    saved = sender.post(address("case", case.pk), form)
    assert saved["Location"] == address("case-propose", case.pk)
    case.refresh_from_db()
    assert sender.post(address("case-propose", case.pk), {"revision": case.revision}).status_code == 303
    case.refresh_from_db()
    assert sender.get(address("case-approve", case.pk)).status_code == 403
    assert address("case-approve", case.pk) in text_of(approver.get(address("claim", claim.pk)))
    assert approver.post(address("case-approve", case.pk), {"fingerprint": "0" * 64}).status_code == 422
    assert approver.post(address("case-approve", case.pk), {}).status_code == 422
    assert approver.post(address("case-return", case.pk), {"reason": " "}).status_code == 422
    approver.post(address("case-approve", case.pk), {"fingerprint": case.fingerprint})
    assert Submission.objects.get().kind == "debt-collection"
    sender.post(address("withdraw", "case", case.pk))
    assert "have agreed to exactly this" in text_of(sender.get(address("case-propose", case.pk)))
    sender.post(address("case-send", case.pk), {"revision": case.revision})
    assert Submission.objects.count() == 2


def test_a_proposal_comes_back_with_its_reason(signed_in, case):
    approver = signed_in("approver")
    approver.post(address("case-return", case.pk), {"reason": "Wrong debtor"})
    assert "Wrong debtor" in text_of(approver.get(address("claim", case.claim_id)))


def test_a_void_proposal_is_shown_as_void(signed_in, case):
    type(case.claim.debtor).objects.filter(pk=case.claim.debtor_id).update(street="Toinen katu 2")
    assert "the proposal is void" in text_of(signed_in("approver").get(address("case-approve", case.pk)))


def test_proofs_leave_as_downloads_under_our_name(signed_in, people, claim):
    case = noticed(claim, people["sender"])
    browser = signed_in("clerk")
    answer = browser.get(address("proof", case.proofs.get().pk))
    assert (answer.content, answer["X-Content-Type-Options"]) == (PDF, "nosniff")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Content-Disposition"].startswith('attachment; filename="proof-')
    browser.post(address("proof-remove", case.proofs.get().pk))
    assert not Proof.objects.exists()


def test_a_proof_of_what_is_sent_stays(signed_in, case, people):
    approve_case(case=case, fingerprint=case.fingerprint, actor=people["approver"], at=AT)
    assert signed_in("clerk").post(address("proof-remove", case.proofs.get().pk)).status_code == 303
    assert Proof.objects.exists()


def test_acting_early_takes_two_people(signed_in, environment):
    today = environment.today(timezone.now())
    person = make_debtor(environment.creditor, kind="person")
    claim = make_claim(environment, person, due_date=today - dt.timedelta(days=2))
    sender, approver = signed_in("sender"), signed_in("approver")
    assert address("override", claim.pk, "reminder") in text_of(sender.get(address("claim", claim.pk)))
    assert sender.post(address("override", claim.pk, "reminder"), {"reason": ""}).status_code == 422
    sender.post(address("override", claim.pk, "reminder"), {"reason": "Moving abroad"})
    assert sender.post(address("override", claim.pk, "reminder"), {"reason": "again"}).status_code == 422
    override = Override.objects.get()
    shown = text_of(approver.get(address("claim", claim.pk)))
    assert address("override-confirm", override.pk) in shown
    assert "Moving abroad" in shown
    approver.post(address("override-confirm", override.pk))
    assert sender.post(address("begin", claim.pk, "reminder"), {"channel": "post", "revision": 1})[
        "Location"
    ].startswith("/collection/reminder/")
    sender.post(address("override-withdraw", override.pk))
    override.refresh_from_db()
    assert override.withdrawn_at is None


def test_support_reads_and_changes_nothing(admin_client, reminder, case):
    for name, pk in (("reminder", reminder.pk), ("debtcollectioncase", case.pk)):
        assert admin_client.get(reverse(f"admin:collection_{name}_changelist")).status_code == 200
        there = reverse(f"admin:collection_{name}_change", args=[pk])
        assert (admin_client.get(there).status_code, admin_client.post(there, {}).status_code) == (200, 403)
