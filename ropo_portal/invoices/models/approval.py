"""Room: what a second person said to an invoice before it left."""

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ropo_portal.identifiers import new_id
from ropo_portal.invoices.models.invoice import Invoice
from ropo_portal.submissions.models import Submission

if TYPE_CHECKING:
    from ropo_portal.accounts.models import CreditorEnvironment
    from ropo_portal.accounts.scope import Scope

USER = settings.AUTH_USER_MODEL
GONE = (Submission.State.REJECTED, Submission.State.CANCELLED)


class ApprovalQuerySet(models.QuerySet["Approval"]):
    """Reads of approvals."""

    def visible_to(self, scope: "Scope") -> Self:
        """Those of the user's creditors."""
        return self.filter(invoice__creditor_id__in=scope.creditor_ids)

    def waiting(self) -> Self:
        """Those a second person has still to look at: the invoice is as it was, and has not left."""
        unsent = Q(invoice__submission=None) | Q(invoice__submission__state__in=GONE)
        return self.filter(
            unsent,
            verdict=Approval.Verdict.WAITING,
            revision=F("invoice__revision"),
            invoice__discarded_at=None,
        )

    def valid_for(self, invoice: Invoice, fingerprint: str) -> Self:
        """Agreements to exactly this message of exactly this revision."""
        return self.filter(
            invoice=invoice,
            verdict=Approval.Verdict.APPROVED,
            revision=invoice.revision,
            fingerprint=fingerprint,
        )

    def newest_of(self, invoice: Invoice) -> "Approval | None":
        """What a draft's page tells: the newest question about it as it stands, or why it was given back."""
        if invoice.submission and invoice.submission.is_live:
            return None
        found = (
            self.filter(invoice=invoice).select_related("asked_by", "decided_by").order_by("asked_at").last()
        )
        is_old = found and found.verdict == Approval.Verdict.WAITING and found.revision != invoice.revision
        return None if is_old else found

    def with_invoice(self) -> Self:
        """With everything their pages print."""
        related = ("invoice__environment__creditor", "invoice__debtor__creditor", "invoice__submission")
        return self.select_related(*related, "asked_by", "decided_by")


class Approval(models.Model):
    """One question to a second person, about one message, and the answer; it is kept for ever."""

    class Verdict(models.TextChoices):
        """What came of it."""

        WAITING = "waiting", _("Waiting")
        APPROVED = "approved", _("Approved")
        RETURNED = "returned", _("Given back")
        VOID = "void", _("Void")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="approvals")
    revision = models.PositiveIntegerField()
    fingerprint = models.CharField(_("fingerprint"), max_length=64)
    # What whoever asked has looked at and found right.
    confirmed = models.JSONField(default=list)
    confirmed_reason = models.TextField(_("why the doubts stand"), blank=True)
    is_printed_here = models.BooleanField(default=False)
    leave_on = models.DateField(_("leaves on"), null=True)
    asked_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked"))
    verdict = models.CharField(_("verdict"), max_length=8, choices=Verdict.choices, default=Verdict.WAITING)
    decided_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(_("decided"), null=True)
    reason = models.TextField(_("given back because"), blank=True)

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        ordering = ("asked_at", "id")
        constraints = (
            models.UniqueConstraint(
                "invoice",
                condition=Q(verdict__in=["waiting", "approved"]),
                name="approval_one_open_per_invoice",
            ),
            models.CheckConstraint(
                condition=~Q(verdict="approved")
                | (Q(decided_by__isnull=False) & ~Q(decided_by=F("asked_by"))),
                name="approval_needs_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(verdict="returned") | (Q(decided_by__isnull=False) & ~Q(reason="")),
                name="approval_returned_with_a_reason",
            ),
            models.CheckConstraint(condition=~Q(fingerprint=""), name="approval_has_a_fingerprint"),
        )
        indexes = (
            models.Index(fields=("asked_at", "id"), condition=Q(verdict="waiting"), name="approval_waiting"),
        )

    def __str__(self) -> str:
        return str(self.invoice)

    @property
    def creditor_id(self) -> uuid.UUID:
        """The creditor of the invoice."""
        return self.invoice.creditor_id

    @property
    def environment_id(self) -> uuid.UUID:
        """The environment of the invoice."""
        return self.invoice.environment_id

    @property
    def environment(self) -> "CreditorEnvironment":
        """The environment of the invoice."""
        return self.invoice.environment

    def end(self, verdict: str, *, by: object, at: dt.datetime, reason: str = "") -> None:
        """Write down what came of it."""
        self.verdict, self.decided_by, self.decided_at, self.reason = verdict, by, at, reason  # type: ignore[assignment]
        self.save(update_fields=["verdict", "decided_by", "decided_at", "reason"])
