"""Room: finding, as Django knows it."""

from django.apps import AppConfig


class FindingConfig(AppConfig):
    """The app of finding."""

    name = "ropo_portal.finding"
    label = "finding"

    def ready(self) -> None:
        """Forget old files after each round of Ropo's news."""
        from ropo_portal.finding.files import forget_exports  # noqa: PLC0415 (models must be loaded first)
        from ropo_portal.submissions.hooks import after_intake  # noqa: PLC0415 (the same)

        after_intake(forget_exports)
