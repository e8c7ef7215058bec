import re

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ropo_portal.documents.drafts import code128

# An own copy of what a scanner knows: the bars of the first and last symbols, from the standard's table.
KNOWN = {
    0: "212222",
    1: "222122",
    9: "221213",
    10: "221312",
    50: "231131",
    99: "113141",
    102: "411131",
    105: "211232",
}
LINE = "479440520200360820048831500000000868516259619897100612"


def read(pattern: str) -> str:
    """Read a pattern of bars (1) and spaces (0) as a scanner does: start, pairs, check symbol, stop."""
    runs = "".join(str(len(run[0])) for run in re.finditer(r"1+|0+", pattern))
    symbols = [runs[place : place + 6] for place in range(0, len(runs) - 7, 6)]
    assert runs[-7:] == "2331112"
    values = [code128._SYMBOLS.index(symbol) for symbol in symbols]
    start, *pairs, check = values
    assert start == 105
    assert check == (start + sum(place * value for place, value in enumerate(pairs, start=1))) % 103
    return "".join(f"{value:02}" for value in pairs)


def bars_of(svg: str) -> str:
    """Paint the picture's bars into a row of modules, without the quiet zones."""
    width = int(re.search(r'viewBox="0 0 (\d+) 1"', svg)[1])
    modules = ["0"] * width
    for start, length in re.findall(r"M(\d+) 0h(\d+)v1h-\d+z", svg):
        modules[int(start) : int(start) + int(length)] = "1" * int(length)
    quiet = "0" * code128.QUIET
    row = "".join(modules)
    assert (row.startswith(quiet), row.endswith(quiet)) == (True, True)
    return row.strip("0")


def test_symbols_are_those_of_the_standard() -> None:
    assert {value: code128._SYMBOLS[value] for value in KNOWN} == KNOWN
    assert len(set(code128._SYMBOLS)) == 106
    for symbol in code128._SYMBOLS:
        widths = [int(width) for width in symbol]
        assert (sum(widths), sum(widths[::2]) % 2) == (11, 0)


# The check values are printed in the Finnish banks' guide.
@pytest.mark.parametrize(
    ("digits", "check"), [(LINE, 40), ("458101710000001220004829900000000559582243294671120131", 55)]
)
def test_check_values_of_the_guide(digits: str, check: int) -> None:
    assert code128.checksum(digits) == check


@hypothesis.settings(deadline=None)
@given(st.from_regex(r"([0-9]{2}){1,30}", fullmatch=True))
def test_what_is_drawn_reads_back(digits: str) -> None:
    assert read(bars_of(code128.svg(digits))) == digits


def test_an_odd_number_of_digits_is_refused() -> None:
    with pytest.raises(ValueError, match="even"):
        code128.widths("123")
