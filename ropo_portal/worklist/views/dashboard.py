"""Room: the dashboard: ages, speed of payment, acceptance and sums by month; each bar leads to what it stands for."""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from ropo_portal import money
from ropo_portal.ui.access import requires
from ropo_portal.worklist.ageing import Ageing, ageing, by_currency
from ropo_portal.worklist.charts import Chart, Datum, chart
from ropo_portal.worklist.figures import DAYS, Acceptance, Figures, acceptance, figures, since_when
from ropo_portal.worklist.kinds import Desk
from ropo_portal.worklist.views.desk import desk_of, scope_of

TONES = ("accepted", "queued", "unconfirmed", "held", "rejected")


@requires("document.view")
@require_GET
def dashboard(request: HttpRequest) -> HttpResponse:
    """Show how the money stands, one currency beside the other and never together."""
    desk = desk_of(request)
    rows = ageing(desk.environments, at=desk.at)
    sums = by_currency(rows)
    today = max((desk.today(one.pk) for one in desk.environments), default=desk.at.date())
    found = figures(desk.environments, {one.currency: one.total for one in sums}, today=today)
    answers = acceptance(desk.environments, at=desk.at)
    kept = {"all": "1"} if request.GET.get("all") == "1" else {}
    context = {
        "ages": [_ages(one, kept) for one in sums],
        "months": [_months(one, kept) for one in found],
        "figures": found,
        "answers": answers,
        "refusals": _refusals(answers, desk),
        "creditors": [_creditor(row, kept) for row in rows],
        "is_all": bool(kept),
        "sees_everything": len(scope_of(request).environments) > 1,
        "switch": "" if kept else "?all=1",
        "days": DAYS,
    }
    return render(request, "worklist/dashboard.html", context)


def _ages(age: Ageing, kept: dict[str, str]) -> Chart:
    data = [
        Datum(
            heap.bucket.label,
            heap.amount,
            _money(heap.amount, age.currency),
            _items(kept, bucket=heap.bucket.name, currency=age.currency),
            tone,
            heap.items,
        )
        for heap, tone in zip(age.heaps, TONES, strict=True)
    ]
    title = _("Open money by age, %(currency)s") % {"currency": age.currency}
    return chart(
        f"ages-{age.currency}", title, _("Days after the due date"), data, total=_money(age.total, age.currency),
        currency=age.currency,
    )  # fmt: skip


def _months(figure: Figures, kept: dict[str, str]) -> Chart:
    data = [
        Datum(
            date_format(month, "F Y"),
            amount,
            _money(amount, figure.currency),
            _items(kept, month=f"{month:%Y-%m}", currency=figure.currency),
            "sending",
            items,
        )
        for month, (amount, items) in figure.months.items()
    ]
    total = sum((amount for amount, _items in figure.months.values()), Decimal(0))
    title = _("Invoiced by month, %(currency)s") % {"currency": figure.currency}
    return chart(
        f"months-{figure.currency}", title, _("Month of the invoice date"), data,
        total=_money(total, figure.currency), currency=figure.currency,
    )  # fmt: skip


def _refusals(answers: Acceptance, desk: Desk) -> Chart:
    first = max(since_when(desk.environments, at=desk.at).values(), default=desk.at.date())
    kept = {"state": "rejected", "since": first.isoformat()}
    there = f"{reverse('submissions:list')}?"
    data = [
        Datum(
            cause, Decimal(number), str(number), there + urlencode(kept | {"cause": key}), "rejected", number
        )
        for cause, number, key in answers.causes
    ]
    return chart("refusals", _("Why Ropo One refused"), _("Cause"), data, total=str(answers.rejected))


def _creditor(row: Ageing, kept: dict[str, str]) -> dict[str, Any]:
    environment: Any = row.environment
    cells = [
        {
            "amount": heap.amount,
            "href": _items(kept, bucket=heap.bucket.name, environment=str(environment.pk)),
            "label": heap.bucket.label,
        }
        for heap in row.heaps
    ]
    return {"row": row, "environment": environment, "cells": cells}


def _items(kept: dict[str, str], **filters: str) -> str:
    return f"{reverse('worklist:items')}?{urlencode(kept | filters)}"


def _money(amount: Decimal, currency: str) -> str:
    return money.format_money(amount, currency, get_language() or "en")
