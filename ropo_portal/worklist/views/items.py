"""Room: the list behind a bar of the dashboard: open items of an age, or everything invoiced in a month."""

import datetime as dt
import uuid
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from ropo_portal.accounts.models import CURRENCIES
from ropo_portal.ui import htmx, paging
from ropo_portal.ui.access import requires
from ropo_portal.worklist.ageing import BUCKETS, BY_NAME, Bucket
from ropo_portal.worklist.kinds import Desk
from ropo_portal.worklist.kinds.kind import either
from ropo_portal.worklist.models import OpenItem
from ropo_portal.worklist.views.desk import desk_of

BY_DUE_DATE, BY_DAY = ("due_date", "id"), ("invoice_date", "id")
DECEMBER = 12


@requires("document.view")
@require_GET
def items(request: HttpRequest) -> HttpResponse:
    """List what a bar stands for, the oldest first."""
    desk = _narrowed(request, desk_of(request))
    month = _month(request.GET.get("month", ""))
    bucket = BY_NAME.get(request.GET.get("bucket", ""))
    rows = OpenItem.objects.filter(environment__in=desk.environments).select_related(
        "claim", "invoice", "debtor"
    )
    found = _of_month(rows, month) if month else _of_age(rows.open(), bucket, desk)
    order = BY_DAY if month else BY_DUE_DATE
    context = {
        "page": _placed(paging.page(found, order=order, cursor=request.GET.get("cursor")), desk),
        "month": month,
        "bucket": bucket,
        "chips": _chips(request, bucket, month),
        "query": _query(request),
        "is_all": request.GET.get("all") == "1",
    }
    return htmx.render(request, "worklist/item_list.html", "worklist/_items.html", context)


def _placed(page: Any, desk: Desk) -> Any:
    """Put beside each item what its row prints."""
    for item in page.rows:
        item.place = desk.by_id[item.environment_id]
        item.late = max((desk.today(item.environment_id) - item.due_date).days, 0)
        item.number = (item.claim or item.invoice).number
        item.opens = "collection:claim" if item.claim_id else "invoices:detail"
        item.key = item.claim_id or item.invoice_id
    return page


def _narrowed(request: HttpRequest, desk: Desk) -> Desk:
    """Keep the environments that the bar was about; a foreign one is none."""
    chosen = desk.environments
    currency = request.GET.get("currency", "")
    if currency in CURRENCIES.values():
        chosen = tuple(one for one in chosen if one.currency == currency)
    try:
        wanted = uuid.UUID(request.GET.get("environment", ""))
    except ValueError:
        return Desk(desk.scope, chosen, desk.at)
    return Desk(desk.scope, tuple(one for one in chosen if one.pk == wanted), desk.at)


def _of_age(rows: Any, bucket: Bucket | None, desk: Desk) -> Any:
    if bucket is None:
        return rows
    conditions = []
    for today in {desk.today(one.pk) for one in desk.environments}:
        same = [one for one in desk.environments if desk.today(one.pk) == today]
        earliest, latest = bucket.span(today)
        span = Q(environment__in=same)
        span &= Q(due_date__gte=earliest) if earliest else Q()
        span &= Q(due_date__lte=latest) if latest else Q()
        conditions.append(span)
    return rows.filter(conditions[0] if len(conditions) == 1 else either(conditions))


def _of_month(rows: Any, month: dt.date) -> Any:
    after = dt.date(month.year + month.month // DECEMBER, month.month % DECEMBER + 1, 1)
    return rows.filter(invoice_date__gte=month, invoice_date__lt=after)


def _month(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(f"{text}-01")
    except ValueError:
        return None


def _query(request: HttpRequest, **changes: str) -> str:
    names = ("all", "bucket", "month", "currency", "environment")
    kept = {name: request.GET.get(name, "") for name in names} | changes
    return urlencode({name: value for name, value in kept.items() if value})


def _chips(request: HttpRequest, chosen: Bucket | None, month: dt.date | None) -> list[dict[str, Any]]:
    if month:
        return []
    return [
        {
            "label": bucket.label,
            "href": f"?{_query(request, bucket='' if bucket == chosen else bucket.name)}",
            "is_on": bucket == chosen,
            "key": str(place),
        }
        for place, bucket in enumerate(BUCKETS, start=1)
    ]
