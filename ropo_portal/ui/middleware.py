"""What every request gets: safe headers, a name, and its reader's language and theme."""

import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation

from ropo_portal.ui import csp, preferences, request_context

Answer = Callable[[HttpRequest], HttpResponseBase]

FIXED_HEADERS = {
    "Permissions-Policy": "accelerometer=(), camera=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # also on refusals that never reach Django's own middleware for it
}


class ContentSecurityPolicyMiddleware:
    """Stands in for Django's own class of this name, which 5.2 does not have yet."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault(csp.HEADER, csp.header(csp.policy()))
        return response


class SecurityHeadersMiddleware:
    """Adds the policy's sisters; pages of signed-in people are never kept by a cache."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in FIXED_HEADERS.items():
            response.headers.setdefault(name, value)
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class RequestContextMiddleware:
    """Names the request and remembers its address for history and for the log."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request_id = uuid.uuid4().hex
        with request_context.bound(request_id=request_id, address=address_of(request)):
            response = self.get_response(request)
        response["X-Request-ID"] = request_id
        return response


def address_of(request: HttpRequest) -> str:
    """Give the caller's address, believing forwarded headers only as far as our own proxies reach."""
    proxies = int(getattr(settings, "TRUSTED_PROXIES", 0))
    direct = str(request.META.get("REMOTE_ADDR") or "")
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    if proxies < 1 or len(hops) < proxies:
        return direct
    return hops[-proxies][:45]


class PreferencesMiddleware:
    """Sets the language and the theme a person chose; stands after LocaleMiddleware and authentication."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        language = preferences.language_of(request)
        if language:
            translation.activate(language)
            request.LANGUAGE_CODE = language
        request.theme = preferences.theme_of(request)  # type: ignore[attr-defined]
        return self.get_response(request)
