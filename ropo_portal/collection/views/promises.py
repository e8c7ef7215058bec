"""Room: writing down what a debtor promised."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ropo_portal.collection import operations
from ropo_portal.collection.forms import PromiseForm
from ropo_portal.collection.models import Promise
from ropo_portal.collection.views.desk import UNPROCESSABLE, log_strangers, put, scope_of, who
from ropo_portal.collection.views.flags import back_to_debtor
from ropo_portal.errors import DomainError
from ropo_portal.invoices.models import Claim, ClaimQuerySet
from ropo_portal.parties.models import Debtor
from ropo_portal.ui.access import requires, scoped_object


@requires("promise.edit")
@require_http_methods(["GET", "POST"])
def note(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask how much the debtor promised by which day."""
    debtor = scoped_object(request, Debtor, pk, "promise.edit")
    environment = scope_of(request).environment
    claims = _open_claims(debtor, environment.pk)
    start = {"claim": request.GET.get("claim", ""), "date": environment.today(timezone.now())}
    form = PromiseForm(request.POST or None, claims=claims, initial=start)
    if form.is_bound:
        log_strangers(request, form)
    if form.is_bound and form.is_valid():
        try:
            operations.note_promise(
                debtor=debtor, environment=environment, **form.cleaned_data, **who(request)
            )
        except DomainError as error:
            put(form, error)
        else:
            return back_to_debtor(request, debtor, _("The promise was noted."))
    context = {"form": form, "debtor": debtor, "environment": environment}
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "collection/promise_form.html", context, status=status)


@requires("promise.edit")
@require_POST
def withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take a promise back that was noted by mistake."""
    promise = scoped_object(request, Promise, pk, "promise.edit")
    try:
        operations.withdraw_promise(promise=promise, **who(request))
    except DomainError as error:
        return back_to_debtor(request, promise.debtor, str(error), "error")
    return back_to_debtor(request, promise.debtor, _("The promise was taken back."))


def _open_claims(debtor: Debtor, environment_id: uuid.UUID) -> ClaimQuerySet:
    whose = debtor.with_doubles()
    found = Claim.objects.filter(debtor_id__in=whose, environment=environment_id).open()
    return found.select_related("debtor", "environment__creditor").order_by("due_date", "id")
