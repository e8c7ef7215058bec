"""Room: who belongs to a creditor, and in which role."""

import datetime as dt
from functools import partial

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts import letters
from ropo_portal.accounts.models import Creditor, Membership, User
from ropo_portal.accounts.roles import Role
from ropo_portal.errors import DomainError
from ropo_portal.history.operations import record


class CannotManageMember(DomainError):
    """The role stays as it is; the sentence says why."""


@transaction.atomic
def grant_role(*, user: User, creditor: Creditor, role: str, actor: User, at: dt.datetime) -> Membership:
    """Give a user a role; refuses oneself. A role that is there already stays, without an entry."""
    _refuse_self(user, actor)
    membership, is_new = Membership.objects.get_or_create(user=user, creditor=creditor, role=Role(role))
    if is_new:
        _witness("member.role_granted", membership, after=membership.role, actor=actor, at=at)
    return membership


@transaction.atomic
def invite_person(
    *, creditor: Creditor, email: str, name: str, role: str, actor: User, at: dt.datetime
) -> Membership:
    """
    Give a role to whoever has this address, and write to her; a stranger gets an account and a link to choose a password.

    Refuses oneself, a closed account, and a role that the person has already. The name of somebody known stays hers.
    """
    user = _person(email, name, actor)
    _refuse_self(user, actor)
    if not user.is_active:
        raise CannotManageMember(_("This account is closed: ask support."), field="email")
    membership, is_new = Membership.objects.get_or_create(user=user, creditor=creditor, role=Role(role))
    if not is_new:
        raise CannotManageMember(_("This person has that role already."), field="email")
    _witness("member.invited", membership, after=membership.role, actor=actor, at=at)
    transaction.on_commit(partial(letters.invite, user), robust=True)
    return membership


@transaction.atomic
def change_role(*, membership: Membership, role: str, actor: User, at: dt.datetime) -> Membership:
    """Give another role instead; refuses oneself, the last administrator, and a role the person has already."""
    found = _locked(membership, actor)
    before, wish = found.role, Role(role)
    if found.creditor.memberships.filter(user=found.user, role=wish).exists():
        raise CannotManageMember(_("This person has that role already."), field="role")
    _refuse_last(found)
    found.role = wish
    found.save(update_fields=["role"])
    _witness("member.role_changed", found, before=before, after=wish.value, actor=actor, at=at)
    return found


@transaction.atomic
def revoke_role(*, membership: Membership, reason: str = "", actor: User, at: dt.datetime) -> None:
    """Take a role away; refuses oneself and the last administrator. It works on the user's very next request."""
    found = _locked(membership, actor)
    _refuse_last(found)
    _witness("member.role_revoked", found, before=found.role, reason=reason.strip(), actor=actor, at=at)
    found.delete()


def is_last_administrator(membership: Membership) -> bool:
    """Tell whether nobody else could give roles at this creditor."""
    if membership.role != Role.ADMINISTRATOR:
        return False
    others = Membership.objects.filter(
        creditor_id=membership.creditor_id, role=Role.ADMINISTRATOR, user__is_active=True
    )
    return not others.exclude(user_id=membership.user_id).exists()


def _person(email: str, name: str, actor: User) -> User:
    """Return whoever has the address; the letter to somebody new is in the language of who invites her."""
    address = User.objects.normalize_email(email).lower()
    known = User.objects.filter(email__iexact=address).first()
    if known:
        return known
    facts = {"name": name.strip(), "password": make_password(None), "language": actor.language}
    return User.objects.get_or_create(email=address, defaults=facts)[0]


def _locked(membership: Membership, actor: User) -> Membership:
    """Return the role with its creditor locked: two administrators who take each other's role come one after the other."""
    _refuse_self(membership.user, actor)
    Creditor.objects.select_for_update().get(pk=membership.creditor_id)
    found = Membership.objects.select_related("user", "creditor").filter(pk=membership.pk).first()
    if found is None:
        raise CannotManageMember(_("This role was taken away already."))
    return found


def _refuse_last(membership: Membership) -> None:
    if is_last_administrator(membership):
        raise CannotManageMember(_("This is the last administrator: make somebody else one first."))


def _refuse_self(user: User, actor: User) -> None:
    if user.pk == actor.pk:
        raise CannotManageMember(_("Nobody changes her own roles: ask another administrator."))


def _witness(
    verb: str,
    membership: Membership,
    *,
    before: str = "",
    after: str = "",
    reason: str = "",
    actor: User,
    at: dt.datetime,
) -> None:
    record(
        verb=verb,
        subject=membership.user,
        creditor_id=membership.creditor_id,
        before={"role": before} if before else {},
        after={"role": after} if after else {},
        reason=reason,
        actor=actor,
        at=at,
    )
