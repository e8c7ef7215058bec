"""Room: submissions, as Django knows it."""

from django.apps import AppConfig


class SubmissionsConfig(AppConfig):
    """The submissions app."""

    name = "ropo_portal.submissions"
    label = "submissions"

    def ready(self) -> None:
        """Register the system checks."""
        from ropo_portal.submissions import checks  # noqa: F401, PLC0415 (checks register when apps are ready)
