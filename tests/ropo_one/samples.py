"""Messages by which the tests of the client speak: a person, a company, an invoice, a case."""

import dataclasses
import datetime as dt
from decimal import Decimal

from ropo_portal.ropo_one.messages import (
    AccountingRow,
    AdditionalAddress,
    Attachment,
    CashDiscount,
    DebtCollection,
    Instalment,
    PaymentPlan,
    PrintInvoice,
    Recipient,
    Row,
    VatGroup,
)
from ropo_portal.ropo_one.messages.optional import Kind

PERSON = Recipient(
    kind="person",
    name="Aino Esimerkki",
    street="Rantakatu 14 B 3",
    postcode="00560",
    city="HELSINKI",
    national_id="010101-123N",
    language="fi",
)


COMPANY = Recipient(
    kind="company",
    name="Björkviks Takvård AB",
    street="Kvarngatan 7",
    postcode="641 30",
    city="KATRINEHOLM",
    country="SE",
    extra_line_1="Ekonomi",
    email="faktura@bjorkviks-takvard.example",
    einvoice_address="0007:5599990008",
    einvoice_operator="BANK",
    customer_number="A-1042",
    national_id="559999-0008",
    vat_id="SE559999000801",
    contact_person="Sven Exempel",
)


ROW = Row(
    description="Nuohous",
    quantity=Decimal(2),
    unit="h",
    unit_price=Decimal(48),
    vat_rate=Decimal("25.5"),
    net=Decimal(96),
    vat=Decimal("24.48"),
    total=Decimal("120.48"),
)


INVOICE = PrintInvoice(
    recipient=PERSON,
    number="20260117",
    reference="202601171",
    invoice_date=dt.date(2026, 3, 2),
    due_date=dt.date(2026, 3, 16),
    rows=(ROW,),
    net=Decimal(96),
    vat=Decimal("24.48"),
    total=Decimal("120.48"),
    vat_groups=(VatGroup(Decimal("25.5"), Decimal(96), Decimal("24.48"), Decimal("120.48")),),
)


TO_COMPANY = dataclasses.replace(INVOICE, recipient=COMPANY)


def dataset(message):
    (only,) = message.content["datastream"]["dataset"]
    return only


CASE = DebtCollection(
    recipient=COMPANY,
    number="2026088",
    reference="20260888",
    open_amount=Decimal("620.40"),
    invoice_date=dt.date(2026, 1, 12),
    due_date=dt.date(2026, 1, 26),
    notice_date=dt.date(2026, 2, 9),
    extras={"claim_text": "Roof repair", "late_interest": Decimal("8.0")},
)


SAMPLES = {
    Kind.TEXT: "T-1",
    Kind.LONG_TEXT: "Two\nlines",
    Kind.NUMBER: Decimal("8.50"),
    Kind.DATE: dt.date(2026, 3, 2),
    Kind.FLAG: True,
    Kind.CASH_DISCOUNTS: (CashDiscount(dt.date(2026, 3, 9), percent=Decimal(2), text="2 %"),),
    Kind.PAYMENT_PLAN: PaymentPlan(instalments=(Instalment(dt.date(2026, 4, 2), Decimal("60.24")),)),
    Kind.ADDRESSES: (AdditionalAddress("delivery", "Satamatie 1", "48600", "KOTKA", "FI"),),
    Kind.ATTACHMENTS: (Attachment("terms.pdf", b"%PDF-1.7"),),
    Kind.ACCOUNTING_ROWS: (AccountingRow("3000", "Sales", credit=Decimal(96), dimensions=("a", "b")),),
}
