"""Room: acting on one submission: hurry it, take it back, look, release, decide."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from ropo_portal.submissions import operations
from ropo_portal.submissions.forms import ProofForm, ReasonForm
from ropo_portal.submissions.models import ResendProposal, Submission
from ropo_portal.submissions.views import answers
from ropo_portal.ui.access import requires


@requires("invoice.send")
@require_POST
def send_now(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """End the hold."""
    return answers.act(request, pk, "invoice.send", operations.send_now, _("It leaves now."))


@requires("invoice.withdraw")
@require_POST
def withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take it back before it leaves."""
    words = _("Taken back. Nothing was sent.")
    return answers.act(request, pk, "invoice.withdraw", operations.withdraw, words)


@requires("submission.release")
@require_POST
def release(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Queue again what certainly never left."""
    words = _("Released: it leaves now.")
    return answers.act(request, pk, "submission.release", operations.release, words)


@requires("submission.look_up")
@require_POST
def look_up(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask Ropo at once."""
    words = _("Ropo One was asked; the look-up stands under the evidence.")
    return answers.act(request, pk, "submission.look_up", operations.look_up_now, words)


@requires("submission.confirm_there")
@require_POST
def there(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Accept on a person's word."""
    forms, words = {"proof_form": ProofForm(request.POST, auto_id="there_%s")}, _("Accepted on your word.")
    return answers.decide(request, pk, "submission.confirm_there", forms, operations.confirm_there, words)


@requires("submission.propose_resend")
@require_POST
def propose(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Propose to send it again, as the first of two people."""
    forms = {"resend_form": ReasonForm(request.POST, auto_id="resend_%s")}
    words = _("Proposed. It leaves when a second person confirms.")
    return answers.decide(request, pk, "submission.propose_resend", forms, operations.propose_resend, words)


@requires("submission.confirm_resend")
@require_POST
def confirm(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Confirm as the second person."""
    words = _("Confirmed: the same bytes leave once more.")
    return answers.act(request, pk, "submission.confirm_resend", _confirm, words)


@requires("submission.propose_resend")
@require_POST
def take_back(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take back a proposal nobody has confirmed."""
    words = _("The proposal was taken back.")
    return answers.act(request, pk, "submission.propose_resend", _take_back, words)


@requires("submission.write_off")
@require_POST
def write_off(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Close it for good."""
    forms = {"write_off_form": ReasonForm(request.POST, auto_id="write_off_%s")}
    words = _("Written off and closed.")
    return answers.decide(request, pk, "submission.write_off", forms, operations.write_off, words)


def _confirm(*, submission: Submission, **who: Any) -> object:
    return operations.confirm_resend(proposal=_proposal(submission), **who)


def _take_back(*, submission: Submission, **who: Any) -> object:
    return operations.withdraw_proposal(proposal=_proposal(submission), **who)


def _proposal(row: Submission) -> ResendProposal:
    """Give the proposal that waits; somebody may have taken it back meanwhile."""
    waiting = row.proposals.filter(confirmed_at=None, withdrawn_at=None).first()
    if waiting is None:
        raise operations.TooLate
    return waiting
