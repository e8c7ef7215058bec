"""Room: what may be done to a claim now, and why the rest may not."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Protocol

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ropo_portal.collection.models import Step, StepDocument
from ropo_portal.collection.obstacles import TooEarly
from ropo_portal.collection.standing import Standing
from ropo_portal.submissions.models import Submission

Text = str | Promise
KEYS = {Step.REMINDER: "r", Step.COLLECTION: "c"}
ICONS = {Step.REMINDER: "bell", Step.COLLECTION: "scale"}
ROLE = _("Your role does not allow this.")


class Permits(Protocol):
    """Who asks."""

    @property
    def user(self) -> Any:
        """The signed-in user."""

    def may(self, action: str, creditor_id: Any) -> bool:
        """Tell whether the action is allowed for the creditor."""


@dataclass(frozen=True)
class Deed:
    """One button; `why` says why it is gray."""

    name: str
    label: Text
    icon: str
    href: str
    action: str
    key: str = ""
    is_post: bool = False
    kind: str = ""
    why: Text = ""
    revision: int = 0


def deeds(standing: Standing, permits: Permits) -> list[Deed]:
    """Return the buttons of a claim in their order; those that make no sense here are left out."""
    return [_judged(deed, standing, permits) for deed in _fitting(standing, permits)]


def _judged(deed: Deed, standing: Standing, permits: Permits) -> Deed:
    if not deed.why and not permits.may(deed.action, standing.claim.creditor_id):
        return replace(deed, why=ROLE)
    return deed


def _fitting(standing: Standing, permits: Permits) -> Iterable[Deed]:
    newest = standing.newest
    if newest is not None and newest.state == Submission.State.QUEUED:
        yield from _leaving(newest)
    yield _step(standing, Step.REMINDER, standing.reminder)
    yield _step(standing, Step.COLLECTION, standing.case)
    for document in (standing.reminder, standing.case):
        if document is not None and document.is_editable and getattr(document, "stage", "draft") == "draft":
            yield _discard(document)
    if standing.case is not None and standing.case.is_editable and standing.case.stage == "proposed":
        yield _approval(standing, permits)
    for step in Step:
        yield from _override(standing, step, permits)


def _leaving(document: StepDocument) -> Iterable[Deed]:
    kind = "reminder" if document.step == Step.REMINDER else "case"
    send = "reminder.send" if kind == "reminder" else "collection.send"
    back = reverse("collection:withdraw", args=[kind, document.pk])
    now = reverse("collection:send-now", args=[kind, document.pk])
    yield Deed(
        "withdraw", _("Take back"), "undo-2", back, "collection.withdraw", "z", is_post=True, kind="primary"
    )
    yield Deed("send-now", _("Send now"), "send", now, send, "", is_post=True)


def _step(standing: Standing, step: Step, document: StepDocument | None) -> Deed:
    """Open the draft there is, or begin one; gray with the reason when the claim may not be moved."""
    label = _("Reminder") if step == Step.REMINDER else _("Debt collection")
    name, icon, key = step.value, ICONS[step], KEYS[step]
    if document is not None and document.is_editable:
        there = reverse(f"collection:{'reminder' if step == Step.REMINDER else 'case'}", args=[document.pk])
        label = _("Go on with the reminder") if step == Step.REMINDER else _("Go on with the debt collection")
        return Deed(name, label, icon, there, "collection.edit", key, kind="primary")
    begin = reverse("collection:begin", args=[standing.claim.pk, step.value])
    why: Text = next((one.message for one in standing.obstacles[step.value]), "")
    return Deed(name, label, icon, begin, "collection.edit", key, why=why)


def _discard(document: StepDocument) -> Deed:
    """Throw the draft away, which frees the other step."""
    kind = "reminder" if document.step == Step.REMINDER else "case"
    there = reverse("collection:discard", args=[kind, document.pk])
    label = _("Discard the draft")
    return Deed(
        "discard", label, "trash-2", there, "collection.edit", "x", is_post=True, revision=document.revision
    )


def _approval(standing: Standing, permits: Permits) -> Deed:
    case: Any = standing.case
    there = reverse("collection:case-approve", args=[case.pk])
    own = case.proposed_by_id == permits.user.pk
    why: Text = _("You proposed it; another person approves.") if own else ""
    return Deed(
        "approve", _("Approve"), "check-check", there, "collection.approve", "a", kind="primary", why=why
    )


def _override(standing: Standing, step: Step, permits: Permits) -> Iterable[Deed]:
    """Offer to act before the legal day where only the day stands in the way."""
    override = standing.override_of(step)
    if override is not None:
        if override.confirmed_by_id is None:
            own = override.proposed_by_id == permits.user.pk
            why: Text = _("You proposed it; another person confirms.") if own else ""
            confirm = reverse("collection:override-confirm", args=[override.pk])
            yield Deed(
                "confirm-override",
                _("Agree to act early"),
                "users",
                confirm,
                "override.confirm",
                is_post=True,
                why=why,
            )
        return
    standing_in_the_way = standing.obstacles[step.value]
    if standing_in_the_way and all(isinstance(one, TooEarly) for one in standing_in_the_way):
        there = reverse("collection:override", args=[standing.claim.pk, step.value])
        label = (
            _("Propose a reminder before its day")
            if step == Step.REMINDER
            else _("Propose debt collection before its day")
        )
        yield Deed("override", label, "clock-alert", there, "override.propose")
