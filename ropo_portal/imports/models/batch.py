"""Room: one file and how far it has come, the pieces it is kept in, and layouts worth keeping."""

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ropo_portal.accounts.models import Creditor, CreditorEnvironment
from ropo_portal.encryption import EncryptedBinaryField
from ropo_portal.errors import DomainError
from ropo_portal.identifiers import new_id

if TYPE_CHECKING:
    from ropo_portal.accounts.scope import Scope

PIECE = 512 * 1024


class StateHasMoved(DomainError):
    """Somebody else was faster, or the worker has gone on meanwhile."""

    def __init__(self) -> None:
        message = _("The import has moved on meanwhile; look at the page as it is now.")
        super().__init__(message, code="state_has_moved")


class ImportQuerySet(models.QuerySet["Import"]):
    """Reads of imports."""

    def visible_to(self, scope: "Scope") -> Self:
        """Imports of the user's creditors."""
        return self.filter(creditor_id__in=scope.creditor_ids)

    def moving(self) -> Self:
        """Imports that a worker has, or should have, in its hands."""
        return self.filter(
            Q(state__in=(Import.State.STAGING, Import.State.CREATING))
            | Q(state=Import.State.WITHDRAWN, run__isnull=False)
        )

    def withdrawing(self) -> Self:
        """Withdrawn imports of which not everything has been taken back yet."""
        return self.filter(state=Import.State.WITHDRAWN, run__isnull=False)

    def silent(self, *, since: dt.datetime) -> Self:
        """Imports whose worker has not been heard of."""
        return self.moving().filter(moved_at__lt=since)

    def finished(self, *, before: dt.datetime) -> Self:
        """Imports that ended before a moment and still hold staged cells."""
        ended = (Import.State.CREATED, Import.State.WITHDRAWN, Import.State.FAILED)
        return self.filter(state__in=ended, moved_at__lt=before, is_cleared=False)

    def twins(self, batch: "Import") -> Self:
        """Other imports of the very same bytes into the same environment."""
        same = self.filter(environment_id=batch.environment_id, sha256=batch.sha256)
        return same.exclude(pk=batch.pk).select_related("created_by")


class Import(models.Model):
    """One file of invoices on its way into one environment."""

    class State(models.TextChoices):
        """How far it has come."""

        UPLOADED = "uploaded", pgettext_lazy("import", "Uploaded")
        SURVEYED = "surveyed", pgettext_lazy("import", "Columns to check")
        STAGING = "staging", pgettext_lazy("import", "Reading")
        STAGED = "staged", pgettext_lazy("import", "To be looked at")
        CREATING = "creating", pgettext_lazy("import", "Creating")
        CREATED = "created", pgettext_lazy("import", "Created")
        STOPPED = "stopped", pgettext_lazy("import", "Stopped")
        WITHDRAWN = "withdrawn", pgettext_lazy("import", "Withdrawn")
        FAILED = "failed", pgettext_lazy("import", "Cannot be read")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    creditor = models.ForeignKey(Creditor, on_delete=models.PROTECT, related_name="+")
    environment = models.ForeignKey(CreditorEnvironment, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(_("fingerprint"), max_length=64)
    size = models.PositiveBigIntegerField(_("size, bytes"))
    layout = models.JSONField(_("columns"), default=dict, blank=True)
    headers = models.JSONField(_("headers"), default=list, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.UPLOADED)
    failure = models.TextField(_("why it cannot be read"), blank=True)
    # The worker that has it in its hands; whoever comes later takes it over by writing another one.
    run = models.UUIDField(null=True, editable=False)
    # Under which rules, on which day and for which facts of the creditor the file was judged.
    judged_under = models.CharField(max_length=64, blank=True, editable=False)
    line_guess = models.PositiveIntegerField(default=0)
    line_count = models.PositiveIntegerField(_("lines"), default=0)
    new_count = models.PositiveIntegerField(_("new"), default=0)
    existing_count = models.PositiveIntegerField(_("existing"), default=0)
    error_count = models.PositiveIntegerField(_("with errors"), default=0)
    created_count = models.PositiveIntegerField(_("created"), default=0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(_("uploaded"), editable=False)
    started_at = models.DateTimeField(null=True, editable=False)
    moved_at = models.DateTimeField(editable=False)
    staged_at = models.DateTimeField(null=True, editable=False)
    # Whoever asked for the invoices; the worker acts in that name.
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    is_cleared = models.BooleanField(default=False, editable=False)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=["uploaded", "surveyed", "staging", "staged", "creating", "created", "stopped",
                                       "withdrawn", "failed"]),
                name="import_state_known",
            ),
            models.CheckConstraint(condition=Q(created_count__lte=models.F("new_count")),
                                   name="import_creates_what_is_new"),
            models.CheckConstraint(condition=~Q(state__in=["staging", "creating"]) | Q(started_at__isnull=False),
                                   name="import_moving_has_begun"),
        )  # fmt: skip
        indexes = (
            models.Index(fields=("environment", "-created_at", "-id"), name="import_newest"),
            models.Index(fields=("environment", "sha256"), name="import_by_fingerprint"),
            models.Index(fields=("state", "moved_at"), name="import_by_state"),
        )

    def __str__(self) -> str:
        return self.file_name

    @property
    def invoice_count(self) -> int:
        """All invoices of the file: new, existing and with errors."""
        return self.new_count + self.existing_count + self.error_count

    @property
    def ready_count(self) -> int:
        """Invoices and credit notes that would be made now."""
        staged = self.invoices
        return int(staged.ready().count() + staged.crediting().count())

    @property
    def is_moving(self) -> bool:
        """Whether a worker has it."""
        return self.state in {self.State.STAGING, self.State.CREATING} or self.is_withdrawing

    @property
    def is_withdrawing(self) -> bool:
        """Whether a worker is taking back what it brought."""
        return self.state == self.State.WITHDRAWN and self.run is not None

    @property
    def is_editable(self) -> bool:
        """Whether cells may be mended and invoices chosen."""
        at_rest = {self.State.STAGED, self.State.STOPPED, self.State.CREATED}
        return self.state in at_rest and self.staged_at is not None and not self.is_cleared

    def move(self, to: str, *, at: dt.datetime, **fields: Any) -> None:
        """Move from the state this row was read in; refuses when it has another one by now."""
        rows = Import.objects.filter(pk=self.pk, state=self.state)
        fields = {"state": to, "moved_at": at, **fields}
        if to not in MOVES[self.state] or not rows.update(**fields):
            raise StateHasMoved
        for name, value in fields.items():
            setattr(self, name, value)

    def beat(self, *, run: uuid.UUID, at: dt.datetime, **fields: Any) -> bool:
        """Say that the run is alive and how far it is; false when the import was stopped or taken over."""
        rows = Import.objects.filter(pk=self.pk, state=self.state, run=run)
        return bool(rows.update(moved_at=at, **fields))


S = Import.State
MOVES: dict[str, set[str]] = {
    S.UPLOADED: {S.SURVEYED, S.FAILED, S.WITHDRAWN},
    S.SURVEYED: {S.STAGING, S.FAILED, S.WITHDRAWN},
    S.STAGING: {S.STAGED, S.STOPPED, S.FAILED},
    S.STAGED: {S.SURVEYED, S.CREATING, S.WITHDRAWN},
    S.CREATING: {S.CREATED, S.STOPPED},
    S.STOPPED: {S.SURVEYED, S.STAGING, S.CREATING, S.WITHDRAWN},
    S.CREATED: {S.CREATING, S.WITHDRAWN},
    S.WITHDRAWN: set(),
    S.FAILED: {S.WITHDRAWN},
}


class ImportPiece(models.Model):
    """Part of the file's bytes, sealed; all of them go when the import has ended."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    batch = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="pieces")
    position = models.PositiveIntegerField()
    content = EncryptedBinaryField()

    class Meta:
        verbose_name = _("piece of a file")
        verbose_name_plural = _("pieces of files")
        ordering = ("position",)
        constraints = (models.UniqueConstraint("batch", "position", name="piece_one_per_place"),)

    def __str__(self) -> str:
        return f"{self.batch_id} {self.position}"


class ImportTemplateQuerySet(models.QuerySet["ImportTemplate"]):
    """Reads of kept layouts."""

    def visible_to(self, scope: "Scope") -> Self:
        """Layouts of the user's creditors."""
        return self.filter(creditor_id__in=scope.creditor_ids)


class ImportTemplate(models.Model):
    """Which column means what in a creditor's files of one kind; found again by the headers."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    creditor = models.ForeignKey(Creditor, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=70)
    headers = models.CharField(_("fingerprint of the headers"), max_length=64)
    layout = models.JSONField(_("columns"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(editable=False)

    objects = ImportTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("column layout")
        verbose_name_plural = _("column layouts")
        constraints = (models.UniqueConstraint("creditor", "name", name="template_name_once"),)
        indexes = (models.Index(fields=("creditor", "headers"), name="template_by_headers"),)

    def __str__(self) -> str:
        return self.name
