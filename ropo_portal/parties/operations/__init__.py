"""Room: what is done to debtors."""

from ropo_portal.parties.operations.debtors import (
    DEBTOR_FIELDS,
    CustomerNumberTaken,
    DebtorChanged,
    DebtorMerged,
    ReasonMissing,
    change_debtor,
    create_debtor,
    create_debtors,
    erase_debtors,
    mend_debtor,
    reveal_national_id,
)
from ropo_portal.parties.operations.flags import FlagRefused, lift_flag, set_flag

__all__ = [
    "DEBTOR_FIELDS",
    "CustomerNumberTaken",
    "DebtorChanged",
    "DebtorMerged",
    "FlagRefused",
    "ReasonMissing",
    "change_debtor",
    "create_debtor",
    "create_debtors",
    "erase_debtors",
    "lift_flag",
    "mend_debtor",
    "reveal_national_id",
    "set_flag",
]
