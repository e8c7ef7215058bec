"""Room: the door through which files leave."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from ropo_portal.accounts.hooks import is_address_hidden
from ropo_portal.documents.models import StoredDocument
from ropo_portal.ui.access import requires, scoped_object

# Not every browser's own viewer opens in a sandbox, so only the download has one.
IN_OUR_PAGE = "default-src 'none'; frame-ancestors 'self'"
ON_ITS_OWN = "default-src 'none'; frame-ancestors 'none'; sandbox"


@require_safe
@requires("document.pdf")
def document(request: HttpRequest, pk: str) -> HttpResponse:
    """Send one file, a download or with `?inline=1` for our own page; 403 where it bears a protected address."""
    row = scoped_object(request, StoredDocument, pk, "document.pdf")
    if is_address_hidden(request, row.subject_id):
        raise PermissionDenied("protected address")
    inline = request.GET.get("inline") == "1"
    response = HttpResponse(row.content, content_type="application/pdf")
    response["Content-Disposition"] = f'{"inline" if inline else "attachment"}; filename="{row.file_name}"'
    response["Content-Security-Policy"] = IN_OUR_PAGE if inline else ON_ITS_OWN
    response["X-Frame-Options"] = "SAMEORIGIN" if inline else "DENY"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
