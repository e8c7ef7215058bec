"""Room: finding, as Django knows it."""

from django.apps import AppConfig


class FindingConfig(AppConfig):
    """The app of finding."""

    name = "ropo_portal.finding"
    label = "finding"
