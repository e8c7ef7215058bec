"""Room: imports, as Django knows it."""

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    """The imports app."""

    name = "ropo_portal.imports"
    label = "imports"
