"""Room: the sentences and labels of the readers, for those who show them."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from ropo_portal.errors import Sentence, sentence

LABELS: Mapping[str, Sentence] = {
    "invoice_number": _("Invoice number"), "invoice_date": _("Invoice date"), "due_date": _("Due date"),
    "delivery_date": _("Date of supply"), "reference": _("Reference"), "debtor_number": _("Customer number"),
    "debtor_name": _("Debtor's name"), "debtor_id": _("Business id or personal identity code"),
    "debtor_kind": _("Company or private person"), "debtor_vat_id": _("VAT id"),
    "extra_line_1": _("Line above the name"), "extra_line_2": _("Line under the name"),
    "street": _("Street address"), "post_code": _("Post code"), "city": _("City"),
    "debtor_country": _("Country"), "email": _("E-mail"), "phone": _("Phone"),
    "einvoice_address": _("E-invoice address"), "einvoice_operator": _("E-invoice operator"),
    "language": _("Language of letters"), "channel": _("Channel"), "currency": _("Currency"),
    "document_type": _("Invoice or credit note"), "credits_number": _("Number of the credited invoice"),
    "our_reference": _("Our reference"), "your_reference": _("Your reference"),
    "order_number": _("Order number"), "message": _("Text on the invoice"),
    "row_description": _("Row: description"), "row_quantity": _("Row: quantity"), "row_unit": _("Row: unit"),
    "row_price": _("Row: price without VAT"), "row_vat_rate": _("Row: VAT, %"),
    "row_discount": _("Row: discount, %"), "row_product_number": _("Row: product number"),
    "row_message": _("Row: text under the row"), "row_start_date": _("Row: period from"),
    "row_end_date": _("Row: period to"), "row_net": _("Row: net"), "row_vat": _("Row: VAT"),
    "row_total": _("Row: total"), "stated_net": _("Stated net of the invoice"),
    "stated_vat": _("Stated VAT of the invoice"), "stated_total": _("Stated total of the invoice"),
    "internal_reference": _("Reference for our own use"), "seller": _("Seller's name"),
    "seller_code": _("Seller's code"), "contact_person": _("Contact person at the company"),
    "delivery_method": _("Delivery method"), "delivery_term": _("Delivery term"),
    "delivery_extra_line_1": _("Delivery: name"), "delivery_extra_line_2": _("Delivery: second line"),
    "delivery_street": _("Delivery: street address"), "delivery_postcode": _("Delivery: post code"),
    "delivery_city": _("Delivery: city"), "delivery_country": _("Delivery: country"),
    "billing_extra_line_1": _("Billing: name"), "billing_extra_line_2": _("Billing: second line"),
    "billing_street": _("Billing: street address"), "billing_postcode": _("Billing: post code"),
    "billing_city": _("Billing: city"), "billing_country": _("Billing: country"),
    "late_interest": _("Late interest, % a year"), "no_automatic_reminders": _("No reminders by themselves"),
    "collection_process": _("Process at Ropo"), "cash_discount_1_date": _("Cash discount 1: pay by"),
    "cash_discount_1_percent": _("Cash discount 1: %"), "cash_discount_1_amount": _("Cash discount 1: amount"),
    "cash_discount_1_text": _("Cash discount 1: text"), "cash_discount_2_date": _("Cash discount 2: pay by"),
    "cash_discount_2_percent": _("Cash discount 2: %"), "cash_discount_2_amount": _("Cash discount 2: amount"),
    "cash_discount_2_text": _("Cash discount 2: text"), "plan_months": _("Months between instalments"),
    "plan_count": _("Number of instalments"), "plan_amount": _("Amount of an instalment"),
    "plan_instalments": _("Own plan"), "fixed_fee": _("Fixed compensation for late payment"),
    "finance": _("Finance"), "country_of_registration": _("Country of registration"),
    "second_email": _("Second e-mail"), "einvoice_payment_id": _("E-invoice identifier of the consumer"),
    "accounting_date": _("Accounting date"), "period": _("Accounting period"), "vat_period": _("VAT period"),
    "voucher_batch": _("Voucher series"), "voucher_number": _("Voucher number"),
    "accounting_rows": _("Postings"), "post_class": _("Postal class"), "color": _("Print in color"),
    "reverse_charge": _("The buyer is liable for the VAT"), "cash_receipt": _("Already paid in cash"),
    "print_operator": _("Printer"), "template": _("Layout"), "template_model": _("Variant of the layout"),
}  # fmt: skip

REFUSALS: Mapping[str, Sentence] = {
    "empty": _("The file is empty."),
    "no_lines": _("The file has headers but no lines under them."),
    "too_big": _("The file is larger than %(most)s MB. Split it and bring the parts one by one."),
    "unknown": _("This is no CSV, Excel, OpenDocument, Finvoice or Peppol file. Save it as one of these."),
    "html": _("This is a web page with the name of a spreadsheet. Open it in the spreadsheet program and save it as .xlsx."),
    "pdf": _("This is a PDF. Ask for the same invoices as Finvoice, Peppol, Excel or CSV."),
    "old_excel": _("This is an old Excel file (.xls). Save it as .xlsx and bring it again."),
    "binary_excel": _("This is a binary Excel file (.xlsb). Save it as .xlsx and bring it again."),
    "macros": _("The workbook has macros. Save it as .xlsx without macros and bring it again."),
    "password": _("The file is protected by a password. Save it without one and bring it again."),
    "archive": _("This is an archive. Unpack it and bring the files in it."),
    "archive_names": _("The workbook has files with forbidden names inside. It was not opened."),
    "archive_size": _("The workbook unpacks to far more than it should. It was not opened."),
    "broken_workbook": _("The workbook is damaged or cut off. Open it in the spreadsheet program and save it again."),
    "no_sheet": _("The workbook has no sheet of that name."),
    "nul": _("The file has NUL characters inside; it is damaged, or no text file."),
    "long_line": _("Line %(line)s or one after it never ends: more than %(most)s characters without a line break."),
    "long_cell": _("Line %(line)s has a cell of more than %(most)s characters. A quotation mark may be open there."),
    "many_columns": _("The file has more than %(most)s columns."),
    "quotes": _("The quotation marks of line %(line)s do not fit together."),
    "encoding": _("After line %(line)s the letters are not %(encoding)s. Choose another encoding."),
    "columns": _("No column is chosen. Say what the columns mean."),
    "xml": _("The XML is damaged: it cannot be read after line %(line)s."),
    "xml_encoding": _("The XML is written in %(encoding)s. UTF-8, ISO-8859-1, ISO-8859-15 and Windows-1252 can be read."),
    "doctype": _("The XML has a document type declaration. Such files are never opened."),
    "namespace": _("The XML is no Finvoice and no UBL invoice or credit note (%(found)s)."),
    "finvoice_version": _("This is Finvoice %(version)s. Version 3.0 can be read."),
    "time": _("Reading the file took too long. Split it and bring the parts one by one."),
    "memory": _("The file needs too much memory. Split it and bring the parts one by one."),
    "crash": _("The file could not be read to its end. Open it where it comes from and save it again."),
}  # fmt: skip

DOUBTS: Mapping[str, Sentence] = {
    "separator": _("Columns may be separated by “%(first)s” or by “%(second)s”. Choose one."),
    "no_separator": _("Nothing separates columns: every line is one cell."),
    "encoding": _("The letters may be %(first)s (“%(first_text)s”) or %(second)s (“%(second_text)s”). Choose one."),
    "decimal": _("“%(text)s” may be a thousand times larger or smaller. Choose the decimal sign."),
    "decimal_mixed": _("“%(first)s” and “%(second)s” are written in different styles. Choose the decimal sign."),
    "date_order": _("“%(text)s” may be day/month or month/day. Choose the order."),
    "date_mixed": _("“%(first)s” and “%(second)s” are written in different orders. Choose the order."),
    "serial_date": _("“%(text)s” is read as Excel's count of days: %(day)s."),
    "no_header": _("No header is known. Say what the columns mean."),
    "weak_header": _("“%(header)s” is taken for %(field)s. Check it."),
    "double_header": _("“%(first)s” and “%(second)s” both mean %(field)s; the first is taken."),
    "sheets": _("The workbook has %(count)s sheets; “%(sheet)s” is read."),
}  # fmt: skip

PROBLEMS: Mapping[str, Sentence] = {
    "not_a_date": _("This is no date."),
    "no_such_day": _("That day does not exist."),
    "ambiguous_date": _("This date can be read in two ways."),
    "not_a_number": _("This is no number."),
    "ambiguous_number": _("This number can be read in two ways."),
    "other_decimal_sign": _("This number has another decimal sign than the file."),
    "ambiguous_percent": _("A percentage below one: write 25.5, not 0.255."),
    "spoiled_number": _("The spreadsheet program has cut digits of this number. Make the column text and fill it in again."),
    "too_long": _("This text is too long."),
    "hidden_characters": _("Characters that cannot be seen were left out."),
    "too_few_cells": _("The line has fewer cells than the header."),
    "too_many_cells": _("The line has more cells than the header. A separator may stand inside a text."),
    "discount_as_amount": _("The discount is an amount that makes no even percentage."),
    "charge": _("The row has a charge of its own; make it a row."),
    "document_charge": _("The invoice has a discount or charge outside its rows."),
    "payable_differs": _("The amount to pay is not the total: something is paid, rounded or added outside the rows."),
    "price_per_several": _("The price is for several units and has no even price for one."),
}  # fmt: skip


def refusal(code: str, values: Mapping[str, str | int]) -> Sentence:
    """Return the sentence of a refused file."""
    return sentence(REFUSALS[code], **values)


def doubt(code: str, values: Mapping[str, str | int]) -> Sentence:
    """Return the sentence of a doubt; a column is called by its label."""
    named = {
        name: LABELS.get(str(value), value) if name == "field" else value for name, value in values.items()
    }
    return sentence(DOUBTS[code], **named)


def problem(code: str) -> Sentence:
    """Return the sentence of a cell that could not be read."""
    return PROBLEMS[code]
