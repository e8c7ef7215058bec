"""Room: the page on which somebody says how she wants to be told of work that waits."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ropo_portal.ui import htmx
from ropo_portal.ui.access import signed_in
from ropo_portal.worklist import operations
from ropo_portal.worklist.forms import NoticeForm
from ropo_portal.worklist.noticing import wish_of

UNPROCESSABLE = 422


@signed_in
@require_http_methods(["GET", "POST"])
def notices(request: HttpRequest) -> HttpResponse:
    """Show and keep the reader's own wish."""
    when = wish_of(request.user)  # type: ignore[arg-type]
    form = NoticeForm(request.POST or None, initial={"when": when})
    if request.method == "POST" and form.is_valid():
        operations.wish_notices(**form.cleaned_data, actor=request.user)  # type: ignore[arg-type]
        return htmx.tell(request, htmx.redirect(request, "worklist:notices"), _("Saved."))
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, "worklist/notices.html", {"form": form}, status=status)
