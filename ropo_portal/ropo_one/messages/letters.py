"""Other letters: Ropo's job type 301, a PDF with an address."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ropo_portal.ropo_one.messages.invoices import Channel, channel_members
from ropo_portal.ropo_one.messages.optional import Job
from ropo_portal.ropo_one.messages.recipients import recipient_members
from ropo_portal.ropo_one.messages.wire import MessageError, jobs_message, without_empty

if TYPE_CHECKING:
    from ropo_portal.ropo_one.messages.recipients import Recipient
    from ropo_portal.ropo_one.messages.wire import Message


@dataclass(frozen=True)
class Letter:
    """A finished PDF that Ropo posts or mails; the recipient's country is needed in words too."""

    recipient: Recipient
    file_name: str
    pdf: bytes = field(repr=False)
    channel: Channel | str = Channel.POST
    number: str = ""
    document_type: str = ""


def letter_message(letter: Letter) -> Message:
    """The letter in Ropo's words."""
    if Channel(letter.channel) not in {Channel.POST, Channel.EMAIL}:
        raise MessageError("A letter goes by post or by e-mail.")
    if not letter.recipient.country_name:
        raise MessageError("A letter needs the recipient's country in words.")
    if not letter.pdf.startswith(b"%PDF"):
        raise MessageError("A letter must be a PDF.")
    properties = (
        [{"propname": "documenttype", "propvalue": letter.document_type}] if letter.document_type else []
    )
    return jobs_message(
        {"jobtype": Job.LETTER.value}
        | recipient_members(letter.recipient)
        | channel_members(letter.channel, letter.recipient)
        | without_empty({"billnum": letter.number, "propertyrow": properties})
        | {"image": {"filename": letter.file_name, "file": base64.b64encode(letter.pdf).decode("ascii")}}
    )
