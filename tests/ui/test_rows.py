"""Rows of a list: a kind of row is drawn once, every row says its own words, and no row those of another."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils.safestring import mark_safe

BAD = "<script>alert('x')</script>\" onload=\"x"


def drawn(text: str, **values: Any) -> str:
    return Template("{% load i18n rows ui %}" + text).render(Context(values))


def row(**facts: Any) -> SimpleNamespace:
    return SimpleNamespace(**facts)


def test_every_row_says_its_own_words_in_its_kinds_looks() -> None:
    rows = [row(state=state, number=number) for number, state in enumerate(("a", "b", "a", "b"))]
    body = "{% each row in rows by state=row.state %}{% fill number=row.number %}<{{ state }}{{ number }}{% if state == 'b' %}!{% endif %}>{% endeach %}"
    assert drawn(body, rows=rows) == "<a0><b1!><a2><b3!>"


def test_a_kind_of_row_is_drawn_once() -> None:
    told: list[str] = []
    rows = [row(state=state, number=number) for number, state in enumerate("aabba")]
    body = "{% each row in rows by state=row.state %}{% fill number=row.number %}{{ tell }}{{ number }}{% endeach %}"
    assert drawn(body, rows=rows, tell=lambda: told.append("drawn") or "-") == "-0-1-2-3-4"
    assert len(told) == 2


def test_words_are_escaped_like_any_other_and_safe_ones_are_not() -> None:
    body = '{% each row in rows %}{% fill name=row.name mark=row.mark %}<td title="{{ name }}">{{ name }}{{ mark }}</td>{% endeach %}'
    text = drawn(body, rows=[row(name=BAD, mark=mark_safe("<b>!</b>"))])
    assert text == drawn('<td title="{{ name }}">{{ name }}<b>!</b></td>', name=BAD)
    assert "<script>" not in text


def test_a_word_that_looks_like_a_stand_in_stays_a_word() -> None:
    body = "{% each row in rows %}{% fill name=row.name secret=row.secret %}{{ name }}|{{ secret }};{% endeach %}"
    rows = [row(name="\ue000secret\ue001", secret="k"), row(name="b", secret="l")]
    assert drawn(body, rows=rows) == "\ue000secret\ue001|k;b|l;"


def test_words_stand_in_sentences_and_addresses() -> None:
    body = (
        "{% each row in rows %}{% fill number=row.number %}"
        "{% blocktranslate %}Mark {{ number }}{% endblocktranslate %}{% endeach %}"
    )
    assert drawn(body, rows=[row(number="K1"), row(number="<K2>")]) == "Mark K1Mark &lt;K2&gt;"


@pytest.mark.parametrize("body", ["{{ row.number }}", "{% if row.number %}x{% endif %}"])
def test_the_row_itself_is_not_read_between(body: str) -> None:
    with pytest.raises(RuntimeError, match="`by` or in `fill`"):
        drawn("{% each row in rows %}" + body + "{% endeach %}", rows=[row(number=1)])


def test_what_is_only_printed_decides_nothing() -> None:
    body = "{% each row in rows %}{% fill number=row.number %}{% if number %}x{% endif %}{% endeach %}"
    with pytest.raises(RuntimeError, match="asked with `by`"):
        drawn(body, rows=[row(number=0)])


@pytest.mark.parametrize(
    "tag", ["each row", "each row of rows", "each row in rows state=row.state", "fill row.state"]
)
def test_a_tag_written_wrongly_says_so(tag: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        drawn("{% " + tag + " %}{% endeach %}", rows=[])


def test_no_rows_draw_nothing() -> None:
    assert drawn("{% each row in rows %}x{% endeach %}", rows=None) == ""
