"""Room: collection, as Django knows it."""

from django.apps import AppConfig


class CollectionConfig(AppConfig):
    """The collection app."""

    name = "ropo_portal.collection"
    label = "collection"

    def ready(self) -> None:
        """Let overdue invoices become claims after each round of Ropo's news, and say whose address is protected."""
        from ropo_portal.accounts.hooks import hides_addresses  # noqa: PLC0415 (models must be loaded first)
        from ropo_portal.collection.operations import gather_everywhere  # noqa: PLC0415 (the same)
        from ropo_portal.collection.secrecy import hides_address_about  # noqa: PLC0415 (the same)
        from ropo_portal.submissions.hooks import after_intake  # noqa: PLC0415 (the same)

        after_intake(gather_everywhere)
        hides_addresses(hides_address_about)
