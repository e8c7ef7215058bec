"""Room: invoices, as Django knows it."""

from django.apps import AppConfig


class InvoicesConfig(AppConfig):
    """The invoices app."""

    name = "ropo_portal.invoices"
    label = "invoices"

    def ready(self) -> None:
        """Take in what Ropo One tells of money whenever news was read."""
        from ropo_portal.invoices.operations import take_in_reports  # noqa: PLC0415 (models must be loaded first)
        from ropo_portal.submissions.hooks import after_intake  # noqa: PLC0415 (the same)

        after_intake(take_in_reports)
