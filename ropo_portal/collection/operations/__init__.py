"""Room: what can be done to move a claim on; each operation leaves one line in the history."""

from ropo_portal.collection.obstacles import AlreadyRunning, CannotMove, TooEarly
from ropo_portal.collection.operations.approving import (
    ApprovalVoid,
    NotApproved,
    SamePerson,
    approve_case,
    fingerprint_of,
    post_case,
    propose_case,
    return_case,
    withdraw_case,
)
from ropo_portal.collection.operations.correcting import correct_claim, discard_claim, may_mend
from ropo_portal.collection.operations.flags import Flagged, flag_debtor
from ropo_portal.collection.operations.gathering import gather_everywhere, gather_overdue
from ropo_portal.collection.operations.guards import CannotChange, StepHasChanged
from ropo_portal.collection.operations.looking import AskedJustNow, look_now
from ropo_portal.collection.operations.merging import CannotMerge, Moving, merge_debtors
from ropo_portal.collection.operations.notes import NoteRefused, withdraw_note, write_note
from ropo_portal.collection.operations.overrides import (
    OverrideRefused,
    confirm_override,
    propose_override,
    withdraw_override,
)
from ropo_portal.collection.operations.posting import (
    PromiseStands,
    StepIncomplete,
    post_reminder,
    withdraw_reminder,
)
from ropo_portal.collection.operations.promises import PromiseRefused, note_promise, withdraw_promise
from ropo_portal.collection.operations.proofs import ProofRefused, add_proof, remove_proof
from ropo_portal.collection.operations.writing import (
    change_case,
    change_reminder,
    discard_case,
    discard_reminder,
    start_case,
    start_reminder,
)

__all__ = [
    "AlreadyRunning",
    "ApprovalVoid",
    "AskedJustNow",
    "CannotChange",
    "CannotMerge",
    "CannotMove",
    "Flagged",
    "Moving",
    "NotApproved",
    "NoteRefused",
    "OverrideRefused",
    "PromiseRefused",
    "PromiseStands",
    "ProofRefused",
    "SamePerson",
    "StepHasChanged",
    "StepIncomplete",
    "TooEarly",
    "add_proof",
    "approve_case",
    "change_case",
    "change_reminder",
    "confirm_override",
    "correct_claim",
    "discard_case",
    "discard_claim",
    "discard_reminder",
    "fingerprint_of",
    "flag_debtor",
    "gather_everywhere",
    "gather_overdue",
    "look_now",
    "may_mend",
    "merge_debtors",
    "note_promise",
    "post_case",
    "post_reminder",
    "propose_case",
    "propose_override",
    "remove_proof",
    "return_case",
    "start_case",
    "start_reminder",
    "withdraw_case",
    "withdraw_note",
    "withdraw_override",
    "withdraw_promise",
    "withdraw_reminder",
    "write_note",
]
