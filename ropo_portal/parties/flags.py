"""Room: what a flag on a debtor keeps from being sent, in words."""

import datetime as dt
import uuid
from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ropo_portal.days import format_date
from ropo_portal.errors import DomainError, sentence
from ropo_portal.parties.models import Debtor, Flag

# What a submission does to a debtor: it prints an invoice, or it pursues a claim.
PRINT, CLAIM = "print", "claim"


class DebtorFlagged(DomainError):
    """A flag stands on the debtor; `flag` says which."""

    def __init__(self, flag: Flag) -> None:
        super().__init__(_words(flag), field="debtor", code="flagged")
        self.flag = flag


def in_the_way(debtor: Debtor, job: str, *, today: dt.date) -> list[DebtorFlagged]:
    """Return what stands in the way of a job for the debtor, or for the one it was merged into: a refusal a flag."""
    whose = [pk for pk in (debtor.pk, debtor.merged_into_id) if pk]
    found = Flag.objects.filter(debtor_id__in=whose).standing(on=today).stopping(job)
    return [DebtorFlagged(flag) for flag in found.order_by("end_date", "id")]


def among(flags: Iterable[Flag], job: str, *, today: dt.date) -> list[DebtorFlagged]:
    """Return the refusals of flags that are at hand already, for many debtors at once."""
    return [
        DebtorFlagged(flag)
        for flag in flags
        if flag.standing_on(today) == "flagged" and (job != PRINT or flag.stops_invoices)
    ]


def locked_debtor(debtor_id: uuid.UUID) -> Debtor:
    """Lock a debtor's row until the transaction ends; rows that point to it may still be written."""
    return Debtor.objects.select_for_update(of=("self",), no_key=True).get(pk=debtor_id)


def flags_in_the_way(debtor: Debtor, job: str, *, today: dt.date) -> list[DebtorFlagged]:
    """Return the refusals of a job that is about to be queued; the lock keeps a flag from being set meanwhile."""
    locked_debtor(debtor.merged_into_id or debtor.pk)
    return in_the_way(debtor, job, today=today)


def _words(flag: Flag) -> str | Promise:
    name = flag.get_kind_display()
    if flag.end_date is None:
        text = _("The debtor is marked “%(flag)s” with no last day. It can be sent once the flag is lifted.")
        return sentence(text, flag=name)
    text = _(
        "The debtor is marked “%(flag)s” up to and including %(day)s. It can be sent from the day after."
    )
    return sentence(text, flag=name, day=format_date(flag.end_date, get_language() or "en"))
