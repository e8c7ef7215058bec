"""Room: taking lists away as files: small ones at once, large ones by a worker."""

import datetime as dt
import logging

from django.db import transaction
from django.utils import translation

from ropo_portal.accounts.models import CreditorEnvironment, User
from ropo_portal.finding import tasks
from ropo_portal.finding.files import forget_exports, witness
from ropo_portal.finding.models import Export
from ropo_portal.listings import Listing

logger = logging.getLogger(__name__)


def take_list(
    *,
    listing: Listing,
    environment: CreditorEnvironment,
    query: str,
    kind: str,
    count: int,
    actor: User,
    at: dt.datetime,
) -> None:
    """Leave the line in the history that somebody took a list away: which, how narrowed, how many rows; never the rows."""
    with transaction.atomic():
        witness(listing.name, environment, query, kind, count, actor, at)


@transaction.atomic
def ask_for_export(
    *, listing: Listing, environment: CreditorEnvironment, query: str, kind: str, actor: User, at: dt.datetime
) -> Export:
    """Put a large list on its way; the line in the history is left when it has been written."""
    forget_exports(at=at)
    export = Export.objects.create(
        creditor_id=environment.creditor_id, environment=environment, requested_by=actor, listing=listing.name,
        query=query, kind=kind, language=translation.get_language() or "en", created_at=at, touched_at=at,
    )  # fmt: skip
    transaction.on_commit(lambda: _ring(export), robust=True)
    return export


def _ring(export: Export) -> None:
    try:
        tasks.export.apply_async(kwargs={"export_id": str(export.pk)}, expires=600, retry=False)
    except Exception as error:  # noqa: BLE001 (kombu raises many kinds; the page says that it was given up)
        logger.warning("bell for %s did not ring: %s", export.pk, type(error).__name__)
