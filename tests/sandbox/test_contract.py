"""Which datasets are refused, and with which words."""

import pytest

from ropo_portal.sandbox.contract import problems
from tests.sandbox.caller import COMPANY, DAYS, ROW, collection, invoice, letter, reminder

B2C = {"sendtype": "b2c", "evoice": "FI21", "evoiceint": "NDEAFIHH"}
PAYMENT_ID = [{"propname": "job_finvoice_paymentid", "propvalue": "1"}]
MINIMUM = {
    "invoice": (
        invoice,
        ["customertype", "person", "address", "postcode", "city", "billdate", "paydate", "payrow"],
    ),
    "reminder": (reminder, ["person", "address", "billcode", "billnum", "amount", "billdate", "paydate"]),
    "collection": (
        collection,
        ["company", "city", "billcode", "billnum", "amount", "billdate", "paydate", "noticedate"],
    ),
    "letter": (letter, ["sendtype", "addresscountry", "countryname", "image"]),
}
REFUSED = {
    "no reminder with rows": (reminder(payrow=[ROW]), "payrow"),
    "unknown job type": (invoice(jobtype="7"), "jobtype"),
    "unknown customer type": (invoice(customertype="3"), "customertype"),
    "unknown channel": (invoice(sendtype="pigeon"), "sendtype"),
    "company needs its name": (invoice(customertype="1"), "company"),
    "e-mail needs an address": (invoice(sendtype="email"), "email"),
    "e-invoice needs an operator": (invoice(sendtype="evoice", evoice="0037"), "evoiceint"),
    "consumer e-invoice needs its payment id": (invoice(**B2C), "job_finvoice_paymentid"),
    "date of the wrong form": (invoice(billdate="2.3.2026"), "billdate"),
    "date that is none": (invoice(paydate="2026-02-30"), "paydate"),
    "number with a comma": (reminder(amount="250,00"), "amount"),
    "number with an exponent": (reminder(amount="1e3"), "amount"),
    "number in other digits": (reminder(amount="٢٥٠"), "amount"),
    "country in two letters": (invoice(addresscountry="FI"), "addresscountry"),
    "rows that are no list": (invoice(payrow={"desc": "x"}), "payrow"),
    "row without a rate": (invoice(payrow=[{"desc": "x", "count": "1", "amount": "1"}]), "taxpr"),
    "row with a word for a number": (invoice(payrow=[ROW | {"count": "two"}]), "count"),
    "rate over a hundred": (invoice(payrow=[ROW | {"taxpr": "101"}]), "taxpr"),
    "fee from a consumer": (invoice(fixedfee="1"), "Vakiokorvausta"),
    "fee with finance": (invoice(**COMPANY, person=None, fixedfee="1", finance="1"), "rahoitus"),
    "finance for a consumer": (invoice(finance="2"), "Rahoitus"),
    "finance without a business id": (
        invoice(**COMPANY | {"govid": "12"}, person=None, finance="1"),
        "Rahoitus",
    ),
    "plan for a consumer": (invoice(payplaninterval="1", payplancount="3"), "Maksusuunnitelmaa"),
    "cash discount over a hundred": (invoice(cashdiscountrow=[{"discountpercent": "120"}]), "Käteisalennus"),
    "totals that do not add up": (
        invoice(netamount="96.00", vatamount="24.48", totalamount="120.00"),
        "totalamount",
    ),
}
TAKEN = {
    "company with finance": invoice(**COMPANY, person=None, finance="1"),
    "company with fee": invoice(**COMPANY, person=None, fixedfee="1"),
    "plan of a company": invoice(**COMPANY, person=None, payplaninterval="1", payplancount="3"),
    "consumer e-invoice": invoice(**B2C, propertyrow=PAYMENT_ID),
    "collection with rows": collection(payrow=[ROW]),
    "numbers as numbers": invoice(
        jobtype=300, customertype=2, payrow=[{"desc": "x", "count": 1, "amount": 2.5, "taxpr": 0}]
    ),
    "reference of the wrong check digit": reminder(billcode="1234567890"),
    "exact totals": invoice(netamount="96.00", vatamount="24.48", totalamount="120.48"),
    "crediting rows": invoice(jobtype="0", payrow=[ROW | {"count": "-2"}]),
    "unknown fields": invoice(whatever="x"),
}


@pytest.mark.parametrize(
    ("kind", "field"), [(kind, field) for kind, (_, names) in MINIMUM.items() for field in names]
)
def test_each_field_of_the_minimum_is_missed(kind, field):
    make = MINIMUM[kind][0]
    assert problems(make(), "FI") == []
    for absent in (None, ""):
        dataset = make() | {field: absent}
        assert any(field in problem for problem in problems(dataset, "FI"))


@pytest.mark.parametrize("rule", REFUSED)
def test_refused(rule):
    dataset, word = REFUSED[rule]
    found = problems(dataset, "FI")
    assert any(word in problem for problem in found), found


@pytest.mark.parametrize("rule", TAKEN)
def test_taken(rule):
    assert problems(TAKEN[rule], "FI") == []


def test_only_finland_insists_on_the_date_of_the_reminder():
    dataset = collection(noticedate=None)
    assert [len(problems(dataset, country)) for country in ("FI", "SE", "NO")] == [1, 0, 0]


@pytest.mark.parametrize(
    ("country", "words"),
    [
        ("FI", "Pakollinen kenttä puuttuu: city"),
        ("SE", "Obligatoriskt fält saknas: city"),
        ("NO", "Påkrevd felt mangler: city"),
    ],
)
def test_refusals_speak_the_language_of_the_country(country, words):
    assert problems(invoice(city=None), country) == [words]


@pytest.mark.parametrize(
    ("policy", "asks", "taken"),
    [("asked", "1", 0), ("asked", "0", 1), ("asked", None, 1), ("always", None, 0), ("never", "1", 1)],
)
def test_a_number_may_come_twice_or_not(caller, sandbox, policy, asks, taken):
    sandbox.options.change({"duplicates": policy})
    dataset = invoice(checkbillnum=asks)
    caller.deliver(dataset)
    answer = caller.deliver(dataset).json()
    assert answer["accepted"] == taken
    if not taken:
        assert answer["errors"][0]["error"] == f"Laskunumero {dataset['billnum']} on jo järjestelmässä"


def test_a_reminder_may_bear_the_number_of_its_invoice(caller):
    dataset = invoice(checkbillnum="1")
    caller.deliver(dataset)
    assert (
        caller.deliver(reminder(billnum=dataset["billnum"], checkbillnum="1", **DAYS)).json()["accepted"] == 1
    )


def test_a_number_twice_in_one_delivery_is_a_duplicate(caller):
    dataset = invoice(checkbillnum="1")
    assert caller.deliver(dataset, dataset).json()["accepted"] == 1
