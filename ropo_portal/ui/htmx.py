"""Pages and pieces: one helper answers both, plus the few headers htmx understands."""

from typing import Any

from django import shortcuts
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

LEVELS = {
    "success": messages.SUCCESS,
    "info": messages.INFO,
    "warning": messages.WARNING,
    "error": messages.ERROR,
}


def wants_fragment(request: HttpRequest) -> bool:
    """True when htmx will swap a piece; a restored history entry and a boosted link need the whole page."""
    htmx: Any = getattr(request, "htmx", None)
    return bool(htmx) and not htmx.history_restore_request and not htmx.boosted


def render(
    request: HttpRequest,
    page_template: str,
    fragment_template: str,
    context: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Draw the piece for htmx, otherwise the page around it."""
    template = fragment_template if wants_fragment(request) else page_template
    response = shortcuts.render(request, template, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def redirect(request: HttpRequest, to: Any, *args: Any, **kwargs: Any) -> HttpResponse:
    """Send the browser to another page, whoever asked."""
    url = shortcuts.resolve_url(to, *args, **kwargs)
    if getattr(request, "htmx", None):
        return HttpResponseClientRedirect(url)
    response = shortcuts.redirect(url)
    response.status_code = 303
    return response


def toast(response: HttpResponse, text: str | Promise, level: str = "success") -> HttpResponse:
    """Add a short message that the page shows and reads aloud; for pieces, where no page is drawn."""
    trigger_client_event(response, "ropo:toast", {"text": str(text), "level": level})
    return response


def tell(
    request: HttpRequest, response: HttpResponse, text: str | Promise, level: str = "success"
) -> HttpResponse:
    """Say something after an act: a toast now for a swapped piece, otherwise on the next page."""
    if wants_fragment(request) and "HX-Redirect" not in response:
        return toast(response, text, level)
    messages.add_message(request, LEVELS[level], str(text))
    return response
