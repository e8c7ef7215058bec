"""Words of the templates: they escape, they speak the reader's language, they never guess."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation
from django.utils.safestring import SafeString

from ropo_portal.ui.fields import AmountField, DayField
from ropo_portal.ui.widgets import Combobox

BAD = "<script>alert('x')</script>\" onload=\"x"


class Sample(forms.Form):
    day = DayField()
    sum = AmountField(help_text=BAD)
    debtor = forms.Field(widget=Combobox(url="/options?a=1&b=2", create_label=BAD))
    channel = forms.ChoiceField(widget=forms.RadioSelect, choices=[("a", "A")])


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def drawn(text: str, **values: Any) -> str:
    return Template("{% load ui %}" + text).render(Context(values)).strip()


def test_icon_is_silent_and_inline() -> None:
    svg = drawn('{% icon "send" 15 %}')
    assert svg.startswith("<svg")
    assert 'aria-hidden="true"' in svg
    assert 'width="15"' in svg
    assert "style=" not in svg


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", "1\u00a0234.50\u00a0€"), ("fi", "1\u00a0234,50\u00a0€"), ("sv", "1\u00a0234,50\u00a0€")],
)
def test_money_in_the_readers_language(language: str, expected: str) -> None:
    with translation.override(language):
        assert drawn('{{ value|money:"EUR" }}', value=Decimal("1234.5")) == expected


def test_currency_is_escaped() -> None:
    assert "<script>" not in drawn("{{ value|money:currency }}", value=Decimal(1), currency=BAD)


@pytest.mark.parametrize(
    ("language", "expected"),
    [("fi", "1.12.2026"), ("sv", '<span class="nowrap">2026-12-01</span>'), ("nb", "01.12.2026")],
)
def test_day_is_shown_as_it_is_typed(language: str, expected: str) -> None:
    with translation.override(language):
        assert drawn("{{ value|day }}", value=date(2026, 12, 1)) == expected


def test_moment_is_local_and_exact() -> None:
    html = drawn("{{ value|moment }}", value=datetime(2026, 11, 22, 22, 30, tzinfo=UTC))
    assert "23.11.2026 00:30" in html
    assert 'datetime="2026-11-23T00:30:00+02:00"' in html


def test_nothing_is_a_dash() -> None:
    assert (
        drawn("{{ a|money }} {{ a|day }} {{ a|moment }} {{ a|masked }} {{ a|amount }}", a=None) == "– – – – –"
    )


def test_badge_says_its_state_in_words() -> None:
    html = drawn('{% badge "unconfirmed" %}')
    assert "tone-unconfirmed" in html
    assert "Unconfirmed" in html


def test_unknown_state_is_neutral_and_escaped() -> None:
    html = drawn("{% badge state %}", state=BAD)
    assert "tone-draft" in html
    assert "<script>" not in html


def test_masked_shows_the_end_only() -> None:
    assert drawn("{{ value|masked }}", value="131052-308T") == "•••••••308T"


def test_field_ties_hint_and_error_to_its_input() -> None:
    form = Sample({"day": "31.2.2026"})
    html = drawn("{% field form.day hint='d.m.yyyy' %}", form=form)
    assert 'for="id_day"' in html
    assert 'aria-invalid="true"' in html
    assert "id_day_error" in html
    assert "does not exist" in html


def test_help_text_of_a_field_is_escaped_and_described() -> None:
    html = drawn("{% field form.sum %}", form=Sample())
    assert "<script>" not in html
    assert 'aria-describedby="id_sum_helptext"' in html
    assert 'id="id_sum_helptext"' in html


def test_combobox_escapes_what_was_typed_and_keeps_it() -> None:
    html = drawn("{% field form.debtor %}", form=Sample({"debtor": "7", "debtor_text": BAD}))
    assert "<script>" not in html
    assert 'name="debtor" value="7"' in html
    assert "&lt;script&gt;" in html


def test_errors_summary_links_every_field() -> None:
    html = drawn("{% errors_summary form %}", form=Sample({"sum": "1.234"}))
    assert 'href="#id_day"' in html
    assert 'href="#id_channel_0"' in html
    assert 'role="alert"' in html
    assert drawn("{% errors_summary form %}", form=Sample()) == ""


def test_wrapping_components_escape_their_titles_and_keep_their_content() -> None:
    html = drawn("{% panel title=bad %}<b>{{ bad }}</b>{% endpanel %}", bad=BAD)
    assert "<script>" not in html
    assert "<b>&lt;script&gt;" in html


def test_safe_looking_state_is_not_trusted_as_a_class() -> None:
    assert 'class="badge tone-draft"' in drawn("{% badge state %}", state=SafeString("x' onload='y"))


@pytest.mark.parametrize(
    ("typed", "language", "shown"),
    [
        (Decimal("12.0000"), "fi", "12"),
        (Decimal("24.9000"), "fi", "24,90"),
        (Decimal("0.0125"), "fi", "0,0125"),
    ],
)
def test_amount_is_shown_without_needless_zeros(typed: Decimal, language: str, shown: str) -> None:
    with translation.override(language):
        assert AmountField(places=4).widget.format_value(typed) == shown


def test_sum_of_two_places_always_shows_them() -> None:
    assert AmountField().widget.format_value(Decimal(5)) == "5.00"


def test_what_is_shown_reads_back() -> None:
    with translation.override("nb"):
        form = Sample({"day": DayField().widget.format_value(date(2026, 2, 3)), "sum": "1 234,56"})
        form.is_valid()
        assert form.cleaned_data["day"] == date(2026, 2, 3)
        assert form.cleaned_data["sum"] == Decimal("1234.56")
