"""Room: asking Ropo One where a claim stands, when a clerk wants to know now."""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ropo_portal.collection.obstacles import CannotMove, running
from ropo_portal.errors import DomainError
from ropo_portal.invoices.models import Claim
from ropo_portal.submissions.models import Submission
from ropo_portal.submissions.operations import refresh_status

# Ropo One is asked about one claim not more often than this.
REST = dt.timedelta(minutes=1)


class AskedJustNow(DomainError):
    """Somebody asked a moment ago; the answer stands on the page."""

    def __init__(self, left: int) -> None:
        text = ngettext(
            "Ropo One was asked less than a minute ago; ask again in %(seconds)s second.",
            "Ropo One was asked less than a minute ago; ask again in %(seconds)s seconds.",
            left,
        )
        super().__init__(text % {"seconds": left}, code="asked_just_now")


def look_now(*, claim: Claim, at: dt.datetime) -> Submission:
    """Ask Ropo One about the job that carries the claim on. Refuses politely when it was asked a moment ago."""
    found = running(claim)
    if found is None:
        raise CannotMove(
            _("Ropo One does not carry this claim on; there is nothing to ask."), code="not_running"
        )
    rest = found.ropo_looked_at + REST - at if found.ropo_looked_at else dt.timedelta()
    if rest > dt.timedelta():
        raise AskedJustNow(int(rest.total_seconds()) + 1)
    return refresh_status(submission=found, at=at)
