"""Room: the invoices of a file as staged: their lines, their verdicts, and the debtors they brought along."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ropo_portal.encryption import EncryptedTextField
from ropo_portal.identifiers import new_id
from ropo_portal.imports.models.batch import Import
from ropo_portal.invoices.models import CreditNote, Invoice
from ropo_portal.parties.models import Debtor

if TYPE_CHECKING:
    from ropo_portal.accounts.scope import Scope


class Verdict(models.TextChoices):
    """What the checks say about one invoice of the file."""

    NEW = "new", pgettext_lazy("verdict", "New")
    EXISTING = "existing", pgettext_lazy("verdict", "Existing")
    ERROR = "error", pgettext_lazy("verdict", "Error")


class ImportedInvoiceQuerySet(models.QuerySet["ImportedInvoice"]):
    """Reads of staged invoices."""

    def visible_to(self, scope: "Scope") -> Self:
        """Staged invoices of the user's creditors."""
        return self.filter(batch__creditor_id__in=scope.creditor_ids)

    def ready(self) -> Self:
        """Invoices that would be created now."""
        waiting = self.filter(verdict=Verdict.NEW, is_included=True, invoice=None)
        return waiting.exclude(total_amount__lt=0)

    def crediting(self) -> Self:
        """Credit notes that would be written now; a note has the key of its staged lines."""
        written = CreditNote.objects.filter(pk=models.OuterRef("pk"))
        return self.filter(~models.Exists(written), verdict=Verdict.NEW, is_included=True, total_amount__lt=0)


class ImportedInvoice(models.Model):
    """One invoice of the file: whole in, or whole out."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # Every index of this table but two begins with the import.
    batch = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="invoices", db_index=False)
    position = models.PositiveIntegerField()
    # The normalized number, or the line where the file has no numbers.
    key = models.CharField(max_length=100)
    number = models.CharField(_("invoice number"), max_length=100, blank=True)
    debtor_name = models.CharField(_("debtor"), max_length=100, blank=True)
    reference = models.CharField(max_length=35, blank=True)
    # Which new debtor it would create, and a fingerprint of what it says about that debtor.
    debtor_key = models.CharField(max_length=64, blank=True)
    debtor_print = models.CharField(max_length=32, blank=True)
    total_amount = models.DecimalField(_("total"), max_digits=16, decimal_places=2, null=True)
    verdict = models.CharField(_("verdict"), max_length=8, choices=Verdict.choices)
    # Line, column and code of each error; values and sentences are found afresh when somebody looks.
    errors = models.JSONField(default=list)
    is_included = models.BooleanField(_("included"), default=True)
    revision = models.PositiveIntegerField(default=1)
    invoice = models.OneToOneField(
        Invoice, null=True, on_delete=models.PROTECT, related_name="imported", editable=False
    )

    objects = ImportedInvoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("imported invoice")
        verbose_name_plural = _("imported invoices")
        constraints = (
            models.UniqueConstraint("batch", "key", name="imported_one_per_key"),
            models.CheckConstraint(
                condition=Q(verdict__in=["new", "existing", "error"]), name="imported_verdict_known"
            ),
            models.CheckConstraint(
                condition=Q(invoice=None) | Q(verdict="new", is_included=True),
                name="imported_only_what_is_new",
            ),
        )
        indexes = (
            models.Index(fields=("batch", "verdict", "position", "id"), name="imported_by_verdict"),
            models.Index(fields=("batch", "position", "id"), name="imported_by_position"),
        )

    def __str__(self) -> str:
        return self.number or self.key

    @property
    def is_made(self) -> bool:
        """Whether an invoice or a credit note came of it."""
        is_credit = (self.total_amount or 0) < 0
        return bool(self.invoice_id) or (is_credit and CreditNote.objects.filter(pk=self.pk).exists())

    @property
    def creditor_id(self) -> object:
        """The creditor whose import it is."""
        return self.batch.creditor_id

    @property
    def environment_id(self) -> object:
        """The environment it is for."""
        return self.batch.environment_id


class ImportedLines(models.Model):
    """The lines of one invoice as read, in one document, and what was made of them when they were found in order."""

    imported = models.OneToOneField(
        ImportedInvoice, primary_key=True, on_delete=models.CASCADE, related_name="lines", editable=False
    )
    # Number, cells and problems of each line.
    texts = models.TextField(default="[]")
    # The ids that are no company's, by line, sealed as a debtor's identity code is.
    identities = EncryptedTextField(blank=True, default="")
    # The invoice ready for the tables, as `PlainInvoice` writes it; whoever writes the lines anew leaves it blank.
    ready = models.TextField(blank=True, default="")

    class Meta:
        verbose_name = _("lines of an invoice of a file")
        verbose_name_plural = _("lines of the invoices of a file")

    def __str__(self) -> str:
        return str(self.imported_id)


class ImportedDebtor(models.Model):
    """A debtor who came with an import, and leaves with it when nothing else needs it."""

    debtor = models.OneToOneField(
        Debtor, primary_key=True, on_delete=models.CASCADE, related_name="+", editable=False
    )
    batch = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="debtors")

    class Meta:
        verbose_name = _("imported debtor")
        verbose_name_plural = _("imported debtors")

    def __str__(self) -> str:
        return str(self.debtor_id)
