"""Registers the ui room with Django."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "ropo_portal.ui"
    label = "ui"
