"""Room: taking a piece of work, taking it over, and giving it back."""

import datetime as dt
import uuid

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import User
from ropo_portal.errors import DomainError, sentence
from ropo_portal.history.operations import record
from ropo_portal.worklist.models import WorkClaim


class AlreadyTaken(DomainError):
    """Somebody else works on it."""

    def __init__(self, claim: WorkClaim) -> None:
        super().__init__(sentence(_("%(name)s has taken this."), name=str(claim.user)), code="already_taken")
        self.claim = claim


@transaction.atomic
def take_work(
    *,
    kind: str,
    subject: Model,
    creditor_id: uuid.UUID,
    taken_from: uuid.UUID | None = None,
    actor: User,
    at: dt.datetime,
) -> WorkClaim:
    """
    Take a piece of work for a while; taking it again makes the while longer.

    Refuses `AlreadyTaken` when somebody else has it, unless `taken_from` names exactly her.
    """
    held = _held(subject.pk)
    facts = {
        "creditor_id": creditor_id,
        "kind": kind,
        "user": actor,
        "taken_at": at,
        "expires_at": at + dt.timedelta(minutes=settings.WORK_CLAIM_MINUTES),
    }
    if held is None:
        try:
            with transaction.atomic():
                taken = WorkClaim.objects.create(subject_id=subject.pk, **facts)
        except IntegrityError as error:  # somebody was quicker by a moment
            quicker = _held(subject.pk)
            if quicker is None:
                raise
            raise AlreadyTaken(quicker) from error
        _tell("work.taken", subject, taken, None, at)
        return taken
    before = held.user if held.user_id != actor.pk and held.stands(at) else None
    if before is not None and before.pk != taken_from:
        raise AlreadyTaken(held)
    for name, value in facts.items():
        setattr(held, name, value)
    held.save()
    _tell("work.taken_over" if before else "work.taken", subject, held, before, at)
    return held


@transaction.atomic
def release_work(*, claim: WorkClaim, actor: User, at: dt.datetime) -> None:
    """Give a piece of work back. Refuses `AlreadyTaken` when it is somebody else's by now; gone already is well."""
    held = _held(claim.subject_id)
    if held is None:
        return
    if held.user_id != actor.pk:
        raise AlreadyTaken(held)
    record(
        verb="work.released",
        subject=held,
        creditor_id=held.creditor_id,
        before={"kind": held.kind, "work": str(held.subject_id)},
        actor=actor,
        at=at,
    )
    held.delete()


def _held(subject_id: uuid.UUID) -> WorkClaim | None:
    return (
        WorkClaim.objects.select_for_update(of=("self",))
        .select_related("user")
        .filter(subject_id=subject_id)
        .first()
    )


def _tell(verb: str, subject: Model, claim: WorkClaim, before: User | None, at: dt.datetime) -> None:
    record(
        verb=verb,
        subject=subject,
        creditor_id=claim.creditor_id,
        before={"taken by": str(before)} if before else None,
        after={"kind": claim.kind, "until": claim.expires_at.isoformat()},
        actor=claim.user,
        at=at,
    )
