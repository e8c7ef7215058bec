from datetime import date

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ropo_portal.days import (
    DayOutOfRange,
    NotADay,
    bank_holidays,
    banking_days,
    easter,
    format_date,
    is_banking_day,
    parse_date,
    years_later,
)


@pytest.mark.parametrize("text", ["31.12.2026", "2026-12-31", "31/12/2026", " 31.12.2026 "])
def test_dates_are_read_as_clerks_write_them(text: str) -> None:
    assert parse_date(text, "fi") == date(2026, 12, 31)


@pytest.mark.parametrize("text", ["2026-02-30", "30.2.2026", "0000-00-00", "29.2.2025", "13/13/2026"])
def test_days_that_do_not_exist_are_refused(text: str) -> None:
    with pytest.raises(NotADay, match="does not exist"):
        parse_date(text, "fi")


@pytest.mark.parametrize(
    "text",
    [
        "31/12/26",
        "03/04/2026",
        "2/13/2026",
        "",
        "tomorrow",
        "1.1.26",
        "\uff11.1.2026",
        "1.1.2026\n2",
    ],
)
def test_dates_that_could_be_misread_are_refused(text: str) -> None:
    with pytest.raises(NotADay, match=r"day\.month\.year, for example 31\.12\.2026"):
        parse_date(text, "fi")


@pytest.mark.parametrize("text", ["31.12.1899", "1.1.2060"])
def test_dates_far_away_are_refused(text: str) -> None:
    with pytest.raises(DayOutOfRange, match=r"between 1\.1\.1990"):
        parse_date(text, "fi")


def test_the_range_is_the_callers() -> None:
    with pytest.raises(DayOutOfRange) as refusal:
        parse_date("1.1.2026", "fi", field="due_date", latest=date(2025, 1, 1))
    assert refusal.value.field == "due_date"
    assert parse_date("1.1.1980", "fi", earliest=date(1970, 1, 1)) == date(1980, 1, 1)


@hypothesis.settings(deadline=None)
@given(
    st.dates(date(1990, 1, 1), date(2030, 1, 1)),
    st.sampled_from(["fi", "sv", "nb", "en"]),
)
def test_what_is_written_can_be_read_back(day: date, language: str) -> None:
    assert parse_date(format_date(day, language), language) == day


def test_days_are_written_as_each_country_writes_them() -> None:
    day = date(2026, 2, 1)
    assert [format_date(day, language) for language in ("fi", "sv", "nb", "en")] == [
        "1.2.2026",
        "2026-02-01",
        "01.02.2026",
        "1.2.2026",
    ]


def test_a_leap_day_has_no_twin_next_year() -> None:
    assert years_later(date(2024, 2, 29), 1) == date(2025, 2, 28)


@pytest.mark.parametrize(
    "day", ["2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28", "2038-04-25", "2285-03-22"]
)
def test_easter_falls_where_calendars_say(day: str) -> None:
    assert easter(int(day[:4])).isoformat() == day


def test_the_bank_holidays_of_a_year() -> None:
    shown = {
        country: " ".join(sorted(day.strftime("%m-%d") for day in bank_holidays(country, 2026)))
        for country in ("FI", "SE", "NO")
    }
    assert shown == {
        "FI": "01-01 01-06 04-03 04-06 05-01 05-14 06-19 12-06 12-24 12-25 12-26",
        "SE": "01-01 01-06 04-03 04-06 05-01 05-14 06-06 06-19 12-24 12-25 12-26 12-31",
        "NO": "01-01 04-02 04-03 04-06 05-01 05-14 05-17 05-25 12-25 12-26",
    }


def test_weekends_are_no_banking_days() -> None:
    assert [is_banking_day(date(2026, 11, day), "FI") for day in (20, 21, 22, 23)] == [
        True,
        False,
        False,
        True,
    ]


def test_banking_days_step_over_christmas() -> None:
    found = banking_days("SE", after=date(2026, 12, 23), count=4)
    assert [day.isoformat() for day in found] == ["2026-12-28", "2026-12-29", "2026-12-30", "2027-01-04"]
