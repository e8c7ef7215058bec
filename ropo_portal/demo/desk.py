"""Room: what lies on the desk: drafts chosen together, an invoice that a second person approves, a file with errors."""

import csv
import datetime as dt
import io
from dataclasses import dataclass, replace
from decimal import Decimal

from ropo_portal.accounts.models import CreditorEnvironment, User
from ropo_portal.demo.invoices import content_for
from ropo_portal.imports.models import Import
from ropo_portal.imports.operations import start_staging, upload_import
from ropo_portal.invoices.content import InvoiceContent
from ropo_portal.invoices.models import Batch, Invoice
from ropo_portal.invoices.operations import ask_approval, check_batch, choose_invoices, create_invoice
from ropo_portal.parties.models import Channel, Debtor

# Whose desk has the batch and the file; the places of its debtors, and for whom something is missing.
COUNTRY = "FI"
BATCH = (1, 2, 3, 8, 9, 10, 11)
WITHOUT_ROWS, WITHOUT_ADDRESS = 3, 9
MONTHS, APPROVED_DEBTOR, APPROVED_PLACE = Decimal(12), 9, 7
HEADERS = (
    "Laskun numero", "Laskun päivä", "Eräpäivä", "Asiakasnumero", "Nimi", "Tuote", "Määrä", "Yksikkö", "Yksikköhinta", "ALV %",
)  # fmt: skip
FILE_NAME = "lokakuu.csv"
FIRST_OF_FILE = 4001
# Description, quantity, unit, price, VAT rate; of the file's faults each stands in one line.
LINES = (
    ("Vuokra, lokakuu", "1", "kk", "840,00", "25,5"),
    ("Sähkönsiirto", "412", "kWh", "0,0610", "25,5"),
    ("Mittarin luenta", "1", "kpl", "35,00", "25,5"),
    ("Kaukolämpö", "3,2", "MWh", "74,90", "25,5"),
    ("Huoltokäynti", "2", "h", "kuusikymmentä", "25,5"),
    ("Varaosa", "1", "kpl", "118,00", ""),
    ("Liittymismaksu", "1", "kpl", "250,00", "25,5"),
    ("Energiaselvitys", "4", "h", "95,00", "25,5"),
)
LATE_PLACE = 6  # this line is due before it is dated


@dataclass
class Desk:
    """One creditor, its debtors, and who works there."""

    environment: CreditorEnvironment
    debtors: list[Debtor]
    people: dict[str, User]

    def lay(self, at: dt.datetime) -> None:
        """Lay down what this creditor's people wait for."""
        if self.environment.country == COUNTRY:
            self.choose_batch(at)
            self.bring_file(at)
        if self.environment.creditor.approval_limit is not None:
            self.ask(at)

    def choose_batch(self, at: dt.datetime) -> Batch:
        """Write drafts, some of which lack something, and look at all of them."""
        contents = {place: self._content(place, place, at) for place in BATCH}
        contents[WITHOUT_ROWS] = replace(contents[WITHOUT_ROWS], rows=())
        contents[WITHOUT_ADDRESS] = replace(contents[WITHOUT_ADDRESS], channel=Channel.EINVOICE)
        written = [self._written(content, at).pk for content in contents.values()]
        clerk = self.people["clerk@demo.example"]
        batch = choose_invoices(environment=self.environment, ids=written, actor=clerk, at=at)
        check_batch(batch=batch, most=len(written), at=at)
        return batch

    def ask(self, at: dt.datetime) -> Invoice:
        """Write an invoice above the creditor's limit, and ask for approval."""
        content = self._content(APPROVED_DEBTOR, APPROVED_PLACE, at)
        rows = tuple(replace(row, quantity=row.quantity * MONTHS) for row in content.rows)
        invoice = self._written(replace(content, rows=rows), at)
        sender = self.people["sender@demo.example"]
        ask_approval(invoice=invoice, revision=invoice.revision, actor=sender, at=at)
        return invoice

    def bring_file(self, at: dt.datetime) -> Import:
        """Bring a file with a few errors; a worker reads it."""
        content = file_of(self.debtors, self.environment.today(at))
        clerk = self.people["clerk@demo.example"]
        batch = upload_import(
            environment=self.environment, name=FILE_NAME, chunks=lambda: iter([content]), actor=clerk, at=at
        )
        start_staging(batch=batch, actor=clerk, at=at)
        return batch

    def _content(self, debtor: int, place: int, at: dt.datetime) -> InvoiceContent:
        return content_for(self.debtors[debtor], self.environment, place, on=self.environment.today(at))

    def _written(self, content: InvoiceContent, at: dt.datetime) -> Invoice:
        clerk = self.people["clerk@demo.example"]
        return create_invoice(environment=self.environment, content=content, actor=clerk, at=at)


def file_of(debtors: list[Debtor], day: dt.date) -> bytes:
    """Return a file as an accounting system would write it."""
    text = io.StringIO()
    sheet = csv.writer(text, delimiter=";")
    sheet.writerow(HEADERS)
    for place, (debtor, line) in enumerate(zip(debtors, LINES, strict=False)):
        due = day + dt.timedelta(days=-1 if place == LATE_PLACE else 14)
        number, name = debtor.customer_number, debtor.name.partition(" [")[0]
        sheet.writerow(
            [FIRST_OF_FILE + place, f"{day:%d.%m.%Y}", f"{due:%d.%m.%Y}", number, name, *line],
        )
    return text.getvalue().encode()
