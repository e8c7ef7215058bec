"""Room: keeping lists under a name, and taking them away as files."""

from ropo_portal.finding.operations.keeping import (
    CannotKeep,
    choose_columns,
    choose_default,
    drop_view,
    rename_view,
    save_view,
)
from ropo_portal.finding.operations.taking import ask_for_export, take_list

__all__ = [
    "CannotKeep",
    "ask_for_export",
    "choose_columns",
    "choose_default",
    "drop_view",
    "rename_view",
    "save_view",
    "take_list",
]
