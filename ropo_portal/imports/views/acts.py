"""Room: what is done to a whole import by a button."""

import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ropo_portal.errors import DomainError
from ropo_portal.imports import operations
from ropo_portal.imports.models import Import
from ropo_portal.imports.views.desk import back_to, batch_for, who
from ropo_portal.ui import htmx
from ropo_portal.ui.access import requires


@requires("invoice.edit")
@require_POST
def stop(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Stop the worker."""
    batch = batch_for(request, pk, "invoice.edit")
    return _done(request, batch, lambda: operations.stop_import(batch=batch, **who(request)), _("Stopped."))


@requires("invoice.edit")
@require_POST
def go_on(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Have a stopped file read again from its beginning."""
    batch = batch_for(request, pk, "invoice.edit")
    return _done(request, batch, lambda: operations.start_staging(batch=batch, **who(request)))


@requires("invoice.edit")
@require_POST
def create(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Have the invoices created."""
    batch = batch_for(request, pk, "invoice.edit")
    typed = request.POST.get("typed", "")
    return _done(request, batch, lambda: operations.start_creating(batch=batch, typed=typed, **who(request)))


@requires("invoice.edit")
@require_POST
def send(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Gather its drafts, and go on to where they are checked and sent."""
    batch = batch_for(request, pk, "invoice.edit")
    try:
        found = operations.gather_created(batch=batch, **who(request))
    except DomainError as error:
        return back_to(request, batch, error.message, "error")
    return htmx.redirect(request, "invoices:batch", found.pk)


@requires("invoice.edit")
@require_POST
def withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take back what only this import brought."""
    batch = batch_for(request, pk, "invoice.edit")
    try:
        operations.withdraw_import(batch=batch, **who(request))
    except DomainError as error:
        return back_to(request, batch, error.message, "error")
    if batch.is_withdrawing:
        text = _("Its invoices are being taken back. This page says how far it is; you may leave it.")
        return back_to(request, batch, text, "info")
    return back_to(request, batch, _("Withdrawn."))


@requires("invoice.edit")
@require_POST
def failed_rows(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Give the lines of the invoices with errors as a file, each with its reason."""
    batch = batch_for(request, pk, "invoice.edit")
    content = operations.take_failed_rows(batch=batch, **who(request))
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{_("errors")}-{batch.pk}.csv"'
    return response


def _done(request: HttpRequest, batch: Import, act: Callable[[], Any], text: str = "") -> HttpResponse:
    """Do it, and say on the import's page that it was done, or why not."""
    try:
        act()
    except DomainError as error:
        return back_to(request, batch, error.message, "error")
    return back_to(request, batch, text)
