from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ropo_portal.imports.readers.dates import read_date
from ropo_portal.imports.readers.numbers import Unreadable
from ropo_portal.imports.readers.styles import order_of

days = st.dates(date(1991, 1, 1), date(2099, 12, 31))
WRITTEN = {
    "dmy": lambda day, sign: f"{day.day}{sign}{day.month}{sign}{day.year}",
    "mdy": lambda day, sign: f"{day.month:02}{sign}{day.day:02}{sign}{day.year}",
    "ymd": lambda day, sign: f"{day.year}{sign}{day.month:02}{sign}{day.day:02}",
}


def reading(text):
    try:
        return read_date(text, "")
    except Unreadable as why:
        return why.code


@given(days, st.sampled_from(["dmy", "mdy", "ymd"]), st.sampled_from("-./"))
def test_a_day_of_any_style_reads_back(day, order, sign):
    assert read_date(WRITTEN[order](day, sign), order) == day.isoformat()


@given(days, st.sampled_from(["dmy", "mdy", "ymd"]), st.sampled_from("-/"))
def test_without_an_order_a_day_reads_right_or_not_at_all(day, order, sign):
    assert reading(WRITTEN[order](day, sign)) in {day.isoformat(), "ambiguous_date"}


@given(st.lists(days, min_size=1, max_size=5), st.sampled_from(["dmy", "mdy"]))
def test_what_a_sample_proves_is_the_order_it_was_written_in(many, order):
    proven, _doubts = order_of([WRITTEN[order](day, "/") for day in many])
    assert proven in {"", order, "ymd"}


@given(st.dates(date(1990, 1, 2), date(2099, 12, 31)))
def test_a_count_of_days_reads_as_the_spreadsheet_shows_it(day):
    assert read_date(str((day - date(1899, 12, 30)).days), "") == day.isoformat()


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("2026-04-03", "dmy", "2026-04-03"),
        ("2026-04-03T00:00:00", "", "2026-04-03"),
        ("2026-04-03 12:30", "", "2026-04-03"),
        ("2026-04-03Z", "", "2026-04-03"),
        ("2026-04-03+02:00", "", "2026-04-03"),
        ("3.4.2026", "", "2026-04-03"),
        ("3. 4. 2026", "", "2026-04-03"),
        ("3.4.2026 0.00", "", "2026-04-03"),
        ("3.4.26", "", "2026-04-03"),
        ("20260403", "", "2026-04-03"),
        ("26-04-03", "ymd", "2026-04-03"),
        ("25/04/2026", "", "2026-04-25"),
        ("04/25/2026", "", "2026-04-25"),
        ("04/04/2026", "", "2026-04-04"),
        ("46115", "dmy", "2026-04-03"),
    ],
)
def test_days_are_read_as_people_write_them(text, order, day):
    assert read_date(text, order) == day


@pytest.mark.parametrize(
    ("text", "order", "code"),
    [
        ("03/04/2026", "", "ambiguous_date"),
        ("03/04/2026", "ymd", "ambiguous_date"),
        ("03-04-26", "", "ambiguous_date"),
        ("25/04/2026", "mdy", "no_such_day"),
        ("31.2.2026", "", "no_such_day"),
        ("2026-02-30", "", "no_such_day"),
        ("tomorrow", "", "not_a_date"),
        ("2026", "", "not_a_date"),
        ("12345", "", "not_a_date"),
        ("3.4.2026.5", "", "not_a_date"),
        ("9" * 60, "", "not_a_date"),
    ],
)
def test_what_names_no_single_day_is_refused(text, order, code):
    with pytest.raises(Unreadable) as refused:
        read_date(text, order)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("texts", "order", "doubts"),
    [
        (["03/04/2026", "25/04/2026"], "dmy", []),
        (["03/04/2026", "04/25/2026"], "mdy", []),
        (["03/04/2026"], "", ["date_order"]),
        (["25/04/2026", "04/25/2026"], "", ["date_mixed"]),
        (["3.4.2026", "03/04/2026"], "", ["date_order"]),
        (["2026-04-03"], "ymd", []),
        (["46115"], "ymd", ["serial_date"]),
        (["3.4.2026"], "dmy", []),
    ],
)
def test_the_order_is_never_guessed_in_silence(texts, order, doubts):
    found, asked = order_of(texts)
    assert (found, [doubt.code for doubt in asked]) == (order, doubts)
