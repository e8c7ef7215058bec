"""Whatever is typed: each abuse gets its sentence at its field, and nothing is saved."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from ropo_portal.collection.models import Proof
from ropo_portal.collection.operations import change_reminder, start_case
from ropo_portal.invoices.models import Claim
from tests.collection.conftest import make_claim
from tests.collection.writing import PDF, started
from tests.factories import AT, make_debtor, make_invoice, make_user

pytestmark = pytest.mark.django_db


def errors(answer):
    assert answer.status_code == 422
    return {name: " ".join(texts) for name, texts in answer.context["form"].errors.items()}


# ------------------------------------------------------------------------------------- a claim invoiced elsewhere
@pytest.fixture
def write(signed_in, environment):
    browser = signed_in("clerk")
    debtor = make_debtor(environment.creditor, name="Aalto Oy")
    good = {
        "debtor": debtor.pk, "number": "X-17", "reference": "1232", "invoice_date": "1.9.2026",
        "due_date": "2026-10-01", "principal": "1 250,00",
    }  # fmt: skip

    def post(**changes):
        answer = browser.post(reverse("collection:create"), good | changes)
        assert answer.status_code == 303 or not Claim.objects.exists()
        return answer

    return post


def test_a_good_claim_is_opened(write):
    answer = write()
    claim = Claim.objects.get()
    assert answer["Location"] == reverse("collection:claim", args=[claim.pk])
    assert (str(claim.principal), claim.due_date, claim.reference) == (
        "1250.00",
        dt.date(2026, 10, 1),
        "1232",
    )


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("principal", "", "Enter the amount"), ("principal", "abc", "number"), ("principal", "0", "above zero"),
        ("principal", "-0.00", "above zero"), ("principal", "-10", "above zero"), ("principal", "10.005", "decimals"),
        ("principal", "1e3", ""), ("principal", "NaN", ""), ("principal", "0x10", ""), ("principal", "１２", ""),
        ("principal", "1.234,56", ""), ("principal", "99999999999999999999", "limit"),
        ("due_date", "2026-02-30", "does not exist"), ("due_date", "31/12/26", "day.month.year"),
        ("due_date", "31.8.2026", "before the invoice date 1.9.2026"), ("invoice_date", "1.1.1899", "between"),
        ("invoice_date", "1.9.2036", "accepted range"), ("invoice_date", "", "day.month.year"),
        ("number", "", "number of the invoice"), ("number", "a\u202eb", "position"), ("number", "x" * 41, "41"),
        ("reference", "", "payment reference"), ("reference", "1\x00", ""), ("reference", "9" * 36, "36"),
        ("debtor", "", "Choose the debtor"), ("debtor", "nonsense", "Choose the debtor"),
    ],
)  # fmt: skip
def test_what_is_typed_wrong_is_said_at_its_field(write, name, value, words):
    found = errors(write(**{name: value}))
    assert name in found
    assert words in found[name]


def test_a_wrong_check_digit_is_asked_about_once(write):
    answer = write(reference="1234")
    assert "check digit of 1234" in errors(answer)["reference"]
    assert "id_is_message" in answer.content.decode()
    assert write(reference="1234", is_message="on").status_code == 303


def test_a_debtor_of_somebody_else_is_no_choice(write):
    assert "Choose the debtor" in errors(write(debtor=make_debtor().pk))["debtor"]


def test_numbers_that_are_spoken_for(write, environment):
    invoice = make_invoice(environment)
    assert invoice.number in errors(write(number=invoice.number))["number"]


def test_script_is_text_and_stays_text(write, signed_in, environment):
    name = "<script>alert(1)</script>"
    debtor = make_debtor(environment.creditor, name=name)
    write(debtor=debtor.pk)
    shown = (
        signed_in("reader").get(reverse("collection:claim", args=[Claim.objects.get().pk])).content.decode()
    )
    assert name not in shown
    assert "&lt;script&gt;" in shown


def test_hidden_fields_are_ignored_and_logged(write, caplog):
    assert write(creditor="x", environment="y", open_amount="1").status_code == 303
    assert "open_amount" in caplog.text


# ------------------------------------------------------------------------------------------------- reminders
@pytest.fixture
def remind(signed_in, claim):
    browser = signed_in("clerk")
    reminder = started(claim)

    def post(**changes):
        url = reverse("collection:reminder", args=[reminder.pk])
        return browser.post(url, {"channel": "post", "revision": 1} | changes)

    post.reminder = reminder
    return post


def test_a_reminder_is_saved(remind):
    assert remind(channel="email", einvoice_payment_id="FI-77", free_text="Hei").status_code == 303
    remind.reminder.refresh_from_db()
    saved = remind.reminder
    assert (saved.channel, saved.einvoice_payment_id, saved.free_text, saved.revision) == (
        "email",
        "",
        "Hei",
        2,
    )


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("channel", "fax", "from the list"), ("channel", "", "required"), ("free_text", "x" * 2001, "2001"),
        ("free_text", "a\x00", "position"), ("revision", "", "required"), ("revision", "-1", ""),
    ],
)  # fmt: skip
def test_a_reminder_typed_wrong(remind, name, value, words):
    found = errors(remind(**{name: value}))
    assert name in found
    assert words in found[name]


def test_rows_in_a_reminder_are_ignored_and_logged(remind, caplog):
    assert remind(**{"rows-0-description": "x", "amount": "999"}).status_code == 303
    assert "rows-0-description" in caplog.text
    remind.reminder.refresh_from_db()
    assert str(remind.reminder.amount) == "250.00"


def test_the_slower_of_two_clerks_looks_again(remind):
    facts = {"reminder": remind.reminder, "revision": 1, "actor": make_user(), "at": AT}
    change_reminder(channel="post", free_text="mine", **facts)
    answer = remind(free_text="yours")
    assert "Somebody has changed this" in errors(answer)["__all__"]
    assert "yours" in answer.content.decode()
    assert remind(free_text="yours", revision=answer.context["form"]["revision"].value()).status_code == 303


# --------------------------------------------------------------------------------------------- debt collections
@pytest.fixture
def collect(signed_in, claim):
    browser = signed_in("clerk")
    case = start_case(claim=claim, actor=make_user(), at=AT)

    def post(**changes):
        good = {
            "notice_date": "20.10.2026",
            "notice_channel": "post",
            "notice_address": "Satama 1",
            "revision": 1,
        }
        return browser.post(reverse("collection:case", args=[case.pk]), good | changes)

    post.case = case
    return post


def test_a_notice_is_saved_with_its_proof(collect):
    assert collect(proof=SimpleUploadedFile("C:\\papers\\muistutus.pdf", PDF)).status_code == 303
    collect.case.refresh_from_db()
    assert (collect.case.notice_date, collect.case.revision) == (dt.date(2026, 10, 20), 3)
    assert Proof.objects.get().name == "muistutus.pdf"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("notice_date", "1.10.2026", "due date, 1.10.2026"), ("notice_date", "30.9.2026", "must come after"),
        ("notice_date", "1.1.2030", "lies in the future"), ("notice_date", "2026-02-30", "does not exist"),
        ("notice_date", "soon", "day.month.year"), ("notice_channel", "pigeon", "from the list"),
        ("notice_address", "x" * 201, "201"), ("notice_address", "a\u202eb", "position"),
        ("proof", SimpleUploadedFile("a.pdf", b"MZ"), "PDF, PNG or JPEG"), ("proof", SimpleUploadedFile("a.pdf", b""), "empty"),
    ],
)  # fmt: skip
def test_a_notice_typed_wrong(collect, name, value, words):
    found = errors(collect(**{name: value}))
    assert name in found
    assert words in found[name]
    assert not Proof.objects.exists()


def test_sending_leads_on_and_saving_stays(collect):
    assert collect(then="send")["Location"] == reverse("collection:case-propose", args=[collect.case.pk])


def test_a_second_claim_of_the_number_is_refused(signed_in, environment):
    claim = make_claim(environment)
    form = {
        "debtor": claim.debtor_id, "number": "x-17", "reference": "1245", "invoice_date": "1.9.2026",
        "due_date": "1.10.2026", "principal": "5",
    }  # fmt: skip
    answer = signed_in("clerk").post(reverse("collection:create"), form)
    assert "X-17" in errors(answer)["number"]
