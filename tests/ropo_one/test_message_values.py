"""Values as Ropo writes them, and messages as people read them."""

import dataclasses
import datetime as dt
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ropo_portal.ropo_one.environments import Endpoint
from ropo_portal.ropo_one.messages import (
    Message,
    MessageError,
    Payment,
    debt_collection_message,
    mask,
    payment_message,
    print_invoice_message,
    read_back,
)
from ropo_portal.ropo_one.messages.optional import Kind
from ropo_portal.ropo_one.messages.wire import (
    amount_text,
    country_text,
    date_text,
    language_text,
    number_text,
)
from tests.ropo_one.samples import CASE, INVOICE, SAMPLES

# --- values ---


@given(st.decimals(min_value="-999999999999", max_value="999999999999", places=2))
def test_amount_text_round_trip(amount):
    text = amount_text(amount)
    assert Decimal(text) == amount
    assert text.rpartition(".")[2].isdigit()
    assert len(text.rpartition(".")[2]) == 2
    assert not text.startswith("-0.00")


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value="-1e9", max_value="1e9", places=6))
def test_number_text_round_trip(number):
    text = number_text(number)
    assert Decimal(text) == number
    assert "E" not in text.upper()


@pytest.mark.parametrize(
    ("value", "least", "text"),
    [(Decimal("1E+3"), 0, "1000"), (2, 0, "2"), ("25.50", 0, "25.5"), (Decimal("0.0845"), 2, "0.0845"), (48, 2, "48.00"),
     (Decimal("-0"), 0, "0"), (Decimal("-0.0"), 2, "0.00")],
)  # fmt: skip
def test_number_text(value, least, text):
    assert number_text(value, least_decimals=least) == text


@pytest.mark.parametrize("value", [1.5, True, "", "1,5", "abc", Decimal("sNaN"), object()])
def test_number_text_refuses(value):
    with pytest.raises(MessageError):
        number_text(value)


def test_codes_of_countries_languages_and_days():
    assert [country_text(code) for code in ("FI", "se", "NOR", "")] == ["FIN", "SWE", "NOR", ""]
    assert [language_text(code) for code in ("fi", "sv-fi", "nb", "en", "swe", "")] == [
        "fin", "swe", "nor", "eng", "swe", "",
    ]  # fmt: skip
    assert [date_text(day) for day in (dt.date(2026, 3, 2), "2026-03-02", None, "")] == ["2026-03-02"] * 2 + [
        ""
    ] * 2
    with pytest.raises(MessageError):
        date_text(dt.datetime(2026, 3, 2, tzinfo=dt.UTC))


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_to_bytes_texts_survive_unchanged(text):
    message = Message(Endpoint.JOBS, {"freetext": text})
    assert json.loads(message.to_bytes()) == {"freetext": text}
    assert message.to_bytes() == message.to_bytes()


def test_to_bytes_refuses_half_a_character_pair():
    with pytest.raises(MessageError):
        Message(Endpoint.JOBS, {"freetext": "\ud800"}).to_bytes()


# --- for people ---


def test_read_back_speaks_our_words_and_hides_what_is_personal():
    extras = {"attachments": SAMPLES[Kind.ATTACHMENTS], "free_text": "Hetu 010101-123N"}
    (job,) = read_back(print_invoice_message(dataclasses.replace(INVOICE, extras=extras)).to_bytes())["jobs"]
    assert job["job_type"] == "print_invoice"
    assert job["recipient_kind"] == "person"
    assert (job["invoice_number"], job["reference"], job["due_date"]) == (
        "20260117",
        "202601171",
        "2026-03-16",
    )
    assert job["rows"][0] | {"unit_price": "48.00", "quantity": "2"} == job["rows"][0]
    assert job["attachments"] == [{"name": "terms.pdf", "content": "(8 bytes)"}]
    assert (job["national_id"], job["free_text"]) == ("••••", "Hetu ••••")


def test_read_back_payment_and_company():
    payment = Payment(amount=Decimal(450), paid_date=dt.date(2026, 3, 12), job_id="4410234")
    assert read_back(payment_message(payment).to_bytes()) == {
        "job_id": 4410234,
        "amount": "450.00",
        "type": "directpayment",
        "paid_date": "2026-03-12",
    }
    (case,) = read_back(debt_collection_message(CASE).to_bytes())["jobs"]
    assert (case["national_id"], case["vat_id"]) == ("559999-0008", "SE559999000801")


@pytest.mark.parametrize(
    "body",
    [
        b'{"ssn":"010101-123N","all_invoices":1}',
        b'{"jobs":[{"GovId":"19810305-1238"}]}',
        b'{"token":"010101-123N","apicode":"010101-123N"}',
        b"<p>010101-123N and 810305-1238 and 150585 12345</p>",
        b'["010101A123N"]',
    ],
)
def test_mask_hides_personal_ids_and_secrets(body):
    shown = mask(body)
    for secret in ("010101", "810305", "150585"):
        assert secret not in shown


@pytest.mark.parametrize("body", [b"", b"\xff\x00", b'{"a":"\\ud800"}', b"[" * 50_000, b"12", b'{"a":NaN}'])
def test_mask_and_read_back_take_anything(body):
    assert mask(body).encode("utf-8") is not None
    assert isinstance(read_back(body), dict)


@pytest.mark.parametrize(
    ("number", "shown"),
    [("559999-0008", True), ("9999990-9", True), ("999999999", True), ("810305-1238", False), ("010101-123N", False),
     ("15058512345", False)],
)  # fmt: skip
def test_mask_company_number_is_shown_unless_it_is_its_owners_personal_id(number, shown):
    body = json.dumps({"customertype": "1", "govid": number}).encode()
    assert (number in mask(body)) is shown


def test_mask_leaves_what_people_need():
    body = b'{"billnum":"20260117123","jobid":"44102340001","reference":"12345612345","amount":"1.00"}'
    assert json.loads(mask(body)) == json.loads(body)
