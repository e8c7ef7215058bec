"""Room: what one request may see, and for which creditor it speaks."""

import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from ropo_portal.accounts.roles import MAY

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from ropo_portal.accounts.models import Creditor, CreditorEnvironment, User


# What support may do before it belongs to any creditor: see that there is none, and create one.
FOUNDING = frozenset({"creditor.list", "creditor.create"})


@dataclass
class Scope:
    """A user's creditors, her roles in each, and the environment she has chosen."""

    user: "User | AnonymousUser"
    chosen_id: uuid.UUID | None = None
    _focused: "CreditorEnvironment | None" = field(default=None, repr=False)

    @cached_property
    def roles(self) -> dict[uuid.UUID, set[str]]:
        """Roles by creditor id; empty for strangers and for users who are switched off."""
        found: dict[uuid.UUID, set[str]] = defaultdict(set)
        if self.user.is_authenticated and self.user.is_active:
            for creditor_id, role in self.user.memberships.values_list("creditor_id", "role"):
                found[creditor_id].add(role)
        return dict(found)

    @property
    def creditor_ids(self) -> list[uuid.UUID]:
        """Creditors in which the user has any role."""
        return list(self.roles)

    def creditor_ids_for(self, action: str) -> list[uuid.UUID]:
        """Creditors in which one of the user's roles may do the action."""
        return [creditor_id for creditor_id, roles in self.roles.items() if roles & MAY[action]]

    def may(self, action: str, creditor_id: uuid.UUID | None = None) -> bool:
        """Tell whether the action is allowed for the creditor, or for any creditor when none is named."""
        allowed = MAY[action]
        if creditor_id is not None:
            return bool(self.roles.get(creditor_id, set()) & allowed)
        is_founding = action in FOUNDING and self.is_support
        return is_founding or any(roles & allowed for roles in self.roles.values())

    @property
    def is_support(self) -> bool:
        """Whether the user gives people their roles, at /support/."""
        return bool(self.user.is_authenticated and self.user.is_active and self.user.is_superuser)

    @cached_property
    def environments(self) -> "list[CreditorEnvironment]":
        """Every environment of the user's creditors, by creditor's name."""
        from ropo_portal.accounts.models import CreditorEnvironment  # noqa: PLC0415 (models import roles)

        rows = CreditorEnvironment.objects.filter(creditor_id__in=self.creditor_ids, creditor__is_active=True)
        return list(rows.select_related("creditor").order_by("creditor__name", "name"))

    @property
    def environment(self) -> "CreditorEnvironment | None":
        """The environment that speaks on this page: of the object shown, else the chosen, else the first."""
        return self._focused if self._focused is not None else self._chosen

    @cached_property
    def _chosen(self) -> "CreditorEnvironment | None":
        chosen = [row for row in self.environments if row.pk == self.chosen_id]
        return next(iter(chosen or self.environments), None)

    @property
    def creditor(self) -> "Creditor | None":
        """The creditor of the environment that speaks."""
        return self.environment.creditor if self.environment else None

    def focus(self, environment_id: uuid.UUID) -> None:
        """Let the page speak for the environment of the object it shows."""
        for row in self.environments:
            if row.pk == environment_id:
                self._focused = row
