"""Room: what people keep of lists: filters under a name, the columns they want, and files they took away."""

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import Creditor, CreditorEnvironment
from ropo_portal.encryption import EncryptedBinaryField
from ropo_portal.identifiers import new_id

if TYPE_CHECKING:
    from ropo_portal.accounts.scope import Scope

USER = settings.AUTH_USER_MODEL
LONGEST_NAME, LONGEST_QUERY = 60, 1000


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    """Reads of saved views."""

    def visible_to(self, scope: "Scope") -> Self:
        """Views of the user's creditors: her own and those that are shared."""
        return self.filter(Q(is_shared=True) | Q(owner_id=scope.user.pk), creditor_id__in=scope.creditor_ids)


class SavedView(models.Model):
    """The filters of a list under a name; shared with the creditor's staff or private."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    creditor = models.ForeignKey(Creditor, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(USER, on_delete=models.CASCADE, related_name="+")
    listing = models.SlugField(_("list"), max_length=20)
    name = models.CharField(_("name"), max_length=LONGEST_NAME)
    name_key = models.CharField(max_length=LONGEST_NAME, editable=False)
    query = models.CharField(_("filter"), max_length=LONGEST_QUERY)
    is_shared = models.BooleanField(_("shared with everybody"), default=False)
    created_at = models.DateTimeField(_("created"), editable=False)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints = (
            models.UniqueConstraint(
                "creditor", "listing", "name_key", condition=Q(is_shared=True), name="view_shared_name_once"
            ),
            models.UniqueConstraint("creditor", "listing", "owner", "name_key", name="view_own_name_once"),
            models.CheckConstraint(condition=~Q(name_key="") & ~Q(query=""), name="view_has_name_and_filter"),
        )

    def __str__(self) -> str:
        return self.name


class DefaultView(models.Model):
    """The view a list opens with, for one person at one creditor."""

    user = models.ForeignKey(USER, on_delete=models.CASCADE, related_name="+")
    creditor = models.ForeignKey(Creditor, on_delete=models.CASCADE, related_name="+")
    listing = models.SlugField(max_length=20)
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="defaults")

    class Meta:
        verbose_name = _("default view")
        verbose_name_plural = _("default views")
        constraints = (models.UniqueConstraint("user", "creditor", "listing", name="view_one_default"),)

    def __str__(self) -> str:
        return f"{self.listing} {self.view_id}"


class ColumnChoice(models.Model):
    """The columns one person wants to see of one list."""

    user = models.ForeignKey(USER, on_delete=models.CASCADE, related_name="+")
    listing = models.SlugField(max_length=20)
    names = models.JSONField(default=list)

    class Meta:
        verbose_name = _("choice of columns")
        verbose_name_plural = _("choices of columns")
        constraints = (models.UniqueConstraint("user", "listing", name="columns_chosen_once"),)

    def __str__(self) -> str:
        return self.listing


class ExportQuerySet(models.QuerySet["Export"]):
    """Reads of exports."""

    def visible_to(self, scope: "Scope") -> Self:
        """Files of the user's creditors."""
        return self.filter(creditor_id__in=scope.creditor_ids)

    def silent(self, *, since: dt.datetime) -> Self:
        """Files nobody has written at since then."""
        return self.filter(state__in=[Export.State.QUEUED, Export.State.WRITING], touched_at__lt=since)


class Export(models.Model):
    """A large list on its way into a file, which is kept sealed for a day."""

    class State(models.TextChoices):
        """How far it is."""

        QUEUED = "queued", _("Waiting")
        WRITING = "writing", _("Being written")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    creditor = models.ForeignKey(Creditor, on_delete=models.CASCADE, related_name="+")
    environment = models.ForeignKey(CreditorEnvironment, on_delete=models.CASCADE, related_name="+")
    requested_by = models.ForeignKey(USER, on_delete=models.CASCADE, related_name="+")
    listing = models.SlugField(max_length=20)
    query = models.CharField(max_length=LONGEST_QUERY, blank=True)
    kind = models.CharField(max_length=4)
    language = models.CharField(max_length=5)
    state = models.CharField(max_length=7, choices=State.choices, default=State.QUEUED)
    written = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(editable=False)
    touched_at = models.DateTimeField()

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of a list")
        verbose_name_plural = _("files of lists")

    def __str__(self) -> str:
        return f"{self.listing} {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def is_moving(self) -> bool:
        """Whether its page should look again by itself."""
        return self.state in {self.State.QUEUED, self.State.WRITING}


class ExportPiece(models.Model):
    """A piece of a file, sealed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="pieces")
    position = models.PositiveIntegerField()
    content = EncryptedBinaryField()

    class Meta:
        verbose_name = _("piece of a file")
        verbose_name_plural = _("pieces of files")
        ordering = ("position",)
        constraints = (models.UniqueConstraint("export", "position", name="export_piece_once"),)

    def __str__(self) -> str:
        return f"{self.export_id} {self.position}"
