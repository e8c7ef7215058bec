"""Golden messages: what Ropo gets, word for word."""

import json
from decimal import Decimal

import pytest

from ropo_portal.invoices.content import RowContent
from ropo_portal.invoices.extras import FIELDS, SECTIONS
from ropo_portal.invoices.messages import DIRECT, FLAGS, invoice_message
from ropo_portal.ropo_one.messages import OPTIONAL_FIELDS
from tests.factories import make_creditor, make_debtor, make_environment, make_invoice

pytestmark = pytest.mark.django_db


def job(invoice):
    """Return the one dataset of the message."""
    (dataset,) = json.loads(invoice_message(invoice).to_bytes())["datastream"]["dataset"]
    return dataset


def place(country, **fields):
    return make_environment(make_creditor(country, **fields), next_number=60224)


SUMS = {"netamount": "100.00", "vatamount": "25.00", "totalamount": "125.00"}
ROW = {"desc": "Consulting", "count": "1", "amount": "100.00", "taxpr": "25"} | SUMS


def test_a_finnish_consumer_gets_a_letter():
    environment = place("FI")
    debtor = make_debtor(environment.creditor, kind="person", name="Aino Esimerkki", customer_number="A-1")
    rows = (
        RowContent("Nuohous", Decimal("10.01"), Decimal("25.5"), quantity=Decimal(3), unit="kpl"),
        RowContent(
            "Matka", Decimal("0.575"), Decimal("13.5"), quantity=Decimal("12.5"), discount=Decimal(50)
        ),
    )
    invoice = make_invoice(
        environment, debtor, rows=rows, supply_date=environment.today(debtor.created_at).replace(day=1)
    )
    assert job(invoice) == {
        "jobtype": "300", "customertype": "2", "person": "Aino Esimerkki", "custnum": "A-1",
        "address": "Mannerheimintie 1", "postcode": "00100", "city": "Helsinki", "addresscountry": "FIN",
        "language": "fin", "sendtype": "post",
        "billnum": "60224", "checkbillnum": "1", "billcode": "602246", "billdate": "2026-11-23", "paydate": "2026-12-07",
        "netamount": "33.62", "vatamount": "8.14", "totalamount": "41.76",
        "taxrow": [
            {"taxpr": "25.5", "netamount": "30.03", "vatamount": "7.66", "totalamount": "37.69"},
            {"taxpr": "13.5", "netamount": "3.59", "vatamount": "0.48", "totalamount": "4.07"},
        ],
        "freetext": "Toimituspäivä 1.11.2026",
        "payrow": [
            {
                "desc": "Nuohous", "count": "3", "itemtype": "kpl", "amount": "10.01", "taxpr": "25.5",
                "netamount": "30.03", "vatamount": "7.66", "totalamount": "37.69",
            },
            {
                "desc": "Matka", "count": "12.5", "amount": "0.575", "taxpr": "13.5", "discount": "50",
                "netamount": "3.59", "vatamount": "0.48", "totalamount": "4.07",
            },
        ],
    }  # fmt: skip


def test_a_swedish_company_gets_an_email():
    environment = place("SE")
    debtor = make_debtor(
        environment.creditor,
        name="Nordic Timber AB",
        email="faktura@timber.example",
        language="sv",
        vat_id="SE556703748501",
    )
    extras = {"second_email": "kopia@timber.example", "contact_person": "Eva Ek"}
    invoice = make_invoice(environment, debtor, channel="email", your_reference="PO 17", extras=extras)
    assert job(invoice) == {
        "jobtype": "300", "customertype": "1", "company": "Nordic Timber AB", "person": "Eva Ek",
        "address": "Kungsgatan 1", "postcode": "11143", "city": "Stockholm", "addresscountry": "SWE",
        "email": "faktura@timber.example", "email2": "kopia@timber.example", "govid": "556703-7485",
        "vatid": "SE556703748501", "language": "swe", "sendtype": "email",
        "billnum": "60224", "checkbillnum": "1", "billcode": "602243", "billdate": "2026-11-23", "paydate": "2026-12-07",
        **SUMS, "taxrow": [{"taxpr": "25", **SUMS}], "yourcode": "PO 17", "payrow": [ROW],
    }  # fmt: skip


def test_a_norwegian_invoice_carries_a_kid():
    environment = place("NO", reference_length=10)
    debtor = make_debtor(environment.creditor, name="Fjord AS", language="nb")
    assert job(make_invoice(environment, debtor)) == {
        "jobtype": "300", "customertype": "1", "company": "Fjord AS", "govid": "974760673",
        "address": "Karl Johans gate 1", "postcode": "0154", "city": "Oslo", "addresscountry": "NOR",
        "language": "nor", "sendtype": "post",
        "billnum": "60224", "checkbillnum": "1", "billcode": "0000602243", "billdate": "2026-11-23",
        "paydate": "2026-12-07", **SUMS, "taxrow": [{"taxpr": "25", **SUMS}], "payrow": [ROW],
    }  # fmt: skip


ADDRESS = {"einvoice_address": "003720774740", "einvoice_operator": "003714377140"}


def test_a_company_gets_an_einvoice():
    environment = place("FI")
    debtor = make_debtor(environment.creditor, **ADDRESS)
    sent = job(make_invoice(environment, debtor, channel="einvoice"))
    assert (sent["sendtype"], sent["evoice"], sent["evoiceint"]) == ("evoice", "003720774740", "003714377140")
    assert "propertyrow" not in sent


def test_a_consumer_gets_an_einvoice_with_the_banks_identifier():
    environment = place("FI")
    debtor = make_debtor(environment.creditor, kind="person", **ADDRESS)
    extras = {"einvoice_payment_id": "A-77"}
    sent = job(make_invoice(environment, debtor, channel="consumer-einvoice", extras=extras))
    assert sent["sendtype"] == "b2c"
    assert sent["propertyrow"] == [{"propname": "job_finvoice_paymentid", "propvalue": "A-77"}]


def test_an_identity_code_never_travels_with_a_print_invoice():
    environment = place("FI")
    debtor = make_debtor(environment.creditor, kind="person")
    assert b"131052" not in invoice_message(make_invoice(environment, debtor)).to_bytes()


def test_every_extra_reaches_the_message():
    environment = place("FI")
    extras = {name: "x" for name in FIELDS if FIELDS[name].take == "text" and "discount" not in name} | {
        "late_interest": "8.5", "collection_process": "T1", "post_class": "1", "country_of_registration": "SE",
        "cash_discount_1_date": "2026-11-30", "cash_discount_1_percent": "2.00", "cash_discount_1_text": "snabb",
        "plan_instalments": [["2026-12-07", "25.50"], ["2027-01-07", "100.00"]], "fixed_fee": True, "color": True,
        "reverse_charge": True, "cash_receipt": True, "no_automatic_reminders": True, "accounting_date": "2026-11-30",
        "accounting_rows": [{"account": "1701", "text": "Saatava", "debit": "125.50", "dimensions": ["A", "B"]}],
        "delivery_country": "NO", "billing_country": "FI", "second_email": "b@example.com",
    }  # fmt: skip
    sent = job(make_invoice(environment, extras=extras))
    assert (sent["overdueinterest"], sent["country"], sent["accountdate"]) == ("8.5", "SWE", "2026-11-30")
    assert sent["cashdiscountrow"] == [
        {"discountdate": "2026-11-30", "discountpercent": "2", "discountfreetext": "snabb"}
    ]
    assert sent["payplan"]["instalment"][0] == {"date": "2026-12-07", "amount": "25.50"}
    assert [address["addresstype"] for address in sent["addaddress"]] == ["2", "3"]
    assert sent["addaddress"][0]["addresscountry"] == "NOR"
    assert sent["accountrow"][0]["type2"] == "B"
    flags = {OPTIONAL_FIELDS[name].wire for name in FLAGS}
    assert {name for name in flags if sent[name] == "1"} == flags
    assert {OPTIONAL_FIELDS[name].wire for name in DIRECT} - {"finance"} <= set(sent)


def test_a_plan_by_months():
    environment = place("FI")
    sent = job(make_invoice(environment, extras={"plan_months": "1", "plan_count": "3"}))
    assert (sent["payplaninterval"], sent["payplancount"]) == ("1", "3")


BUILT = {
    "our_reference", "your_reference", "order_number", "free_text",  # columns of the invoice
    "claim_text",  # belongs to collections
    "cash_discounts", "payment_plan", "additional_addresses", "attachments",  # put together from several fields
}  # fmt: skip


def test_the_form_offers_every_optional_field_of_the_contract():
    assert set(OPTIONAL_FIELDS) - BUILT <= set(FIELDS)
    assert len({section.name for section in SECTIONS}) == len(SECTIONS)
