"""Room: PDF files that belong to something a creditor sent or received."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from ropo_portal.encryption import EncryptedBinaryField
from ropo_portal.identifiers import new_id

if TYPE_CHECKING:
    from ropo_portal.accounts.scope import Scope


class StoredDocumentQuerySet(models.QuerySet["StoredDocument"]):
    """Reads of stored documents."""

    def visible_to(self, scope: "Scope") -> Self:
        """Documents of the user's creditors."""
        return self.filter(creditor_id__in=scope.creditor_ids)

    def about(self, subject_id: object) -> Self:
        """Documents of one subject, newest first, without their bytes."""
        return self.filter(subject_id=subject_id).defer("content").order_by("-created_at")

    def preview_of(self, subject_id: object, fingerprint: str) -> "StoredDocument | None":
        """Ropo's picture of exactly this message, if it was made."""
        pictures = self.about(subject_id).filter(kind=StoredDocument.Kind.PREVIEW)
        return pictures.filter(fingerprint=fingerprint).first()


class StoredDocument(models.Model):
    """One PDF file; it never changes, and the same bytes are kept once."""

    class Kind(models.TextChoices):
        """What the file is."""

        DRAFT = "draft", _("draft")
        PREVIEW = "preview", _("Ropo's preview")
        ORIGINAL = "original", _("as sent")
        CURRENT = "current", _("as it stands now")
        LOCAL_PRINT = "local_print", _("for printing here")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    creditor_id = models.UUIDField(db_index=True)
    environment_id = models.UUIDField()
    subject_type = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    kind = models.CharField(_("kind"), max_length=11, choices=Kind.choices)
    sha256 = models.CharField(max_length=64)
    content = EncryptedBinaryField()
    size = models.PositiveIntegerField(_("bytes"))
    # Of the exact message the picture was made from; empty where there was none.
    fingerprint = models.CharField(_("fingerprint of the message"), max_length=64, blank=True, default="")
    created_at = models.DateTimeField(_("stored at"))
    # When Ropo last gave these very bytes.
    fetched_at = models.DateTimeField(_("fetched"), null=True)
    source = models.CharField(_("source"), max_length=40, blank=True)

    objects = StoredDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ("-created_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("subject_id", "kind", "sha256", "fingerprint"), name="document_stored_once"
            ),
            models.CheckConstraint(condition=models.Q(size__gt=0), name="document_not_empty"),
        )

    def __str__(self) -> str:
        return self.file_name

    @property
    def file_name(self) -> str:
        """Our own name for the file: never a name that came from outside."""
        return f"{self.subject_type.rpartition('.')[2]}-{self.kind}-{self.pk.hex[-8:]}.pdf".replace(
            "_", "-"
        ).lower()
