"""Room: accounts, as Django knows it."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The accounts app."""

    name = "ropo_portal.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Register the system checks."""
        from ropo_portal.accounts import checks  # noqa: F401, PLC0415 (checks register when apps are ready)
