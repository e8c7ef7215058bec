"""Room: a second step that was lost."""

import datetime as dt
from functools import partial

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts import letters
from ropo_portal.accounts.models import User
from ropo_portal.errors import DomainError
from ropo_portal.history.operations import record

SHORTEST_REASON = 10


class CannotResetSecondStep(DomainError):
    """The second step stays; the sentence says why."""


@transaction.atomic
def reset_second_step(*, user: User, reason: str, actor: User, at: dt.datetime) -> None:
    """
    Take away everything somebody has set up for her second step, so that she sets it up anew; and write to her.

    Refuses oneself, a reason too short to be one, and somebody who has nothing to lose. Each of her creditors' histories
    says so, or that of the house where she belongs to none.
    """
    if user.pk == actor.pk:
        raise CannotResetSecondStep(_("Nobody resets her own second step: ask another person of support."))
    if len(reason.strip()) < SHORTEST_REASON:
        raise CannotResetSecondStep(_("Say how you made sure who asked for it."), field="reason")
    factors = Authenticator.objects.select_for_update().filter(user=user).order_by("pk")
    kinds = sorted({factor.type for factor in factors})
    if not kinds:
        raise CannotResetSecondStep(_("Nothing is set up for this person."))
    Authenticator.objects.filter(user=user).delete()
    creditors = set(user.memberships.values_list("creditor_id", flat=True))
    for creditor_id in sorted(creditors) or (None,):
        record(
            verb="member.second_step_reset",
            subject=user,
            creditor_id=creditor_id,
            before={"second_step": kinds},
            reason=reason.strip(),
            actor=actor,
            at=at,
        )
    transaction.on_commit(partial(letters.tell_of_reset, user), robust=True)
