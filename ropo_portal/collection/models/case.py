"""Room: debt collection cases, and the proof that the debtor was reminded before."""

import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ropo_portal.collection.models.step import Step, StepDocument, StepDocumentQuerySet
from ropo_portal.encryption import EncryptedBinaryField
from ropo_portal.identifiers import new_id

if TYPE_CHECKING:
    from ropo_portal.accounts.scope import Scope

USER = settings.AUTH_USER_MODEL


class DebtCollectionCaseQuerySet(StepDocumentQuerySet):
    """Reads of debt collection cases."""


class DebtCollectionCase(StepDocument):
    """A claim handed over for collection, once only: one person proposes it, another approves."""

    class NoticeChannel(models.TextChoices):
        """How the creditor's own reminder went."""

        POST = "post", _("Letter by post")
        EMAIL = "email", _("E-mail")
        EINVOICE = "einvoice", _("E-invoice")
        SMS = "sms", _("Text message")
        OTHER = "other", _("Another way")

    step = Step.COLLECTION
    notice_date = models.DateField(_("reminded on"), null=True, blank=True)
    notice_channel = models.CharField(
        _("reminded by"), max_length=8, choices=NoticeChannel.choices, blank=True
    )
    notice_address = models.CharField(_("reminder sent to"), max_length=200, blank=True)
    proposed_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(_("proposed"), null=True)
    fingerprint = models.CharField(_("fingerprint"), max_length=64, blank=True)
    approved_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(_("approved"), null=True)
    returned_reason = models.TextField(_("given back because"), blank=True)

    objects = DebtCollectionCaseQuerySet.as_manager()

    class Meta(StepDocument.Meta):
        abstract = False
        verbose_name = _("debt collection")
        verbose_name_plural = _("debt collections")
        constraints = (
            models.UniqueConstraint("claim", condition=Q(discarded_at=None), name="case_one_open_per_claim"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="case_amount_above_zero"),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("proposed_by")), name="case_needs_two_people"
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | Q(proposed_by__isnull=False),
                name="case_proposed_before_approved",
            ),
            models.CheckConstraint(
                condition=Q(proposed_by=None) | ~Q(fingerprint=""), name="case_proposed_with_fingerprint"
            ),
        )

    @property
    def stage(self) -> str:
        """`draft`, `proposed` or `approved`, as far as people have come."""
        if self.approved_by_id:
            return "approved"
        return "proposed" if self.proposed_by_id else "draft"

    def void_approval(self) -> None:
        """Forget who proposed and who approved: what they saw is no longer what would go."""
        self.proposed_by = self.approved_by = self.proposed_at = self.approved_at = None
        self.fingerprint = ""


class ProofQuerySet(models.QuerySet["Proof"]):
    """Reads of proofs."""

    def visible_to(self, scope: "Scope") -> Self:
        """Proofs of the user's creditors."""
        return self.filter(case__claim__creditor_id__in=scope.creditor_ids)


class Proof(models.Model):
    """A file that proves the creditor's own reminder; it stays here and is never sent."""

    class Format(models.TextChoices):
        """What the bytes are."""

        PDF = "application/pdf", "PDF"
        PNG = "image/png", "PNG"
        JPEG = "image/jpeg", "JPEG"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(DebtCollectionCase, on_delete=models.CASCADE, related_name="proofs")
    name = models.CharField(_("file"), max_length=100)
    media_type = models.CharField(_("format"), max_length=20, choices=Format.choices)
    content = EncryptedBinaryField()
    size = models.PositiveIntegerField(_("size, bytes"))
    sha256 = models.CharField(_("fingerprint"), max_length=64)
    created_at = models.DateTimeField(_("added"), editable=False)

    objects = ProofQuerySet.as_manager()

    class Meta:
        verbose_name = _("proof of a notice")
        verbose_name_plural = _("proofs of notices")
        ordering = ("created_at", "id")
        constraints = (models.UniqueConstraint("case", "sha256", name="proof_once_per_case"),)

    def __str__(self) -> str:
        return self.name

    @property
    def creditor_id(self) -> uuid.UUID:
        """The creditor of the claim."""
        return self.case.creditor_id

    @property
    def format_name(self) -> str | Promise:
        """The format in a word."""
        return self.get_media_type_display()
