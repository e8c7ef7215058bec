"""Room: credit notes, their rows, and the allocations that tell Ropo One about them."""

from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import Creditor, CreditorEnvironment
from ropo_portal.identifiers import new_id
from ropo_portal.invoices.models.balance import live
from ropo_portal.invoices.models.invoice import Invoice, InvoiceRow
from ropo_portal.invoices.models.settlement import Settlement, SettlementQuerySet
from ropo_portal.submissions.models import Submission, Submittable

if TYPE_CHECKING:
    from ropo_portal.accounts.scope import Scope

USER = settings.AUTH_USER_MODEL
State = Submission.State


class CreditNoteQuerySet(models.QuerySet["CreditNote"]):
    """Reads of credit notes."""

    def visible_to(self, scope: "Scope") -> Self:
        """Credit notes of the user's creditors."""
        return self.filter(creditor_id__in=scope.creditor_ids)

    def kept(self) -> Self:
        """Those that nobody took back."""
        return self.filter(withdrawn_at=None)

    def counting(self) -> Self:
        """Those that use up what can be credited: all but what was taken back or turned down."""
        return self.kept().exclude(submission__state__in=[State.REJECTED, State.CANCELLED])

    def live(self) -> Self:
        """Those that were sent or are about to be."""
        return self.filter(live(""))

    def with_parties(self) -> Self:
        """With everything their pages print."""
        related = ("environment__creditor", "invoice__debtor__creditor", "invoice__submission", "submission")
        return self.select_related(*related)


class CreditNote(Submittable):
    """Part of an invoice of ours, or all of it, taken back. Sums are positive here and negative on the wire."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    creditor = models.ForeignKey(Creditor, on_delete=models.PROTECT, related_name="+")
    environment = models.ForeignKey(CreditorEnvironment, on_delete=models.PROTECT, related_name="+")
    invoice = models.ForeignKey(
        Invoice, verbose_name=_("invoice"), on_delete=models.PROTECT, related_name="credit_notes"
    )
    number = models.CharField(_("number"), max_length=40)
    number_key = models.CharField(max_length=40, editable=False)
    reference = models.CharField(_("reference number"), max_length=35)
    date = models.DateField(_("date"))
    reason = models.CharField(_("reason"), max_length=500)
    # Names the invoice it belongs to; otherwise it is placed later, as a step of its own.
    is_placed = models.BooleanField(_("placed on the invoice"), default=True)
    net_amount = models.DecimalField(_("net"), max_digits=14, decimal_places=2)
    vat_amount = models.DecimalField(_("VAT"), max_digits=14, decimal_places=2)
    total_amount = models.DecimalField(_("total"), max_digits=14, decimal_places=2)
    # What lowers the claim; the rest goes back to a debtor who has paid already.
    credited_amount = models.DecimalField(_("lowers the claim by"), max_digits=14, decimal_places=2)
    written_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("created"), editable=False)
    withdrawn_at = models.DateTimeField(_("taken back"), null=True, editable=False)

    objects = CreditNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("credit note")
        verbose_name_plural = _("credit notes")
        constraints = (
            models.UniqueConstraint("environment", "number_key", name="credit_note_number_once"),
            models.UniqueConstraint(
                "invoice",
                condition=Q(submission=None, withdrawn_at=None),
                name="credit_note_one_unsent_per_invoice",
            ),
            models.CheckConstraint(condition=Q(total_amount__gt=0), name="credit_note_above_zero"),
            models.CheckConstraint(
                condition=Q(credited_amount__gte=0, credited_amount__lte=F("total_amount")),
                name="credit_note_lowers_by_no_more",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="credit_note_has_a_reason"),
        )
        indexes = (models.Index(fields=("invoice", "-created_at"), name="credit_note_of_invoice"),)

    def __str__(self) -> str:
        return self.number

    @property
    def state(self) -> str:
        """`draft`, `cancelled`, or the state of the newest submission."""
        return "cancelled" if self.withdrawn_at else super().state

    @property
    def is_open(self) -> bool:
        """Whether it can still be sent, or sent again after a refusal."""
        return self.state in {"draft", State.REJECTED}

    @property
    def refunded_amount(self) -> Decimal:
        """What goes back to the debtor."""
        return self.total_amount - self.credited_amount


class CreditNoteRow(models.Model):
    """What of one row of the invoice is taken back, at that row's VAT rate and discount."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    note = models.ForeignKey(CreditNote, on_delete=models.CASCADE, related_name="rows")
    row = models.ForeignKey(InvoiceRow, on_delete=models.PROTECT, related_name="credits")
    quantity = models.DecimalField(_("quantity"), max_digits=12, decimal_places=4)
    unit_price = models.DecimalField(_("unit price"), max_digits=14, decimal_places=4)
    net = models.DecimalField(_("net"), max_digits=14, decimal_places=2)
    vat = models.DecimalField(_("VAT"), max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = _("credited row")
        verbose_name_plural = _("credited rows")
        ordering = ("row__position",)
        constraints = (models.UniqueConstraint("note", "row", name="credited_row_once_per_note"),)

    def __str__(self) -> str:
        return str(self.row)


class CreditAllocationQuerySet(SettlementQuerySet):
    """Reads of allocations."""


class CreditAllocation(Settlement):
    """Tells Ropo One that a credit note lowers a claim it pursues, or that it was paid back to the debtor."""

    class Kind(models.TextChoices):
        """Where the credit went."""

        ALLOCATED = "allocated", _("Lowers the claim")
        REFUNDED = "refunded", _("Was paid back")

    credit_note = models.ForeignKey(
        CreditNote,
        verbose_name=_("credit note"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="allocations",
    )
    credit_note_number = models.CharField(_("number of the credit note"), max_length=40)
    date = models.DateField(_("date"))
    kind = models.CharField(_("kind"), max_length=9, choices=Kind.choices, default=Kind.ALLOCATED)
    written_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")

    objects = CreditAllocationQuerySet.as_manager()

    class Meta(Settlement.Meta):
        abstract = False
        verbose_name = _("credit allocation")
        verbose_name_plural = _("credit allocations")
        constraints = (
            models.CheckConstraint(condition=Q(amount__gt=0), name="allocation_amount_above_zero"),
            models.UniqueConstraint(
                "claim",
                condition=Q(submission=None, withdrawn_at=None),
                name="allocation_one_unsent_per_claim",
            ),
            models.CheckConstraint(condition=~Q(credit_note_number=""), name="allocation_has_a_credit_note"),
        )
        indexes = (models.Index(fields=("claim", "-created_at"), name="allocation_of_claim"),)
