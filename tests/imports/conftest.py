"""Files of invoices, brought the way a clerk brings them; the worker's part is called by hand."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.imports import creating, staging
from ropo_portal.imports.models import Import, ImportedInvoice, ImportedLines
from ropo_portal.imports.operations import start_creating, start_staging, upload_import
from tests.factories import AT, make_user

HEADERS = (
    "Invoice number", "Invoice date", "Due date", "Customer number", "Customer name", "Business id", "Street",
    "Post code", "City", "Row description", "Quantity", "Unit", "Unit price", "VAT %", "Invoice total", "Customer type",
)  # fmt: skip
NAMES = (
    "invoice_number", "invoice_date", "due_date", "debtor_number", "debtor_name", "debtor_id", "street", "post_code",
    "city", "row_description", "row_quantity", "row_unit", "row_price", "row_vat_rate", "stated_total",
    "debtor_kind",
)  # fmt: skip
PLAIN = {
    "invoice_number": "A-1000", "invoice_date": "20.11.2026", "due_date": "4.12.2026", "debtor_number": "7001",
    "debtor_name": "Kuvitteellinen Oy", "debtor_id": "0000012-3", "street": "Katu 1", "post_code": "00100",
    "city": "Helsinki", "row_description": "Huolto", "row_quantity": "1", "row_unit": "kpl", "row_price": "100,00",
    "row_vat_rate": "25,5", "stated_total": "",
}  # fmt: skip
Rows = list[dict[str, str]]


def clock() -> Any:
    """The worker's clock stands still."""
    return AT


def dies_after(looks: int) -> Callable[[], Any]:
    """Return a clock at which a worker dies when it looks once more."""
    left = [looks]

    def look() -> Any:
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        return AT

    return look


def line(**cells: str) -> dict[str, str]:
    """Return a line that is in order, but for what is given."""
    return PLAIN | cells


def invoices(count: int, *, rows: int = 1, start: int = 1000) -> Rows:
    """Return lines of invoices, of which every fourth is to the same company."""
    return [
        line(invoice_number=f"A-{start + place}", row_description=f"Huolto {row}", **company(place % 4))
        for place in range(count)
        for row in range(rows)
    ]


def company(place: int) -> dict[str, str]:
    """Return the cells of one of four companies."""
    return {
        "debtor_number": str(7000 + place), "debtor_name": f"Yritys {place} Oy",
        "debtor_id": ("0000012-3", "0000013-1", "0000015-8", "0000016-6")[place],
    }  # fmt: skip


def written(rows: Rows, *, names: tuple[str, ...] = NAMES) -> bytes:
    """Return the lines as a file of a Finnish spreadsheet program."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";")
    writer.writerow([HEADERS[NAMES.index(name)] for name in names])
    writer.writerows([[row.get(name, "") for name in names] for row in rows])
    return out.getvalue().encode()


def brought(environment: CreditorEnvironment, content: bytes, name: str = "laskut.csv") -> Import:
    """Upload a file."""
    return upload_import(
        environment=environment, name=name, chunks=lambda: [content], actor=make_user(name="Bringer"), at=AT
    )


def read(batch: Import) -> Import:
    """Let the worker read the file."""
    start_staging(batch=batch, actor=make_user(), at=AT)
    staging.stage(batch.pk, clock=clock)
    return Import.objects.get(pk=batch.pk)


def made(batch: Import) -> Import:
    """Ask for the invoices and let the worker create them."""
    start_creating(
        batch=batch, typed=str(batch.invoices.ready().count()), actor=make_user(name="Maker"), at=AT
    )
    creating.create(batch.pk, clock=clock)
    return Import.objects.get(pk=batch.pk)


def texts(imported: ImportedInvoice) -> list[Any]:
    """Return number, cells and problems of every line as kept."""
    found: list[Any] = json.loads(ImportedLines.objects.get(imported=imported).texts)
    return found


@pytest.fixture
def staged(environment: CreditorEnvironment) -> Callable[..., Import]:
    """Bring lines and have them read."""

    def stage(rows: Rows, **options: Any) -> Import:
        return read(brought(environment, written(rows, **options)))

    return stage
