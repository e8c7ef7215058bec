"""Room: what the measurement of imports is made of: an invented file, three ways into the tables, and an empty start."""

import csv
import datetime as dt
import resource
import time
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from ropo_portal.accounts.models import Creditor, CreditorEnvironment, Membership, User
from ropo_portal.identifiers import make_reference, new_id, normalized_number
from ropo_portal.imports import creating, staging
from ropo_portal.imports.models import Import
from ropo_portal.imports.operations import start_creating, start_staging, upload_import
from ropo_portal.invoices.content import InvoiceContent, RowContent
from ropo_portal.invoices.models import Invoice, InvoiceRow
from ropo_portal.parties.models import Debtor

ROWS = 3
PER_DEBTOR = 4
CHUNK = 2000
HEADERS = (
    "Invoice number", "Invoice date", "Due date", "Customer number", "Customer name", "Customer type",
    "Street", "Post code", "City", "Row description", "Quantity", "Unit", "Unit price", "VAT %",
)  # fmt: skip
TABLES = ("parties_debtor", "invoices_invoice", "invoices_invoicerow")


def make_creditor() -> tuple[CreditorEnvironment, User]:
    """Make a creditor with a sandbox, and a clerk."""
    creditor = Creditor.objects.create(
        name="Mittaus Oy", business_id="2077474-0", country="FI", street="Katu 1", postcode="00100", city="Helsinki",
        iban="FI2112345600000785", bic="NDEAFIHH", default_vat_rate=Decimal("25.5"), reference_kind="viite",
    )  # fmt: skip
    user = User.objects.create_user("bench@example.com", name="Mittaaja")
    Membership.objects.create(user=user, creditor=creditor, role="clerk")
    return CreditorEnvironment.objects.create(creditor=creditor, name="sandbox"), user


def lines(count: int) -> Iterator[list[str]]:
    """Yield the lines of invented invoices, one debtor for four of them."""
    today = timezone.localdate()
    day, due = (f"{one.day}.{one.month}.{one.year}" for one in (today, today + dt.timedelta(days=14)))
    for place in range(count):
        who = place % max(count // PER_DEBTOR, 1)
        head = [f"26{place:07}", day, due, str(100_000 + who), f"Asiakas {who} Oy", "company", f"Katu {who % 90 + 1}",
                f"{who % 99_000 + 100:05}", "Helsinki"]  # fmt: skip
        for row in range(ROWS):
            price = (place * 37 + row * 911) % 44_950 + 50
            cells = [f"Huolto {row + 1}", str(row + 1), "kpl", f"{price // 100},{price % 100:02}", "25,5"]
            yield head + cells


def write_file(path: Path, count: int) -> int:
    """Write the file and return its size."""
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out, delimiter=";")
        writer.writerow(HEADERS)
        writer.writerows(lines(count))
    return path.stat().st_size


def portal(folder: Path, environment: CreditorEnvironment, user: User) -> dict[str, Any]:
    """Bring the file the way a clerk and a worker do, from the upload to the last draft."""
    parts: dict[str, list[float]] = {}
    spent: list[float] = []

    def timed(name: str) -> None:
        now = [time.monotonic(), time.process_time()]
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        parts[name] = [*(after - before for after, before in zip(now, spent, strict=True)), peak]
        spent[:] = now

    def chunks() -> Iterator[bytes]:
        with (folder / "invoices.csv").open("rb") as file:
            while piece := file.read(1 << 20):
                yield piece

    who: dict[str, Any] = {"actor": user, "at": timezone.now()}
    spent[:] = [time.monotonic(), time.process_time()]
    batch = upload_import(environment=environment, name="invoices.csv", chunks=chunks, **who)
    timed("kept and looked at")
    start_staging(batch=batch, **who)
    staging.stage(batch.pk, clock=timezone.now)
    timed("read, checked, staged")
    batch = Import.objects.get(pk=batch.pk)
    start_creating(batch=batch, typed=str(batch.new_count), **who)
    creating.create(batch.pk, clock=timezone.now)
    timed("asked again, created")
    return {"parts": parts, "created": Import.objects.get(pk=batch.pk).created_count}


def split(folder: Path) -> None:
    """Write what was created into one file a table."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for table in TABLES:
            with (folder / table).open("wb") as out, cursor.copy(f"COPY {table} TO STDOUT") as copy:
                for data in copy:
                    out.write(data)


@transaction.atomic
def copy_in(folder: Path) -> None:
    """Copy the split files straight in: nothing that begins with a file of lines can be faster."""
    with connection.cursor() as cursor:
        for table in TABLES:
            with (folder / table).open("rb") as file, cursor.copy(f"COPY {table} FROM STDIN") as copy:
                while data := file.read(1 << 16):
                    copy.write(data)


def empty() -> None:
    """Take the invoices and debtors out again, past the triggers; for a database that is thrown away."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "TRUNCATE imports_importedlines, imports_importeddebtor, imports_importedinvoice, imports_importpiece, "
                "invoices_invoicerow, invoices_invoice, parties_debtor CASCADE"
            )
            cursor.execute("ANALYZE")
        else:
            cursor.execute("DELETE FROM imports_importedlines")
            cursor.execute("DELETE FROM imports_importeddebtor")
            cursor.execute("DELETE FROM imports_importedinvoice")
            cursor.execute("DELETE FROM imports_importpiece")
            cursor.execute("DELETE FROM invoices_invoicerow")
            cursor.execute("DELETE FROM invoices_invoice")
            cursor.execute("DELETE FROM parties_debtor")


@transaction.atomic
def bulk_create(folder: Path, environment: CreditorEnvironment, at: dt.datetime) -> None:
    """Read the lines and save them with bulk_create in chunks: no checks, no errors, no history."""
    with (folder / "invoices.csv").open(newline="", encoding="utf-8") as file:
        reader = csv.reader(file, delimiter=";")
        next(reader)
        debtors: dict[str, Debtor] = {}
        while chunk := list(islice(reader, CHUNK * ROWS)):
            _save_chunk(chunk, debtors, environment, at)


def _save_chunk(
    chunk: list[list[str]], debtors: dict[str, Debtor], environment: CreditorEnvironment, at: dt.datetime
) -> None:
    fresh, invoices, rows = [], [], []
    for place in range(0, len(chunk), ROWS):
        number, day, due, customer, name, kind, street, postcode, city = chunk[place][:9]
        if customer not in debtors:
            debtors[customer] = Debtor(
                id=new_id(), creditor=environment.creditor, kind=kind, name=name, search_name=name.casefold(),
                customer_number=customer, street=street, postcode=postcode, city=city, created_at=at,
            )  # fmt: skip
            fresh.append(debtors[customer])
        found = tuple(_row(line) for line in chunk[place : place + ROWS])
        content = InvoiceContent(
            debtor=debtors[customer], invoice_date=_day(day), due_date=_day(due), rows=found
        )
        invoice = Invoice(
            id=new_id(), creditor=environment.creditor, environment=environment, number=number, created_at=at,
            number_key=normalized_number(number), reference=make_reference("viite", number),
        )  # fmt: skip
        content.write_on(invoice)
        invoices.append(invoice)
        rows += [
            InvoiceRow(invoice=invoice, position=at_, **vars(row)) for at_, row in enumerate(found, start=1)
        ]
    Debtor.objects.bulk_create(fresh, batch_size=CHUNK)
    Invoice.objects.bulk_create(invoices, batch_size=CHUNK)
    InvoiceRow.objects.bulk_create(rows, batch_size=CHUNK)


def _row(line: list[str]) -> RowContent:
    description, quantity, unit, price, rate = line[9:]
    return RowContent(
        description,
        Decimal(price.replace(",", ".")),
        Decimal(rate.replace(",", ".")),
        Decimal(quantity),
        unit,
    )


def _day(text: str) -> dt.date:
    day, month, year = text.split(".")
    return dt.date(int(year), int(month), int(day))
