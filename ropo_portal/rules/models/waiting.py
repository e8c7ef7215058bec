"""Room: how long the law, or good practice, lets a debtor wait before the next step."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as spoken
from django.utils.translation import gettext_lazy as _

from ropo_portal.rules.models.dated import (
    DatedQuerySet,
    DatedRule,
    DebtorKind,
    begins_once,
    ends_after_it_begins,
    one_without_end,
)

LONGEST_WAIT = 1000

# Names of the first set of rules, for the translators; a name that an administrator gives is shown as written.
NAMES = (
    _("Reminder to a consumer"),
    _("Reminder to a company"),
    _("Reminder after the due date"),
    _("Chargeable reminder to a consumer"),
    _("Chargeable reminder to a company"),
    _("Chargeable reminder"),
    _("Time between two chargeable reminders"),
    _("Notice before collection from a consumer"),
    _("Notice before collection from a company"),
    _("Ropo's waiting time for consumers"),
    _("Ropo's waiting time for companies"),
    _("Collection without a reminder"),
    _("Collection notice after the due date"),
    _("Time to pay after a collection notice"),
    _("Consumer's time to pay an invoice"),
    _("Consumer's time to pay before fees"),
    _("Time to pay a collection demand"),
    _("End of the agreed interest"),
)


class Step(models.TextChoices):
    """What may be done once the days are over, or until when."""

    REMINDER = "reminder", _("reminder")
    CHARGEABLE_REMINDER = "chargeable_reminder", _("chargeable reminder")
    NOTICE = "notice", _("collection notice by the creditor")
    COLLECTION = "collection", _("debt collection")
    PAYMENT_TIME = "payment_time", _("time to pay an invoice")
    FEE_PAYMENT_TIME = "fee_payment_time", _("time to pay, if reminders are to be charged")
    DEMAND_TIME = "demand_time", _("time to pay a demand")
    CONTRACT_INTEREST = "contract_interest", _("end of agreed interest")


class After(models.TextChoices):
    """The day from which days are counted."""

    DUE_DATE = "due_date", _("after the due date")
    NOTICE = "notice", _("after the notice")
    PREVIOUS_REMINDER = "previous_reminder", _("after the previous reminder")
    INVOICE = "invoice", _("after the invoice")
    DEMAND = "demand", _("after the demand")


class LegalRule(DatedRule):
    """One waiting time. All rules of one step must be kept; a step that is not allowed has no day at all."""

    KEY = ("country", "debtor_kind", "step", "after")
    VALUE = "days"
    ALSO = ("is_allowed",)

    debtor_kind = models.CharField(_("debtor"), max_length=7, choices=DebtorKind.choices)
    step = models.CharField(_("step"), max_length=20, choices=Step.choices)
    after = models.CharField(_("counted from"), max_length=20, choices=After.choices)
    name = models.CharField(_("name"), max_length=120)
    days = models.PositiveSmallIntegerField(_("days"), null=True, blank=True)
    is_allowed = models.BooleanField(_("allowed"), default=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("waiting time")
        verbose_name_plural = _("waiting times")
        ordering = ("country", "debtor_kind", "step", "after", "-valid_from")
        constraints = (
            begins_once("country", "debtor_kind", "step", "after", name="legal_rule_begins_once"),
            one_without_end("country", "debtor_kind", "step", "after", name="legal_rule_has_one_without_end"),
            ends_after_it_begins("legal_rule_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(days=None) | Q(days__lte=LONGEST_WAIT), name="legal_rule_waits_at_most_so_long"
            ),
            models.CheckConstraint(
                condition=Q(days__isnull=False) | Q(is_confirmed=False), name="legal_rule_confirms_a_value"
            ),
        )

    def __str__(self) -> str:
        return f"{self.country} {self.debtor_kind}: {self.name}"

    @property
    def title(self) -> str:
        """The name in the reader's language, where the first set has it."""
        return spoken(self.name)
