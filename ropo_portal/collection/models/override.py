"""Room: overrides: two people who agree to act before the legal day."""

import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ropo_portal.collection.models.step import Step
from ropo_portal.identifiers import new_id
from ropo_portal.invoices.models import Claim

if TYPE_CHECKING:
    from ropo_portal.accounts.scope import Scope

USER = settings.AUTH_USER_MODEL


class OverrideQuerySet(models.QuerySet["Override"]):
    """Reads of overrides."""

    def visible_to(self, scope: "Scope") -> Self:
        """Overrides of the user's creditors."""
        return self.filter(claim__creditor_id__in=scope.creditor_ids)

    def standing(self) -> Self:
        """Overrides that nobody took back."""
        return self.filter(withdrawn_at=None)

    def confirmed(self) -> Self:
        """Overrides that a second person has confirmed."""
        return self.standing().filter(confirmed_by__isnull=False)


class Override(models.Model):
    """One person gives the reason to act before the legal day; another confirms. For one step of one claim."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="overrides")
    step = models.CharField(_("step"), max_length=10, choices=Step.choices)
    reason = models.TextField(_("reason"))
    proposed_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = OverrideQuerySet.as_manager()

    class Meta:
        verbose_name = _("override of the legal day")
        verbose_name_plural = _("overrides of the legal day")
        constraints = (
            models.UniqueConstraint(
                "claim", "step", condition=Q(withdrawn_at=None), name="override_one_standing_per_step"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("proposed_by")),
                name="override_needs_two_people",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="override_has_a_reason"),
        )

    def __str__(self) -> str:
        return f"{self.claim.number} {self.step}"

    @property
    def creditor_id(self) -> uuid.UUID:
        """The creditor of the claim."""
        return self.claim.creditor_id

    @property
    def environment_id(self) -> uuid.UUID:
        """The environment of the claim."""
        return self.claim.environment_id
