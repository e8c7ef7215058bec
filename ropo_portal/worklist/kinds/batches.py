"""Room: batches of invoices that somebody left half done: never sent, fallen silent, or with some that were not sent."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ropo_portal import days
from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.errors import sentence
from ropo_portal.invoices.models import Batch, BatchItem
from ropo_portal.submissions.models import Submission
from ropo_portal.worklist.kinds.kind import Desk, Kind, Row, Words

# A batch that works is touched every few seconds; one that nobody finished for so long is nobody's work any more.
SILENCE = dt.timedelta(minutes=5)
MEMORY = dt.timedelta(days=60)
Environments = Sequence[CreditorEnvironment]


def _items(**wanted: Any) -> QuerySet[BatchItem]:
    return BatchItem.objects.filter(batch=OuterRef("pk"), **wanted)


def _drafts() -> QuerySet[BatchItem]:
    """Return what a batch holds of invoices that are still as they were chosen, and have not left."""
    return _items(invoice__submission=None, invoice__discarded_at=None, revision=F("invoice__revision"))


def _young(desk: Desk, environments: Environments) -> QuerySet[Batch]:
    return Batch.objects.filter(environment__in=environments, made_at__gte=desk.at - MEMORY)


def _unsent(desk: Desk, environments: Environments) -> QuerySet[Batch]:
    return _young(desk, environments).filter(Exists(_drafts()), sent_at=None, stopped_at=None)


def _halted(desk: Desk, environments: Environments) -> QuerySet[Batch]:
    """Return those with something to send, or stopped ones with something to take back, that nobody works on."""
    to_send = Exists(_items(is_chosen=True, result=""))
    to_take_back = Q(stopped_at__isnull=False) & Exists(_items(submission__state=Submission.State.QUEUED))
    silent = _young(desk, environments).filter(sent_at__isnull=False, touched_at__lte=desk.at - SILENCE)
    return silent.filter(Q(to_send) | to_take_back)


def _refused(desk: Desk, environments: Environments) -> QuerySet[Batch]:
    """Return sent ones of which some invoices were not sent, while those lie there unchanged."""
    left = _drafts().filter(result=BatchItem.Result.REFUSED)
    return _young(desk, environments).filter(Exists(left), sent_at__isnull=False, stopped_at=None)


def _moment(at: dt.datetime) -> str:
    local = localtime(at)
    return f"{days.format_date(local.date(), get_language() or 'en')} {local:%H:%M}"


def _showing(next_step: Words) -> Callable[[Desk, Iterable[Any]], list[Row]]:
    def show(desk: Desk, found: Iterable[Any]) -> list[Row]:
        return [
            Row(
                pk=one.pk,
                environment=desk.by_id[one.environment_id],
                number=_moment(one.made_at),
                debtor=str(sentence(_("Chosen by %(name)s"), name=str(one.made_by))),
                url=reverse("invoices:batch", args=[one.pk]),
                next_step=next_step,
                days=(desk.at - one.made_at).days,
            )
            for one in found.select_related("made_by")  # type: ignore[attr-defined]
        ]

    return show


def _kind(name: str, label: Words, hours: int, rows: Any, next_step: Words) -> Kind:
    show = _showing(next_step)
    return Kind(name, "batch", label, hours, "made_at", rows, show, action="invoice.send", is_lasting=True)


KINDS = (
    _kind("batch-halted", _("Batch that stopped halfway"), 1, _halted, _("See why it does not go on")),
    _kind("batch-refused", _("Batch with invoices not sent"), 24, _refused, _("Mend what was not sent")),
    _kind("batch-unsent", _("Batch not sent yet"), 24, _unsent, _("Check it and send it, or take it back")),
)
