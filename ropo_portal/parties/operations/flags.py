"""Room: setting a flag on a debtor and lifting it; the debtor's row is locked, so that nothing is queued meanwhile."""

import datetime as dt
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import User
from ropo_portal.errors import DomainError
from ropo_portal.history.operations import record
from ropo_portal.identifiers import check_text
from ropo_portal.parties.flags import locked_debtor
from ropo_portal.parties.models import Debtor, Flag

LONGEST_REASON = 500
SHORTEST_REASON = 5
# Days begin here first; a flag whose last day has passed here binds the database no longer.
EASTERNMOST: Final = ZoneInfo("Europe/Helsinki")


class FlagRefused(DomainError):
    """The flag cannot be set or lifted like this."""


@transaction.atomic
def set_flag(
    *,
    debtor: Debtor,
    kind: str,
    reason: str,
    begin_date: dt.date,
    end_date: dt.date | None,
    today: dt.date,
    actor: User,
    at: dt.datetime,
) -> Flag:
    """
    Set a flag; from its commit on the database queues and sends nothing that it stops.

    Refuses (`FlagRefused`) without a reason, a begin in the future, a last day before it or in the past, and a
    flag of the same kind beside one that stands.
    """
    reason = reason_of(reason)
    _refuse_days(begin_date, end_date, today)
    locked = locked_debtor(debtor.pk)
    if Flag.objects.filter(debtor=locked, kind=kind).standing(on=today).exists():
        message = _("This flag stands already. Lift it first if its reason or its last day changes.")
        raise FlagRefused(message, field="kind", code="stands_already")
    flag = Flag.objects.create(
        debtor=locked, kind=Flag.Kind(kind), reason=reason, begin_date=begin_date, end_date=end_date,
        frees_at=_moment_after(end_date), set_by=actor, set_at=at,
    )  # fmt: skip
    facts = {"flag": flag.kind, "since": begin_date, "last_day": end_date}
    _tell("debtor.flag_set", flag, facts, reason, actor, at)
    return flag


@transaction.atomic
def lift_flag(*, flag: Flag, reason: str, actor: User, at: dt.datetime) -> Flag:
    """End a flag before its day; refuses (`FlagRefused`) without a reason, and when it was lifted already."""
    reason = reason_of(reason)
    locked_debtor(flag.debtor_id)
    row = Flag.objects.select_for_update(of=("self",)).select_related("debtor").get(pk=flag.pk)
    if row.lifted_at:
        raise FlagRefused(_("Somebody has already lifted this flag."), code="lifted_already")
    row.lifted_by, row.lifted_at, row.lifted_reason = actor, at, reason
    row.save(update_fields=["lifted_by", "lifted_at", "lifted_reason"])
    _tell("debtor.flag_lifted", row, {"flag": row.kind}, reason, actor, at)
    return row


def reason_of(text: str) -> str:
    """Return a reason that says something."""
    reason = str(check_text(text, LONGEST_REASON, lines=True, field="reason")).strip()
    if len(reason) < SHORTEST_REASON:
        raise FlagRefused(_("Write the reason in a few words."), field="reason", code="no_reason")
    return reason


def _refuse_days(begin_date: dt.date, end_date: dt.date | None, today: dt.date) -> None:
    if begin_date > today:
        message = _("A flag begins today or earlier; it works from the moment it is set.")
        raise FlagRefused(message, field="begin_date", code="future")
    if end_date is not None and end_date < max(begin_date, today):
        raise FlagRefused(_("The last day is today or later."), field="end_date", code="past")


def _moment_after(end_date: dt.date | None) -> dt.datetime | None:
    if end_date is None:
        return None
    following = end_date + dt.timedelta(days=1)
    return dt.datetime.combine(following, dt.time(), tzinfo=EASTERNMOST).astimezone(dt.UTC)


def _tell(verb: str, flag: Flag, after: dict[str, object], reason: str, actor: User, at: dt.datetime) -> None:
    """Leave the line at the debtor, where everybody looks for it."""
    record(
        verb=verb, subject=flag.debtor, creditor_id=flag.debtor.creditor_id, after=after, reason=reason, actor=actor,
        at=at,
    )  # fmt: skip
