"""Room: acting on one submission: hurry it, take it back, look, release, decide."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from ropo_portal.submissions import operations
from ropo_portal.submissions.forms import ProofForm, ReasonForm
from ropo_portal.submissions.models import ResendProposal, Submission
from ropo_portal.submissions.views import answers
from ropo_portal.ui.access import requires, scoped_object


@requires("invoice.send")
@require_POST
def send_now(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """End the hold."""
    row = scoped_object(request, Submission, pk, "invoice.send")
    who = answers.who(request)
    return answers.acted(
        request, row, lambda: operations.send_now(submission=row, **who), _("It leaves now.")
    )


@requires("invoice.withdraw")
@require_POST
def withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take it back before it leaves."""
    row = scoped_object(request, Submission, pk, "invoice.withdraw")
    who = answers.who(request)
    words = _("Taken back. Nothing was sent.")
    return answers.acted(request, row, lambda: operations.withdraw(submission=row, **who), words)


@requires("submission.release")
@require_POST
def release(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Queue again what certainly never left."""
    row = scoped_object(request, Submission, pk, "submission.release")
    who = answers.who(request)
    return answers.acted(
        request, row, lambda: operations.release(submission=row, **who), _("Released: it leaves now.")
    )


@requires("submission.look_up")
@require_POST
def look_up(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask Ropo at once."""
    row = scoped_object(request, Submission, pk, "submission.look_up")
    who = answers.who(request)
    words = _("Ropo One was asked; the look-up stands under the evidence.")
    return answers.acted(request, row, lambda: operations.look_up_now(submission=row, **who), words)


@requires("submission.confirm_there")
@require_POST
def there(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Accept on a person's word."""
    row = scoped_object(request, Submission, pk, "submission.confirm_there")
    who = answers.who(request)
    form = ProofForm(request.POST, auto_id="there_%s")
    return answers.decided(
        request,
        row,
        {"proof_form": form},
        lambda found: operations.confirm_there(submission=row, **found, **who),
        _("Accepted on your word."),
    )


@requires("submission.propose_resend")
@require_POST
def propose(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Propose to send it again, as the first of two people."""
    row = scoped_object(request, Submission, pk, "submission.propose_resend")
    who = answers.who(request)
    form = ReasonForm(request.POST, auto_id="resend_%s")
    return answers.decided(
        request,
        row,
        {"resend_form": form},
        lambda found: operations.propose_resend(submission=row, **found, **who),
        _("Proposed. It leaves when a second person confirms."),
    )


@requires("submission.confirm_resend")
@require_POST
def confirm(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Confirm as the second person."""
    row = scoped_object(request, Submission, pk, "submission.confirm_resend")
    who = answers.who(request)
    act = lambda: operations.confirm_resend(proposal=_proposal(row), **who)  # noqa: E731 -- one call, named for the line below
    return answers.acted(request, row, act, _("Confirmed: the same bytes leave once more."))


@requires("submission.propose_resend")
@require_POST
def take_back(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take back a proposal nobody has confirmed."""
    row = scoped_object(request, Submission, pk, "submission.propose_resend")
    who = answers.who(request)
    act = lambda: operations.withdraw_proposal(proposal=_proposal(row), **who)  # noqa: E731 -- as above
    return answers.acted(request, row, act, _("The proposal was taken back."))


@requires("submission.write_off")
@require_POST
def write_off(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Close it for good."""
    row = scoped_object(request, Submission, pk, "submission.write_off")
    who = answers.who(request)
    form = ReasonForm(request.POST, auto_id="write_off_%s")
    return answers.decided(
        request,
        row,
        {"write_off_form": form},
        lambda found: operations.write_off(submission=row, **found, **who),
        _("Written off and closed."),
    )


def _proposal(row: Submission) -> ResendProposal:
    """Give the proposal that waits; somebody may have taken it back meanwhile."""
    waiting = row.proposals.filter(confirmed_at=None, withdrawn_at=None).first()
    if waiting is None:
        raise operations.TooLate
    return waiting
