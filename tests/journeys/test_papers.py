"""What Ropo makes of an invoice, over real HTTP: pinned previews, local print and its faults, stored images."""

import datetime as dt
import hashlib

import pytest
from django.urls import reverse
from django.utils import timezone

from ropo_portal.documents.models import StoredDocument
from ropo_portal.history.models import Entry
from ropo_portal.invoices.operations import (
    CannotPost,
    MessageHasChanged,
    fetch_documents,
    keep_local_print,
    post_invoice,
    preview_invoice,
)
from ropo_portal.parties.models import Debtor
from ropo_portal.submissions import intake
from ropo_portal.submissions.models import Submission
from ropo_portal.submissions.operations import NumberAlreadyLive, answer_document, fetch_image
from tests import factories

DAY = dt.timedelta(days=1)


def address(name, *args):
    return reverse(f"invoices:{name}", args=args)


@pytest.fixture
def sender(creditor):
    return factories.make_user("sender", creditor)


@pytest.fixture
def invoice(environment):
    return factories.make_invoice(
        environment, factories.make_debtor(environment.creditor, customer_number="A-7")
    )


@pytest.fixture
def printed(invoice, sender):
    return post_invoice(
        invoice=invoice,
        revision=1,
        is_printed_here=True,
        actor=sender,
        at=timezone.now() - dt.timedelta(minutes=15),
    )


def kept(invoice, kind):
    return list(StoredDocument.objects.about(invoice.pk).filter(kind=kind))


def again(invoice):
    return (
        type(invoice)
        .objects.select_related("submission", "environment__creditor", "debtor")
        .get(pk=invoice.pk)
    )


def is_whole(content):
    return content.startswith(b"%PDF-") and b"%%EOF" in content[-1024:]


def test_a_preview_is_pinned_and_asked_for_once(invoice, sender, sandbox):
    at = timezone.now()
    picture = preview_invoice(invoice=invoice, actor=sender, at=at)
    assert preview_invoice(invoice=invoice, actor=sender, at=at) == picture
    submission = post_invoice(
        invoice=invoice, revision=1, fingerprint=picture.fingerprint, actor=sender, at=at
    )
    assert (picture.kind, picture.fingerprint) == ("preview", submission.payload_hash)
    assert picture.fingerprint == hashlib.sha256(bytes(submission.payload)).hexdigest()
    assert (sandbox.jobs(), Entry.objects.filter(verb="invoice.previewed").count()) == ([], 1)


def test_what_was_not_seen_is_not_sent(invoice, sender):
    seen = preview_invoice(invoice=invoice, actor=sender, at=timezone.now())
    Debtor.objects.filter(pk=invoice.debtor_id).update(city="ELSEWHERE")
    with pytest.raises(MessageHasChanged):
        post_invoice(
            invoice=invoice, revision=1, fingerprint=seen.fingerprint, actor=sender, at=timezone.now()
        )
    other = preview_invoice(invoice=again(invoice), actor=sender, at=timezone.now())
    assert (other.fingerprint != seen.fingerprint, Submission.objects.count()) == (True, 0)


def test_the_confirm_page_shows_and_keeps_the_fingerprint(enter, invoice):
    browser = enter("sender")
    page = browser.get(address("send", invoice.pk))
    print_ = page.context["look"].fingerprint
    assert page.content.decode().count(print_) >= 2
    assert browser.get(address("preview", invoice.pk))["Content-Type"] == "application/pdf"
    assert "iframe" in browser.get(address("send", invoice.pk)).content.decode()
    Debtor.objects.filter(pk=invoice.debtor_id).update(street="Uusikatu 9")
    late = browser.post(address("send", invoice.pk), {"revision": 1, "fingerprint": print_})
    assert (late.status_code, "no longer what you saw" in late.content.decode()) == (422, True)
    for bad in ("", "x", "0" * 63, "é" * 64):
        answer = browser.post(address("send", invoice.pk), {"revision": 1, "fingerprint": bad})
        assert (answer.status_code, Submission.objects.count()) == (422, 0)
    fresh = late.context["look"].fingerprint
    browser.post(address("send", invoice.pk), {"revision": 1, "fingerprint": fresh})
    submission = Submission.objects.get()
    assert (submission.payload_hash, submission.kind) == (fresh, "invoice")
    shown = browser.get(reverse("submissions:detail", args=[submission.pk])).content.decode()
    assert fresh in shown


def test_local_print_by_the_screen(enter, invoice, worker, sandbox):
    browser = enter("sender")
    print_ = browser.get(address("send", invoice.pk)).context["look"].fingerprint
    browser.post(address("send", invoice.pk), {"revision": 1, "fingerprint": print_, "delivery": "here"})
    worker()
    [job] = sandbox.jobs()
    submission = Submission.objects.get()
    assert (submission.state, submission.kind, submission.endpoint, job["billnum"]) == (
        "accepted", "local-print", "localprint", invoice.number,
    )  # fmt: skip
    page = browser.get(address("detail", invoice.pk)).content.decode()
    [paper] = kept(invoice, "local_print")
    assert ("Open it to print" in page, f"{paper.pk}?inline=1" in page) == (True, True)
    assert bytes(paper.content) == answer_document(submission)
    browser.get(address("detail", invoice.pk))
    assert len(kept(invoice, "local_print")) == 1
    opened = browser.get(reverse("documents:document", args=[paper.pk]) + "?inline=1")
    assert (opened.status_code, opened.content[:5]) == (200, b"%PDF-")


def test_one_number_goes_once_whoever_delivers_it(printed, environment, invoice):
    with pytest.raises(NumberAlreadyLive):
        factories.queue(environment, number=invoice.number)


def test_only_a_letter_is_printed_here(environment, sender):
    debtor = factories.make_debtor(environment.creditor, email="a@example.com")
    invoice = factories.make_invoice(environment, debtor, channel="email")
    with pytest.raises(CannotPost, match="Only a letter"):
        post_invoice(invoice=invoice, revision=1, is_printed_here=True, actor=sender, at=timezone.now())


@pytest.mark.parametrize(
    ("fault", "state", "booked"),
    [
        ("reset-after", "unconfirmed", 1), ("truncated-after", "unconfirmed", 1), ("503-after", "unconfirmed", 1),
        ("503-before", "unconfirmed", 0), ("empty-after", "unconfirmed", 1), ("html-after", "unconfirmed", 1),
        ("cut-body-after", "unconfirmed", 1), ("202-after", "unconfirmed", 1), ("reset-before", "unconfirmed", 0),
        ("400-before", "rejected", 0), ("403-before", "held", 0), ("200-after", "accepted", 1),
    ],
)  # fmt: skip
def test_what_a_fault_of_local_print_comes_to(
    printed, invoice, worker, sandbox, sender, fault, state, booked
):
    sandbox.plan(fault, path="/jobs/localprint")
    worker()
    printed.refresh_from_db()
    assert (printed.state, len(sandbox.jobs())) == (state, booked)
    stored = keep_local_print(invoice=again(invoice), actor=sender, at=timezone.now())
    assert bool(stored) == (state == "accepted")


@pytest.mark.parametrize("fault", ["reset-after", "truncated-after", "503-after"])
def test_a_lost_answer_is_found_and_its_document_fetched(printed, invoice, worker, sandbox, sender, fault):
    sandbox.plan(fault, path="/jobs/localprint")
    worker()
    printed.refresh_from_db()
    assert intake.look_up(printed, clock=timezone.now) == "accepted"
    assert is_whole(fetch_image(submission=printed, original=True))
    assert keep_local_print(invoice=again(invoice), actor=sender, at=timezone.now()) is None
    kinds = {row.kind for row in fetch_documents(invoice=again(invoice), actor=sender, at=timezone.now())}
    assert kinds == {"original", "current", "local_print"}
    [paper] = kept(invoice, "local_print")
    assert (len(sandbox.jobs()), paper.fingerprint) == (1, printed.payload_hash)


def test_a_lost_order_is_not_found_and_nothing_is_kept(printed, invoice, worker, sandbox, sender):
    sandbox.plan("503-before", path="/jobs/localprint")
    worker()
    printed.refresh_from_db()
    assert intake.look_up(printed, clock=timezone.now) == "unconfirmed"
    assert fetch_documents(invoice=again(invoice), actor=sender, at=timezone.now()) == []


def test_another_path_for_local_print(printed, worker, sandbox, settings):
    settings.ROPO_PATHS = {"localprint": "/jobs/print-here"}
    worker()
    printed.refresh_from_db()
    assert (printed.state, printed.held_reason, sandbox.jobs()) == ("held", "never-sent", [])


def test_images_are_kept_once_and_dated(invoice, worker, sender, enter):
    post_invoice(invoice=invoice, revision=1, actor=sender, at=timezone.now())
    worker()
    browser = enter("reader")
    first, later = timezone.now(), timezone.now() + DAY
    for at in (first, later):
        fetch_documents(invoice=again(invoice), actor=sender, at=at)
    [original] = kept(invoice, "original")
    assert (original.created_at, original.fetched_at) == (first, later)
    page = browser.get(address("detail", invoice.pk)).content.decode()
    assert ("papers__frame" in page, "fetched" in page, "Download" in page) == (True, True, True)
    download = browser.get(reverse("documents:document", args=[original.pk]))
    assert "attachment" in download["Content-Disposition"]


def test_no_image_yet_is_no_error_on_the_first_day(invoice, worker, sender, sandbox, enter):
    post_invoice(invoice=invoice, revision=1, actor=sender, at=timezone.now())
    worker()
    sandbox.options.change({"pdf_delay": 10 * 86_400})
    browser = enter("sender")
    assert "on the first day that is usual" in browser.get(address("detail", invoice.pk)).content.decode()
    answer = browser.post(address("fetch", invoice.pk), follow=True).content.decode()
    assert "on the first day that is usual" in answer
    Submission.objects.update(settled_at=timezone.now() - 2 * DAY)
    assert "a day after Ropo took the invoice" in browser.get(address("detail", invoice.pk)).content.decode()
    answer = browser.post(address("fetch", invoice.pk), follow=True).content.decode()
    assert "Ask Ropo" in answer
