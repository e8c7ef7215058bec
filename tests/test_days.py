from datetime import date

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ropo_portal.days import (
    DayOutOfRange,
    NotADay,
    format_date,
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
