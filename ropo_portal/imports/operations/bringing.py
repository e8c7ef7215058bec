"""Room: a file is brought, looked at, and its columns are settled."""

import datetime as dt
import hashlib
import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import CreditorEnvironment, User
from ropo_portal.errors import DomainError
from ropo_portal.history.operations import record
from ropo_portal.imports import files, readers, tasks
from ropo_portal.imports.models import Import, ImportTemplate

logger = logging.getLogger(__name__)
State = Import.State
LONGEST_NAME = 200


class NothingToRead(DomainError):
    """The columns are not settled."""


def upload_import(
    *,
    environment: CreditorEnvironment,
    name: str,
    chunks: Callable[[], Iterable[bytes]],
    actor: User,
    at: dt.datetime,
) -> Import:
    """
    Keep the bytes of a file, sealed, and take a first look at its columns.

    Refuses (`FileTooLarge`) what is above the limit. What cannot be read is kept as failed, with the reason.
    """
    sha256, size = files.fingerprint(chunks())
    with transaction.atomic():
        batch = Import.objects.create(
            creditor_id=environment.creditor_id, environment=environment, file_name=name[-LONGEST_NAME:], sha256=sha256,
            size=size, created_by=actor, created_at=at, moved_at=at,
        )  # fmt: skip
        files.keep(batch, chunks())
        after = {"sha256": sha256, "size": size}
        record(verb="import.uploaded", subject=batch, creditor_id=batch.creditor_id, label=str(batch.pk), after=after,
               actor=actor, at=at)  # fmt: skip
    try:
        survey = look_at(batch)
    except readers.CannotRead as error:
        batch.move(State.FAILED, at=at, failure=str(error))
        return batch
    layout = _kept_layout(batch, survey) or survey.layout
    batch.move(
        State.SURVEYED,
        at=at,
        layout=layout.to_dict(),
        headers=survey.headers,
        line_guess=survey.line_count_guess,
    )
    return batch


def look_at(batch: Import, layout: readers.Layout | None = None) -> readers.Survey:
    """Read the head of the file; raises `CannotRead`."""
    with files.written(batch) as path:
        return readers.survey_limited(path, name=batch.file_name, layout=layout)


def headers_fingerprint(survey: readers.Survey) -> str:
    """Return what files of one kind have in common: their headers, however they are written."""
    words = [survey.layout.kind, *(header.strip().casefold() for header in survey.headers)]
    return hashlib.sha256("\0".join(words).encode()).hexdigest()


def _kept_layout(batch: Import, survey: readers.Survey) -> readers.Layout | None:
    """Return the newest layout kept for these headers; sheet, encoding and separator are the file's own."""
    kept = ImportTemplate.objects.filter(creditor_id=batch.creditor_id, headers=headers_fingerprint(survey))
    template = kept.order_by("-created_at", "-pk").first()
    if template is None:
        return None
    own = survey.layout.to_dict()
    names = ("columns", "decimal", "date_order")
    return readers.Layout.from_dict({**own, **{name: template.layout[name] for name in names}})


@transaction.atomic
def choose_layout(
    *, batch: Import, survey: readers.Survey, keep_as: str, actor: User, at: dt.datetime
) -> None:
    """Keep the columns as chosen so far, and under a name for later files of the same headers."""
    layout = survey.layout
    if batch.state in {State.STAGED, State.STOPPED} and not batch.created_count:
        batch.move(State.SURVEYED, at=at)
    rows = Import.objects.filter(pk=batch.pk, state=State.SURVEYED)
    if not rows.update(layout=layout.to_dict(), headers=survey.headers):
        raise NothingToRead(_("The columns of this import can no longer be changed."), code="too_late")
    batch.layout = layout.to_dict()
    if not keep_as:
        return
    facts = {
        "headers": headers_fingerprint(survey),
        "layout": batch.layout,
        "created_by": actor,
        "created_at": at,
    }
    template, _made = ImportTemplate.objects.update_or_create(
        creditor_id=batch.creditor_id, name=keep_as[:70], defaults=facts
    )
    after: Mapping[str, Any] = {"columns": sorted(set(layout.columns.values()))}
    record(
        verb="import.layout_kept",
        subject=template,
        creditor_id=batch.creditor_id,
        after=after,
        actor=actor,
        at=at,
    )


@transaction.atomic
def start_staging(*, batch: Import, actor: User, at: dt.datetime) -> None:
    """Let a worker read the whole file; refuses without columns (`NothingToRead`) and when somebody was faster."""
    layout = readers.Layout.from_dict(batch.layout)
    if layout.kind in readers.TABLES and "row_price" not in layout.columns.values():
        message = _("Say at least which column holds the price of a row.")
        raise NothingToRead(message, field="columns", code="no_price")
    batch.move(State.STAGING, at=at, started_at=at, staged_at=None)
    record(
        verb="import.staged",
        subject=batch,
        creditor_id=batch.creditor_id,
        label=str(batch.pk),
        actor=actor,
        at=at,
    )
    transaction.on_commit(lambda: ring(batch), robust=True)


def ring(batch: Import) -> None:
    """Ring the bell; an absent broker is logged and forgotten, for the sweep finds the row."""
    work = {State.STAGING: tasks.stage, State.WITHDRAWN: tasks.withdraw}.get(State(batch.state), tasks.create)
    try:
        work.apply_async(kwargs={"batch_id": str(batch.pk)}, expires=600, retry=False)
    except Exception as error:  # noqa: BLE001 -- kombu raises many kinds; the row is safe and the sweep will find it
        logger.warning("bell for import %s did not ring: %s", batch.pk, type(error).__name__)
