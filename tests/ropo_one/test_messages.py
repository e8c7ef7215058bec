import base64
import dataclasses
import datetime as dt
from decimal import Decimal

import pytest

from ropo_portal.ropo_one.environments import Endpoint
from ropo_portal.ropo_one.messages import (
    OPTIONAL_FIELDS,
    AccountingRow,
    AdditionalAddress,
    Attachment,
    CashDiscount,
    CreditAllocation,
    Letter,
    Message,
    MessageError,
    Payment,
    PaymentPlan,
    Reminder,
    combined,
    credit_allocation_message,
    debt_collection_message,
    letter_message,
    payment_message,
    print_invoice_message,
    reminder_message,
)
from ropo_portal.ropo_one.messages.optional import Job, Kind
from tests.ropo_one.samples import CASE, COMPANY, INVOICE, PERSON, ROW, SAMPLES, TO_COMPANY, dataset

# --- golden messages, one per kind ---


def test_print_invoice_message_golden():
    assert print_invoice_message(INVOICE).to_bytes().decode() == (
        '{"datastream":{"dataset":[{"jobtype":"300","customertype":"2","person":"Aino Esimerkki",'
        '"address":"Rantakatu 14 B 3","postcode":"00560","city":"HELSINKI","addresscountry":"FIN",'
        '"govid":"010101-123N","language":"fin","billnum":"20260117","checkbillnum":"1","billcode":"202601171",'
        '"billdate":"2026-03-02","paydate":"2026-03-16","netamount":"96.00","vatamount":"24.48",'
        '"totalamount":"120.48","taxrow":[{"taxpr":"25.5","netamount":"96.00","vatamount":"24.48",'
        '"totalamount":"120.48"}],"sendtype":"post","payrow":[{"desc":"Nuohous","count":"2","itemtype":"h",'
        '"amount":"48.00","taxpr":"25.5","netamount":"96.00","vatamount":"24.48","totalamount":"120.48"}]}]}}'
    )


def test_reminder_message_golden():
    reminder = Reminder(
        recipient=dataclasses.replace(PERSON, country="NO", language="nb", national_id=""),
        number="20078",
        reference="202600789",
        open_amount=Decimal(1450),
        invoice_date=dt.date(2026, 2, 10),
        due_date=dt.date(2026, 2, 24),
    )
    assert dataset(reminder_message(reminder)) == {
        "jobtype": "1",
        "customertype": "2",
        "person": "Aino Esimerkki",
        "address": "Rantakatu 14 B 3",
        "postcode": "00560",
        "city": "HELSINKI",
        "addresscountry": "NOR",
        "language": "nor",
        "billnum": "20078",
        "checkbillnum": "1",
        "billcode": "202600789",
        "amount": "1450.00",
        "billdate": "2026-02-10",
        "paydate": "2026-02-24",
    }


def test_debt_collection_message_golden():
    assert dataset(debt_collection_message(CASE)) == {
        "jobtype": "2",
        "customertype": "1",
        "company": "Björkviks Takvård AB",
        "person": "Sven Exempel",
        "addressaddline1": "Ekonomi",
        "address": "Kvarngatan 7",
        "postcode": "641 30",
        "city": "KATRINEHOLM",
        "addresscountry": "SWE",
        "email": "faktura@bjorkviks-takvard.example",
        "evoice": "0007:5599990008",
        "evoiceint": "BANK",
        "custnum": "A-1042",
        "govid": "559999-0008",
        "vatid": "SE559999000801",
        "billnum": "2026088",
        "checkbillnum": "1",
        "billcode": "20260888",
        "amount": "620.40",
        "billdate": "2026-01-12",
        "paydate": "2026-01-26",
        "noticedate": "2026-02-09",
        "claimtext": "Roof repair",
        "overdueinterest": "8",
    }


def test_debt_collection_message_notice_date_is_needed_in_finland():
    late = dataclasses.replace(CASE, notice_date=None)
    assert "noticedate" not in dataset(debt_collection_message(late))
    with pytest.raises(MessageError):
        debt_collection_message(
            dataclasses.replace(late, recipient=dataclasses.replace(COMPANY, country="FI"))
        )


def test_payment_message_golden():
    payment = Payment(
        amount=Decimal(450), paid_date=dt.date(2026, 3, 12), job_id="4410234", description="Own account"
    )
    message = payment_message(payment)
    assert message.endpoint is Endpoint.PAYMENT
    assert message.to_bytes() == (
        b'{"jobid":4410234,"amount":"450.00","paydate":"2026-03-12","type":"directpayment","description":"Own account"}'
    )


def test_credit_allocation_message_golden():
    credit = CreditAllocation(
        amount=Decimal("62.75"),
        credit_date=dt.date(2026, 3, 2),
        number="2026088",
        credit_note_number="H-2026088",
    )
    message = credit_allocation_message(credit)
    assert message.endpoint is Endpoint.CREDIT_NOTE
    assert message.to_bytes() == (
        b'{"billnum":"2026088","amount":"62.75","date":"2026-03-02","type":"allocated","creditnotebillnum":"H-2026088"}'
    )


def test_letter_message_golden():
    recipient = dataclasses.replace(PERSON, country_name="Finland")
    sent = dataset(letter_message(Letter(recipient, "a.pdf", b"%PDF-1.7", document_type="notice")))
    assert (sent["jobtype"], sent["sendtype"], sent["countryname"]) == ("301", "post", "Finland")
    assert sent["image"] == {"filename": "a.pdf", "file": base64.b64encode(b"%PDF-1.7").decode()}
    assert sent["propertyrow"] == [{"propname": "documenttype", "propvalue": "notice"}]


# --- channels, credits, extras ---


@pytest.mark.parametrize(
    ("channel", "wire"),
    [("post", "post"), ("email", "email"), ("einvoice", "evoice"), ("consumer_einvoice", "b2c")],
)
def test_print_invoice_message_channels(channel, wire):
    invoice = dataclasses.replace(TO_COMPANY, channel=channel, einvoice_payment_id="FI12")
    sent = dataset(print_invoice_message(invoice))
    assert sent["sendtype"] == wire
    expected = [{"propname": "job_finvoice_paymentid", "propvalue": "FI12"}] if wire == "b2c" else None
    assert sent.get("propertyrow") == expected


@pytest.mark.parametrize(
    "change",
    [
        {"channel": "email"},
        {"channel": "einvoice"},
        {"channel": "consumer_einvoice"},
        {"channel": "consumer_einvoice", "recipient": COMPANY},
        {"rows": ()},
        {"number": ""},
        {"reference": ""},
        {"credited_number": "1", "credited_job_id": "2"},
        {"recipient": dataclasses.replace(PERSON, city=" ")},
        {"recipient": dataclasses.replace(PERSON, country="XX")},
        {"recipient": dataclasses.replace(PERSON, language="de")},
        {"rows": (dataclasses.replace(ROW, description=""),)},
        {"net": Decimal("1.005")},
        {"net": Decimal("NaN")},
        {"total": 1.5},
        {"extras": {"fixed_fee": True}},
        {"extras": {"finance": "1"}},
        {"extras": {"payment_plan": PaymentPlan(months_between=1, count=3)}},
        {"recipient": COMPANY, "extras": {"finance": "1", "fixed_fee": "1"}},
        {"recipient": COMPANY, "extras": {"finance": "3"}},
        {"extras": {"invented": "1"}},
        {"extras": {"color": "perhaps"}},
        {"extras": {"accounting_date": "2026-02-30"}},
        {"extras": {"claim_text": "belongs to a collection"}},
        {"extras": {"our_reference": ["list"]}},
    ],
)
def test_print_invoice_message_refuses(change):
    with pytest.raises((MessageError, ValueError)):
        print_invoice_message(dataclasses.replace(INVOICE, **change))


def test_print_invoice_message_credit_names_what_it_credits():
    credit = dataclasses.replace(INVOICE, credited_number="20260090", net=Decimal(-96))
    sent = dataset(print_invoice_message(credit))
    assert (sent["refundtobillnum"], sent["netamount"]) == ("20260090", "-96.00")


EXPECTED = {
    Kind.TEXT: "T-1",
    Kind.LONG_TEXT: "Two\nlines",
    Kind.NUMBER: "8.5",
    Kind.DATE: "2026-03-02",
    Kind.FLAG: "1",
    Kind.CASH_DISCOUNTS: [{"discountdate": "2026-03-09", "discountpercent": "2", "discountfreetext": "2 %"}],
    Kind.PAYMENT_PLAN: {"instalment": [{"date": "2026-04-02", "amount": "60.24"}]},
    Kind.ADDRESSES: [
        {
            "address": "Satamatie 1",
            "postcode": "48600",
            "city": "KOTKA",
            "addresscountry": "FIN",
            "addresstype": "2",
        }
    ],
    Kind.ATTACHMENTS: [
        {"attachmentname": "terms.pdf", "attachmentfile": base64.b64encode(b"%PDF-1.7").decode()}
    ],
    Kind.ACCOUNTING_ROWS: [
        {"accountid": "3000", "desc": "Sales", "credit": "96.00", "type": "a", "type2": "b"},
    ],
}


@pytest.mark.parametrize("name", OPTIONAL_FIELDS)
def test_optional_fields_each_reaches_its_wire_name(name):
    field = OPTIONAL_FIELDS[name]
    value = field.choices[0] if field.kind is Kind.CHOICE else SAMPLES[field.kind]
    if Job.PRINT_INVOICE in field.jobs:
        sent = dataset(print_invoice_message(dataclasses.replace(TO_COMPANY, extras={name: value})))
    else:
        sent = dataset(debt_collection_message(dataclasses.replace(CASE, extras={name: value})))
    assert sent[field.wire] == (value if field.kind is Kind.CHOICE else EXPECTED[field.kind])


def test_optional_fields_names_and_wire_names_are_single():
    assert len({field.wire for field in OPTIONAL_FIELDS.values()}) == len(OPTIONAL_FIELDS)
    assert all(field.meaning for field in OPTIONAL_FIELDS.values())


@pytest.mark.parametrize("empty", [None, "", (), []])
def test_optional_fields_left_empty_leave_no_trace(empty):
    extras = dict.fromkeys(OPTIONAL_FIELDS, empty)
    assert print_invoice_message(dataclasses.replace(INVOICE, extras=extras)) == print_invoice_message(
        INVOICE
    )


def test_payment_plan_by_rule_and_its_limits():
    plan = PaymentPlan(months_between=1, count=3)
    sent = dataset(print_invoice_message(dataclasses.replace(TO_COMPANY, extras={"payment_plan": plan})))
    assert (sent["payplaninterval"], sent["payplancount"], "payplan" in sent) == ("1", "3", False)
    for wrong in (PaymentPlan(), PaymentPlan(months_between=1), PaymentPlan(1, 1, 1, 1)):
        with pytest.raises((MessageError, TypeError)):
            print_invoice_message(dataclasses.replace(TO_COMPANY, extras={"payment_plan": wrong}))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("cash_discounts", (CashDiscount(dt.date(2026, 3, 9)),)),
        ("additional_addresses", (AdditionalAddress("holiday", "a", "b", "c"),)),
        ("attachments", (Attachment("", b""),)),
        ("accounting_rows", (AccountingRow("3000"),)),
        ("accounting_rows", (AccountingRow("3000", debit=Decimal(1), credit=Decimal(1)),)),
        ("accounting_rows", (AccountingRow("3000", debit=Decimal(1), dimensions=("x" * 11,)),)),
    ],
)
def test_extras_refuse(name, value):
    with pytest.raises(MessageError):
        print_invoice_message(dataclasses.replace(TO_COMPANY, extras={name: value}))


# --- money that follows ---


@pytest.mark.parametrize(
    "keys", [{}, {"job_id": "1", "number": "2"}, {"job_id": "x"}, {"job_id": "\u0661"}, {"job_id": "-1"}]
)
def test_payment_and_credit_name_exactly_one_job(keys):
    with pytest.raises(MessageError):
        payment_message(Payment(amount=Decimal(1), paid_date=dt.date(2026, 3, 12), **keys))
    with pytest.raises(MessageError):
        credit_allocation_message(
            CreditAllocation(amount=Decimal(1), credit_date=dt.date(2026, 3, 12), **keys)
        )


@pytest.mark.parametrize("amount", [Decimal(0), Decimal(-1), Decimal("0.001"), Decimal("Infinity")])
def test_amounts_that_follow_are_above_zero(amount):
    with pytest.raises(MessageError):
        payment_message(Payment(amount=amount, paid_date=dt.date(2026, 3, 12), job_id="1"))
    with pytest.raises(MessageError):
        debt_collection_message(dataclasses.replace(CASE, open_amount=amount))


def test_combined_takes_print_invoices_only():
    both = combined([print_invoice_message(INVOICE), print_invoice_message(TO_COMPANY)])
    assert len(both.content["datastream"]["dataset"]) == 2
    for wrong in ([], [debt_collection_message(CASE)], [Message(Endpoint.PAYMENT, {})]):
        with pytest.raises(MessageError):
            combined(wrong)
