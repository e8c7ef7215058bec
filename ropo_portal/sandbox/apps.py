"""The stand-in as a Django app, which it is only for the sake of its command."""

from django.apps import AppConfig


class SandboxConfig(AppConfig):
    name = "ropo_portal.sandbox"
    label = "sandbox"
