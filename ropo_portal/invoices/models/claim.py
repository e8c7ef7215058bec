"""Room: claims: money a debtor owes, whether the invoice went through this portal or not."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import Creditor, CreditorEnvironment
from ropo_portal.identifiers import new_id
from ropo_portal.invoices.models.balance import DEAD, MONEY, balance, carried_on, credited, live, paid
from ropo_portal.invoices.models.invoice import Invoice
from ropo_portal.money import money
from ropo_portal.parties.models import Debtor
from ropo_portal.submissions.models import Submission

if TYPE_CHECKING:
    from ropo_portal.accounts.scope import Scope

# Days before Ropo's next step within which money that it does not know of is an alarm.
RACE_DAYS = 2


def _untold() -> Q:
    """A payment or credit of ours that Ropo has not accepted, or a credit note that was sent but not placed."""
    accepted = Submission.State.ACCEPTED
    own = {"claim": OuterRef("pk"), "withdrawn_at": None}
    payments, allocations = (
        apps.get_model("invoices", name).objects.filter(**own).exclude(submission__state=accepted)
        for name in ("BypassPayment", "CreditAllocation")
    )
    notes = apps.get_model("invoices", "CreditNote").objects.filter(
        invoice__claim=OuterRef("pk"), withdrawn_at=None
    )
    told = apps.get_model("invoices", "CreditAllocation").objects.filter(live(""), credit_note=OuterRef("pk"))
    lonely = notes.filter(Q(is_placed=False) | ~Q(submission__state=accepted) | Q(submission=None)).exclude(
        Exists(told)
    )
    return Q(Exists(payments)) | Q(Exists(allocations)) | Q(Exists(lonely))


class ClaimQuerySet(models.QuerySet["Claim"]):
    """Reads of claims."""

    def visible_to(self, scope: "Scope") -> Self:
        """Claims of the user's creditors."""
        return self.filter(creditor_id__in=scope.creditor_ids)

    def with_balance(self) -> Self:
        """Claims that know what is left, without a question for each."""
        return self.annotate(balance_now=balance(self.model))

    def with_sums(self) -> Self:
        """Claims that know what was paid and credited beside what is left."""
        return self.with_balance().with_parts()

    def with_parts(self) -> Self:
        """Claims that know what was paid and credited, from which each reckons what is left."""
        return self.annotate(
            paid_now=Cast(paid(self.model), MONEY), credited_now=Cast(credited(self.model), MONEY)
        )

    def with_parties(self) -> Self:
        """Claims with what their lists and pages print."""
        related = ("environment__creditor", "debtor__creditor", "invoice__submission")
        return self.select_related(*related).defer("invoice__submission__payload").with_balance()

    def listed(self) -> Self:
        """Claims with what their lists print; what is open comes from the database's own count, never below zero."""
        return self.select_related("debtor").annotate(balance_now=F("open_item__amount"))

    def open(self) -> Self:
        """Claims of which something is left."""
        return self.with_balance().filter(balance_now__gt=0)

    def overdue(self, *, on: dt.date) -> Self:
        """Claims whose due date has passed."""
        return self.filter(due_date__lt=on)

    def pursued(self, *, is_pursued: bool = True) -> Self:
        """Claims that Ropo One pursues by itself, or is about to; or those it does not."""
        running = carried_on()
        return self.filter(running) if is_pursued else self.filter(~running)

    def with_next_step(self) -> Self:
        """Claims that know what Ropo does with them next, and when."""
        jobs = Submission.objects.filter(
            environment=OuterRef("environment"), number_key=OuterRef("number_key"), opening="claim"
        ).exclude(state__in=DEAD)
        names = ("ropo_next_status", "ropo_next_status_text", "ropo_next_status_date")
        return self.annotate(
            **{name.removeprefix("ropo_"): Subquery(jobs.values(name)[:1]) for name in names}
        )

    def in_a_race(self, *, on: dt.date) -> Self:
        """Claims that Ropo is about to move on although money is known here that it has not been told of."""
        return self.filter(carried_on(until=on + dt.timedelta(days=RACE_DAYS))).filter(_untold())


class Claim(models.Model):
    """What one debtor owes by one invoice number. Amounts are in the environment's currency."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    creditor = models.ForeignKey(Creditor, on_delete=models.PROTECT, related_name="+")
    environment = models.ForeignKey(CreditorEnvironment, on_delete=models.PROTECT, related_name="+")
    debtor = models.ForeignKey(
        Debtor, verbose_name=_("debtor"), on_delete=models.PROTECT, related_name="claims"
    )
    number = models.CharField(_("invoice number"), max_length=40)
    number_key = models.CharField(max_length=40, editable=False)
    reference = models.CharField(_("reference number"), max_length=35)
    invoice_date = models.DateField(_("invoice date"))
    due_date = models.DateField(_("due date"))
    principal = models.DecimalField(_("principal"), max_digits=14, decimal_places=2)
    invoice = models.OneToOneField(
        Invoice,
        verbose_name=_("invoice"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="claim",
    )
    created_at = models.DateTimeField(_("created"), editable=False)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        constraints = (
            models.UniqueConstraint("environment", "number_key", name="claim_number_once"),
            models.CheckConstraint(condition=Q(principal__gt=0), name="claim_principal_above_zero"),
            models.CheckConstraint(condition=Q(due_date__gte=F("invoice_date")), name="claim_due_after_date"),
            models.CheckConstraint(
                condition=~Q(number_key="") & ~Q(reference=""), name="claim_has_number_and_reference"
            ),
        )
        indexes = (
            models.Index(fields=("environment", "due_date", "id"), name="claim_by_due_date"),
            models.Index(fields=("environment", "-created_at", "-id"), name="claim_newest"),
            models.Index(fields=("environment", "reference"), name="claim_by_reference"),
            models.Index(fields=("debtor", "-due_date"), name="claim_of_debtor"),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def currency(self) -> str:
        """ISO code of the currency of all amounts."""
        return self.environment.currency

    @property
    def balance(self) -> Decimal:
        """What is left of the principal, as `with_balance` or `with_parts` found it or asked for now."""
        found = vars(self)
        known: Decimal | None = found.get("balance_now")
        if known is None and "paid_now" in found:
            known = self.principal - found["credited_now"] - found["paid_now"]
        if known is None:
            known = Claim.objects.with_balance().values_list("balance_now", flat=True).get(pk=self.pk)  # type: ignore[misc]  # annotated
        return money(known)

    @property
    def open_amount(self) -> Decimal:
        """The principal less credits and payments; never fees or interest, never below zero."""
        return max(self.balance, Decimal(0))

    @property
    def overpaid_amount(self) -> Decimal:
        """What came in above the principal."""
        return max(-self.balance, Decimal(0))


class OfClaim:
    """What a document knows through the claim it is about; mixed into its model."""

    claim: Any  # a foreign key there; here only what it points to matters

    @property
    def creditor_id(self) -> uuid.UUID:
        """The creditor of the claim."""
        found: uuid.UUID = self.claim.creditor_id
        return found

    @property
    def environment_id(self) -> uuid.UUID:
        """The environment of the claim."""
        found: uuid.UUID = self.claim.environment_id
        return found

    @property
    def environment(self) -> CreditorEnvironment:
        """The environment of the claim."""
        found: CreditorEnvironment = self.claim.environment
        return found
