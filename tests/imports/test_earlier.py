"""What earlier blocks said is known without being kept, and a mere suspicion joins nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ropo_portal.imports import staging
from ropo_portal.imports.earlier import Earlier, Traces
from ropo_portal.imports.operations import start_staging
from tests.factories import AT, make_user
from tests.imports.conftest import brought, clock, invoices, line, made, written


def in_blocks(environment, rows, size):
    batch = brought(environment, written(rows))
    start_staging(batch=batch, actor=make_user(), at=AT)
    staging.stage(batch.pk, clock=clock, size=size)
    batch.refresh_from_db()
    return batch


@given(st.lists(st.lists(st.text(max_size=3), max_size=4), max_size=4), st.text(max_size=3))
def test_traces_miss_nothing_that_was_met(blocks, other):
    traces, met = Traces(), set()
    for block in blocks:
        traces.add(block)
        met.update(block)
        assert all(traces.suspect(text) for text in met)
    assert traces.suspect(other) == (other in met)


@pytest.mark.django_db
@pytest.mark.parametrize("size", [1, 2, 3, 10])
def test_a_reference_is_given_once_whatever_the_blocks(environment, size):
    numbers = ("A-1234", "B-5678", "C-1234", "D-1234", "E-5678")
    batch = in_blocks(environment, [line(invoice_number=number) for number in numbers], size)
    twins = {one.number: one.errors[0]["code"] for one in batch.invoices.all() if one.errors}
    assert twins == dict.fromkeys(("C-1234", "D-1234", "E-5678"), "reference_twice")


@pytest.mark.django_db
@pytest.mark.parametrize("size", [1, 10])
def test_an_invoice_that_stands_already_claims_no_reference_again(environment, size, staged):
    made(staged([line(invoice_number="A-1234")]))
    batch = in_blocks(environment, [line(invoice_number="A-1234"), line(invoice_number="B-1234")], size)
    codes = [fault["code"] for one in batch.invoices.all() for fault in one.errors]
    assert (batch.existing_count, codes) == (1, ["reference_taken"])


@pytest.mark.django_db
def test_a_suspicion_alone_joins_no_lines(environment):
    batch = in_blocks(environment, invoices(2), 10)
    earlier = Earlier(batch=batch)
    earlier.keys.add(["a-1000", "a-9999"])
    assert (earlier.has("a-1000"), earlier.has("a-9999"), earlier.has("a-1001")) == (True, False, False)
