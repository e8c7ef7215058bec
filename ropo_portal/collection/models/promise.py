"""Room: promises to pay."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, DecimalField, F, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Round
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.identifiers import new_id
from ropo_portal.invoices.models import BypassPayment, Claim, PaymentReport
from ropo_portal.parties.models import Debtor
from ropo_portal.submissions.models import Submission

if TYPE_CHECKING:
    from ropo_portal.accounts.scope import Scope

USER = settings.AUTH_USER_MODEL
MONEY = DecimalField(max_digits=14, decimal_places=2)
DEAD = (Submission.State.REJECTED, Submission.State.CANCELLED)


# Whose money counts: the promised claim's, else that of the debtor's claims and of its doubles'. No money is found by
# two of them, and each is a question of its own, because no index answers them as one.
WHOSE: tuple[dict[str, OuterRef], ...] = (
    {"claim": OuterRef("claim")},
    {"claim__environment": OuterRef("environment"), "claim__debtor": OuterRef("of_debtor")},
    {"claim__environment": OuterRef("environment"), "claim__debtor__merged_into": OuterRef("of_debtor")},
)


def _sum(found: "models.QuerySet[BypassPayment] | models.QuerySet[PaymentReport]") -> Combinable:
    """Add up what was paid from the promise to its day."""
    first, *others = (_sum_of(found, whose) for whose in WHOSE)
    return sum(others, start=first)


def _sum_of(
    found: "models.QuerySet[BypassPayment] | models.QuerySet[PaymentReport]", whose: dict[str, OuterRef]
) -> Combinable:
    in_time = found.filter(**whose, paid_date__gte=OuterRef("noted_date"), paid_date__lte=OuterRef("date"))
    # One group for all: the outer promise names them.
    grouped = (
        in_time.order_by().annotate(one=Value(1)).values("one").annotate(total=Sum("amount")).values("total")
    )
    return Coalesce(Subquery(grouped, output_field=MONEY), Decimal(0), output_field=MONEY)


class PromiseQuerySet(models.QuerySet["Promise"]):
    """Reads of promises."""

    def visible_to(self, scope: "Scope") -> Self:
        """Promises to the user's creditors."""
        return self.filter(debtor__creditor_id__in=scope.creditor_ids)

    def kept_up(self) -> Self:
        """Promises that nobody took back."""
        return self.filter(withdrawn_at=None)

    def with_standing(self) -> Self:
        """Promises that know what was paid in time; a promise about no claim is kept by any of the debtor's."""
        debtor = Case(
            When(claim=None, then=F("debtor_id")), default=Value(None, output_field=models.UUIDField())
        )
        payments = BypassPayment.objects.exclude(submission__state__in=DEAD).filter(
            withdrawn_at=None, kind=BypassPayment.Kind.DIRECT
        )
        own = self.annotate(of_debtor=debtor)
        paid = _sum(payments) + _sum(PaymentReport.objects.unmatched())
        # SQLite adds decimals as floating point, so that the sum has to be brought back to cents.
        return own.annotate(paid_in_time=Round(paid, precision=2, output_field=MONEY))

    def broken(self, *, on: dt.date) -> Self:
        """Promises whose day has passed without the money."""
        return self.kept_up().with_standing().filter(date__lt=on, paid_in_time__lt=F("amount"))

    def open(self, *, on: dt.date) -> Self:
        """Promises whose day is still to come and whose money has not come."""
        return self.kept_up().with_standing().filter(date__gte=on, paid_in_time__lt=F("amount"))


class Promise(models.Model):
    """A debtor's word to pay a sum by a day, on one claim or on what is owed at all. It blocks nothing, it warns."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    debtor = models.ForeignKey(Debtor, on_delete=models.PROTECT, related_name="promises")
    environment = models.ForeignKey(CreditorEnvironment, on_delete=models.PROTECT, related_name="+")
    claim = models.ForeignKey(
        Claim,
        verbose_name=_("claim"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="promises",
    )
    date = models.DateField(_("promised by"))
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    note = models.CharField(_("note"), max_length=500, blank=True)
    noted_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(_("noted"))
    noted_date = models.DateField(_("noted on"))
    withdrawn_at = models.DateTimeField(_("taken back"), null=True)

    objects = PromiseQuerySet.as_manager()

    class Meta:
        verbose_name = _("promise to pay")
        verbose_name_plural = _("promises to pay")
        ordering = ("-date", "-id")
        constraints = (
            models.CheckConstraint(condition=Q(amount__gt=0), name="promise_amount_above_zero"),
            models.CheckConstraint(condition=Q(date__gte=F("noted_date")), name="promise_not_in_the_past"),
        )
        indexes = (
            models.Index(fields=("debtor", "-date"), name="promise_of_debtor"),
            models.Index(fields=("environment", "date"), name="promise_by_day"),
        )

    def __str__(self) -> str:
        return f"{self.date} {self.amount}"

    @property
    def creditor_id(self) -> uuid.UUID:
        """The creditor of the debtor."""
        return self.debtor.creditor_id

    def standing(self, *, on: dt.date) -> str:
        """`kept`, `open`, `broken` or `taken-back`; asks `with_standing` to have been there."""
        if self.withdrawn_at:
            return "taken-back"
        paid: Decimal = self.paid_in_time  # type: ignore[attr-defined]  # annotated
        if paid >= self.amount:
            return "kept"
        return "open" if self.date >= on else "broken"
