"""Room: what clerks type about claims, reminders and debt collections."""

from ropo_portal.collection.forms.claims import FilterForm, ForeignClaimForm
from ropo_portal.collection.forms.debtors import FlagForm, MergeForm, NoteForm, PromiseForm
from ropo_portal.collection.forms.steps import (
    ApprovalForm,
    CaseForm,
    GoOnForm,
    ReasonForm,
    ReminderForm,
    RevisionForm,
)

__all__ = [
    "ApprovalForm",
    "CaseForm",
    "FilterForm",
    "FlagForm",
    "ForeignClaimForm",
    "GoOnForm",
    "MergeForm",
    "NoteForm",
    "PromiseForm",
    "ReasonForm",
    "ReminderForm",
    "RevisionForm",
]
