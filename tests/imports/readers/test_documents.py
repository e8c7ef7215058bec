import pytest

from ropo_portal.imports.readers import CannotRead, Layout, lines, markup, survey
from tests.imports.readers.documents import envelope, finvoice, finvoice_row, ubl, ubl_line
from tests.imports.readers.test_separated import put

DECLARED = '<?xml version="1.0" encoding="ISO-8859-15"?>\n'
HEAD = {
    "invoice_number": "20260001",
    "invoice_date": "2026-11-02",
    "due_date": "2026-11-16",
    "reference": "202600014",
    "debtor_name": "Kuvitteellinen Leipomo Oy",
    "debtor_id": "0000012-3",
    "extra_line_2": "Ostolaskut",
    "street": "Pullakuja 2",
    "post_code": "00530",
    "city": "Helsinki",
    "debtor_country": "FI",
    "email": "laskut@example.com",
    "einvoice_address": "003700000123",
    "einvoice_operator": "003700000000",
    "currency": "EUR",
    "document_type": "invoice",
    "message": "Kiitos\ntilauksesta",
    "stated_net": "2500.00",
    "stated_vat": "637.50",
    "stated_total": "3137.50",
}
ROW = {
    "row_description": "Huoltosopimus",
    "row_product_number": "P-1",
    "row_quantity": "2",
    "row_unit": "kk",
    "row_price": "1250.00",
    "row_vat_rate": "25.5",
    "row_start_date": "2026-11-01",
    "row_end_date": "2026-11-30",
    "row_net": "2500.00",
    "row_vat": "637.50",
    "row_total": "3137.50",
}


def read(tmp_path, text, kind="finvoice"):
    return list(lines(put(tmp_path, text, "file.xml"), layout=Layout(kind)))


def test_a_finvoice_becomes_a_line_for_every_row(tmp_path):
    first, second = read(tmp_path, finvoice(finvoice_row() + finvoice_row(discount="10,000")))
    assert (first.number, first.cells, first.problems) == (1, HEAD | ROW, {})
    assert (second.number, second.cells) == (2, HEAD | ROW | {"row_discount": "10.000"})


def test_envelopes_and_several_documents_in_one_file_are_read(tmp_path):
    text = "".join(
        f"{DECLARED}{envelope()}{DECLARED}{finvoice(number=str(number)).replace('Leipomo', 'Mäkelä')}"
        for number in range(40)
    )
    path = put(tmp_path, text.encode("iso-8859-15"), "many.xml")
    found = list(lines(path, layout=survey(path, name="many.xml").layout))
    assert [line.cells["invoice_number"] for line in found] == [str(number) for number in range(40)]
    assert found[-1].cells["debtor_name"] == "Kuvitteellinen Mäkelä Oy"


@pytest.mark.parametrize("size", [1, 7, 13, 64])
def test_no_declaration_is_cut_in_two(tmp_path, monkeypatch, size):
    monkeypatch.setattr(markup, "_CHUNK", size)
    found = read(tmp_path, f"{DECLARED}{envelope()}{DECLARED}{finvoice()}" * 2)
    assert [line.cells for line in found] == [HEAD | ROW] * 2


def test_many_documents_may_lie_in_one_wrapping(tmp_path):
    assert len(read(tmp_path, f"<all>{finvoice() * 3}</all>")) == 3


def test_a_survey_of_a_document_has_no_doubts(tmp_path):
    seen = survey(put(tmp_path, finvoice(), "file.xml"), name="file.csv")
    assert (seen.layout.kind, seen.doubts, seen.parsed, seen.line_count_guess) == (
        "finvoice",
        [],
        [HEAD | ROW],
        1,
    )
    assert seen.headers == list(seen.layout.columns.values())
    assert seen.samples[0][0] == "20260001"


def test_a_credit_note_names_its_invoice(tmp_path):
    details = "<OriginalInvoiceReference><InvoiceNumber>20250009</InvoiceNumber></OriginalInvoiceReference>"
    (line,) = read(tmp_path, finvoice(code="INV02", details=details))
    assert (line.cells["document_type"], line.cells["credits_number"]) == ("credit_note", "20250009")


def test_what_our_rows_cannot_say_is_told(tmp_path):
    details = "<InvoicePaidAmount>10,00</InvoicePaidAmount><DiscountDetails/>"
    charged = finvoice_row("<RowChargeDetails/>")
    several = finvoice_row("<UnitPriceBaseQuantity>7</UnitPriceBaseQuantity>")
    even = finvoice_row("<UnitPriceBaseQuantity>100</UnitPriceBaseQuantity>")
    first, second, third = read(tmp_path, finvoice(charged + several + even, details=details))
    both = {"stated_total": "payable_differs", "stated_net": "document_charge"}
    assert first.problems == both | {"row_price": "charge"}
    assert second.problems == both | {"row_price": "price_per_several"}
    assert (third.problems, third.cells["row_price"]) == (both, "12.5000")


def test_rows_of_text_and_rows_within_rows_are_read(tmp_path):
    text = "<InvoiceRow><RowFreeText>Work of May</RowFreeText></InvoiceRow>"
    within = (
        "<InvoiceRow><SubInvoiceRow><SubArticleName>Part</SubArticleName><SubUnitPriceAmount>5,00"
        "</SubUnitPriceAmount></SubInvoiceRow></InvoiceRow>"
    )
    first, second = read(tmp_path, finvoice(text + within))
    assert first.cells == HEAD | {"row_message": "Work of May"}
    assert second.cells == HEAD | {"row_description": "Part", "row_price": "5.00"}


def test_a_ubl_invoice_becomes_the_same_line(tmp_path):
    (line,) = read(tmp_path, ubl(), "ubl")
    assert line.problems == {}
    assert line.cells == {
        "invoice_number": "N-17", "invoice_date": "2026-11-02", "due_date": "2026-11-16", "reference": "1712345",
        "debtor_number": "1001", "debtor_name": "Eventyr Elektro AS", "debtor_id": "310000019",
        "debtor_vat_id": "NO310000019MVA", "street": "Trollveien 3", "post_code": "0164", "city": "Oslo",
        "debtor_country": "NO", "einvoice_address": "0192:310000019", "currency": "NOK",
        "document_type": "invoice", "credits_number": "N-16", "your_reference": "Kari", "order_number": "PO-4",
        "message": "Takk", "row_description": "Konsulttime", "row_quantity": "8", "row_unit": "h",
        "row_price": "125.00", "row_vat_rate": "25", "row_product_number": "K-1", "row_message": "Work Long words",
        "row_start_date": "2026-11-01", "row_end_date": "2026-11-30", "row_net": "1000.00",
        "stated_net": "1000.00", "stated_vat": "250.00", "stated_total": "1250.00",
    }  # fmt: skip


def test_a_ubl_credit_note_is_one(tmp_path):
    (line,) = read(tmp_path, ubl("CreditNote"), "ubl")
    assert (line.cells["document_type"], line.cells["credits_number"]) == ("credit_note", "N-16")
    assert (line.cells["row_quantity"], line.cells["row_price"]) == ("8", "125.00")


def allowance(amount, indicator="false"):
    return (
        f"<cac:AllowanceCharge><cbc:ChargeIndicator>{indicator}</cbc:ChargeIndicator>"
        f"<cbc:Amount>{amount}</cbc:Amount></cac:AllowanceCharge>"
    )


@pytest.mark.parametrize(
    ("line", "cells", "problems"),
    [
        (ubl_line(change=allowance("250.00")), {"row_discount": "20.00"}, {}),
        (
            ubl_line(change=allowance("77.77")),
            {"row_discount": "7.22"},
            {"row_discount": "discount_as_amount"},
        ),
        (ubl_line(change=allowance("5.00", "true")), {}, {"row_price": "charge"}),
        (ubl_line(base="<cbc:BaseQuantity>100</cbc:BaseQuantity>"), {"row_price": "1.2500"}, {}),
        (ubl_line(base="<cbc:BaseQuantity>7</cbc:BaseQuantity>"), {}, {"row_price": "price_per_several"}),
        (ubl_line(base="<cbc:BaseQuantity>0</cbc:BaseQuantity>"), {}, {"row_price": "price_per_several"}),
        (ubl_line(price="x"), {"row_price": "x"}, {"row_price": "not_a_number"}),
    ],
)
def test_prices_and_discounts_of_ubl_become_ours(tmp_path, line, cells, problems):
    (found,) = read(tmp_path, ubl(lines=line), "ubl")
    assert found.problems == problems
    assert {name: found.cells[name] for name in cells} == cells


def test_sums_that_do_not_belong_to_rows_are_told(tmp_path):
    (line,) = read(tmp_path, ubl(extra=allowance("5"), payable="1200.00"), "ubl")
    assert line.problems == {"stated_total": "payable_differs", "stated_net": "document_charge"}


def test_nothing_is_fetched_and_nothing_expanded(tmp_path):
    text = finvoice().replace("<Finvoice ", '<Finvoice xmlns:xi="http://www.w3.org/2001/XInclude" ')
    text = text.replace("Kiitos", '<xi:include href="file:///etc/passwd" parse="text"/>')
    (line,) = read(tmp_path, text)
    assert line.cells["message"] == "tilauksesta"
    with pytest.raises(CannotRead) as refused:
        read(tmp_path, finvoice().replace("Kiitos", "&unknown;"))
    assert refused.value.code == "xml"
