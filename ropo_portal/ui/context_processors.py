"""What base.html needs on every page; pieces for htmx never ask for it."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from ropo_portal.ui import environments, navigation, preferences


def frame(request: HttpRequest) -> dict[str, Any]:
    """Give theme, languages, sidebar and environment; all lazy, so that a piece costs nothing."""
    scope: Any = getattr(request, "scope", None)
    return {
        "theme": getattr(request, "theme", None) or preferences.theme_of(request),
        "languages": settings.LANGUAGES,
        "demo_users": getattr(settings, "DEMO_USERS", []) if getattr(settings, "DEMO", False) else [],
        "frame_links": SimpleLazyObject(lambda: navigation.links(request)),
        "frame_banner": SimpleLazyObject(lambda: environments.banner(getattr(scope, "environment", None))),
        "frame_choices": SimpleLazyObject(lambda: environments.choices(request)),
    }
