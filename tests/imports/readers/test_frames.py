"""What a line leaves out because the line before said it is what it would have said."""

from hypothesis import given
from hypothesis import strategies as st

from ropo_portal.imports.lines import completed
from ropo_portal.imports.readers import frames
from ropo_portal.imports.readers.layouts import Line

NAMES = ("invoice_number", "debtor_name", "row_price", "city", "row_unit")
OWN = frozenset({"row_price", "row_unit"})
CELLS = st.tuples(*[st.sampled_from(["", "1", "2"])] * len(NAMES))
PROBLEMS = st.sampled_from([(), (), (), (("city", "too_long"),)])


def unpacked(packed, *, size, **own):
    """Read lines that came in frames of one size."""
    unpacking = frames.Unpacking(NAMES, **own)
    for start in range(0, len(packed), size):
        (body,) = (piece[frames.HEAD.size :] for piece in frames.batches(packed[start : start + size]))
        yield from unpacking.lines(body)


@given(st.lists(st.tuples(CELLS, PROBLEMS), max_size=12), st.integers(1, 4))
def test_lines_completed_are_the_lines_of_the_file(found, size):
    packed = [(number, cells, problems) for number, (cells, problems) in enumerate(found, start=2)]
    before, whole = None, []
    for line in unpacked(packed, size=size, key="invoice_number", own=OWN):
        before = completed(line, before)
        whole.append((before.number, before.cells, before.problems))
    plain = [(one.number, one.cells, one.problems) for one in unpacked(packed, size=size)]
    assert whole == plain


def test_only_what_repeats_a_numbered_line_is_more_of_it():
    rows = [("7", "Oy", "1", "Oulu", ""), ("7", "Oy", "2", "Oulu", "h"), ("7", "Oy", "2", "Turku", "h"),
            ("", "Oy", "2", "Turku", "h"), ("", "Oy", "3", "Turku", "h"), ("7", "Oy", "1", "Oulu", "")]  # fmt: skip
    packed = [(number, cells, ()) for number, cells in enumerate(rows, start=2)]
    lines = list(unpacked(packed, size=2, key="invoice_number", own=OWN))
    assert [line.is_more for line in lines] == [False, True, False, False, False, False]
    assert lines[1] == Line(3, {"row_price": "2", "row_unit": "h"}, {}, is_more=True)
    assert not any(line.is_more for line in unpacked(packed, size=2))
