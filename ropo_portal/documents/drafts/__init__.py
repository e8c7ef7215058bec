"""Room: drafts of letters, drawn from plain data; nothing here knows a database."""

from ropo_portal.documents.drafts import letters, printer
from ropo_portal.documents.drafts.draft import Draft, DraftCreditor, DraftKind, DraftRecipient, DraftRow

PREVIEW_PIXELS_PER_INCH = 96.0

__all__ = ["Draft", "DraftCreditor", "DraftKind", "DraftRecipient", "DraftRow", "draft_image", "draft_pdf"]


def draft_pdf(draft: Draft) -> bytes:
    """Return the letter as PDF/A-2b; the same draft gives the same bytes."""
    return printer.pdf(letters.page_data(draft), on=draft.invoice_date)


def draft_image(draft: Draft, *, pixels_per_inch: float = PREVIEW_PIXELS_PER_INCH) -> bytes:
    """Return the first page as PNG."""
    return printer.first_page_png(letters.page_data(draft), pixels_per_inch=pixels_per_inch)
