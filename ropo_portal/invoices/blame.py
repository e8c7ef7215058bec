"""Room: which of our fields an error text of Ropo's speaks of."""

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# From the most telling words to the least; Ropo's own member names, then Finnish, Swedish, Norwegian and English.
HINTS: tuple[tuple[str, str], ...] = (
    (r"billnum|laskun? ?numero|laskunro|fakturan(?:ummer|r)|fakturanummer|invoice number", "number"),
    (r"billcode|viite|ocr\b|\bkid\b|betalningsreferens|reference", "reference"),
    (r"paydate|eräpäiv|förfallo|forfall|due ?date", "due_date"),
    (r"billdate|laskun ?päiv|fakturadatum|fakturadato|invoice date|date of the invoice", "invoice_date"),
    (r"job_finvoice_paymentid|paymentid", "einvoice_payment_id"),
    (r"email2", "second_email"),
    (
        r"sendtype|lähetystapa|leveranssätt|channel|e-?mail|sähköposti|e-?post|evoice|verkkolasku|e-?faktura",
        "channel",
    ),
    (r"overdueinterest|viivästyskor|dröjsmålsrän|forsinkelsesrente|late interest", "late_interest"),
    (r"fixedfee|vakiokorvaus|fixed fee", "fixed_fee"),
    (r"finance|rahoitus|finansiering", "finance"),
    (r"payplan|instalment|maksusuunnitelma|avbetalning|nedbetaling", "plan_months"),
    (r"cashdiscount|discountdate|käteisalennus|kassarabatt", "cash_discount_1_date"),
    (r"accountrow|tiliöin|kontering", "accounting_rows"),
    (r"accountdate", "accounting_date"),
    (r"addaddress", "delivery_street"),
    (
        r"taxpr|payrow|rivi|fakturarad|\brows?\b|vatamount|netamount|totalamount|\balv\b|\bmoms\b|\bvat\b|\bmva\b",
        "rows",
    ),
    (
        r"postcode|postinumero|postnummer|address|osoite|adress|city|person|company|custnum|govid|henkilötunnus|y-tunnus|asiakas|kund|debtor",
        "debtor",
    ),
    (r"freetext|vapaateksti", "free_text"),
)
# Which fact of the debtor a text speaks of, by the name of the field in the debtor's own form.
PART_HINTS: tuple[tuple[str, str], ...] = (
    (r"postcode|postinumero|postnummer|zip", "postcode"),
    (r"govid|henkilötunnus|personnummer|fødselsnummer|identity code", "national_id"),
    (r"y-tunnus|organisa(?:tion|sjon)snummer|business ?id|\bcompanyid\b", "business_id"),
    (r"custnum|asiakasnumero|kundnummer|kundenummer|customer number", "customer_number"),
    (r"postitoimipaikka|kaupunki|postort|poststed|\bcity\b|\bstad\b", "city"),
    (r"address|osoite|adress|\bstreet\b|katu\b", "street"),
)
PARTS: dict[str, str | Promise] = {
    "name": _("Name"),
    "street": _("Street address"),
    "postcode": _("Post code"),
    "city": _("City"),
    "national_id": _("Personal identity code"),
    "business_id": _("Business id"),
    "customer_number": _("Customer number"),
}
ADDRESS = frozenset({"street", "postcode", "city"})
_COMPILED = tuple((re.compile(pattern, re.IGNORECASE), field) for pattern, field in HINTS)
_PARTS_COMPILED = tuple((re.compile(pattern, re.IGNORECASE), part) for pattern, part in PART_HINTS)
LONGEST = 2000


def blamed_field(text: str) -> str:
    """Return the name of the form field the text speaks of, or nothing."""
    return next((field for pattern, field in _COMPILED if pattern.search(text[:LONGEST])), "")


def blamed_part(text: str) -> str:
    """Return which fact of the debtor the text speaks of, a key of `PARTS`; the name where it says no more."""
    return next((part for pattern, part in _PARTS_COMPILED if pattern.search(text[:LONGEST])), "name")
