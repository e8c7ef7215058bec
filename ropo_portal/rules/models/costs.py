"""Room: what collecting may cost the debtor: the most that may be charged, and the interest on what is late."""

from decimal import Decimal
from typing import Self

from django.db import models
from django.db.models import F, Q
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

# Conditions of the first set, for the translators.
CONDITIONS = (
    _("only if agreed at latest when the debt arose"),
    _("a charged reminder fee is deducted"),
    _("directly enforceable claims"),
    _("per invoice"),
    _("due date moved by at least 14 days"),
    _("instead of ordinary costs"),
)


class Fee(models.TextChoices):
    """For what a fee may be charged."""

    REMINDER = "reminder", _("reminder")
    NOTICE = "notice", _("collection notice")
    DEMAND = "demand", _("collection demand")
    ENFORCEABLE_DEMAND = "enforceable_demand", _("demand, directly enforceable")
    NEW_DUE_DATE = "new_due_date", _("new due date")
    INSTALMENT_PLAN = "instalment_plan", _("instalment plan")
    COMPENSATION = "compensation", _("fixed compensation for delay")
    TOTAL = "total", _("all costs together")
    BASE = "base", _("base of the fees")


class FeeCapQuerySet(DatedQuerySet):
    """Reads of fee caps."""

    def about(self, principal: Decimal) -> Self:
        """Caps for a principal: above their lower bound, up to and including their upper one."""
        within = Q(principal_to=None) | Q(principal_to__gte=principal)
        from_nothing = Q(principal_from__lt=principal) | Q(principal_from=0)
        return self.filter(within, from_nothing)


class FeeCap(DatedRule):
    """The most that may be charged for a step when the principal lies within two bounds."""

    KEY = ("country", "debtor_kind", "step", "principal_from")
    VALUE = "amount"

    debtor_kind = models.CharField(_("debtor"), max_length=7, choices=DebtorKind.choices)
    step = models.CharField(_("charged for"), max_length=20, choices=Fee.choices)
    principal_from = models.DecimalField(
        _("principal above"), max_digits=10, decimal_places=2, default=Decimal(0)
    )
    principal_to = models.DecimalField(
        _("principal up to"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    amount = models.DecimalField(_("at most"), max_digits=10, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    most_times = models.PositiveSmallIntegerField(_("at most so many times"), null=True, blank=True)
    condition = models.CharField(_("condition"), max_length=200, blank=True)

    objects = FeeCapQuerySet.as_manager()

    class Meta:
        verbose_name = _("fee cap")
        verbose_name_plural = _("fee caps")
        ordering = ("country", "debtor_kind", "step", "principal_from", "-valid_from")
        constraints = (
            begins_once("country", "debtor_kind", "step", "principal_from", name="fee_cap_begins_once"),
            one_without_end(
                "country", "debtor_kind", "step", "principal_from", name="fee_cap_has_one_without_end"
            ),
            ends_after_it_begins("fee_cap_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(principal_from__gte=0)
                & (Q(principal_to=None) | Q(principal_to__gt=F("principal_from"))),
                name="fee_cap_has_bounds_in_order",
            ),
            models.CheckConstraint(
                condition=Q(amount=None) | Q(amount__gte=0), name="fee_cap_is_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=False) | Q(is_confirmed=False), name="fee_cap_confirms_a_value"
            ),
        )

    def __str__(self) -> str:
        return f"{self.country} {self.debtor_kind}: {self.step} {self.principal_from:.0f}+"

    @property
    def when(self) -> str:
        """The condition in the reader's language, where the first set has it."""
        return spoken(self.condition) if self.condition else ""


class InterestRate(DatedRule):
    """The statutory interest on late payment; against companies it is the commercial one."""

    KEY = ("country", "debtor_kind")
    VALUE = "percent"

    debtor_kind = models.CharField(_("debtor"), max_length=7, choices=DebtorKind.choices)
    percent = models.DecimalField(_("percent a year"), max_digits=5, decimal_places=2, null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("late interest")
        verbose_name_plural = _("late interest")
        ordering = ("country", "debtor_kind", "-valid_from")
        constraints = (
            begins_once("country", "debtor_kind", name="interest_rate_begins_once"),
            one_without_end("country", "debtor_kind", name="interest_rate_has_one_without_end"),
            ends_after_it_begins("interest_rate_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(percent=None) | Q(percent__gte=0, percent__lte=100),
                name="interest_rate_is_a_percentage",
            ),
            models.CheckConstraint(
                condition=Q(percent__isnull=False) | Q(is_confirmed=False),
                name="interest_rate_confirms_a_value",
            ),
        )

    def __str__(self) -> str:
        return f"{self.country} {self.debtor_kind}: {self.valid_from:%Y-%m-%d}"
