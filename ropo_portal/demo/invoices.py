"""Room: the first set of invoices: of every fate one, and enough ordinary ones around them."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import cycle, islice

from ropo_portal.accounts.models import CreditorEnvironment, User
from ropo_portal.invoices.content import InvoiceContent, RowContent
from ropo_portal.invoices.models import Invoice
from ropo_portal.invoices.operations import create_invoice, post_invoice
from ropo_portal.parties.models import Debtor
from ropo_portal.submissions.models import Submission
from ropo_portal.submissions.operations import send_now

DRAFT, SEND, SEND_LAST, HOLD = "draft", "send", "send last", "hold"
# What happens to each invoice, by the place of its debtor in the table, oldest first.
PLANS: dict[str, tuple[tuple[int, str], ...]] = {
    "FI": (
        (1, SEND), (8, SEND), (2, SEND), (9, SEND), (0, SEND), (3, SEND), (10, SEND),
        (5, SEND), (6, SEND), (7, SEND), (4, DRAFT), (11, DRAFT),
    ),
    "SE": ((0, SEND), (8, SEND), (1, SEND), (2, SEND), (9, SEND), (3, SEND), (7, SEND_LAST), (4, DRAFT), (10, DRAFT)),
    "NO": ((0, SEND), (8, SEND), (1, SEND), (7, SEND), (9, SEND), (2, HOLD), (3, DRAFT), (10, DRAFT), (4, DRAFT)),
}  # fmt: skip
# Description, unit, price without VAT, quantity, discount in percent; in the creditor's language and currency.
GOODS: dict[str, tuple[tuple[str, str, str, str, str], ...]] = {
    "FI": (
        ("Sähköenergia, lokakuu", "kWh", "0.0875", "1840", "0"),
        ("Perusmaksu", "kk", "4.90", "1", "0"),
        ("Mittarin vaihto", "h", "65.00", "2.5", "0"),
        ("Lämpöpumpun huolto", "kpl", "189.00", "1", "10"),
        ("Matkakulut", "km", "0.57", "84", "0"),
    ),
    "SE": (
        ("Elenergi, oktober", "kWh", "0.9240", "2310", "0"),
        ("Fast avgift", "mån", "49.00", "1", "0"),
        ("Byte av elmätare", "h", "720.00", "2", "0"),
        ("Service av värmepump", "st", "1890.00", "1", "10"),
    ),
    "NO": (
        ("Strøm, oktober", "kWh", "0.8815", "1975", "0"),
        ("Fastledd", "mnd", "49.00", "1", "0"),
        ("Bytte av måler", "t", "890.00", "1.5", "0"),
        ("Service på varmepumpe", "stk", "2190.00", "1", "10"),
    ),
}
OLDEST_DAYS, STEP_DAYS, LONGEST_ROWS, VARIED = 34, 3, 3, 37


@dataclass(frozen=True)
class Draft:
    """An invoice that was written, and what is to happen to it."""

    invoice: Invoice
    plan: str


def write_invoices(
    environment: CreditorEnvironment, debtors: list[Debtor], *, clerk: User, at: dt.datetime
) -> list[Draft]:
    """Write the creditor's invoices over the last weeks."""
    written = []
    for place, (debtor, plan) in enumerate(PLANS[environment.country]):
        day = at - dt.timedelta(days=max(OLDEST_DAYS - place * STEP_DAYS, 0))
        content = content_for(debtors[debtor], environment, place, on=environment.today(day))
        invoice = create_invoice(environment=environment, content=content, actor=clerk, at=day)
        written.append(Draft(invoice, plan))
    return written


def content_for(
    debtor: Debtor, environment: CreditorEnvironment, place: int, *, on: dt.date
) -> InvoiceContent:
    """Return one to three rows; what is metered differs from invoice to invoice."""
    goods = list(islice(cycle(GOODS[environment.country]), place, place + 1 + place % LONGEST_ROWS))
    rate = environment.creditor.default_vat_rate
    rows = tuple(
        RowContent(
            description=description, unit=unit, unit_price=Decimal(price), vat_rate=rate,
            quantity=Decimal(quantity) + (place * VARIED if Decimal(price) < 1 else 0), discount=Decimal(discount),
        )
        for description, unit, price, quantity, discount in goods
    )  # fmt: skip
    return InvoiceContent(
        debtor=debtor,
        invoice_date=on,
        due_date=on + dt.timedelta(days=environment.creditor.payment_term_days),
        rows=rows,
        channel=debtor.channel,
    )


def post(written: Iterable[Draft], plan: str, *, sender: User, at: dt.datetime) -> list[Submission]:
    """Post the invoices of one plan; all but those that stay in their hold leave at once."""
    posted = []
    for draft in written:
        if draft.plan == plan:
            invoice = draft.invoice
            posted.append(post_invoice(invoice=invoice, revision=invoice.revision, actor=sender, at=at))
            if plan != HOLD:
                send_now(submission=posted[-1], actor=sender, at=at)
    return posted
