"""Room: the files there are, a new one, and examples to begin with."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from ropo_portal.errors import DomainError
from ropo_portal.imports import operations, readers
from ropo_portal.imports.forms import UploadForm
from ropo_portal.imports.models import Import
from ropo_portal.imports.views.desk import UNPROCESSABLE, back_to, scope_of, who, working_environment
from ropo_portal.ui import htmx, paging
from ropo_portal.ui.access import requires

EXAMPLES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@requires("document.view")
@require_GET
def imports(request: HttpRequest) -> HttpResponse:
    """List the imports of the chosen environment, the newest first."""
    return _list(request, UploadForm())


@requires("invoice.edit")
@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Take a file and look at its columns."""
    environment = working_environment(request, "invoice.edit")
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _list(request, form, UNPROCESSABLE)
    file = form.cleaned_data["file"]
    try:
        batch = operations.upload_import(
            environment=environment, name=file.name, chunks=file.chunks, **who(request)
        )
    except DomainError as error:
        form.add_error("file", str(error))
        return _list(request, form, UNPROCESSABLE)
    return back_to(request, batch)


@requires("document.view")
@require_GET
def example(_request: HttpRequest, kind: str) -> HttpResponse:
    """Give a file that can be filled in."""
    if kind not in EXAMPLES:
        raise Http404
    response = HttpResponse(readers.example_file(kind), content_type=EXAMPLES[kind])
    response["Content-Disposition"] = f'attachment; filename="{_("invoices")}.{kind}"'
    return response


def _list(request: HttpRequest, form: UploadForm, status: int = 200) -> HttpResponse:
    environment = working_environment(request, "document.view")
    found = Import.objects.filter(environment=environment).select_related("created_by")
    context = {
        "page": paging.page(found, order=("-created_at", "-id"), cursor=request.GET.get("cursor"), size=25),
        "form": form,
        "may_edit": scope_of(request).may("invoice.edit", environment.creditor_id),
    }
    return htmx.render(request, "imports/import_list.html", "imports/_imports.html", context, status=status)
