"""Room: history, as Django knows it."""

from django.apps import AppConfig


class HistoryConfig(AppConfig):
    """The history app."""

    name = "ropo_portal.history"
    label = "history"
