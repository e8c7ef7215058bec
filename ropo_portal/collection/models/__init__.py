"""Room: the tables of reminders, debt collection cases, overrides, promises and notes."""

from ropo_portal.collection.models.case import (
    DebtCollectionCase,
    DebtCollectionCaseQuerySet,
    Proof,
    ProofQuerySet,
)
from ropo_portal.collection.models.note import DebtorNote, DebtorNoteQuerySet
from ropo_portal.collection.models.override import Override, OverrideQuerySet
from ropo_portal.collection.models.promise import Promise, PromiseQuerySet
from ropo_portal.collection.models.reminder import Reminder, ReminderQuerySet
from ropo_portal.collection.models.step import Step, StepDocument

__all__ = [
    "DebtCollectionCase",
    "DebtCollectionCaseQuerySet",
    "DebtorNote",
    "DebtorNoteQuerySet",
    "Override",
    "OverrideQuerySet",
    "Promise",
    "PromiseQuerySet",
    "Proof",
    "ProofQuerySet",
    "Reminder",
    "ReminderQuerySet",
    "Step",
    "StepDocument",
]
