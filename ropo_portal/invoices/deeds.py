"""Room: what may be done to an invoice now, and why the rest may not."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ropo_portal.invoices.models import Invoice
from ropo_portal.parties.flags import PRINT, in_the_way
from ropo_portal.submissions.models import Submission

Text = str | Promise
State = Submission.State


class Permits(Protocol):
    """Who asks."""

    def may(self, action: str, creditor_id: object) -> bool:
        """Tell whether the action is allowed for the creditor."""


@dataclass(frozen=True)
class Deed:
    """One button; `why` says why it is gray, `url` is its address name."""

    name: str
    label: Text
    icon: str
    url: str
    key: str = ""
    is_post: bool = False
    kind: str = ""
    why: Text = ""


def deeds(invoice: Invoice, permits: Permits, *, today: dt.date) -> list[Deed]:
    """Return the buttons of an invoice in their order; those that make no sense here are left out."""
    found = [_judged(deed, action, invoice, permits) for deed, action in _fitting(invoice)]
    return [_flagged(deed, invoice, today) if deed.name == "send" else deed for deed in found]


def _fitting(invoice: Invoice) -> Iterable[tuple[Deed, str]]:
    state, primary = invoice.state, "primary"
    again = _("Send again") if state == State.REJECTED else _("Send to Ropo One")
    if invoice.environment.needs_approval(invoice.total_amount):
        again = _("Send, or ask for approval")
    mend = _("Correct") if state == State.REJECTED else _("Edit")
    if state == State.QUEUED:
        yield (
            Deed("withdraw", _("Take back"), "undo-2", "invoices:withdraw", "z", is_post=True, kind=primary),
            "invoice.withdraw",
        )
        yield Deed("send-now", _("Send now"), "send", "invoices:send-now", "", is_post=True), "invoice.send"
    else:
        yield Deed("send", again, "send", "invoices:send", "s", kind=primary), "invoice.send"
    yield Deed("edit", mend, "pencil", "invoices:edit", "e"), "invoice.edit"
    if state == State.ACCEPTED:
        money = "invoices:payment-of-invoice"
        yield Deed("payment", _("Payment"), "coins", money, "m", is_post=True), "payment.edit"
        yield Deed("credit", _("Credit"), "file-minus", "invoices:credit-new", "-"), "credit.edit"
    yield Deed("copy", _("Copy"), "copy", "invoices:copy", "", is_post=True), "invoice.edit"
    yield Deed("discard", _("Discard"), "trash-2", "invoices:discard", "", is_post=True), "invoice.edit"


def _judged(deed: Deed, action: str, invoice: Invoice, permits: Permits) -> Deed:
    why: Text = "" if permits.may(action, invoice.creditor_id) else _("Your role does not allow this.")
    if not why and deed.name in {"send", "edit", "discard"}:
        why = _why_settled(invoice)
    return Deed(**vars(deed) | {"why": why})


def _flagged(deed: Deed, invoice: Invoice, today: dt.date) -> Deed:
    if deed.why:
        return deed
    flag = next(iter(in_the_way(invoice.debtor, PRINT, today=today)), None)
    return Deed(**vars(deed) | {"why": flag.message if flag else ""})


def _why_settled(invoice: Invoice) -> Text:
    if invoice.is_editable:
        return ""
    if invoice.discarded_at:
        return _("The invoice was discarded.")
    return _WHY[invoice.state]


_WHY: dict[str, Text] = {
    State.QUEUED: _("It is queued; take it back first."),
    State.SENDING: _("It is on its way."),
    State.ACCEPTED: _("Ropo One has it; a sent invoice is corrected by a credit note."),
    State.UNCONFIRMED: _("Nobody knows yet whether Ropo One has it."),
    State.HELD: _("A person must decide about the submission first."),
}
