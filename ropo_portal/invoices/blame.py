"""Room: which of our fields an error text of Ropo's speaks of."""

import re

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
        r"postcode|postinumero|postnummer|address|osoite|adress|city|person|company|custnum|govid|asiakas|kund|debtor",
        "debtor",
    ),
    (r"freetext|vapaateksti", "free_text"),
)
_COMPILED = tuple((re.compile(pattern, re.IGNORECASE), field) for pattern, field in HINTS)
LONGEST = 2000


def blamed_field(text: str) -> str:
    """Return the name of the form field the text speaks of, or nothing."""
    return next((field for pattern, field in _COMPILED if pattern.search(text[:LONGEST])), "")
