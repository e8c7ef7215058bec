import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from ropo_portal.rules.models import VatRate
from ropo_portal.rules.operations import is_rate_of, rates_on, vat_rate_warning

pytestmark = pytest.mark.django_db

LAST_OF_OLD, FIRST_OF_NEW = dt.date(2024, 8, 31), dt.date(2024, 9, 1)


@pytest.mark.parametrize(
    ("country", "on", "rates"),
    [
        ("FI", LAST_OF_OLD, ["24", "14", "10", "0"]),
        ("FI", FIRST_OF_NEW, ["25.5", "14", "10", "0"]),
        ("FI", dt.date(2025, 12, 31), ["25.5", "14", "10", "0"]),
        ("FI", dt.date(2026, 1, 1), ["25.5", "13.5", "10", "0"]),
        ("SE", dt.date(2026, 11, 22), ["25", "12", "6", "0"]),
        ("NO", dt.date(2026, 11, 22), ["25", "15", "12", "11.11", "0"]),
        ("DE", dt.date(2026, 11, 22), []),
        ("FI", dt.date(1999, 1, 1), []),
    ],
)
def test_rates_are_those_of_the_day(country: str, on: dt.date, rates: list[str]) -> None:
    assert [row.rate for row in rates_on(country, on)] == [Decimal(rate) for rate in rates]


def test_what_was_not_checked_says_so() -> None:
    unconfirmed = VatRate.objects.filter(is_confirmed=False)
    assert set(unconfirmed.values_list("country", flat=True)) == {"FI", "NO"}
    assert not VatRate.objects.filter(source="").exists()


@pytest.mark.parametrize(
    ("country", "rate", "on", "warning"),
    [
        ("FI", "24", FIRST_OF_NEW, "24\xa0% ended on 31.8.2024; from 1.9.2024 it is 25.5\xa0%."),
        ("FI", "25.5", LAST_OF_OLD, "25.5\xa0% begins on 1.9.2024; until then it is 24\xa0%."),
        ("FI", "14.00", dt.date(2026, 2, 1), "14\xa0% ended on 31.12.2025; from 1.1.2026 it is 13.5\xa0%."),
        (
            "FI",
            "23",
            FIRST_OF_NEW,
            "23\xa0% is not a tax rate in this country; in force are 25.5\xa0%, 14\xa0%, 10\xa0%, 0\xa0%.",
        ),
    ],
)
def test_a_rate_of_another_time_is_explained(country: str, rate: str, on: dt.date, warning: str) -> None:
    assert str(vat_rate_warning(country, Decimal(rate), on)) == warning


@pytest.mark.parametrize(("country", "rate"), [("FI", "24.0"), ("FI", "0"), ("DE", "19")])
def test_a_rate_in_force_or_of_an_unknown_country_needs_no_warning(country: str, rate: str) -> None:
    assert vat_rate_warning(country, Decimal(rate), LAST_OF_OLD) is None


def test_a_warning_is_written_in_the_readers_language() -> None:
    warning = vat_rate_warning("FI", Decimal("25.5"), LAST_OF_OLD)
    with translation.override("fi"):
        assert "25,5\xa0%" in str(warning)


@pytest.mark.parametrize(
    "values",
    [
        {"rate": Decimal("100.01")},
        {"rate": Decimal(-1)},
        {"valid_to": dt.date(2029, 12, 31)},
        {"rate": Decimal("25.5"), "valid_from": FIRST_OF_NEW},
    ],
)
def test_the_database_refuses_impossible_rates(values: dict[str, object]) -> None:
    row = {
        "country": "FI",
        "rate": Decimal(30),
        "label": "standard",
        "valid_from": dt.date(2030, 1, 1),
        **values,
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        VatRate.objects.create(**row, checked_on=dt.date(2026, 11, 22))


@pytest.mark.django_db
@pytest.mark.parametrize(("rate", "known"), [("25.5", True), ("24", True), ("99", False), ("25", False)])
def test_a_rate_of_any_time_is_one_of_the_country(rate: str, known: bool) -> None:
    assert is_rate_of("FI", Decimal(rate)) is known
