"""How each state looks: its word, its color and its shape, said the same on every screen."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class Look:
    """The looks of one state; `tone` names the color tokens."""

    tone: str
    icon: str
    label: str | Promise = ""


LOOKS: dict[str, Look] = {
    "draft": Look("draft", "pencil", pgettext_lazy("state", "Draft")),
    "queued": Look("queued", "clock", pgettext_lazy("state", "Queued")),
    "sending": Look("sending", "loader-circle", pgettext_lazy("state", "Sending")),
    "accepted": Look("accepted", "circle-check", pgettext_lazy("state", "Accepted")),
    "rejected": Look("rejected", "circle-x", pgettext_lazy("state", "Rejected")),
    "unconfirmed": Look("unconfirmed", "circle-question-mark", pgettext_lazy("state", "Unconfirmed")),
    "held": Look("held", "circle-pause", pgettext_lazy("state", "Held")),
    "cancelled": Look("draft", "ban", pgettext_lazy("state", "Cancelled")),
    "paid": Look("accepted", "badge-check", pgettext_lazy("state", "Paid")),
    "overdue": Look("rejected", "hourglass", pgettext_lazy("state", "Overdue")),
    # Files of invoices, and what is found in them.
    "surveyed": Look("queued", "columns-3"),
    "staging": Look("sending", "loader-circle"),
    "staged": Look("queued", "list-checks"),
    "creating": Look("sending", "loader-circle"),
    "created": Look("accepted", "circle-check"),
    "stopped": Look("held", "circle-pause"),
    "withdrawn": Look("draft", "ban"),
    "failed": Look("rejected", "circle-x"),
    "new": Look("accepted", "circle-plus", pgettext_lazy("verdict", "New")),
    "existing": Look("draft", "copy", pgettext_lazy("verdict", "Existing")),
    "error": Look("rejected", "circle-x", pgettext_lazy("verdict", "Error")),
    "kept": Look("accepted", "handshake", pgettext_lazy("state", "Kept")),
    "open": Look("queued", "clock", pgettext_lazy("state", "Open")),
    "broken": Look("rejected", "unlink", pgettext_lazy("state", "Broken")),
    "taken-back": Look("draft", "undo-2", pgettext_lazy("state", "Taken back")),
    "ended": Look("draft", "calendar-check", pgettext_lazy("state", "Ended")),
    "flagged": Look("rejected", "flag", pgettext_lazy("state", "Stands")),
    "sandbox": Look("sandbox", "flask-conical", pgettext_lazy("stage", "Sandbox")),
    "test": Look("test", "shield", pgettext_lazy("stage", "TEST")),
    "production": Look("production", "radio", pgettext_lazy("stage", "PRODUCTION")),
}
UNKNOWN = Look("draft", "circle-dashed")


def look(state: str) -> Look:
    """Give the looks of a state; unknown ones are neutral."""
    return LOOKS.get(state, UNKNOWN)
