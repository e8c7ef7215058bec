"""Room: payments past Ropo One, and what Ropo One itself reports as paid."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ropo_portal.identifiers import new_id
from ropo_portal.invoices.models.claim import Claim
from ropo_portal.invoices.models.settlement import Settlement, SettlementQuerySet
from ropo_portal.submissions.models import StatusUpdate

if TYPE_CHECKING:
    from ropo_portal.accounts.scope import Scope

USER = settings.AUTH_USER_MODEL


class BypassPaymentQuerySet(SettlementQuerySet):
    """Reads of payments."""


class BypassPayment(Settlement):
    """Money that came to the creditor past Ropo One, or capital that is given up. A twin needs two people."""

    class Kind(models.TextChoices):
        """Why the capital falls."""

        DIRECT = "directpayment", _("Direct payment")
        CANCELLATION = "cancellation", _("Capital cancellation")

    paid_date = models.DateField(_("paid on"))
    kind = models.CharField(_("kind"), max_length=13, choices=Kind.choices, default=Kind.DIRECT)
    written_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    # The same claim or reference, sum and day as another one.
    is_twin = models.BooleanField(_("looks like another one"), default=False)
    confirmed_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)

    objects = BypassPaymentQuerySet.as_manager()

    class Meta(Settlement.Meta):
        abstract = False
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = (
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_amount_above_zero"),
            models.CheckConstraint(
                condition=Q(amount__lte=F("open_before")), name="payment_not_above_what_is_open"
            ),
            models.UniqueConstraint(
                "claim",
                "amount",
                "paid_date",
                condition=Q(is_twin=False, withdrawn_at=None),
                name="payment_once_unless_a_twin",
            ),
            models.UniqueConstraint(
                "claim", condition=Q(submission=None, withdrawn_at=None), name="payment_one_unsent_per_claim"
            ),
            models.CheckConstraint(
                condition=Q(is_twin=False) | Q(submission=None) | Q(confirmed_by__isnull=False),
                name="payment_twin_is_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("written_by")),
                name="payment_twin_needs_two_people",
            ),
        )
        indexes = (models.Index(fields=("claim", "-created_at"), name="payment_of_claim"),)

    @property
    def needs_second_person(self) -> bool:
        """Whether somebody else has to confirm it before it may be sent."""
        return self.is_twin and self.confirmed_by_id is None and self.state == "draft"


class PaymentReportQuerySet(models.QuerySet["PaymentReport"]):
    """Reads of reports."""

    def visible_to(self, scope: "Scope") -> Self:
        """Reports about the user's creditors' claims."""
        return self.filter(claim__creditor_id__in=scope.creditor_ids)

    def unmatched(self) -> Self:
        """Money that only Ropo knew of."""
        return self.filter(payment=None)


class PaymentReport(models.Model):
    """One payment as Ropo One told of it; matched when it is one that we had registered ourselves."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="payment_reports")
    update = models.OneToOneField(StatusUpdate, on_delete=models.PROTECT, related_name="payment_report")
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    paid_date = models.DateField(_("paid on"), null=True)
    payment = models.OneToOneField(BypassPayment, null=True, on_delete=models.PROTECT, related_name="report")
    created_at = models.DateTimeField(_("taken in"), editable=False)

    objects = PaymentReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("reported payment")
        verbose_name_plural = _("reported payments")
        ordering = ("paid_date", "id")

    def __str__(self) -> str:
        return f"{self.claim_id} {self.amount}"
