"""Room: the door through which files leave."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from ropo_portal.documents.models import StoredDocument
from ropo_portal.ui.access import requires, scoped_object

# Not every browser's own viewer opens in a sandbox, so only the download has one.
IN_OUR_PAGE = "default-src 'none'; frame-ancestors 'self'"
ON_ITS_OWN = "default-src 'none'; frame-ancestors 'none'; sandbox"


@require_safe
@requires("document.pdf")
def document(request: HttpRequest, pk: str) -> HttpResponse:
    """Send one file: as a download, or with `?inline=1` to be shown in our own page."""
    row = scoped_object(request, StoredDocument, pk, "document.pdf")
    inline = request.GET.get("inline") == "1"
    response = HttpResponse(row.content, content_type="application/pdf")
    response["Content-Disposition"] = f'{"inline" if inline else "attachment"}; filename="{row.file_name}"'
    response["Content-Security-Policy"] = IN_OUR_PAGE if inline else ON_ITS_OWN
    response["X-Frame-Options"] = "SAMEORIGIN" if inline else "DENY"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
