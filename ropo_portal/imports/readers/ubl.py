"""Room: invoices and credit notes of UBL, as Peppol BIS Billing 3 and EN 16931 use them, in our words."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from ropo_portal.imports.readers import markup
from ropo_portal.imports.readers.markup import Raw, number, single_price

NAMES = {
    "cac": f"{markup.UBL}CommonAggregateComponents-2",
    "cbc": f"{markup.UBL}CommonBasicComponents-2",
}
_PARTY = "cac:AccountingCustomerParty/cac:Party"
_ADDRESS = f"{_PARTY}/cac:PostalAddress"
_TOTALS = "cac:LegalMonetaryTotal"
_DELIVERY = "cac:Delivery/cac:DeliveryLocation/cac:Address"

HEAD = {
    "invoice_number": "cbc:ID",
    "invoice_date": "cbc:IssueDate",
    "due_date": "cbc:DueDate|cac:PaymentMeans/cbc:PaymentDueDate",
    "delivery_date": "cac:Delivery/cbc:ActualDeliveryDate",
    "reference": "cac:PaymentMeans/cbc:PaymentID",
    "debtor_number": f"{_PARTY}/cac:PartyIdentification/cbc:ID",
    "debtor_name": f"{_PARTY}/cac:PartyLegalEntity/cbc:RegistrationName|{_PARTY}/cac:PartyName/cbc:Name",
    "debtor_id": f"{_PARTY}/cac:PartyLegalEntity/cbc:CompanyID",
    "debtor_vat_id": f"{_PARTY}/cac:PartyTaxScheme/cbc:CompanyID",
    "street": f"{_ADDRESS}/cbc:StreetName",
    "extra_line_2": f"{_ADDRESS}/cbc:AdditionalStreetName",
    "post_code": f"{_ADDRESS}/cbc:PostalZone",
    "city": f"{_ADDRESS}/cbc:CityName",
    "debtor_country": f"{_ADDRESS}/cac:Country/cbc:IdentificationCode",
    "email": f"{_PARTY}/cac:Contact/cbc:ElectronicMail",
    "phone": f"{_PARTY}/cac:Contact/cbc:Telephone",
    "currency": "cbc:DocumentCurrencyCode",
    "credits_number": "cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID",
    "your_reference": "cbc:BuyerReference",
    "order_number": "cac:OrderReference/cbc:ID",
    "delivery_street": f"{_DELIVERY}/cbc:StreetName",
    "delivery_postcode": f"{_DELIVERY}/cbc:PostalZone",
    "delivery_city": f"{_DELIVERY}/cbc:CityName",
    "delivery_country": f"{_DELIVERY}/cac:Country/cbc:IdentificationCode",
    "stated_net": f"{_TOTALS}/cbc:TaxExclusiveAmount",
    "stated_vat": "cac:TaxTotal/cbc:TaxAmount",
    "stated_total": f"{_TOTALS}/cbc:TaxInclusiveAmount|{_TOTALS}/cbc:PayableAmount",
}
ROW = {
    "row_description": "cac:Item/cbc:Name|cac:Item/cbc:Description",
    "row_product_number": "cac:Item/cac:SellersItemIdentification/cbc:ID",
    "row_quantity": "cbc:InvoicedQuantity|cbc:CreditedQuantity",
    "row_unit": "cbc:InvoicedQuantity@unitCode|cbc:CreditedQuantity@unitCode",
    "row_price": "cac:Price/cbc:PriceAmount",
    "row_vat_rate": "cac:Item/cac:ClassifiedTaxCategory/cbc:Percent",
    "row_start_date": "cac:InvoicePeriod/cbc:StartDate",
    "row_end_date": "cac:InvoicePeriod/cbc:EndDate",
    "row_net": "cbc:LineExtensionAmount",
}
MADE = ("document_type", "message", "einvoice_address", "row_message", "row_discount")
# Codes of UN/ECE recommendation 20 that have a sign of their own; the others are shown as they are.
_UNITS = {
    "HUR": "h",
    "KWH": "kWh",
    "KGM": "kg",
    "MTR": "m",
    "MTK": "m²",
    "MTQ": "m³",
    "LTR": "l",
    "C62": "",
    "ZZ": "",
}
# The scheme of Finnish e-invoice addresses, which carry their own prefix.
_OVT = "0216"


def first(element: Any, paths: str) -> str:
    """Return the text of the first of several places that has one."""
    return markup.first(element, paths, NAMES)


def rows(document: Any) -> Iterator[Raw]:
    """Yield the rows of one invoice or credit note, the head repeated."""
    is_credit = document.tag.endswith("}CreditNote")
    head, problems = _head(document, is_credit=is_credit)
    lines = document.findall("cac:CreditNoteLine" if is_credit else "cac:InvoiceLine", NAMES)
    for line in lines:
        cells, wrong = _row(line)
        yield head | cells, problems + wrong
    if not lines:
        yield head, problems


def _head(document: Any, *, is_credit: bool) -> Raw:
    cells = {name: first(document, paths) for name, paths in HEAD.items()}
    code = first(document, "cbc:InvoiceTypeCode")
    cells["document_type"] = "credit_note" if is_credit or code == "381" else "invoice"
    cells["message"] = markup.joined(document, "cbc:Note", NAMES)
    scheme, address = (
        first(document, f"{_PARTY}/cbc:EndpointID@schemeID"),
        first(document, f"{_PARTY}/cbc:EndpointID"),
    )
    cells["einvoice_address"] = f"{scheme}:{address}" if scheme and scheme != _OVT and address else address
    problems = []
    due = number(first(document, f"{_TOTALS}/cbc:PayableAmount"))
    if due is not None and due != number(cells["stated_total"]):
        problems.append(("stated_total", "payable_differs"))
    if document.find("cac:AllowanceCharge", NAMES) is not None:
        problems.append(("stated_net", "document_charge"))
    return cells, problems


def _row(line: Any) -> Raw:
    cells = {name: first(line, paths) for name, paths in ROW.items()}
    cells["row_unit"] = _UNITS.get(cells["row_unit"], cells["row_unit"])
    described = first(line, "cac:Item/cbc:Description")
    notes = [
        markup.joined(line, "cbc:Note", NAMES),
        described if described != cells["row_description"] else "",
    ]
    cells["row_message"] = "\n".join(note for note in notes if note)
    cells["row_price"], is_even = single_price(cells["row_price"], first(line, "cac:Price/cbc:BaseQuantity"))
    cells["row_discount"], wrong = _discount(line, cells["row_net"])
    problems = [] if is_even else [("row_price", "price_per_several")]
    return cells, problems + wrong


def _discount(line: Any, net: str) -> tuple[str, list[tuple[str, str]]]:
    """Return the discount of a row in percent; amounts count when they make an even percentage."""
    changes = line.findall("cac:AllowanceCharge", NAMES)
    if any(first(change, "cbc:ChargeIndicator").lower() in {"true", "1"} for change in changes):
        return "", [("row_price", "charge")]
    amounts = [number(first(change, "cbc:Amount")) for change in changes]
    given, after = sum((amount or Decimal(0) for amount in amounts), Decimal(0)), number(net)
    if not given:
        return "", []
    if after is None or None in amounts or after + given == 0:
        return "", [("row_discount", "discount_as_amount")]
    percent = (100 * given / (after + given)).quantize(Decimal("0.01"))
    if abs(percent * (after + given) / 100 - given) >= Decimal("0.005"):
        return f"{percent:f}", [("row_discount", "discount_as_amount")]
    return f"{percent:f}", []
