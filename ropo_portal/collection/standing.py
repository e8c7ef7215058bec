"""Room: how one claim stands: its documents, what Ropo does with it, and what the law allows."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.collection.clock import clock_of
from ropo_portal.collection.fate import Plight, nearing
from ropo_portal.collection.models import DebtCollectionCase, Override, Reminder, Step, StepDocument
from ropo_portal.collection.obstacles import CannotMove, obstacles, running
from ropo_portal.invoices.closing import closing_words
from ropo_portal.invoices.ledger import Costs, costs_of
from ropo_portal.invoices.models import Claim
from ropo_portal.rules.operations import LegalClock, fee_cap
from ropo_portal.submissions.causes import status_said
from ropo_portal.submissions.models import Kind, Submission

STEPS = {Kind.REMINDER: Step.REMINDER.value, Kind.DEBT_COLLECTION: Step.COLLECTION.value}


@dataclass(frozen=True)
class Standing:
    """One look at a claim, read once and used by the whole page."""

    claim: Claim
    today: dt.date
    reminder: Reminder | None
    case: DebtCollectionCase | None
    running: Submission | None
    clock: LegalClock
    overrides: tuple[Override, ...]
    obstacles: dict[str, list[CannotMove]]
    most_cost: Decimal | None
    costs: Costs

    @property
    def newest(self) -> StepDocument | None:
        """The document that stands for the claim's newest step: what is with Ropo, else what is being written."""
        documents = [one for one in (self.case, self.reminder) if one is not None]
        live = [one for one in documents if not one.is_editable]
        return next(iter([*live, *documents]), None)

    def override_of(self, step: str) -> Override | None:
        """The standing override of a step."""
        return next((one for one in self.overrides if one.step == step), None)

    @property
    def is_moving(self) -> bool:
        """Whether the page should look again by itself."""
        return self.running is not None and self.running.is_moving

    @property
    def nearing(self) -> str:
        """Say that Ropo moves the claim on today or tomorrow, or nothing."""
        return nearing(self.plight)

    @property
    def plight(self) -> Plight:
        """The facts of the sentence of fate."""
        claim = self.claim
        return Plight(
            number=claim.number,
            debtor=claim.debtor.name,
            currency=claim.currency,
            principal=claim.principal,
            open_amount=claim.open_amount,
            overpaid_amount=claim.overpaid_amount,
            invoice_date=claim.invoice_date,
            due_date=claim.due_date,
            today=self.today,
            is_ours=claim.invoice_id is not None,
            earliest_reminder=self.clock.earliest_reminder,
            earliest_collection=self.clock.earliest_collection,
            most_cost=self.most_cost,
            reported_cost=self.costs.total,
            closed=str(closing_words(claim)),
            **self._step(),
        )

    def _step(self) -> dict[str, Any]:
        newest = self.newest
        submission = self.running or (newest.submission if newest else None)
        facts: dict[str, Any] = {}
        if newest is not None:
            facts = {"step": str(newest.step), "state": newest.state}
            facts["stage"] = newest.stage if isinstance(newest, DebtCollectionCase) else ""
        if self.running is not None:
            step = STEPS.get(Kind(self.running.kind), "monitored")
            facts |= {"step": step, "state": self.running.state}
        return facts | _at_ropo(submission, self.claim.environment) if submission else facts


def standing_of(claim: Claim, *, today: dt.date) -> Standing:
    """Look at a claim; it should come from `with_parties`."""
    reminder = Reminder.objects.kept().select_related("submission").filter(claim=claim).first()
    case = (
        DebtCollectionCase.objects.kept()
        .select_related("submission", "proposed_by", "approved_by")
        .filter(claim=claim)
        .first()
    )
    for document in (reminder, case):
        if document is not None:
            document.claim = claim
    cap = fee_cap(
        country=claim.environment.country,
        debtor_kind=claim.debtor.kind,
        step=Step.REMINDER.value,
        principal=claim.principal,
        on=today,
    )
    return Standing(
        claim=claim,
        today=today,
        reminder=reminder,
        case=case,
        running=running(claim),
        clock=clock_of(claim, today=today, notice_date=case.notice_date if case else None),
        overrides=_overrides(claim),
        obstacles={step.value: obstacles(claim, step, today=today) for step in Step},
        most_cost=cap.amount if cap else None,
        costs=costs_of(claim),
    )


def _overrides(claim: Claim) -> tuple[Override, ...]:
    people = ("proposed_by", "confirmed_by")
    return tuple(Override.objects.standing().filter(claim=claim).select_related(*people))


def _at_ropo(submission: Submission, environment: CreditorEnvironment) -> dict[str, Any]:
    settled = submission.settled_at
    return {
        "settled_on": environment.today(settled) if settled else None,
        "trouble": submission.trouble,
        "job": submission.ropo_job_id,
        "status_words": _words(submission.ropo_status, submission.ropo_status_text),
        "next_status": submission.ropo_next_status,
        "next_words": _words(submission.ropo_next_status, submission.ropo_next_status_text),
        "next_date": submission.ropo_next_status_date,
    }


def _words(code: str, text: str) -> str:
    return str(status_said(code, text).sentence) if text else ""
