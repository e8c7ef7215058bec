"""Room: parties, as Django knows it."""

from django.apps import AppConfig


class PartiesConfig(AppConfig):
    """The parties app."""

    name = "ropo_portal.parties"
    label = "parties"
