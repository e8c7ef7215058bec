"""Room: making one debtor of two."""

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from ropo_portal.collection import operations
from ropo_portal.collection.forms import MergeForm
from ropo_portal.collection.operations.merging import moving
from ropo_portal.collection.views.desk import UNPROCESSABLE, put, scope_of, who
from ropo_portal.collection.views.flags import back_to_debtor
from ropo_portal.errors import DomainError
from ropo_portal.parties.models import Debtor
from ropo_portal.ui.access import requires, scoped_object

MOST = 12
LONGEST_QUERY = 200


@requires("debtor.merge")
@require_GET
def choose(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Look for the debtor that this one is a double of."""
    debtor = scoped_object(request, Debtor, pk, "debtor.merge")
    query = request.GET.get("q", "")[:LONGEST_QUERY].strip()
    others = Debtor.objects.filter(creditor=debtor.creditor_id, kind=debtor.kind).kept().exclude(pk=debtor.pk)
    found = others.matching(query).order_by("search_name", "id") if query else Debtor.objects.like(debtor)
    context = {"debtor": debtor, "query": query, "found": found[:MOST]}
    return render(request, "collection/merge_choose.html", context)


@requires("debtor.merge")
@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, pk: uuid.UUID, kept: uuid.UUID) -> HttpResponse:
    """Show what would move, and then do it once."""
    double = scoped_object(request, Debtor, pk, "debtor.merge")
    other = scoped_object(request, Debtor, kept, "debtor.merge")
    today = scope_of(request).environment.today(timezone.now())
    may_confirm = scope_of(request).may("debtor.free", double.creditor_id)
    form = MergeForm(request.POST or None)
    if form.is_bound and form.is_valid():
        if form.cleaned_data["confirms_ids"] and not may_confirm:
            raise PermissionDenied("debtor.free")
        try:
            operations.merge_debtors(
                double=double, kept=other, today=today, **form.cleaned_data, **who(request)
            )
        except DomainError as error:
            put(form, error)
        else:
            return back_to_debtor(request, other, _("Merged. Nothing that was sent has changed."))
    context = {"form": form, "debtor": double, "kept": other, "may_confirm": may_confirm}
    return _form(request, context | {"moving": moving(double, other, today=today)})


def _form(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    status = UNPROCESSABLE if context["form"].is_bound else 200
    return render(request, "collection/merge_form.html", context, status=status)
