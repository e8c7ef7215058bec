"""Room: what is done to creditors, their environments and their members."""

from ropo_portal.accounts.operations.creditors import (
    CREDITOR_FIELDS,
    AccountTaken,
    CannotAddEnvironment,
    CannotSetCredentials,
    CountryIsFixed,
    add_environment,
    change_creditor,
    create_creditor,
    set_credentials,
)
from ropo_portal.accounts.operations.members import (
    CannotManageMember,
    change_role,
    grant_role,
    invite_person,
    is_last_administrator,
    revoke_role,
)
from ropo_portal.accounts.operations.second_step import CannotResetSecondStep, reset_second_step
from ropo_portal.accounts.operations.switching import (
    CannotSwitch,
    confirm_live,
    propose_live,
    switch_off,
    withdraw_live,
)

__all__ = [
    "CREDITOR_FIELDS",
    "AccountTaken",
    "CannotAddEnvironment",
    "CannotManageMember",
    "CannotResetSecondStep",
    "CannotSetCredentials",
    "CannotSwitch",
    "CountryIsFixed",
    "add_environment",
    "change_creditor",
    "change_role",
    "confirm_live",
    "create_creditor",
    "grant_role",
    "invite_person",
    "is_last_administrator",
    "propose_live",
    "reset_second_step",
    "revoke_role",
    "set_credentials",
    "switch_off",
    "withdraw_live",
]
