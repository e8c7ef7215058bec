"""Room: files that become invoices: the file, its staged lines, and what came of each invoice."""

from ropo_portal.imports.models.batch import (
    MOVES,
    Import,
    ImportPiece,
    ImportQuerySet,
    ImportTemplate,
    ImportTemplateQuerySet,
    StateHasMoved,
)
from ropo_portal.imports.models.staged import (
    ImportedDebtor,
    ImportedInvoice,
    ImportedInvoiceQuerySet,
    ImportedLines,
    Verdict,
)

__all__ = [
    "MOVES",
    "Import",
    "ImportPiece",
    "ImportQuerySet",
    "ImportTemplate",
    "ImportTemplateQuerySet",
    "ImportedDebtor",
    "ImportedInvoice",
    "ImportedInvoiceQuerySet",
    "ImportedLines",
    "StateHasMoved",
    "Verdict",
]
