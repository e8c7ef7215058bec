"""Room: Finvoice 3.0 in our words."""

from collections.abc import Iterator
from typing import Any

from ropo_portal.imports.readers.markup import Raw, first, joined, number, single_price
from ropo_portal.imports.readers.refusals import CannotRead

_BUYER, _ADDRESS = "BuyerPartyDetails", "BuyerPartyDetails/BuyerPostalAddressDetails"
_EPI = "EpiDetails/EpiPaymentInstructionDetails"
_TERMS = "InvoiceDetails/PaymentTermsDetails"
_DELIVERY = "DeliveryPartyDetails/DeliveryPostalAddressDetails"
_TOTAL = "InvoiceDetails/InvoiceTotalVatIncludedAmount"

HEAD = {
    "invoice_number": "InvoiceDetails/InvoiceNumber",
    "invoice_date": "InvoiceDetails/InvoiceDate",
    "due_date": f"{_TERMS}/InvoiceDueDate|{_EPI}/EpiDateOptionDate",
    "delivery_date": "DeliveryDetails/DeliveryDate",
    "reference": f"{_EPI}/EpiRemittanceInfoIdentifier",
    "debtor_number": f"InvoiceDetails/SellersBuyerIdentifier|{_BUYER}/SellersBuyerIdentifier",
    "debtor_name": f"{_BUYER}/BuyerOrganisationName",
    "debtor_id": f"{_BUYER}/BuyerPartyIdentifier",
    "debtor_vat_id": f"{_BUYER}/BuyerOrganisationTaxCode",
    "street": f"{_ADDRESS}/BuyerStreetName",
    "post_code": f"{_ADDRESS}/BuyerPostCodeIdentifier",
    "city": f"{_ADDRESS}/BuyerTownName",
    "debtor_country": f"{_ADDRESS}/CountryCode",
    "email": "BuyerCommunicationDetails/BuyerEmailaddressIdentifier"
    "|InvoiceRecipientCommunicationDetails/InvoiceRecipientEmailaddressIdentifier",
    "phone": "BuyerCommunicationDetails/BuyerPhoneNumberIdentifier",
    "einvoice_address": "MessageTransmissionDetails/MessageReceiverDetails/ToIdentifier|BuyerOrganisationUnitNumber",
    "einvoice_operator": "MessageTransmissionDetails/MessageReceiverDetails/ToIntermediator",
    "language": "InvoiceRecipientLanguageCode",
    "currency": f"{_TOTAL}@AmountCurrencyIdentifier|{_EPI}/EpiInstructedAmount@AmountCurrencyIdentifier",
    "credits_number": "InvoiceDetails/OriginalInvoiceReference/InvoiceNumber|InvoiceDetails/OriginalInvoiceNumber",
    "our_reference": "InvoiceDetails/SellerReferenceIdentifier",
    "your_reference": "InvoiceDetails/BuyerReferenceIdentifier|BuyerContactPersonName",
    "order_number": "InvoiceDetails/OrderIdentifier",
    "late_interest": f"{_TERMS}/PaymentOverDueFineDetails/PaymentOverDueFinePercent",
    "delivery_extra_line_1": "DeliveryPartyDetails/DeliveryOrganisationName",
    "delivery_street": f"{_DELIVERY}/DeliveryStreetName",
    "delivery_postcode": f"{_DELIVERY}/DeliveryPostCodeIdentifier",
    "delivery_city": f"{_DELIVERY}/DeliveryTownName",
    "delivery_country": f"{_DELIVERY}/CountryCode",
    "stated_net": "InvoiceDetails/InvoiceTotalVatExcludedAmount",
    "stated_vat": "InvoiceDetails/InvoiceTotalVatAmount",
    "stated_total": f"{_TOTAL}|{_EPI}/EpiInstructedAmount",
}
ROW = {
    "row_description": "{0}ArticleName|{0}ArticleDescription",
    "row_product_number": "{0}ArticleIdentifier",
    "row_quantity": "{0}InvoicedQuantity|{0}DeliveredQuantity|{0}OrderedQuantity",
    "row_unit": "{0}InvoicedQuantity@QuantityUnitCode|{0}DeliveredQuantity@QuantityUnitCode"
    "|{0}OrderedQuantity@QuantityUnitCode",
    "row_price": "{0}UnitPriceAmount",
    "row_discount": "{0}RowDiscountPercent",
    "row_vat_rate": "{0}RowVatRatePercent",
    "row_start_date": "{0}StartDate",
    "row_end_date": "{0}EndDate",
    "row_net": "{0}RowVatExcludedAmount",
    "row_vat": "{0}RowVatAmount",
    "row_total": "{0}RowAmount",
}
MADE = ("document_type", "message", "extra_line_2", "row_message")
_TYPES = {"INV01": "invoice", "INV02": "credit_note"}


def rows(document: Any) -> Iterator[Raw]:
    """Yield the rows of one Finvoice, the head repeated; a row of text alone has a `row_message` alone."""
    version = document.get("Version") or "?"
    if version not in {"3.0", "3.00"}:
        raise CannotRead("finvoice_version", version=version[:20])
    head, problems = _head(document)
    lines = list(document.iterfind("InvoiceRow"))
    for line in lines:
        subs = list(line.iterfind("SubInvoiceRow"))
        parts = [(line, "")] if not subs or _is_priced(line) else [(sub, "Sub") for sub in subs]
        for element, prefix in parts:
            cells, wrong = _row(element, prefix)
            yield head | cells, problems + wrong
    if not lines:
        yield head, problems


def _head(document: Any) -> Raw:
    cells = {name: first(document, paths) for name, paths in HEAD.items()}
    code = first(document, "InvoiceDetails/InvoiceTypeCode")
    cells["document_type"] = _TYPES.get(code, code)
    cells["message"] = joined(document, "InvoiceDetails/InvoiceFreeText")
    cells["extra_line_2"] = joined(document, f"{_BUYER}/BuyerOrganisationName").partition("\n")[2]
    problems = []
    paid = number(first(document, "InvoiceDetails/InvoicePaidAmount"))
    due = number(first(document, f"{_EPI}/EpiInstructedAmount"))
    if paid or (due is not None and due != number(cells["stated_total"])):
        problems.append(("stated_total", "payable_differs"))
    outside = ("DiscountDetails", "ChargeDetails")
    if any(document.find(f"InvoiceDetails/{name}") is not None for name in outside):
        problems.append(("stated_net", "document_charge"))
    return cells, problems


def _row(element: Any, prefix: str) -> Raw:
    cells = {name: first(element, paths.format(prefix)) for name, paths in ROW.items()}
    cells["row_message"] = joined(element, f"{prefix}RowFreeText")
    cells["row_price"], is_even = single_price(
        cells["row_price"], first(element, f"{prefix}UnitPriceBaseQuantity")
    )
    problems = [] if is_even else [("row_price", "price_per_several")]
    if element.find(f"{prefix}RowChargeDetails") is not None:
        problems.append(("row_price", "charge"))
    return cells, problems


def _is_priced(line: Any) -> bool:
    return any(
        line.find(name) is not None for name in ("UnitPriceAmount", "RowVatExcludedAmount", "RowAmount")
    )
