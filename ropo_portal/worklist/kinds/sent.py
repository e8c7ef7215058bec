"""Room: work that the sending leaves: unclear, held and refused submissions, and those that do not get away."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.collection.models import DebtCollectionCase, Reminder
from ropo_portal.invoices.models import BypassPayment, CreditAllocation, CreditNote, Invoice
from ropo_portal.submissions import causes
from ropo_portal.submissions.models import Kind as SentKind
from ropo_portal.submissions.models import Submission
from ropo_portal.worklist.kinds.kind import Desk, Kind, Row, Words

State = Submission.State
STUCK_HOURS = 2
NEXT: dict[str, Words] = {
    State.UNCONFIRMED: _("Find out whether Ropo One has it, and decide"),
    State.HELD: _("Decide: release, send again or write off"),
    State.REJECTED: _("Mend the field and send again"),
    State.QUEUED: _("See why it does not leave"),
    State.SENDING: _("See why it does not leave"),
}
# Documents that nobody wants any more leave no work. Asked one by one: six joins take longer to plan than to walk.
GIVEN_UP = reduce(
    or_,
    (
        Exists(model.objects.filter(submission=OuterRef("pk"), **{f"{end}__isnull": False}))
        for model, end in (
            (Invoice, "discarded_at"),
            (Reminder, "discarded_at"),
            (DebtCollectionCase, "discarded_at"),
            (BypassPayment, "withdrawn_at"),
            (CreditNote, "withdrawn_at"),
            (CreditAllocation, "withdrawn_at"),
        )
    ),
)


def _in_state(*states: str) -> Callable[[Desk, Sequence[CreditorEnvironment]], QuerySet[Any]]:
    def rows(_desk: Desk, environments: Sequence[CreditorEnvironment]) -> QuerySet[Any]:
        return Submission.objects.filter(environment__in=environments, state__in=states, written_off_at=None)

    return rows


def _rejected(desk: Desk, environments: Sequence[CreditorEnvironment]) -> QuerySet[Any]:
    found = _in_state(State.REJECTED)(desk, environments)
    return found.filter(corrected_by=None).filter(~GIVEN_UP)


def _stuck(desk: Desk, environments: Sequence[CreditorEnvironment]) -> QuerySet[Any]:
    limit = desk.at - dt.timedelta(hours=STUCK.most_hours)
    return _in_state(State.QUEUED, State.SENDING)(desk, environments).filter(due_at__lte=limit)


def _shown(desk: Desk, found: Iterable[Any]) -> list[Row]:
    return [
        Row(
            pk=one.pk,
            environment=desk.by_id[one.environment_id],
            number=one.number,
            debtor=one.recipient,
            url=reverse("submissions:detail", args=[one.pk]),
            next_step=NEXT[one.state],
            amount=one.amount,
            currency=one.currency,
            days=(desk.at - one.queued_at).days,
            note=causes.said(one.trouble).sentence if one.trouble else SentKind(one.kind).label,
        )
        for one in found
    ]


UNCONFIRMED = Kind(
    "unconfirmed",
    "unconfirmed",
    _("Unknown outcome"),
    4,
    "last_activity_at",
    _in_state("unconfirmed"),
    _shown,
    is_lasting=True,
)
HELD = Kind("held", "held", _("Held"), 24, "last_activity_at", _in_state("held"), _shown, is_lasting=True)
REJECTED = Kind(
    "rejected", "rejected", _("Rejected"), 48, "last_activity_at", _rejected, _shown, is_lasting=True
)
STUCK = Kind("stuck", "stuck", _("Does not leave"), STUCK_HOURS, "due_at", _stuck, _shown, is_lasting=True)
