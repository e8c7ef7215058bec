"""Ropo One's arithmetic, by its own worked example and by ours."""

from decimal import Decimal

import pytest

from ropo_portal.sandbox.pricing import Amounts, disagreement, price

PAPER = [
    {"count": "2", "amount": "8.05", "taxpr": "24"},
    {"count": "1", "amount": "22.89", "taxpr": "10"},
]
THIRDS = [{"count": "1", "amount": "10.01", "taxpr": "25.5"}] * 3


def amounts(*values):
    return Amounts(*map(Decimal, values))


def test_the_worked_example_of_the_guide():
    assert price({"payrow": PAPER}).all == amounts("38.99", "6.15", "45.14")


def test_vat_is_rounded_once_per_rate_unless_switched():
    assert price({"payrow": THIRDS}).all == amounts("30.03", "7.66", "37.69")
    assert price({"payrow": THIRDS}, rounding="row").all == amounts("30.03", "7.65", "37.68")


def test_a_discount_is_taken_off_the_row():
    assert price({"payrow": [PAPER[0] | {"discount": "50"}]}).all.net == Decimal("8.05")


def test_exact_totals_are_kept():
    exact = {"netamount": "30.03", "vatamount": "7.65", "totalamount": "37.68"}
    assert price({"payrow": THIRDS, **exact}).all == amounts("30.03", "7.65", "37.68")


def test_a_receivable_without_rows_is_its_capital():
    assert price({"amount": "250.00"}).all == amounts("250.00", "0", "250.00")


@pytest.mark.parametrize(
    ("totals", "complains"),
    [
        (("96.00", "24.48", "120.48"), False),
        (("96.00", "24.48", "121.00"), True),
        (("90.00", "30.48", "120.48"), True),
    ],
)
def test_exact_totals_are_checked(totals, complains):
    names = ("netamount", "vatamount", "totalamount")
    row = dict(zip(names, ("96.00", "24.48", "120.48"), strict=True))
    assert bool(disagreement({"payrow": [row], **dict(zip(names, totals, strict=True))})) is complains
