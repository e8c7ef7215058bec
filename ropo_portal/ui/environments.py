"""The environment in words and color, as every page must show it."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SESSION_KEY = "environment"  # the scope middleware reads the choice from here

COUNTRIES: dict[str, str | Promise] = {"FI": _("Finland"), "SE": _("Sweden"), "NO": _("Norway")}
STAGES: dict[str, tuple[str | Promise, str | Promise, str]] = {
    "sandbox": (_("Sandbox"), _("nothing leaves this machine"), "flask-conical"),
    "test": (_("TEST"), _("Ropo One's test environment, no real letters"), "shield"),
    "production": (_("PRODUCTION"), _("real letters to real people"), "radio"),
}


@dataclass(frozen=True)
class Banner:
    """What the strip on top of a page says."""

    stage: str
    word: str | Promise
    country: str | Promise
    meaning: str | Promise
    icon: str
    creditor: str
    is_paused: bool
    is_locked: bool


def banner(environment: Any) -> Banner | None:
    """Describe the chosen environment; nothing is chosen before the first sign-in."""
    if environment is None:
        return None
    word, meaning, icon = STAGES[environment.stage]
    return Banner(
        stage=environment.stage,
        word=word,
        country=""
        if environment.stage == "sandbox"
        else COUNTRIES.get(environment.country, environment.country),
        meaning=meaning,
        icon=icon,
        creditor=environment.creditor.name,
        is_paused=bool(getattr(environment, "sending_paused", False)),
        is_locked=environment.stage == "production" and not environment.is_live,
    )


@dataclass(frozen=True)
class Choice:
    """One line of the chooser."""

    id: str
    creditor: str
    banner: Banner
    is_chosen: bool


def choices(request: HttpRequest) -> list[Choice]:
    """List the environments this reader may work in."""
    scope: Any = getattr(request, "scope", None)
    if scope is None:
        return []
    chosen = getattr(scope.environment, "pk", None)
    found = []
    for environment in scope.environments:
        strip = banner(environment)
        if strip:
            found.append(Choice(str(environment.pk), strip.creditor, strip, environment.pk == chosen))
    return found
