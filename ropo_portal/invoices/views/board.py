"""Room: how a batch stands: what is missing, what is ready, how far the sending is, what came of each."""

from collections import Counter
from typing import Any

from django.db.models import Count, Min, Q, QuerySet, Sum
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ropo_portal.invoices.causes import DOUBTS, cause, doubt_group
from ropo_portal.invoices.forms.batches import SendBatchForm
from ropo_portal.invoices.models import Batch, BatchItem
from ropo_portal.invoices.operations import days_offered
from ropo_portal.invoices.views.desk import scope_of
from ropo_portal.submissions.models import Submission
from ropo_portal.ui import paging

FILTERS = (
    ("", _("All")),
    ("queued", _("Queued")),
    ("asked", _("Wait for approval")),
    ("refused", _("Not sent")),
    ("left", _("Left out")),
)
TONES = {"queued": "queued", "asked": "unconfirmed", "refused": "rejected", "left": "draft"}


def board(request: HttpRequest, batch: Batch, form: SendBatchForm | None = None) -> dict[str, Any]:
    """Return everything the page of a batch prints."""
    items = BatchItem.objects.filter(batch=batch)
    counts = _counts(items)
    stage = _stage(batch, counts)
    may = scope_of(request).may
    context = {
        "done": _done(stage, counts),
        "batch": batch,
        "environment": batch.environment,
        "currency": batch.environment.currency,
        "counts": counts,
        "stage": stage,
        "may_edit": may("invoice.edit", batch.creditor_id),
        "may_send": may("invoice.send", batch.creditor_id),
        "may_withdraw": may("invoice.withdraw", batch.creditor_id),
        "leaves_in": batch.environment.creditor.hold_seconds // 60,
    }
    if stage == "ready":
        return context | _preflight(items) | {"form": form or _form(batch)}
    return context | (_outcome(request, items) if batch.sent_at else {})


def _counts(items: QuerySet[BatchItem]) -> dict[str, Any]:
    """Count in one question."""
    queued = Q(result="queued", submission__state=Submission.State.QUEUED)
    return items.aggregate(
        total=Count("pk"),
        unchecked=Count("pk", filter=Q(checked_at=None)),
        ready=Count("pk", filter=Q(is_ready=True)),
        ready_sum=Sum("invoice__total_amount", filter=Q(is_ready=True)),
        chosen=Count("pk", filter=Q(is_chosen=True)),
        waiting=Count("pk", filter=Q(is_chosen=True, result="")),
        queued=Count("pk", filter=Q(result="queued")),
        asked=Count("pk", filter=Q(result="asked")),
        refused=Count("pk", filter=Q(result="refused")),
        held=Count("pk", filter=queued),
        leaves_at=Min("submission__due_at", filter=queued),
    )


def _stage(batch: Batch, counts: dict[str, Any]) -> str:
    if batch.sent_at is None:
        return "checking" if counts["unchecked"] else "ready"
    if batch.stopped_at and counts["held"]:
        return "stopping"
    return "sending" if counts["waiting"] else "done"


def _done(stage: str, counts: dict[str, Any]) -> int:
    """Return how many are through with what is being done now."""
    left = {"checking": "unchecked", "sending": "waiting", "stopping": "held"}.get(stage)
    whole: int = counts["total" if stage == "checking" else "chosen"]
    return whole - counts[left] if left else whole


def _preflight(items: QuerySet[BatchItem]) -> dict[str, Any]:
    """Group what is wrong by its cause; an invoice with two causes stands in two groups."""
    groups: Counter[str] = Counter()
    odd: Counter[str] = Counter()
    doubtful = wrong = 0
    for item in items.filter(is_ready=False).only("causes", "doubts", "confirmed"):
        groups.update({key for key, _words in item.causes})
        wrong += bool(item.causes)
        if item.open_doubts and not item.causes:
            doubtful += 1
            odd.update({doubt_group(doubt[0]) for doubt in item.open_doubts})
    found = [
        {"key": key, "label": cause(key).label, "count": count, "is_mended_here": bool(cause(key).subject)}
        for key, count in groups.most_common()
    ]
    kinds = [{"key": key, "label": DOUBTS.get(key, key), "count": count} for key, count in odd.most_common()]
    return {"groups": found, "doubtful": doubtful, "doubt_kinds": kinds, "wrong": wrong}


def _form(batch: Batch) -> SendBatchForm:
    return SendBatchForm(offered=days_offered(batch.environment, timezone.now()))


def _outcome(request: HttpRequest, items: QuerySet[BatchItem]) -> dict[str, Any]:
    """Give one page of results, and the chips that narrow it."""
    chosen = request.GET.get("result", "")
    wanted = {"left": Q(is_chosen=False), "": Q()}.get(chosen, Q(result=chosen))
    rows = items.filter(wanted).select_related("invoice__debtor", "submission").defer("submission__payload")
    chips = [
        {"label": label, "href": f"?result={name}", "is_on": chosen == name, "tone": TONES.get(name, "")}
        for name, label in FILTERS
    ]
    page = paging.page(rows, order=("position", "id"), cursor=request.GET.get("cursor"))
    return {"page": page, "chips": chips, "query": f"result={chosen}" if chosen else ""}
