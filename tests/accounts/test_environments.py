"""The fixed table of environments, and what follows from the country of one."""

import datetime as dt
from decimal import Decimal

import pytest

from ropo_portal.accounts.models import CURRENCIES, TIME_ZONES, CreditorEnvironment, EnvironmentName
from ropo_portal.invoices.forms.sheet import InvoiceSheet
from ropo_portal.invoices.numbering import reference_for
from ropo_portal.invoices.paper import letter
from ropo_portal.ropo_one.environments import ENVIRONMENTS
from tests.factories import AT, make_content, make_creditor, make_debtor, make_environment, make_invoice


def test_the_table_and_the_choice_agree():
    assert set(EnvironmentName.values) == {*ENVIRONMENTS, "sandbox"}
    for name, found in ENVIRONMENTS.items():
        ours = CreditorEnvironment(name=name)
        assert (ours.country, ours.stage) == (found.country, found.stage)
        assert (CURRENCIES[found.country], TIME_ZONES[found.country]) == (found.currency, found.time_zone)


def test_the_six_hosts_are_ropos():
    hosts = {name: found.base_url for name, found in ENVIRONMENTS.items()}
    assert hosts == {
        f"{country}-{stage}": f"https://{prefix}ropo24.{country}/rest"
        for country in ("fi", "se", "no")
        for stage, prefix in (("test", "rc."), ("production", ""))
    }


def test_no_model_and_no_form_has_an_address_to_type(db):
    names = {field.name for field in CreditorEnvironment._meta.get_fields()}
    assert names & {"url", "host", "base_url", "address"} == set()


@pytest.mark.parametrize(
    ("home", "name", "currency", "zone", "reference"),
    [
        ("FI", "fi-test", "EUR", "Europe/Helsinki", "viite"),
        ("FI", "se-test", "SEK", "Europe/Stockholm", "ocr"),
        ("FI", "no-production", "NOK", "Europe/Oslo", "kid10"),
        ("SE", "fi-production", "EUR", "Europe/Helsinki", "viite"),
        ("NO", "sandbox", "NOK", "Europe/Oslo", "kid10"),
    ],
)
def test_everything_follows_the_environment(db, home, name, currency, zone, reference):
    environment = make_environment(make_creditor(home), name)
    assert (environment.currency, environment.time_zone.key) == (currency, zone)
    assert environment.reference_kind == reference


def test_the_creditors_own_kind_and_length_hold_at_home_only(db):
    creditor = make_creditor("SE", reference_kind="ocr-length", reference_length=9)
    home, abroad = make_environment(creditor, "se-test"), make_environment(creditor, "no-test")
    assert (home.reference_kind, home.reference_length) == ("ocr-length", 9)
    assert (abroad.reference_kind, abroad.reference_length) == ("kid10", None)
    assert reference_for("12345", abroad) == "123455"


def test_each_environment_has_a_number_series_of_its_own(db):
    creditor = make_creditor()
    debtor = make_debtor(creditor)
    numbers = [
        make_invoice(make_environment(creditor, name), debtor).number for name in ("fi-test", "fi-production")
    ]
    assert numbers[0] == numbers[1]


def test_the_day_begins_where_the_environment_is(db):
    creditor, evening = make_creditor(), dt.datetime(2026, 11, 23, 22, 30, tzinfo=dt.UTC)
    days = {name: make_environment(creditor, name).today(evening).day for name in ("fi-test", "se-test")}
    assert days == {"fi-test": 24, "se-test": 23}


def test_the_usual_rate_of_a_form_is_the_countrys(db):
    creditor = make_creditor("FI", default_vat_rate=Decimal("13.5"))
    rates = {}
    for name in ("fi-test", "se-test"):
        sheet = InvoiceSheet(make_environment(creditor, name), today=AT.date())
        rates[name] = sheet.rows.form_kwargs["rate"]
    assert rates == {"fi-test": Decimal("13.5"), "se-test": Decimal(25)}


def test_a_letter_names_the_country_when_it_leaves_the_environments(db):
    creditor = make_creditor("FI")
    debtor = make_debtor(creditor, country="FI")
    home, abroad = (make_environment(creditor, name) for name in ("fi-test", "se-test"))
    letters = [letter(make_content(debtor, number="1", reference="1"), where) for where in (home, abroad)]
    assert [bool("Finland" in str(draft.recipient.address)) for draft in letters] == [False, True]
    assert [draft.currency for draft in letters] == ["EUR", "SEK"]
