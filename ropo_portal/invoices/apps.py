"""Room: invoices, as Django knows it."""

from django.apps import AppConfig


class InvoicesConfig(AppConfig):
    """The invoices app."""

    name = "ropo_portal.invoices"
    label = "invoices"

    def ready(self) -> None:
        """Take in what Ropo One tells of money whenever news was read, and go on with silent batches."""
        from ropo_portal.invoices.operations import resume_batches, take_in_reports  # noqa: PLC0415 (models must be loaded first)
        from ropo_portal.submissions.hooks import after_intake  # noqa: PLC0415 (the same)

        after_intake(take_in_reports)
        after_intake(resume_batches)
