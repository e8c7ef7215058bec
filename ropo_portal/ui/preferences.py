"""Language and theme of a reader: the account's wish first, then the browser's cookie."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

THEMES = ("auto", "light", "dark")
THEME_COOKIE = "theme"
YEAR = 365 * 24 * 60 * 60


def theme_of(request: HttpRequest) -> str:
    """Give auto, light or dark."""
    wishes = (_of_user(request, "theme"), request.COOKIES.get(THEME_COOKIE))
    return next((wish for wish in wishes if wish in THEMES), "auto")


def language_of(request: HttpRequest) -> str | None:
    """Give the language of the account, or nothing: then cookie and browser have decided already."""
    wish = _of_user(request, "language")
    return wish if wish in dict(settings.LANGUAGES) else None


def remember(request: HttpRequest, response: HttpResponseBase, *, name: str, value: str, cookie: str) -> None:
    """Keep a wish in the browser, and in the account of a signed-in person."""
    response.set_cookie(
        cookie, value, max_age=YEAR, samesite="Lax", secure=request.is_secure(), httponly=True
    )
    user: Any = getattr(request, "user", None)
    if user is not None and user.is_authenticated and hasattr(user, name):
        setattr(user, name, value)
        user.save(update_fields=[name])


def _of_user(request: HttpRequest, name: str) -> str | None:
    user = getattr(request, "user", None)
    return getattr(user, name, None) if user is not None and user.is_authenticated else None
