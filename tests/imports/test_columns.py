"""Cells of lines mean what the forms read in them."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ropo_portal import money
from ropo_portal.errors import DomainError
from ropo_portal.imports import columns
from ropo_portal.imports.columns import Group, Staged

NUMBERS = st.from_regex(r"-?[0-9]{1,10}(\.[0-9]{1,6})?", fullmatch=True)


def as_a_form(text, places):
    """Read a number as a clerk would type it, with its decimals written so that none can be a thousand."""
    whole, _point, decimals = text.partition(".")
    decimals = decimals.rstrip("0")
    return money.parse_amount(f"{whole}.{decimals.ljust(4, '0') if len(decimals) == 3 else decimals}" if decimals else whole,
                              places=places)  # fmt: skip


@given(NUMBERS, st.sampled_from([2, 4]))
def test_a_number_is_read_as_the_forms_read_it(text, places):
    read = []
    for reader in (columns.amount, as_a_form):
        try:
            value = reader(text, places)
            read.append((value, value.as_tuple()))
        except DomainError as refusal:
            read.append(refusal.code)
    assert read[0] == read[1]


def test_a_row_in_order_and_one_with_an_error():
    cells = {
        "row_description": "Huolto",
        "row_price": "10.5",
        "row_vat_rate": "25.5",
        "row_quantity": "2",
        "city": "Turku",
    }
    faults = []
    row = columns.row(Group("a", [Staged(2, cells, {})]), 0, faults)
    assert (row.description, row.unit_price, row.quantity, faults) == (
        "Huolto",
        Decimal("10.5"),
        Decimal(2),
        [],
    )
    wrong = cells | {"row_price": "1.23456", "row_vat_rate": "255", "row_description": ""}
    assert columns.row(Group("a", [Staged(2, wrong, {})]), 0, faults) is None
    assert sorted((fault.column, fault.code) for fault in faults) == [
        ("row_description", "required"), ("row_price", "too_many_decimals"), ("row_vat_rate", "not_a_percentage"),
    ]  # fmt: skip
