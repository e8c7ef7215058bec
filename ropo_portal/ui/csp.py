"""The content security policy: one setting, one header, on every Django line we run on."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.conf import settings
from django.http.response import HttpResponseBase

Policy = Mapping[str, Any]
HEADER = "Content-Security-Policy"

POLICY: Policy = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "frame-src": ["'self'"],
    "manifest-src": ["'self'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
    "base-uri": ["'none'"],
    "object-src": ["'none'"],
}


def policy() -> Policy:
    """Give the site's policy; an empty setting means the strict one, never none at all."""
    return getattr(settings, "SECURE_CSP", None) or POLICY


def header(directives: Policy) -> str:
    """Write a policy as its header's value."""
    parts = []
    for name, value in directives.items():
        if value is None or value is False:
            continue
        sources = value if isinstance(value, str) else "" if value is True else " ".join(map(str, value))
        parts.append(f"{name} {sources}".strip())
    return "; ".join(parts)


def override(**changes: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Change directives for one view, such as `frame_ancestors=["'self'"]` for a PDF shown in our own page."""

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def changed(*args: Any, **kwargs: Any) -> HttpResponseBase:
            response = view(*args, **kwargs)
            directives = {**policy(), **{name.replace("_", "-"): value for name, value in changes.items()}}
            response[HEADER] = header(directives)
            return response

        return changed

    return decorate
