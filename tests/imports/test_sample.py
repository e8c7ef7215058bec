"""The first lines of a file are shown as they were read, in the reader's way of writing."""

import pytest
from django.urls import reverse
from django.utils.translation import override

from ropo_portal.imports.forms import read_cell
from tests.imports.conftest import brought, line, written


@pytest.mark.parametrize(
    ("language", "name", "value", "text"),
    [
        ("fi", "due_date", "2026-12-06", "6.12.2026"),
        ("sv", "due_date", "2026-12-06", "2026-12-06"),
        ("fi", "row_price", "1234.5", "1\u00a0234,5"),
        ("en", "row_vat_rate", "25.50", "25.5"),
        ("fi", "debtor_id", "131052-308T", "•••••••308T"),
    ],
)
def test_a_cell_is_written_as_the_reader_writes(language, name, value, text):
    with override(language):
        cell = read_cell(name, value)
    assert (cell.text, cell.is_unreadable) == (text, False)


@pytest.mark.parametrize(("name", "value"), [("due_date", "31.11.2026"), ("row_price", "abc")])
def test_what_could_not_be_read_stands_as_in_the_file_and_says_so(name, value):
    assert (read_cell(name, value).text, read_cell(name, value).is_unreadable) == (value, True)
    assert not read_cell(name, "").is_unreadable


@pytest.mark.django_db
def test_the_page_of_columns_marks_unreadable_cells(environment, signed_in):
    batch = brought(environment, written([line(), line(invoice_date="31.11.2026")]))
    page = signed_in("clerk").get(reverse("imports:columns", args=[batch.pk])).content.decode()
    assert page.count("cannot be read") == 1
    assert "4.12.2026" in page
    assert "2026-12-04" not in page
