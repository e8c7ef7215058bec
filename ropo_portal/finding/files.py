"""Room: lists as files: read a few rows at a time, written once by a worker, sealed, and forgotten after a day."""

import datetime as dt
import tempfile
from collections.abc import Callable, Iterator
from typing import IO, Any
from urllib.parse import urlencode

from django.db import transaction
from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import CreditorEnvironment, User
from ropo_portal.errors import DomainError
from ropo_portal.finding import sheets
from ropo_portal.finding.models import Export, ExportPiece
from ropo_portal.history.operations import record
from ropo_portal.identifiers import is_personal_id
from ropo_portal.listings import LISTINGS, Listing

MOST = 1_000_000  # a sheet has room for a few more
PIECE, BATCH = 512 * 1024, 2000
KEPT, SILENCE = dt.timedelta(days=1), dt.timedelta(minutes=15)
HIDDEN = "…"


class TooMany(DomainError):
    """More than a sheet has room for."""


def sheet_of(
    listing: Listing, environment: CreditorEnvironment, query: str, at: dt.datetime
) -> tuple[list[str], Iterator[list[Any]]]:
    """Return the headings and the rows of a list as an address narrows it, read a few at a time."""
    form = listing.form(QueryDict(query), environment)
    rows = listing.rows(form, environment, environment.today(at)).order_by(*listing.order)[: MOST + 1]
    headings = [str(column.label) for column in listing.columns]
    values = ([column.value(row) for column in listing.columns] for row in rows.iterator(chunk_size=BATCH))
    return headings, values


def write_export(*, export: Export, clock: Callable[[], dt.datetime]) -> None:
    """Write the file, once: whoever moves it from the queue does it; a second bell finds nothing to do."""
    started = Export.objects.filter(pk=export.pk, state=Export.State.QUEUED)
    if not started.update(state=Export.State.WRITING, touched_at=clock()):
        return
    try:
        with translation.override(export.language), tempfile.TemporaryFile() as file:
            count = _written(export, file, clock)
            _keep(export, file, count, at=clock())
    except BaseException:
        Export.objects.filter(pk=export.pk).update(state=Export.State.FAILED, touched_at=clock())
        raise


def content_of(export: Export) -> Iterator[bytes]:
    """Yield the file piece by piece."""
    for piece in export.pieces.order_by("position").iterator(chunk_size=1):
        yield piece.content


def forget_exports(*, at: dt.datetime) -> None:
    """Let go of files that are a day old, and give up those whose worker fell silent."""
    Export.objects.filter(created_at__lt=at - KEPT).delete()
    Export.objects.silent(since=at - SILENCE).update(state=Export.State.FAILED)


def _written(export: Export, file: IO[bytes], clock: Callable[[], dt.datetime]) -> int:
    listing, environment = LISTINGS[export.listing], export.environment
    headings, rows = sheet_of(listing, environment, export.query, clock())
    count = 0

    def counted() -> Iterator[list[Any]]:
        nonlocal count
        for row in rows:
            count += 1
            if count > MOST:
                raise TooMany(_("More rows than a sheet has room for. Narrow the list."))
            if count % BATCH == 0:
                Export.objects.filter(pk=export.pk).update(written=count, touched_at=clock())
            yield row

    if export.kind == "xlsx":
        sheets.write_xlsx(file, headings, counted(), environment.time_zone)
    else:
        file.writelines(sheets.csv_lines(headings, counted(), environment.time_zone))
    return count


@transaction.atomic
def _keep(export: Export, file: IO[bytes], count: int, *, at: dt.datetime) -> None:
    file.seek(0)
    for position, content in enumerate(iter(lambda: file.read(PIECE), b"")):
        ExportPiece.objects.create(export=export, position=position, content=content)
    Export.objects.filter(pk=export.pk).update(state=Export.State.READY, written=count, touched_at=at)
    witness(export.listing, export.environment, export.query, export.kind, count, export.requested_by, at)


def witness(
    listing: str,
    environment: CreditorEnvironment,
    query: str,
    kind: str,
    count: int,
    actor: User,
    at: dt.datetime,
) -> None:
    record(
        verb="list.exported",
        subject=environment,
        creditor_id=environment.creditor_id,
        after={"list": listing, "filter": _without_persons(query), "rows": count, "file": kind},
        actor=actor,
        at=at,
    )


def _without_persons(query: str) -> str:
    return urlencode(
        [
            (name, HIDDEN if is_personal_id(value) else value)
            for name, values in QueryDict(query).lists()
            for value in values
        ]
    )
