"""Room: everything that waits for a second person, of every kind, on one page."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from ropo_portal.collection.models import DebtCollectionCase
from ropo_portal.collection.views.desk import scope_of
from ropo_portal.errors import DomainError
from ropo_portal.history.models import Entry
from ropo_portal.invoices.models import Approval
from ropo_portal.invoices.operations.approving import WRITTEN
from ropo_portal.invoices.paper import fingerprint_of, message_of
from ropo_portal.submissions.models import Kind
from ropo_portal.ui import navigation, paging
from ropo_portal.ui.access import requires
from ropo_portal.ui.counting import count_known

SHOWN = 100


@requires("invoice.approve")
@require_GET
def approvals(request: HttpRequest) -> HttpResponse:
    """List what waits; the green ones can be approved together, debt collections only one by one."""
    scope = scope_of(request)
    asked = list(_invoices(scope).prefetch_related("invoice__rows", "invoice__attachments")[:SHOWN])
    written = _written_by(request, asked)
    rows = [_invoice_row(approval, request, written) for approval in asked]
    rows += [_case_row(case, request) for case in _cases(scope).with_claim()[:SHOWN]]
    green = [row for row in rows if row["is_green"]]
    context = {
        "rows": sorted(rows, key=lambda row: row["at"]),
        "green": green,
        "sums": _sums(green),
        "more": paging.count_up_to(_invoices(scope), 999) if len(asked) == SHOWN else None,
    }
    return render(request, "collection/approval_list.html", context)


def waiting(scope: Any) -> int:
    """Count what waits: the number in the sidebar."""
    invoices, cases = (scope.creditor_ids_for(one) for one in ("invoice.approve", "collection.approve"))
    found = count_known("approvals", _asked, invoices, most=999) if invoices else 0
    return found + (count_known("cases", _proposed, cases, most=999) if cases else 0)


navigation.count_with("collection:approvals", waiting)


def _invoices(scope: Any) -> Any:
    return _asked(scope.creditor_ids_for("invoice.approve")).with_invoice().order_by("asked_at", "id")


def _asked(creditor_ids: Sequence[uuid.UUID]) -> Any:
    return Approval.objects.waiting().filter(invoice__creditor_id__in=creditor_ids)


def _cases(scope: Any) -> Any:
    return _proposed(scope.creditor_ids_for("collection.approve")).order_by("proposed_at", "id")


def _proposed(creditor_ids: Sequence[uuid.UUID]) -> Any:
    cases = DebtCollectionCase.objects.kept().filter(claim__creditor_id__in=creditor_ids, approved_by=None)
    return cases.filter(proposed_by__isnull=False)


def _written_by(request: HttpRequest, asked: list[Approval]) -> set[Any]:
    """Return the ids of invoices of which the reader wrote anything."""
    ids = [approval.invoice_id for approval in asked]
    mine = Entry.objects.filter(subject_id__in=ids, verb__in=WRITTEN, actor_id=request.user.pk)
    return set(mine.values_list("subject_id", flat=True))


def _invoice_row(approval: Approval, request: HttpRequest, written: set[Any]) -> dict[str, Any]:
    invoice = approval.invoice
    is_own = approval.asked_by_id == request.user.pk or invoice.pk in written
    is_void = _fingerprint(approval) != approval.fingerprint
    return {
        **_common(invoice, Kind.INVOICE, approval.asked_by, approval.asked_at, invoice.total_amount),
        "page": "invoices:approval",
        "pk": approval.pk,
        "fingerprint": approval.fingerprint,
        "leave_on": approval.leave_on,
        "is_own": is_own,
        "is_void": is_void,
        "is_green": not (is_own or is_void),
    }


def _case_row(case: DebtCollectionCase, request: HttpRequest) -> dict[str, Any]:
    claim = case.claim
    return {
        **_common(claim, Kind.DEBT_COLLECTION, case.proposed_by, case.proposed_at, case.amount),
        "page": "collection:case-approve",
        "pk": case.pk,
        "is_own": case.proposed_by_id == request.user.pk,
        "is_void": False,
        "is_green": False,
    }


def _common(document: Any, kind: Kind, by: Any, at: Any, amount: Decimal) -> dict[str, Any]:
    environment = document.environment
    return {
        "kind": kind.label,
        "number": document.number,
        "debtor": document.debtor.name,
        "creditor": environment.creditor.name,
        "environment": environment,
        "currency": environment.currency,
        "amount": amount,
        "by": by,
        "at": at,
    }


def _fingerprint(approval: Approval) -> str:
    """Return the fingerprint of what would be sent now, or nothing while it cannot be sent."""
    try:
        return fingerprint_of(message_of(approval.invoice))
    except DomainError:
        return ""


def _sums(green: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Add up by creditor, kind and currency."""
    found: dict[tuple[str, Any, str], tuple[int, Decimal]] = defaultdict(lambda: (0, Decimal(0)))
    for row in green:
        key = (row["creditor"], row["kind"], row["currency"])
        count, amount = found[key]
        found[key] = count + 1, amount + row["amount"]
    return [
        {"creditor": creditor, "kind": kind, "currency": currency, "count": count, "amount": amount}
        for (creditor, kind, currency), (count, amount) in sorted(found.items(), key=lambda one: str(one[0]))
    ]
