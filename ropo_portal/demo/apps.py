"""Room: the demonstration, as Django knows it."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The demo app; it has no tables."""

    name = "ropo_portal.demo"
    label = "demo"
