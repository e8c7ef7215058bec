"""Room: the table of what waits for somebody, by the damage of leaving it; another kind of work is another line."""

from django.utils.translation import gettext_lazy as _

from ropo_portal.worklist.kinds import approvals, batches, claims, house, imports, sent
from ropo_portal.worklist.kinds.kind import Desk, Kind, Row, Words

KINDS: list[Kind] = [
    sent.UNCONFIRMED,
    sent.HELD,
    sent.REJECTED,
    claims.RACING,
    *approvals.KINDS,
    claims.BROKEN,
    claims.REMINDER,
    claims.UNCLAIMED,
    claims.COLLECTION,
    sent.STUCK,
    *batches.KINDS,
    claims.UNSEEN,
    imports.WRONG,
    *house.KINDS,
]
# The counters: a word and a color for each group of kinds.
GROUPS: dict[str, tuple[Words, str]] = {
    "unconfirmed": (_("Unknown outcome"), "unconfirmed"),
    "held": (_("Held"), "held"),
    "rejected": (_("Rejected"), "rejected"),
    "race": (_("Race alarm"), "rejected"),
    "approval": (_("Waits for my approval"), "sending"),
    "broken": (_("Promise broken"), "rejected"),
    "reminder": (_("Due for reminder"), "queued"),
    "collection": (_("Ready for collection"), "held"),
    "stuck": (_("Does not leave"), "unconfirmed"),
    "batch": (_("Unfinished batch"), "queued"),
    "unseen": (_("Payment not booked"), "queued"),
    "import": (_("Imports with errors"), "rejected"),
    "rates": (_("Rates to check"), "draft"),
}
# What somebody is told of: in the sidebar, and by e-mail if she wishes.
TOLD = ("unconfirmed", "held", "rejected", "approval")

__all__ = ["GROUPS", "KINDS", "TOLD", "Desk", "Kind", "Row", "Words"]
