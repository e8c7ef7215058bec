"""Room: invoices and their rows."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ropo_portal import money
from ropo_portal.accounts.models import Creditor, CreditorEnvironment
from ropo_portal.encryption import EncryptedBinaryField
from ropo_portal.identifiers import new_id
from ropo_portal.parties.models import Channel, Debtor
from ropo_portal.submissions.models import Submission, Submittable

if TYPE_CHECKING:
    from ropo_portal.accounts.scope import Scope


class InvoiceQuerySet(models.QuerySet["Invoice"]):
    """Reads of invoices."""

    def visible_to(self, scope: "Scope") -> Self:
        """Invoices of the user's creditors."""
        return self.filter(creditor_id__in=scope.creditor_ids)

    def standing(self, *states: str, environment_id: uuid.UUID) -> Self:
        """
        Invoices of an environment whose newest submission is in one of the states.

        Said of the submission too, the environment lets the database begin with the few that are in a rare state.
        """
        return self.filter(submission__state__in=states, submission__environment_id=environment_id)

    def to_send(self) -> Self:
        """Drafts and rejected ones: everything that may still be sent."""
        return self.filter(
            Q(submission=None)
            | Q(submission__state__in=[Submission.State.CANCELLED, Submission.State.REJECTED])
        )

    def overdue(self, *, on: dt.date) -> Self:
        """Accepted invoices whose due date has passed."""
        return self.filter(submission__state=Submission.State.ACCEPTED, due_date__lt=on)


class Invoice(Submittable):
    """A claim as a clerk writes it. Amounts are in the environment's currency, two decimals."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    creditor = models.ForeignKey(Creditor, on_delete=models.PROTECT, related_name="+")
    environment = models.ForeignKey(CreditorEnvironment, on_delete=models.PROTECT, related_name="+")
    debtor = models.ForeignKey(
        Debtor, verbose_name=_("debtor"), on_delete=models.PROTECT, related_name="invoices"
    )
    number = models.CharField(_("invoice number"), max_length=40)
    number_key = models.CharField(max_length=40, editable=False)
    reference = models.CharField(_("reference number"), max_length=35)
    invoice_date = models.DateField(_("invoice date"))
    due_date = models.DateField(_("due date"))
    supply_date = models.DateField(_("date of supply"), null=True, blank=True)
    channel = models.CharField(_("channel"), max_length=17, choices=Channel.choices, default=Channel.POST)
    free_text = models.TextField(_("text on the invoice"), max_length=2000, blank=True)
    our_reference = models.CharField(_("our reference"), max_length=70, blank=True)
    your_reference = models.CharField(_("your reference"), max_length=70, blank=True)
    order_number = models.CharField(_("order number"), max_length=70, blank=True)
    # Further optional fields of the contract, by our names (messages knows their wire names).
    extras = models.JSONField(_("further fields"), default=dict, blank=True)
    net_amount = models.DecimalField(_("net"), max_digits=14, decimal_places=2, default=Decimal(0))
    vat_amount = models.DecimalField(_("VAT"), max_digits=14, decimal_places=2, default=Decimal(0))
    total_amount = models.DecimalField(_("total"), max_digits=14, decimal_places=2, default=Decimal(0))
    revision = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("created"), editable=False)
    discarded_at = models.DateTimeField(_("discarded"), null=True, editable=False)

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        constraints = (
            models.UniqueConstraint(
                "environment",
                "number_key",
                condition=Q(discarded_at=None),
                name="invoice_number_once",
            ),
            models.UniqueConstraint(
                "environment",
                "reference",
                condition=Q(discarded_at=None),
                name="invoice_reference_once",
            ),
            models.CheckConstraint(
                condition=Q(due_date__gte=F("invoice_date")), name="invoice_due_after_date"
            ),
            models.CheckConstraint(
                # A range, because SQLite adds decimals as floating point.
                condition=Q(total_amount__gt=F("net_amount") + F("vat_amount") - Decimal("0.005"))
                & Q(total_amount__lt=F("net_amount") + F("vat_amount") + Decimal("0.005")),
                name="invoice_total_is_net_and_vat",
            ),
        )
        indexes = (
            models.Index(fields=("environment", "-created_at", "-id"), name="invoice_newest"),
            models.Index(
                fields=("environment", "-created_at", "-id"),
                condition=Q(submission=None, discarded_at=None),
                name="invoice_unsent",
            ),
            models.Index(
                fields=("submission",),
                condition=Q(submission__isnull=False, discarded_at__isnull=False),
                name="invoice_given_up",
            ),
            models.Index(fields=("environment", "due_date", "id"), name="invoice_by_due_date"),
            models.Index(fields=("debtor", "-invoice_date"), name="invoice_of_debtor"),
            # Opclasses let PostgreSQL walk the index by prefix whatever its collation.
            models.Index(
                fields=("environment", "number_key"),
                opclasses=("uuid_ops", "varchar_pattern_ops"),
                name="invoice_by_number",
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def currency(self) -> str:
        """ISO code of the currency of all amounts."""
        return self.environment.currency

    @property
    def is_editable(self) -> bool:
        """Only a draft or a rejected invoice may change."""
        return self.discarded_at is None and self.state in {"draft", Submission.State.REJECTED}

    @property
    def totals(self) -> money.Totals:
        """Net, VAT and total, with VAT rounded once per rate."""
        return money.totals(self.rows.all())


class InvoiceRow(models.Model):
    """One row of an invoice. Unit price without VAT; VAT rate and discount in percent."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="rows")
    position = models.PositiveSmallIntegerField()
    description = models.CharField(_("description"), max_length=200)
    quantity = models.DecimalField(_("quantity"), max_digits=12, decimal_places=4, default=Decimal(1))
    unit = models.CharField(_("unit"), max_length=10, blank=True)
    unit_price = models.DecimalField(_("unit price"), max_digits=14, decimal_places=4)
    vat_rate = models.DecimalField(_("VAT, %"), max_digits=5, decimal_places=2)
    discount = models.DecimalField(_("discount, %"), max_digits=5, decimal_places=2, default=Decimal(0))
    product_number = models.CharField(_("product number"), max_length=40, blank=True)
    free_text = models.CharField(_("text under the row"), max_length=200, blank=True)
    start_date = models.DateField(_("period from"), null=True, blank=True)
    end_date = models.DateField(_("period to"), null=True, blank=True)

    class Meta:
        verbose_name = _("invoice row")
        verbose_name_plural = _("invoice rows")
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint("invoice", "position", name="row_one_per_position"),
            models.CheckConstraint(
                condition=Q(vat_rate__gte=0, vat_rate__lte=100), name="row_vat_rate_percent"
            ),
            models.CheckConstraint(
                condition=Q(discount__gte=0, discount__lte=100), name="row_discount_percent"
            ),
        )

    def __str__(self) -> str:
        return self.description


class InvoiceAttachment(models.Model):
    """A PDF that travels with the invoice."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(_("file"), max_length=100)
    content = EncryptedBinaryField()
    size = models.PositiveIntegerField(_("size, bytes"))
    sha256 = models.CharField(_("fingerprint"), max_length=64)
    created_at = models.DateTimeField(_("added"), editable=False)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ("created_at", "id")
        constraints = (models.UniqueConstraint("invoice", "sha256", name="attachment_once_per_invoice"),)

    def __str__(self) -> str:
        return self.name
