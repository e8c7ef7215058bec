"""Room: leaving a debtor alone, and ending that."""

import uuid

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from ropo_portal.collection import operations
from ropo_portal.collection.forms import FlagForm, ReasonForm
from ropo_portal.collection.operations import Flagged
from ropo_portal.collection.views.desk import UNPROCESSABLE, log_strangers, put, scope_of, who
from ropo_portal.errors import DomainError
from ropo_portal.parties.models import STOPS_INVOICES, Debtor, Flag
from ropo_portal.parties.operations import lift_flag
from ropo_portal.ui import htmx
from ropo_portal.ui.access import requires, scoped_object


@requires("debtor.flag")
@require_http_methods(["GET", "POST"])
def flag(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Set a flag; what waits for the debtor is taken back at once."""
    debtor = scoped_object(request, Debtor, pk, "debtor.flag")
    today = scope_of(request).environment.today(timezone.now())
    form = FlagForm(request.POST or None, initial={"begin_date": today})
    if form.is_bound:
        log_strangers(request, form)
    if form.is_bound and form.is_valid():
        try:
            done = operations.flag_debtor(debtor=debtor, today=today, **form.cleaned_data, **who(request))
        except DomainError as error:
            put(form, error)
        else:
            return back_to_debtor(request, debtor, _words(done))
    stops = [Flag.Kind(kind).label for kind in STOPS_INVOICES]
    context = {"form": form, "debtor": debtor, "stops_invoices": stops}
    return render(request, "collection/flag_form.html", context, status=_status(form))


@requires("debtor.flag")
@require_http_methods(["GET", "POST"])
def lift(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """End a flag with a reason; a dead person or a minor is freed by an approver only."""
    row = scoped_object(request, Flag, pk, "debtor.flag")
    if row.needs_approver and not scope_of(request).may("debtor.free", row.creditor_id):
        raise PermissionDenied("debtor.free")
    form = ReasonForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            lift_flag(flag=row, **form.cleaned_data, **who(request))
        except DomainError as error:
            put(form, error)
        else:
            return back_to_debtor(request, row.debtor, _("The flag was lifted."))
    context = {"form": form, "flag": row, "debtor": row.debtor}
    return render(request, "collection/flag_lift.html", context, status=_status(form))


def back_to_debtor(request: HttpRequest, debtor: Debtor, text: str, level: str = "success") -> HttpResponse:
    """Go to the debtor's page and say something there."""
    return htmx.tell(request, htmx.redirect(request, "parties:debtor-detail", debtor.pk), text, level)


def _words(done: Flagged) -> str:
    if not done.withdrawn:
        return _("The flag stands. Nothing was waiting to leave.")
    text = ngettext(
        "The flag stands. %(number)d document was taken back before it left.",
        "The flag stands. %(number)d documents were taken back before they left.",
        done.withdrawn,
    )
    return text % {"number": done.withdrawn}


def _status(form: FlagForm | ReasonForm) -> int:
    return UNPROCESSABLE if form.is_bound else 200
