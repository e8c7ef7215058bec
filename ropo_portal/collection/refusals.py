"""Room: what is wrong with a reminder or a debt collection as it is written."""

import datetime as dt
from collections.abc import Iterator

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ropo_portal import days
from ropo_portal.collection.models import DebtCollectionCase, Reminder
from ropo_portal.errors import DomainError, sentence
from ropo_portal.invoices.models import Claim
from ropo_portal.parties.models import Channel, Debtor

# Here nobody is collected from without a reminder of the creditor's own, wherever the creditor is.
NOTICE_COUNTRY = "FI"


class StepRefused(DomainError):
    """The document breaks a rule; `field` names the field of the form."""


def saving_case(case: DebtCollectionCase, *, today: dt.date) -> list[DomainError]:
    """What makes it impossible even to keep the debt collection as a draft."""
    return [*_notice_day(case.notice_date, case.claim, today)]


def posting_reminder(reminder: Reminder) -> list[DomainError]:
    """What is still missing before the reminder can be sent."""
    return [*_amount(reminder), *_address(reminder.claim.debtor.current), *_channel(reminder)]


def posting_case(case: DebtCollectionCase, *, has_proof: bool, today: dt.date) -> list[DomainError]:
    """What is still missing before the debt collection can be sent."""
    return [
        *_amount(case),
        *_address(case.claim.debtor.current),
        *_notice_day(case.notice_date, case.claim, today),
        *_notice(case, has_proof=has_proof),
    ]


def needs_notice(claim: Claim) -> bool:
    """Tell whether the law wants a reminder of the creditor's own before collection: in Finland, always."""
    return NOTICE_COUNTRY in {claim.environment.country, claim.debtor.current.country}


def _refuse(message: str | Promise, field: str, code: str, **values: object) -> StepRefused:
    return StepRefused(sentence(message, **values) if values else message, field=field, code=code)


def _day(day: dt.date) -> str:
    return days.format_date(day, get_language() or "en")


def _amount(document: Reminder | DebtCollectionCase) -> Iterator[DomainError]:
    claim = document.claim
    if document.amount != claim.open_amount:
        message = _(
            "The open amount has changed from %(before)s to %(now)s since this was written. Save the form again."
        )
        yield _refuse(message, "amount", "amount_changed", before=document.amount, now=claim.open_amount)


def _address(debtor: Debtor) -> Iterator[DomainError]:
    named = {"name": _("name"), "street": _("street address"), "postcode": _("post code"), "city": _("city")}
    missing = [str(word) for name, word in named.items() if not getattr(debtor, name).strip()]
    if missing:
        message = _("The debtor lacks: %(missing)s.")
        yield _refuse(message, "debtor", "debtor_incomplete", missing=", ".join(missing))


def _channel(reminder: Reminder) -> Iterator[DomainError]:
    debtor, channel = reminder.claim.debtor.current, reminder.channel
    if channel not in Channel.values:
        yield _refuse(_("Choose the channel from the list."), "channel", "channel_unknown")
    if channel == Channel.EMAIL and not debtor.email:
        yield _refuse(_("The debtor has no e-mail address."), "channel", "no_email")
    if channel in {Channel.EINVOICE, Channel.CONSUMER_EINVOICE}:
        yield from _einvoice(reminder, debtor)


def _einvoice(reminder: Reminder, debtor: Debtor) -> Iterator[DomainError]:
    if not (debtor.einvoice_address and debtor.einvoice_operator):
        message = _(
            "An e-invoice needs the debtor's e-invoice address and operator; both are kept with the debtor."
        )
        yield _refuse(message, "channel", "no_einvoice_address")
    if reminder.channel == Channel.EINVOICE:
        if debtor.kind != Debtor.Kind.COMPANY:
            message = _("This e-invoice goes to companies; choose the consumer's.")
            yield _refuse(message, "channel", "not_a_company")
        return
    if debtor.kind != Debtor.Kind.PERSON:
        message = _("This e-invoice goes to consumers; choose the companies'.")
        yield _refuse(message, "channel", "not_a_person")
    if not reminder.einvoice_payment_id:
        message = _("An e-invoice to a consumer needs the identifier given by the consumer's bank.")
        yield _refuse(message, "einvoice_payment_id", "no_payment_id")


def _notice_day(notice_date: dt.date | None, claim: Claim, today: dt.date) -> Iterator[DomainError]:
    if notice_date is None:
        return
    if notice_date > today:
        message = _("The reminder of %(notice)s lies in the future; today is %(today)s.")
        yield _refuse(message, "notice_date", "notice_in_future", notice=_day(notice_date), today=_day(today))
    if notice_date <= claim.due_date:
        message = _("The reminder of %(notice)s does not count: it must come after the due date, %(due)s.")
        values = {"notice": _day(notice_date), "due": _day(claim.due_date)}
        yield _refuse(message, "notice_date", "notice_before_due", **values)


def _notice(case: DebtCollectionCase, *, has_proof: bool) -> Iterator[DomainError]:
    if case.notice_date is None:
        if needs_notice(case.claim):
            message = _("In Finland debt collection needs the day on which you yourself reminded the debtor.")
            yield _refuse(message, "notice_date", "no_notice")
        return
    if not case.notice_channel:
        yield _refuse(_("Say how the reminder was sent."), "notice_channel", "no_notice_channel")
    if not case.notice_address.strip():
        yield _refuse(_("Say where the reminder was sent."), "notice_address", "no_notice_address")
    if not has_proof:
        yield _refuse(
            _("Attach the proof of the reminder: the letter, or a picture of it."), "proof", "no_proof"
        )
