"""Room: what one debtor owes, has promised and has been sent, for the debtor's page."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from ropo_portal.collection.account import account_of
from ropo_portal.collection.views.desk import scope_of
from ropo_portal.parties.models import Debtor
from ropo_portal.ui import htmx
from ropo_portal.ui.access import requires, scoped_object


@requires("document.view")
@require_GET
def of_debtor(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Give the debtor's claims, promises and submissions: a piece of the debtor's page, or a page of its own."""
    debtor = scoped_object(request, Debtor, pk, "document.view")
    may = scope_of(request).may
    context = {
        "debtor": debtor,
        "account": account_of(debtor, at=timezone.now()),
        "may_edit": may("invoice.edit", debtor.creditor_id),
        "may_promise": may("promise.edit", debtor.creditor_id) and not debtor.merged_into_id,
    }
    page, piece = "collection/debtor_account.html", "collection/_of_debtor.html"
    return htmx.render(request, page, piece, context)
