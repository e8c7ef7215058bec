import uuid

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ropo_portal.identifiers import (
    TextRefused,
    check_invoice_number,
    check_text,
    new_id,
    normalized_number,
)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("ab\x00c", "The character U+0000 at position 3 is not allowed."),
        (
            "a\u202eb",
            "The character RIGHT-TO-LEFT OVERRIDE at position 2 is not allowed.",
        ),
        ("a\ud800", "The character U+D800 at position 2 is not allowed."),
        ("ab\u200bc", "The character ZERO WIDTH SPACE at position 3 is not allowed."),
        ("hi \U0001f600", "The character GRINNING FACE at position 4 is not allowed."),
        ("a\nb", "The character U+000A at position 2 is not allowed."),
        ("\ue000", "The character U+E000 at position 1 is not allowed."),
        ("x" * 10_000, "At most 40 characters are allowed here; this has 10000."),
    ],
)
def test_unprintable_text_is_refused_by_name_and_position(text: str, sentence: str) -> None:
    with pytest.raises(TextRefused) as refusal:
        check_text(text, 40, field="name")
    assert (str(refusal.value), refusal.value.field) == (sentence, "name")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "=HYPERLINK(1)",
        "{{ x }}",
        "javascript:1",
        "Åäö Ø æ",
        "李",
        "’“”–",
    ],
)
def test_hostile_but_printable_text_is_kept_as_text(text: str) -> None:
    assert check_text(f"  {text} ", 40) == text


def test_lines_are_kept_where_they_are_wanted() -> None:
    assert check_text("a\r\nb\rc\nd", 40, lines=True) == "a\nb\nc\nd"


def test_text_is_composed() -> None:
    assert check_text("A\u030a", 1) == "Å"


@pytest.mark.parametrize(
    "twin",
    [
        " 2026-1A ",
        "2026-1a",
        "2026\u200b-1A",
        "\uff12026-1A",
        "\ufeff2026-1A",
        "2026-1A\u00a0",
    ],
)
def test_numbers_that_look_alike_are_the_same_number(twin: str) -> None:
    assert normalized_number(twin) == normalized_number("2026-1A") == "2026-1a"


@hypothesis.settings(deadline=None)
@given(st.text(max_size=40))
def test_normalizing_twice_changes_nothing(text: str) -> None:
    assert normalized_number(normalized_number(text)) == normalized_number(text)


def test_invoice_numbers() -> None:
    assert check_invoice_number(" 2026/1-Å ") == "2026/1-Å"
    for wrong in ("", "2026\u0410", "=1", "1" * 41, "a<b"):
        with pytest.raises(TextRefused):
            check_invoice_number(wrong)


def test_new_ids_are_unique_and_in_order() -> None:
    ids = [new_id() for _ in range(2000)]
    assert len(set(ids)) == 2000
    assert ids[0] < ids[-1]
    assert {(key.version, key.variant) for key in ids} == {(7, uuid.RFC_4122)}
