"""Room: the page of an environment's events: where Ropo pushes them, with which secret, and what was wrong."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.submissions import operations
from ropo_portal.submissions.callers import NewSecret
from ropo_portal.submissions.forms import ShortReasonForm
from ropo_portal.submissions.models import StatusIncident, StatusLine
from ropo_portal.submissions.views import answers
from ropo_portal.ui import htmx
from ropo_portal.ui.access import requires, scoped_object

ACTION = "creditor.credentials"
SHOWN = 20


@requires(ACTION)
@require_GET
def webhook(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show where events go, whether a secret is set, and the incidents."""
    return _page(request, scoped_object(request, CreditorEnvironment, pk, ACTION))


@requires(ACTION)
@require_POST
def webhook_secret(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Make a new secret and show it, this once."""
    environment = scoped_object(request, CreditorEnvironment, pk, ACTION)
    pair = operations.set_webhook_secret(environment=environment, **answers.who(request))
    return _page(request, environment, pair=pair)


@requires(ACTION)
@require_POST
def clear_alarm(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Note that the alarm was looked into."""
    environment = scoped_object(request, CreditorEnvironment, pk, ACTION)
    form = ShortReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, environment, form=form)
    reason = form.cleaned_data["reason"]
    operations.clear_alarm(environment=environment, reason=reason, **answers.who(request))
    words = _("The alarm is over; the incidents stay.")
    return htmx.tell(request, htmx.redirect(request, "submissions:webhook", environment.pk), words)


def _page(
    request: HttpRequest,
    environment: CreditorEnvironment,
    *,
    pair: NewSecret | None = None,
    form: ShortReasonForm | None = None,
) -> HttpResponse:
    context = {
        "environment": environment,
        "line": StatusLine.objects.filter(environment=environment).first(),
        "incidents": StatusIncident.objects.filter(environment=environment).order_by("-at")[:SHOWN],
        "receiver": request.build_absolute_uri(reverse("doors:events")),
        "token_address": request.build_absolute_uri(reverse("doors:token")),
        "pair": pair,
        "form": form or ShortReasonForm(),
    }
    return render(request, "submissions/webhook.html", context, status=422 if form else 200)
