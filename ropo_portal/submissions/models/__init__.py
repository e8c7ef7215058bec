"""Room: the tables of the outbox."""

from ropo_portal.submissions.models.evidence import (
    Attempt,
    Evidence,
    ResendProposal,
    SendingSwitch,
    Transition,
)
from ropo_portal.submissions.models.status import (
    Channel,
    PageReading,
    StatusIncident,
    StatusLine,
    StatusPage,
    StatusUpdate,
    WebhookToken,
)
from ropo_portal.submissions.models.submission import (
    DOORS,
    OPENING,
    SETTLING,
    UNFINISHED,
    Kind,
    StateHasChanged,
    Submission,
    Submittable,
)

__all__ = [
    "DOORS",
    "OPENING",
    "SETTLING",
    "UNFINISHED",
    "Attempt",
    "Channel",
    "Evidence",
    "Kind",
    "PageReading",
    "ResendProposal",
    "SendingSwitch",
    "StateHasChanged",
    "StatusIncident",
    "StatusLine",
    "StatusPage",
    "StatusUpdate",
    "Submission",
    "Submittable",
    "Transition",
    "WebhookToken",
]
