"""Room: accounts, as Django knows it."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The accounts app."""

    name = "ropo_portal.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Register the system checks, and hear of second steps."""
        from ropo_portal.accounts import checks, factors  # noqa: F401, PLC0415 (their rows exist when apps are ready)

        factors.listen()
