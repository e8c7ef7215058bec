"""Room: asking Ropo: look-ups, previews, stored documents, and whether the credentials work."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import CreditorEnvironment, User
from ropo_portal.errors import DomainError, sentence
from ropo_portal.history.operations import record
from ropo_portal.submissions import gateway, intake, outcomes
from ropo_portal.submissions.models import Attempt, Submission
from ropo_portal.submissions.operations.queueing import Postable


class ReadFailed(DomainError):
    """Ropo One did not give what was asked; nothing was registered."""


def look_up_now(*, submission: Submission, actor: User, at: dt.datetime) -> str:
    """Ask Ropo at once whether an unconfirmed or held submission arrived; return its state afterwards."""
    return intake.look_up(submission, actor=actor, clock=_running_clock(at))


def _running_clock(at: dt.datetime) -> intake.Clock:
    """Return a clock that starts at the moment passed in and runs with the machine's."""
    started = timezone.now()
    return lambda: at + (timezone.now() - started)


SENTENCES = {
    "login": _("Ropo One does not accept these credentials. Check the customer number and the API code."),
    "unreachable": _("Ropo One cannot be reached right now. Nothing was sent; try again in a moment."),
    "unclear": _("Ropo One did not answer as expected. Nothing was registered; try again in a moment."),
}


def _read_failed(error: Exception) -> ReadFailed:
    if isinstance(error, gateway.NoCredentials):
        return ReadFailed(_("This environment has no Ropo credentials yet."), code="no-credentials")
    word = outcomes.refusal_of_read(error)
    text = SENTENCES.get(word) or sentence(_("Ropo One says: %(text)s"), text=word)
    return ReadFailed(text, code=word if word in SENTENCES else "rejected")


def address_of(environment: CreditorEnvironment) -> str:
    """Return the address an environment's documents go to."""
    return gateway.host(environment)


def preview(*, environment: CreditorEnvironment, message: Postable) -> bytes:
    """Return Ropo's own PDF of a message that is not sent. Refuses with `ReadFailed`."""
    try:
        return gateway.preview(environment, message.to_bytes())
    except gateway.InsideTransaction:
        raise
    except Exception as error:
        raise _read_failed(error) from error


def fetch_image(*, submission: Submission, original: bool) -> bytes | None:
    """Return the PDF that Ropo keeps, None while there is none. Refuses with `ReadFailed`."""
    try:
        return gateway.document(submission, original=original)
    except gateway.InsideTransaction:
        raise
    except Exception as error:
        raise _read_failed(error) from error


def answer_document(submission: Submission) -> bytes | None:
    """Return the document that Ropo gave back when it took a job for local print, None where it was lost."""
    attempts = submission.attempts.filter(outcome=Attempt.Outcome.ACCEPTED).order_by("-number")
    bodies = (bytes(attempt.body or b"") for attempt in attempts)
    return next((body for body in bodies if outcomes.is_whole_pdf(body)), None)


def check_connection(*, environment: CreditorEnvironment, actor: User, at: dt.datetime) -> bool:
    """Log in once with the stored credentials, remember the result, and tell whether they work."""
    trouble: ReadFailed | None = None
    try:
        gateway.log_in(environment)
    except gateway.InsideTransaction:
        raise
    except Exception as error:  # noqa: BLE001 -- the sentence for a clerk is made from any failure
        trouble = _read_failed(error)
    with transaction.atomic():
        CreditorEnvironment.objects.filter(pk=environment.pk).update(
            last_checked_at=at, last_check_ok=trouble is None
        )
        record(
            verb="environment.checked",
            subject=environment,
            creditor_id=environment.creditor_id,
            after={"works": trouble is None},
            actor=actor,
            at=at,
        )
    if trouble is not None:
        raise trouble
    return True
