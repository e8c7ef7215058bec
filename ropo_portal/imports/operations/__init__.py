"""Room: what a clerk does to a file of invoices; each operation leaves one line in the history."""

from ropo_portal.imports.models import StateHasMoved
from ropo_portal.imports.operations.bringing import choose_layout, look_at, start_staging, upload_import
from ropo_portal.imports.operations.ending import CannotWithdraw, stop_import, withdraw_import
from ropo_portal.imports.operations.gathering import gather_created, unsent
from ropo_portal.imports.operations.mending import choose_invoice, mend_invoice
from ropo_portal.imports.operations.mending_many import SAME_FOR_ALL, CannotMendAll, Mended, mend_cause
from ropo_portal.imports.operations.starting import TYPED_ABOVE, CountDiffers, start_creating
from ropo_portal.imports.operations.taking import take_failed_rows

__all__ = [
    "SAME_FOR_ALL",
    "TYPED_ABOVE",
    "CannotMendAll",
    "CannotWithdraw",
    "CountDiffers",
    "Mended",
    "StateHasMoved",
    "choose_invoice",
    "choose_layout",
    "gather_created",
    "look_at",
    "mend_cause",
    "mend_invoice",
    "start_creating",
    "start_staging",
    "stop_import",
    "take_failed_rows",
    "unsent",
    "upload_import",
    "withdraw_import",
]
