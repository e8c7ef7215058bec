"""The draft letter: what stands where."""

import pypdfium2
import pytest

from ropo_portal.invoices.paper import letter_pdf
from tests import factories

pytestmark = pytest.mark.django_db


def text_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[0]
        textpage = page.get_textpage()
        found = textpage.get_text_range()
        textpage.close()
        page.close()
    return found


def test_the_name_stands_once_in_the_window_and_once_on_the_slip(creditor, environment):
    debtor = factories.make_debtor(creditor, name="Ainoa Kerran Oy", extra_line_1="c/o Isännöinti")
    text = text_of(letter_pdf(factories.make_invoice(environment, debtor)))
    assert text.count("Ainoa Kerran Oy") == 2
    assert text.index("c/o Isännöinti") < text.index("Ainoa Kerran Oy")
