"""Room: who switched a production environment live, who agreed, and who ended it."""

import datetime as dt
import uuid
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models.creditor import CreditorEnvironment
from ropo_portal.identifiers import new_id

if TYPE_CHECKING:
    from ropo_portal.accounts.scope import Scope

USER = settings.AUTH_USER_MODEL


class LiveSwitchQuerySet(models.QuerySet["LiveSwitch"]):
    """Reads of switches."""

    def visible_to(self, scope: "Scope") -> Self:
        """Switches of the user's creditors."""
        return self.filter(environment__creditor_id__in=scope.creditor_ids)

    def waiting(self) -> Self:
        """Proposals that nobody has answered."""
        return self.filter(confirmed_at=None, ended_at=None)

    def standing(self) -> Self:
        """Switches by which an environment is live."""
        return self.filter(confirmed_at__isnull=False, ended_at=None)


class LiveSwitch(models.Model):
    """One person proposes to let an account at Ropo One write to real people; another agrees. Never deleted."""

    # How old the last successful test of the connection may be.
    TEST_AGE: ClassVar[dt.timedelta] = dt.timedelta(days=1)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    environment = models.ForeignKey(
        CreditorEnvironment, on_delete=models.PROTECT, related_name="live_switches"
    )
    # The account that was looked at; another account needs another switch.
    cid = models.CharField(_("customer number (cid)"), max_length=40)
    reason = models.CharField(_("reason"), max_length=200)
    proposed_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(_("proposed"))
    confirmed_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    ended_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(_("ended"), null=True)
    ended_reason = models.CharField(_("why it ended"), max_length=200, blank=True)

    objects = LiveSwitchQuerySet.as_manager()

    class Meta:
        verbose_name = _("switch to production")
        verbose_name_plural = _("switches to production")
        ordering = ("-proposed_at",)
        constraints = (
            models.UniqueConstraint(
                "environment", condition=Q(ended_at=None), name="live_switch_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("proposed_by")),
                name="live_switch_needs_two_people",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="live_switch_confirmed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(ended_by=None, ended_at=None) | Q(ended_by__isnull=False, ended_at__isnull=False),
                name="live_switch_ended_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(cid=""), name="live_switch_has_an_account"),
        )

    def __str__(self) -> str:
        return f"{self.environment_id} {self.proposed_at:%Y-%m-%d %H:%M}"

    @property
    def creditor_id(self) -> uuid.UUID:
        """Whose environment it is about."""
        return self.environment.creditor_id
