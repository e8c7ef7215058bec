"""Room: short notes on debtors, for colleagues alone."""

import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ropo_portal.encryption import EncryptedTextField
from ropo_portal.identifiers import new_id
from ropo_portal.parties.models import Debtor

if TYPE_CHECKING:
    from ropo_portal.accounts.scope import Scope

USER = settings.AUTH_USER_MODEL


class DebtorNoteQuerySet(models.QuerySet["DebtorNote"]):
    """Reads of notes."""

    def visible_to(self, scope: "Scope") -> Self:
        """Notes on debtors of the user's creditors."""
        return self.filter(debtor__creditor_id__in=scope.creditor_ids)

    def about(self, debtor: Debtor) -> Self:
        """Notes on a debtor and on the doubles that were merged into it, newest first."""
        found = self.filter(debtor_id__in=debtor.current.with_doubles())
        return found.select_related("written_by", "withdrawn_by").order_by("-written_at", "-id")


class DebtorNote(models.Model):
    """What a colleague should know of a debtor. Never sent, never changed; taken back, its words are not shown."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    debtor = models.ForeignKey(Debtor, on_delete=models.PROTECT, related_name="notes")
    text = EncryptedTextField(_("note"))
    written_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(_("written"))
    withdrawn_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(_("taken back"), null=True)

    objects = DebtorNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note on a debtor")
        verbose_name_plural = _("notes on debtors")
        ordering = ("-written_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="note_taken_back_by_somebody",
            ),
        )
        indexes = (models.Index(fields=("debtor", "-written_at"), name="note_of_debtor"),)

    def __str__(self) -> str:
        return str(self.written_at.date())

    @property
    def creditor_id(self) -> uuid.UUID:
        """The creditor of the debtor."""
        return self.debtor.creditor_id
