"""Room: many invoices that are checked and sent together, each still by itself."""

import uuid
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import Creditor, CreditorEnvironment
from ropo_portal.identifiers import new_id
from ropo_portal.invoices.models.invoice import Invoice
from ropo_portal.submissions.models import Submission

if TYPE_CHECKING:
    from ropo_portal.accounts.scope import Scope

USER = settings.AUTH_USER_MODEL


class BatchQuerySet(models.QuerySet["Batch"]):
    """Reads of batches."""

    def visible_to(self, scope: "Scope") -> Self:
        """Batches of the user's creditors."""
        return self.filter(creditor_id__in=scope.creditor_ids)


class Batch(models.Model):
    """A frozen choice of invoices of one environment: who chose them, and who sent how many."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    creditor = models.ForeignKey(Creditor, on_delete=models.PROTECT, related_name="+")
    environment = models.ForeignKey(CreditorEnvironment, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("chosen"))
    sent_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(_("sent"), null=True)
    sent_count = models.PositiveIntegerField(_("sent"), default=0)
    leave_on = models.DateField(_("leaves on"), null=True)
    # Somebody takes all of it back that has not left.
    stopped_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    stopped_at = models.DateTimeField(_("taken back"), null=True)
    # Someone works on it; whoever finds it silent goes on.
    touched_at = models.DateTimeField()

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("batch of invoices")
        verbose_name_plural = _("batches of invoices")
        constraints = (
            models.CheckConstraint(
                condition=Q(sent_at=None, sent_by=None) | Q(sent_at__isnull=False, sent_by__isnull=False),
                name="batch_sent_by_somebody",
            ),
        )
        indexes = (models.Index(fields=("environment", "-made_at", "-id"), name="batch_newest"),)

    def __str__(self) -> str:
        return str(self.pk)[-8:]


class BatchItemQuerySet(models.QuerySet["BatchItem"]):
    """Reads of what a batch holds."""

    def unchecked(self) -> Self:
        """Those nobody has looked at since they were chosen or changed."""
        return self.filter(checked_at=None)

    def ready(self) -> Self:
        """Those that may leave: nothing is missing, and every doubt was confirmed."""
        return self.filter(is_ready=True)

    def to_send(self) -> Self:
        """Those that were confirmed and have not had their turn."""
        return self.filter(is_chosen=True, result="")


class BatchItem(models.Model):
    """One invoice of a batch: as it was when it was looked at, and what came of it."""

    class Result(models.TextChoices):
        """What came of sending it."""

        QUEUED = "queued", _("Queued")
        ASKED = "asked", _("Waits for approval")
        REFUSED = "refused", _("Not sent")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="items")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()
    revision = models.PositiveIntegerField()
    fingerprint = models.CharField(_("fingerprint"), max_length=64, blank=True)
    checked_at = models.DateTimeField(null=True)
    # What is missing: lists of cause and words. What looks odd: lists of code, words and the other invoice's id.
    causes: Any = models.JSONField(default=list)
    doubts: Any = models.JSONField(default=list)
    confirmed: Any = models.JSONField(default=list)
    confirmed_reason = models.TextField(_("why the doubts stand"), blank=True)
    is_ready = models.BooleanField(default=False)
    is_chosen = models.BooleanField(default=False)
    result = models.CharField(_("result"), max_length=7, choices=Result.choices, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    submission = models.OneToOneField(
        Submission, null=True, on_delete=models.PROTECT, related_name="batch_item"
    )
    settled_at = models.DateTimeField(null=True)

    objects = BatchItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("invoice of a batch")
        verbose_name_plural = _("invoices of a batch")
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint("batch", "invoice", name="batch_item_once"),
            models.UniqueConstraint("batch", "position", name="batch_item_one_per_position"),
            models.CheckConstraint(
                condition=Q(result="queued", submission__isnull=False)
                | (~Q(result="queued") & Q(submission=None)),
                name="batch_item_queued_has_its_submission",
            ),
            models.CheckConstraint(
                condition=Q(result="") | Q(is_chosen=True), name="batch_item_result_of_the_chosen"
            ),
            models.CheckConstraint(
                condition=Q(is_chosen=False) | ~Q(fingerprint=""), name="batch_item_chosen_with_fingerprint"
            ),
        )
        indexes = (
            models.Index(
                fields=("batch", "position"),
                condition=Q(is_chosen=True, result=""),
                name="batch_item_to_send",
            ),
        )

    def __str__(self) -> str:
        return f"{self.batch_id} {self.position}"

    @property
    def creditor_id(self) -> uuid.UUID:
        """The creditor of the batch."""
        return self.batch.creditor_id

    @property
    def open_doubts(self) -> list[Any]:
        """The doubts nobody has confirmed yet."""
        return [doubt for doubt in self.doubts if doubt[0] not in self.confirmed]
