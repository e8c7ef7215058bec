"""The reader's own switches, and the gallery of components for developers."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template import loader
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import defaults
from django.views.decorators.http import require_http_methods, require_POST

from ropo_portal.ui import environments, preferences, request_context
from ropo_portal.ui import gallery as samples
from ropo_portal.ui.access import public, signed_in


@public
@require_POST
def theme(request: HttpRequest) -> HttpResponseBase:
    """Remember light, dark or as the machine has it."""
    wish = request.POST.get("theme", "")
    if wish not in preferences.THEMES:
        return HttpResponse(status=400)
    response = redirect(_back(request))
    preferences.remember(request, response, name="theme", value=wish, cookie=preferences.THEME_COOKIE)
    return response


@public
@require_POST
def language(request: HttpRequest) -> HttpResponseBase:
    """Remember the reader's language."""
    wish = request.POST.get("language", "")
    if wish not in dict(settings.LANGUAGES):
        return HttpResponse(status=400)
    response = redirect(_back(request))
    preferences.remember(request, response, name="language", value=wish, cookie=settings.LANGUAGE_COOKIE_NAME)
    return response


@signed_in
@require_POST
def focus(request: HttpRequest) -> HttpResponseBase:
    """Choose the creditor and environment to work in; a foreign one does not exist."""
    scope: Any = request.scope  # type: ignore[attr-defined]
    wish = request.POST.get("environment", "")
    chosen = next((one for one in scope.environments if str(one.pk) == wish), None)
    if chosen is None:
        raise Http404
    request.session[environments.SESSION_KEY] = str(chosen.pk)
    return redirect(_back(request))


@public
@require_http_methods(["GET", "POST"])
def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component in every state; only where nobody works for real."""
    if not (settings.DEBUG or getattr(settings, "DEMO", False)):
        raise Http404
    status = 422 if request.method == "POST" else 200
    return render(request, "ui/gallery.html", samples.context(request.POST or None), status=status)


@public
@require_http_methods(["GET"])
def gallery_options(request: HttpRequest) -> HttpResponse:
    """Answer the gallery's combobox."""
    return samples.options(request.GET.get("q", ""))


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that there is no such page, in a frame that counts nothing."""
    request.is_refused = True  # type: ignore[attr-defined]
    return defaults.page_not_found(request, exception)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that this is not for the reader, in a frame that counts nothing."""
    request.is_refused = True  # type: ignore[attr-defined]
    return defaults.permission_denied(request, exception)


def broken(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 (Django's signature)
    """Say that something broke, by a number that stands in the log too; asks nothing of what may be broken."""
    context = {"reference": request_context.current().request_id}
    return HttpResponse(loader.get_template("500.html").render(context), status=500)


def _back(request: HttpRequest) -> str:
    url = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    return url if is_ours else "/"
