"""Room: users, creditors, their environments, and the switch between them and the real world."""

from ropo_portal.accounts.models.creditor import (
    CURRENCIES,
    LANGUAGES,
    REFERENCE_KINDS,
    TIME_ZONES,
    ApprovalRule,
    Country,
    Creditor,
    CreditorEnvironment,
    CreditorQuerySet,
    EnvironmentName,
    EnvironmentQuerySet,
    Membership,
    MembershipQuerySet,
    ReferenceKind,
    User,
    UserManager,
)
from ropo_portal.accounts.models.live_switch import LiveSwitch, LiveSwitchQuerySet

__all__ = [
    "CURRENCIES",
    "LANGUAGES",
    "REFERENCE_KINDS",
    "TIME_ZONES",
    "ApprovalRule",
    "Country",
    "Creditor",
    "CreditorEnvironment",
    "CreditorQuerySet",
    "EnvironmentName",
    "EnvironmentQuerySet",
    "LiveSwitch",
    "LiveSwitchQuerySet",
    "Membership",
    "MembershipQuerySet",
    "ReferenceKind",
    "User",
    "UserManager",
]
