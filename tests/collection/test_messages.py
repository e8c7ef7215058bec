"""Golden messages: what Ropo gets of a reminder and of a debt collection, word for word."""

import json

import pytest

from ropo_portal.collection.messages import case_message, reminder_message
from ropo_portal.collection.models import DebtCollectionCase, Reminder
from ropo_portal.submissions.operations import CannotPost
from tests.collection.conftest import make_claim
from tests.collection.writing import NOTICE
from tests.factories import NATIONAL_IDS, make_creditor, make_debtor, make_environment

pytestmark = pytest.mark.django_db
PLACES = {
    "FI": {"address": "Mannerheimintie 1", "postcode": "00100", "city": "Helsinki", "addresscountry": "FIN"},
    "SE": {"address": "Kungsgatan 1", "postcode": "11143", "city": "Stockholm", "addresscountry": "SWE"},
    "NO": {"address": "Karl Johans gate 1", "postcode": "0154", "city": "Oslo", "addresscountry": "NOR"},
}
LANGUAGES = {"FI": ("fi", "fin"), "SE": ("sv", "swe"), "NO": ("nb", "nor")}
IDS = {"FI": "2077474-0", "SE": "556703-7485", "NO": "974760673"}
CLAIM = {
    "billnum": "X-17", "checkbillnum": "1", "billcode": "1232", "amount": "250.00",
    "billdate": "2026-09-01", "paydate": "2026-10-01",
}  # fmt: skip
REACH = {
    "email": "aalto@example.com", "phone": "+358 40 123 4567",
    "einvoice_address": "003720774740", "einvoice_operator": "003714377140",
}  # fmt: skip
WAYS = {
    "post": {"sendtype": "post"},
    "email": {"sendtype": "email", "email": "aalto@example.com"},
    "einvoice": {"sendtype": "evoice", "evoice": "003720774740", "evoiceint": "003714377140"},
    "consumer-einvoice": {
        "sendtype": "b2c", "evoice": "003720774740", "evoiceint": "003714377140",
        "propertyrow": [{"propname": "job_finvoice_paymentid", "propvalue": "FI-77"}],
    },
}  # fmt: skip


def dataset(message):
    (job,) = json.loads(message.to_bytes())["datastream"]["dataset"]
    return job


def claim_in(country, kind):
    environment = make_environment(make_creditor(country))
    facts = {"name": "Aalto", "customer_number": "A-1", "language": LANGUAGES[country][0], **REACH}
    return make_claim(environment, make_debtor(environment.creditor, kind=kind, **facts))


def debtor_words(country, kind):
    who = {"customertype": "1", "company": "Aalto", "govid": IDS[country]}
    if kind == "person":
        who = {"customertype": "2", "person": "Aalto"}
    return {**who, **PLACES[country], "custnum": "A-1", "language": LANGUAGES[country][1]}


@pytest.mark.parametrize("country", ["FI", "SE", "NO"])
@pytest.mark.parametrize(
    ("kind", "channel"),
    [("company", "post"), ("company", "email"), ("company", "einvoice"), ("person", "post"), ("person", "email"),
     ("person", "consumer-einvoice")],
)  # fmt: skip
def test_a_reminder_has_exactly_what_its_channel_needs(country, kind, channel):
    reminder = Reminder(
        claim=claim_in(country, kind), amount="250.00", channel=channel, einvoice_payment_id="FI-77"
    )
    assert dataset(reminder_message(reminder)) == {
        "jobtype": "1", **debtor_words(country, kind), **CLAIM, **WAYS[channel],
    }  # fmt: skip


@pytest.mark.parametrize("country", ["FI", "SE", "NO"])
@pytest.mark.parametrize("kind", ["company", "person"])
def test_a_debt_collection_says_who_and_since_when(country, kind):
    case = DebtCollectionCase(claim=claim_in(country, kind), amount="250.00", **NOTICE)
    identity = {"govid": NATIONAL_IDS[country]} if kind == "person" else {}
    assert dataset(case_message(case)) == {
        "jobtype": "2", **debtor_words(country, kind), **identity, **CLAIM, "noticedate": "2026-10-20",
        "email": REACH["email"], "phone": REACH["phone"],
    }  # fmt: skip


def test_outside_finland_the_notice_may_be_missing():
    assert "noticedate" not in dataset(
        case_message(DebtCollectionCase(claim=claim_in("SE", "company"), amount="1"))
    )
    with pytest.raises(ValueError, match="Finland"):
        case_message(DebtCollectionCase(claim=claim_in("FI", "company"), amount="1"))


def test_the_text_of_a_reminder_travels_along():
    reminder = Reminder(claim=claim_in("FI", "company"), amount="250.00", free_text="Hei")
    assert dataset(reminder_message(reminder))["freetext"] == "Hei"


@pytest.mark.parametrize("amount", ["0.00", "-5", "1.005"])
def test_no_message_without_a_proper_amount(amount):
    with pytest.raises((ValueError, CannotPost)):
        reminder_message(Reminder(claim=claim_in("FI", "company"), amount=amount))
