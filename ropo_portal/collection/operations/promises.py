"""Room: writing a promise to pay down, and taking back one that was a mistake."""

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import CreditorEnvironment, User
from ropo_portal.collection.models import Promise
from ropo_portal.errors import DomainError
from ropo_portal.history.operations import record
from ropo_portal.identifiers import check_text
from ropo_portal.invoices.models import Claim
from ropo_portal.parties.flags import locked_debtor
from ropo_portal.parties.models import Debtor

LONGEST_NOTE = 500
# A later day is a payment plan, which is a flag.
MOST_DAYS = 366


class PromiseRefused(DomainError):
    """The promise cannot be written down like this."""


@transaction.atomic
def note_promise(
    *,
    debtor: Debtor,
    environment: CreditorEnvironment,
    claim: Claim | None,
    date: dt.date,
    amount: Decimal,
    note: str,
    actor: User,
    at: dt.datetime,
) -> Promise:
    """
    Write down what a debtor promised, on one claim or on all that is owed in the environment.

    Refuses (`PromiseRefused`) a day in the past or a year away, and a double, whose page leads to the kept one.
    """
    today = environment.today(at)
    if not today <= date <= today + dt.timedelta(days=MOST_DAYS):
        message = _("The promised day is today or later, within a year.")
        raise PromiseRefused(message, field="date", code="day")
    if claim is not None and (
        claim.environment_id != environment.pk or claim.debtor.pk not in debtor.with_doubles()
    ):
        raise PromiseRefused(_("This claim is not the debtor's."), field="claim", code="stranger")
    locked = locked_debtor(debtor.pk)
    if locked.merged_into_id:
        raise PromiseRefused(_("This debtor was merged into another; note it there."), code="merged")
    promise = Promise.objects.create(
        debtor=locked, environment=environment, claim=claim, date=date, amount=amount,
        note=check_text(note, LONGEST_NOTE, lines=True, field="note"), noted_by=actor, noted_at=at, noted_date=today,
    )  # fmt: skip
    _tell("debtor.promise_noted", promise, actor, at)
    return promise


@transaction.atomic
def withdraw_promise(*, promise: Promise, actor: User, at: dt.datetime) -> Promise:
    """Take a promise back that was noted by mistake; it stays to be seen."""
    row = Promise.objects.select_for_update(of=("self",)).select_related("debtor", "claim").get(pk=promise.pk)
    if row.withdrawn_at:
        raise PromiseRefused(_("Somebody has already taken this back."), code="withdrawn_already")
    row.withdrawn_at = at
    row.save(update_fields=["withdrawn_at"])
    _tell("debtor.promise_withdrawn", row, actor, at)
    return row


def _tell(verb: str, promise: Promise, actor: User, at: dt.datetime) -> None:
    facts = {
        "date": promise.date,
        "amount": str(promise.amount),
        "claim": promise.claim.number if promise.claim else "",
    }
    debtor = promise.debtor
    record(verb=verb, subject=debtor, creditor_id=debtor.creditor_id, after=facts, actor=actor, at=at)
