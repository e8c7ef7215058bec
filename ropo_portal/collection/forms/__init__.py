"""Room: what clerks type about claims, reminders and debt collections."""

from ropo_portal.collection.forms.claims import FilterForm, ForeignClaimForm
from ropo_portal.collection.forms.steps import (
    ApprovalForm,
    CaseForm,
    ReasonForm,
    ReminderForm,
    RevisionForm,
)

__all__ = [
    "ApprovalForm",
    "CaseForm",
    "FilterForm",
    "ForeignClaimForm",
    "ReasonForm",
    "ReminderForm",
    "RevisionForm",
]
