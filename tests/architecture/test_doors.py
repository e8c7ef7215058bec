"""Every address asks for an action, or says on purpose that it is for everybody."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

# Rooms of others bring their own guard.
GUARDED_ELSEWHERE = {
    "django.contrib.admin": "support staff only, checked by the admin site itself",
    "ropo_portal.accounts.admin": "pages of our own on that site, behind its check and for support alone",
    "django.contrib.auth.admin": "the same site, for users and their passwords",
    "django.contrib.contenttypes": "the admin site's link to a page, behind the admin site's own check",
    "django.views.generic.base": "plain redirects of those two; our own views are functions",
    "allauth": "sign-in pages; what needs a person is marked by allauth",
    "django.contrib.staticfiles": "files of the interface",
    "django.views.static": "files of the interface",
    "django.views.i18n": "translated words and the choice of language",
}


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for pattern in resolver.url_patterns:
        address = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLPattern):
            yield address, pattern.callback
        else:
            yield from patterns(pattern, address)


def is_guarded(view: Any) -> bool:
    home = getattr(view, "__module__", "")
    return (
        bool(getattr(view, "required_action", None))
        or getattr(view, "is_public", False)
        or home.startswith(tuple(GUARDED_ELSEWHERE))
    )


def test_the_walk_finds_pages():
    assert len(list(patterns(get_resolver()))) > 10


def test_every_view_asks_for_an_action_or_is_public():
    assert [address for address, view in patterns(get_resolver()) if not is_guarded(view)] == []


def test_every_asked_action_is_known_to_the_roles():
    from ropo_portal.accounts.roles import MAY  # noqa: PLC0415 -- models must be loaded first

    asked = {getattr(view, "required_action", None) for _, view in patterns(get_resolver())}
    assert asked - {None, "signed_in"} <= set(MAY)
