from dataclasses import dataclass
from decimal import Decimal

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ropo_portal.money import (
    AmbiguousAmount,
    AmountOutOfRange,
    NotAnAmount,
    RowAmounts,
    VatGroup,
    format_amount,
    format_decimal,
    format_money,
    format_percent,
    money,
    parse_amount,
    parse_percent,
    positive,
    sums,
    totals,
)

CENTS = st.decimals(min_value=-9_999_999, max_value=9_999_999, places=2)


@dataclass(frozen=True)
class Row:
    quantity: Decimal = Decimal(1)
    unit_price: Decimal = Decimal(0)
    vat_rate: Decimal = Decimal("25.5")
    discount: Decimal = Decimal(0)


def test_tax_is_rounded_once_per_rate() -> None:
    result = totals([Row(unit_price=Decimal("10.01"))] * 3)
    assert result.groups == (VatGroup(Decimal("25.5"), Decimal("30.03"), Decimal("7.66"), Decimal("37.69")),)
    assert (result.net, result.vat, result.total) == (
        Decimal("30.03"),
        Decimal("7.66"),
        Decimal("37.69"),
    )
    assert result.rows[0] == RowAmounts(Decimal("10.01"), Decimal("2.56"), Decimal("12.57"))
    assert [row.vat for row in result.rows] == [
        Decimal("2.56"),
        Decimal("2.55"),
        Decimal("2.55"),
    ]


def test_one_rate_written_two_ways_is_one_group() -> None:
    result = totals(
        [
            Row(unit_price=Decimal(10), vat_rate=Decimal(24)),
            Row(vat_rate=Decimal("24.00")),
        ]
    )
    assert len(result.groups) == 1


def test_no_rows_add_up_to_nothing() -> None:
    assert totals([]).total == Decimal("0.00")


def test_discount_is_taken_before_rounding() -> None:
    row = Row(quantity=Decimal(3), unit_price=Decimal("9.99"), discount=Decimal(15))
    assert totals([row]).net == Decimal("25.47")


@hypothesis.settings(deadline=None)
@given(
    st.lists(
        st.builds(
            Row,
            quantity=st.decimals(min_value=-50, max_value=50, places=3),
            unit_price=st.decimals(min_value=-500, max_value=500, places=2),
            vat_rate=st.sampled_from([Decimal(rate) for rate in ("25.5", "13.5", "10", "0", "11.11")]),
            discount=st.decimals(min_value=0, max_value=100, places=1),
        ),
        max_size=12,
    )
)
def test_rows_and_groups_and_totals_always_agree(rows: list[Row]) -> None:
    result = totals(rows)
    zero = Decimal(0)
    assert sum((row.net for row in result.rows), zero) == result.net
    assert sum((row.vat for row in result.rows), zero) == result.vat
    assert sum((row.total for row in result.rows), zero) == result.total
    assert sum((group.total for group in result.groups), zero) == result.total
    for row, amounts in zip(rows, result.rows, strict=True):
        assert abs(amounts.vat - amounts.net * row.vat_rate / 100) < Decimal("0.011")


def test_money_rounds_half_away_from_zero() -> None:
    assert [money(value) for value in ("0.005", "-0.005", "2.675")] == [
        Decimal("0.01"),
        Decimal("-0.01"),
        Decimal("2.68"),
    ]


def test_money_is_never_a_float() -> None:
    with pytest.raises(TypeError):
        money(0.1)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1234.56", "1234.56"),
        ("1234,56", "1234.56"),
        ("1 234,56", "1234.56"),
        ("1\u00a0234,56", "1234.56"),
        ("1\u2009234\u202f567,5", "1234567.50"),
        ("  7 ", "7.00"),
        ("-10", "-10.00"),
        ("\u221210,5", "-10.50"),
        ("-0.00", "0.00"),
        ("+3", "3.00"),
        ("1234", "1234.00"),
    ],
)
def test_amounts_are_read_as_clerks_write_them(text: str, amount: str) -> None:
    assert str(parse_amount(text)) == amount


@pytest.mark.parametrize(
    "text",
    ["1.234,56", "1,234.56", "1.234", "1,234", "10.005", "1.234.567", "1'234.50"],
)
def test_an_amount_with_two_meanings_is_asked_about(text: str) -> None:
    with pytest.raises(AmbiguousAmount, match="two ways"):
        parse_amount(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "abc",
        "1e3",
        "NaN",
        "Infinity",
        "0x10",
        "\uff11\uff12",
        "\u0661\u0662",
        "1..2",
        "1,2,3",
        "12 34",
        "1 23",
        ".",
        ",5",
        "5,",
        "--5",
        "1_000",
        "9" * 5000,
        "\u00b2",
    ],
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(NotAnAmount, match=r"125\.50"):
        parse_amount(text)


@pytest.mark.parametrize("text", ["0.005", "10.0055", "1 234.567"])
def test_too_many_decimals_are_refused(text: str) -> None:
    with pytest.raises(NotAnAmount, match="at most 2 decimals"):
        parse_amount(text)


def test_a_quantity_may_have_more_decimals() -> None:
    assert parse_amount("0,125", places=4) == Decimal("0.125")


def test_an_amount_above_the_limit_is_refused_with_the_limit() -> None:
    with pytest.raises(AmountOutOfRange, match=r"limit of 99\s999\s999\.99"):
        parse_amount("99999999999999999999")
    with pytest.raises(AmountOutOfRange) as refusal:
        parse_amount("101", field="amount", limit=Decimal(100))
    assert (refusal.value.field, refusal.value.code) == ("amount", "above_limit")


@pytest.mark.parametrize("text", ["0", "-0.00", "-10"])
def test_a_claim_is_above_zero(text: str) -> None:
    with pytest.raises(AmountOutOfRange, match="credit note"):
        positive(parse_amount(text))


def test_a_positive_claim_passes() -> None:
    assert positive(Decimal("0.01")) == Decimal("0.01")


@pytest.mark.parametrize(
    ("text", "rate"),
    [("25,5", "25.5"), ("13.5 %", "13.5"), ("11,11\u00a0%", "11.11"), ("0", "0")],
)
def test_rates_may_have_decimals(text: str, rate: str) -> None:
    assert parse_percent(text) == Decimal(rate)


@pytest.mark.parametrize("text", ["250", "-1", "100.01"])
def test_impossible_rates_are_refused(text: str) -> None:
    with pytest.raises(AmountOutOfRange, match="between 0 and 100"):
        parse_percent(text)


@hypothesis.settings(deadline=None)
@given(CENTS, st.sampled_from(["fi", "sv", "nb", "en"]))
def test_what_is_written_can_be_read_back(amount: Decimal, language: str) -> None:
    assert parse_amount(format_amount(amount, language), language) == amount


def test_amounts_are_written_as_each_country_writes_them() -> None:
    amount = Decimal("-1234567.891")
    assert format_amount(amount, "fi") == "\u22121\u00a0234\u00a0567,89"
    assert format_amount(amount, "en") == "\u22121\u00a0234\u00a0567.89"
    assert format_money(Decimal(5), "EUR", "sv") == "5,00\u00a0€"
    assert format_money(Decimal(5), "SEK", "sv") == "5,00\u00a0kr"
    assert format_money(Decimal(5), "NOK", "sv") == "5,00\u00a0NOK"
    assert format_percent(Decimal("25.50"), "nb") == "25,5\u00a0%"
    assert format_decimal(Decimal("100.000"), "fi") == "100"
    assert format_amount(Decimal("-0.001"), "fi") == "0,00"


@hypothesis.settings(deadline=None)
@given(st.text(max_size=30))
def test_any_text_is_read_or_refused_with_a_sentence(text: str) -> None:
    try:
        parse_amount(text)
    except (NotAnAmount, AmountOutOfRange) as refusal:
        assert str(refusal)  # noqa: PT017 - either outcome is right


@given(
    st.lists(
        st.builds(
            Row,
            quantity=st.decimals(min_value=-999, max_value=999, places=4),
            unit_price=st.decimals(min_value=-9999, max_value=9999, places=4),
            vat_rate=st.sampled_from([Decimal("25.5"), Decimal("25.50"), Decimal(14), Decimal(0)]),
            discount=st.sampled_from([Decimal(0), Decimal("12.5"), Decimal(100)]),
        ),
        max_size=8,
    )
)
def test_sums_alone_are_those_of_the_totals(rows: list[Row]) -> None:
    whole, alone = totals(rows), sums(rows)
    assert (alone.net, alone.vat, alone.total) == (whole.net, whole.vat, whole.total)
