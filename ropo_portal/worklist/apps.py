"""Room: the work list, as Django knows it."""

from django.apps import AppConfig


class WorklistConfig(AppConfig):
    """The app of the work list."""

    name = "ropo_portal.worklist"
    label = "worklist"

    def ready(self) -> None:
        """Keep the book of days short, after each round of Ropo's news."""
        from ropo_portal.submissions.hooks import after_intake  # noqa: PLC0415 (models must be loaded first)
        from ropo_portal.worklist.operations import fold_book  # noqa: PLC0415 (the same)

        after_intake(fold_book)
