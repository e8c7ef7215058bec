"""Room: which buttons a reader gets on a submission, and why the others are off."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ropo_portal.submissions.conditions import Condition, resend_conditions
from ropo_portal.submissions.models import ResendProposal, Submission

State = Submission.State
MAYBE, NEVER = Submission.HeldReason.MAYBE_SENT, Submission.HeldReason.NEVER_SENT
Words = str | Promise
NOT_YOURS = _("Your role does not decide this.")
STILL_LOOKING = _("The planned look-ups come first. When the last of them has found nothing, people decide.")
CLOSED = _("It was written off.")


@dataclass(frozen=True)
class Option:
    """One button; `why` says in words why it is off, and is empty when it is on."""

    why: Words = ""

    @property
    def is_open(self) -> bool:
        """Whether it may be pressed."""
        return not self.why


@dataclass(frozen=True)
class Decisions:
    """What people may decide when the machine cannot."""

    there: Option
    resend: Option
    confirm: Option
    write_off: Option
    release: Option
    conditions: list[Condition]
    proposal: ResendProposal | None
    may_have_arrived: bool


def decisions(scope: Any, row: Submission, *, user_id: uuid.UUID, at: dt.datetime) -> Decisions | None:
    """Return the decisions of an unconfirmed or held submission; None when there is nothing to decide."""
    if row.state not in {State.UNCONFIRMED, State.HELD}:
        return None
    held_maybe = row.state == State.HELD and row.held_reason == MAYBE
    conditions = resend_conditions(row, actor_id=user_id, at=at) if held_maybe else []
    proposal = (
        row.proposals.filter(confirmed_at=None, withdrawn_at=None).select_related("proposed_by").first()
    )
    unmet = next((condition.refusal for condition in conditions if not condition.is_met), "")
    return Decisions(
        there=_option(scope, row, "submission.confirm_there"),
        resend=_option(scope, row, "submission.propose_resend", _closed(row) or _looking(row) or unmet),
        confirm=_option(
            scope, row, "submission.confirm_resend", _closed(row) or _second(proposal, user_id) or unmet
        ),
        write_off=_option(scope, row, "submission.write_off", _closed(row) or _looking(row)),
        release=_option(scope, row, "submission.release", _closed(row)),
        conditions=conditions,
        proposal=proposal,
        may_have_arrived=row.may_have_arrived,
    )


def acts(scope: Any, row: Submission) -> dict[str, bool]:
    """Return the plain acts that fit the state and the reader's role."""
    fitting = {
        "send_now": (row.state == State.QUEUED, "invoice.send"),
        "withdraw": (row.state == State.QUEUED, "invoice.withdraw"),
        "look_up": (row.state in {State.UNCONFIRMED, State.HELD}, "submission.look_up"),
        "release": (row.state == State.HELD and row.held_reason == NEVER, "submission.release"),
    }
    return {name: fits and scope.may(action, row.creditor_id) for name, (fits, action) in fitting.items()}


def _option(scope: Any, row: Submission, action: str, why: Words = "") -> Option:
    return Option(why if scope.may(action, row.creditor_id) else NOT_YOURS)


def _closed(row: Submission) -> Words:
    return CLOSED if row.written_off_at is not None else ""


def _looking(row: Submission) -> Words:
    return STILL_LOOKING if row.state == State.UNCONFIRMED else ""


def _second(proposal: ResendProposal | None, user_id: uuid.UUID) -> Words:
    is_own = proposal is not None and proposal.proposed_by_id == user_id
    return _("You proposed it; another person confirms.") if is_own else ""
