"""Room: creditors, their environments and their members."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import Creditor, CreditorEnvironment, EnvironmentName, Membership, User
from ropo_portal.accounts.operations.switching import end_switch
from ropo_portal.accounts.roles import Role
from ropo_portal.errors import DomainError
from ropo_portal.history.operations import differences, record

# What a person may set on a creditor; everything else of the row is out of a form's reach.
CREDITOR_FIELDS: Final = frozenset(
    {
        "name", "business_id", "vat_id", "country", "street", "postcode", "city", "email", "phone", "iban", "bic",
        "payment_term_days", "default_vat_rate", "late_interest", "reference_kind", "reference_length", "hold_seconds",
        "sending_time", "approval_rule", "approval_limit", "doubt_limit",
    },
)  # fmt: skip


class CannotAddEnvironment(DomainError):
    """The creditor has this environment already, or there is none of that name."""


class CannotSetCredentials(DomainError):
    """Half a pair opens nothing."""


class AccountTaken(CannotSetCredentials):
    """One account at Ropo One is entered once only: two would take each other's news and numbers."""

    def __init__(self) -> None:
        message = _(
            "This customer number is already set for another creditor in the same environment. An account at "
            "Ropo One can be entered once only; check the number, or use the creditor that has it."
        )
        super().__init__(message, field="cid", code="account_taken")


class CountryIsFixed(DomainError):
    """A creditor with environments does not move to another country: its currency would change."""


@transaction.atomic
def create_creditor(*, values: Mapping[str, Any], actor: User, at: dt.datetime) -> Creditor:
    """Create a creditor with a sandbox, and make its creator the administrator, so that somebody can add others."""
    creditor = Creditor(**_allowed(values))
    creditor.save(force_insert=True)
    CreditorEnvironment.objects.create(creditor=creditor, name=EnvironmentName.SANDBOX)
    Membership.objects.create(user=actor, creditor=creditor, role=Role.ADMINISTRATOR)
    after = {**_allowed(values), "environment": EnvironmentName.SANDBOX.value, "administrator": str(actor)}
    record(
        verb="creditor.created", subject=creditor, creditor_id=creditor.pk, after=after, actor=actor, at=at
    )
    return creditor


@transaction.atomic
def change_creditor(
    *, creditor: Creditor, values: Mapping[str, Any], actor: User, at: dt.datetime
) -> Creditor:
    """Change a creditor's facts; refuses another country with `CountryIsFixed`. No change leaves no entry."""
    locked = Creditor.objects.select_for_update().get(pk=creditor.pk)
    before, after = differences(locked, _allowed(values))
    if "country" in after and locked.environments.exists():
        raise CountryIsFixed(_("The country cannot be changed: environments belong to it."), field="country")
    for name in after:
        setattr(locked, name, values[name])
    if after:
        locked.save(update_fields=list(after))
        record(
            verb="creditor.changed",
            subject=locked,
            creditor_id=locked.pk,
            before=before,
            after=after,
            actor=actor,
            at=at,
        )
    return locked


@transaction.atomic
def add_environment(*, creditor: Creditor, name: str, actor: User, at: dt.datetime) -> CreditorEnvironment:
    """Add one of the fixed environments, of whatever country; refuses a second of the name."""
    Creditor.objects.select_for_update().get(pk=creditor.pk)
    if name not in creditor.environment_names_left():
        raise CannotAddEnvironment(_("This creditor has that environment already, or there is none like it."))
    environment = CreditorEnvironment.objects.create(creditor=creditor, name=name)
    record(
        verb="environment.added",
        subject=environment,
        creditor_id=creditor.pk,
        after={"name": name},
        actor=actor,
        at=at,
    )
    return environment


@transaction.atomic
def set_credentials(
    *, environment: CreditorEnvironment, cid: str, apicode: str, actor: User, at: dt.datetime
) -> CreditorEnvironment:
    """
    Replace an environment's pair; the history says who set it for which cid, and nothing of the code.

    Another cid is another account at Ropo One, so production locks again until two people have looked at it. Refuses
    `AccountTaken` for an account that another creditor has in the same environment.
    """
    if not cid or not apicode:
        raise CannotSetCredentials(_("Both the customer number and the API code are needed."))
    locked = CreditorEnvironment.objects.select_for_update(of=("self",)).get(pk=environment.pk)
    _refuse_second(locked, cid)
    before = {"cid": locked.cid}
    if locked.cid != cid:
        end_switch(environment=locked, reason=str(_("Another customer number was set.")), actor=actor, at=at)
        locked.is_live = False
    locked.cid, locked.apicode = cid, apicode
    locked.last_checked_at = locked.last_check_ok = None
    try:
        with transaction.atomic():
            locked.save(update_fields=["cid", "apicode", "last_checked_at", "last_check_ok"])
    except IntegrityError:
        _refuse_second(locked, cid)
        raise
    record(
        verb="environment.credentials_set",
        subject=locked,
        creditor_id=locked.creditor_id,
        before=before,
        after={"cid": cid},
        actor=actor,
        at=at,
    )
    return locked


def _refuse_second(environment: CreditorEnvironment, cid: str) -> None:
    others = CreditorEnvironment.objects.filter(name=environment.name, cid=cid).exclude(pk=environment.pk)
    if others.exists():
        raise AccountTaken


def _allowed(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in CREDITOR_FIELDS}
