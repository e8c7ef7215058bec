"""Room: reminders and debt collections in Ropo's words."""

from typing import Any

from ropo_portal.collection.models import DebtCollectionCase, Reminder
from ropo_portal.parties.models import Channel, Debtor
from ropo_portal.ropo_one import messages as wire

CHANNELS = {
    Channel.POST: wire.Channel.POST,
    Channel.EMAIL: wire.Channel.EMAIL,
    Channel.EINVOICE: wire.Channel.EINVOICE,
    Channel.CONSUMER_EINVOICE: wire.Channel.CONSUMER_EINVOICE,
}
# Which of the debtor's addresses a channel needs; the others are not sent.
NEEDED: dict[str, tuple[str, ...]] = {
    Channel.POST: (),
    Channel.EMAIL: ("email",),
    Channel.EINVOICE: ("einvoice_address", "einvoice_operator"),
    Channel.CONSUMER_EINVOICE: ("einvoice_address", "einvoice_operator"),
}


def reminder_message(reminder: Reminder) -> wire.Message:
    """Build the reminder: the open principal and no rows; raises `MessageError` when Ropo would not take it."""
    claim, channel = reminder.claim, Channel(reminder.channel)
    reach = {name: getattr(claim.debtor.current, name) for name in NEEDED[channel]}
    return wire.reminder_message(
        wire.Reminder(
            recipient=_recipient(claim.debtor.current, national_id=claim.debtor.current.business_id, **reach),
            number=claim.number,
            reference=claim.reference,
            open_amount=reminder.amount,
            invoice_date=claim.invoice_date,
            due_date=claim.due_date,
            channel=CHANNELS[channel],
            einvoice_payment_id=reminder.einvoice_payment_id if channel == Channel.CONSUMER_EINVOICE else "",
            extras={"free_text": reminder.free_text} if reminder.free_text else {},
        )
    )


def case_message(case: DebtCollectionCase) -> wire.Message:
    """Build the debt collection; here a person's identity code is needed, because the debt is claimed from exactly her."""
    claim, debtor = case.claim, case.claim.debtor.current
    return wire.debt_collection_message(
        wire.DebtCollection(
            recipient=_recipient(
                debtor,
                national_id=debtor.business_id or debtor.national_id,
                email=debtor.email,
                phone=debtor.phone,
            ),
            number=claim.number,
            reference=claim.reference,
            open_amount=case.amount,
            invoice_date=claim.invoice_date,
            due_date=claim.due_date,
            notice_date=case.notice_date,
        )
    )


def _recipient(debtor: Debtor, **reach: Any) -> wire.Recipient:
    return wire.Recipient(
        kind=debtor.kind,
        name=debtor.name,
        street=debtor.street,
        postcode=debtor.postcode,
        city=debtor.city,
        country=debtor.country,
        extra_line_1=debtor.extra_line_1,
        extra_line_2=debtor.extra_line_2,
        customer_number=debtor.customer_number,
        language=debtor.letter_language,
        **reach,
    )
