"""Room: collection, as Django knows it."""

from django.apps import AppConfig


class CollectionConfig(AppConfig):
    """The collection app."""

    name = "ropo_portal.collection"
    label = "collection"

    def ready(self) -> None:
        """Let overdue invoices become claims by themselves, after each round of Ropo's news."""
        from ropo_portal.collection.operations import gather_everywhere  # noqa: PLC0415 (models must be loaded first)
        from ropo_portal.submissions.hooks import after_intake  # noqa: PLC0415 (models must be loaded first)

        after_intake(gather_everywhere)
