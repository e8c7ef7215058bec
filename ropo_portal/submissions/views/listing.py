"""Room: the list of submissions, as those know it who keep lists and take them away."""

from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from ropo_portal import listings
from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.listings import Column
from ropo_portal.submissions.forms import SubmissionFilter
from ropo_portal.submissions.models import Attempt, Submission
from ropo_portal.ui import states


def rows(form: SubmissionFilter, environment: CreditorEnvironment | None) -> Any:
    """Return what the form asks for, with what the list prints."""
    tries = Attempt.objects.filter(submission=OuterRef("pk")).order_by("-number").values("number")[:1]
    found = Submission.objects.filter(environment=environment).select_related("posted_by").defer("payload")
    found = found.annotate(tries=Subquery(tries))
    return form.narrowed(found, environment.time_zone) if environment else found.none()


def _form(data: Any, environment: CreditorEnvironment) -> SubmissionFilter:
    return SubmissionFilter(data, creditor_id=environment.creditor_id)


listings.register(
    listings.Listing(
        name="submissions",
        route="submissions:list",
        title=_("Submissions"),
        columns=(
            Column("number", _("Number"), lambda row: row.number, is_fixed=True),
            Column("debtor", _("Debtor"), lambda row: row.recipient, is_fixed=True),
            Column("kind", _("Kind"), lambda row: row.get_kind_display()),
            Column("state", _("State"), lambda row: states.look(row.state).label, is_fixed=True),
            Column("queued", _("Age"), lambda row: row.queued_at),
            Column("tries", _("Tries"), lambda row: row.tries or 0),
            Column("job", _("Ropo's job"), lambda row: row.ropo_job_id),
            Column("look", _("Next look-up"), lambda row: row.next_look_up_at),
            Column("who", _("Sent by"), lambda row: str(row.posted_by or "")),
            Column("amount", _("Amount"), lambda row: row.amount, is_fixed=True),
            Column("currency", _("Currency"), lambda row: row.currency, is_on_screen=False),
        ),
        form=_form,
        rows=lambda form, environment, _today: rows(form, environment),
        order=("-queued_at", "-id"),
    )
)
