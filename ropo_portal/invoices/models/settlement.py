"""Room: what payments and allocated credits share: a claim, an amount, a submission, and an effect that shows later."""

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ropo_portal.identifiers import new_id
from ropo_portal.invoices.models.claim import Claim, OfClaim
from ropo_portal.submissions.models import StatusUpdate, Submission, Submittable

if TYPE_CHECKING:
    from ropo_portal.accounts.scope import Scope

State = Submission.State
RELATED = ("claim__environment__creditor", "claim__debtor__creditor", "claim__invoice", "submission")
# Days after which an accepted payment whose effect nobody has seen is somebody's matter.
EFFECT_DAYS = 3


class SettlementQuerySet(models.QuerySet[Any]):
    """Reads that payments and credits share."""

    def visible_to(self, scope: "Scope") -> Self:
        """Those of the user's creditors."""
        return self.filter(claim__creditor_id__in=scope.creditor_ids)

    def with_claim(self) -> Self:
        """With everything their pages print."""
        return self.select_related(*RELATED)

    def kept(self) -> Self:
        """Those that nobody took back."""
        return self.filter(withdrawn_at=None)

    def unfinished(self) -> Self:
        """Those that stand in the way of the next: not sent yet, or without a known end."""
        ended = Q(submission__state__in=[State.ACCEPTED, State.REJECTED, State.CANCELLED])
        return self.kept().exclude(ended | Q(submission__written_off_at__isnull=False))

    def without_effect(self, *, at: dt.datetime) -> Self:
        """Accepted days ago, and no news of Ropo's has confirmed it."""
        limit = at - dt.timedelta(days=EFFECT_DAYS)
        return self.kept().filter(
            effect=None, submission__state=State.ACCEPTED, submission__settled_at__lte=limit
        )


class Settlement(OfClaim, Submittable):
    """Something that lowers a claim at Ropo One; `open_before` is what was open when it was written down."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    claim = models.ForeignKey(
        Claim, verbose_name=_("claim"), on_delete=models.PROTECT, related_name="%(class)ss"
    )
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    description = models.CharField(_("description"), max_length=200, blank=True)
    open_before = models.DecimalField(_("open before"), max_digits=14, decimal_places=2)
    created_at = models.DateTimeField(_("created"), editable=False)
    withdrawn_at = models.DateTimeField(_("taken back"), null=True, editable=False)
    # The update that shows it: a payment of this sum and day, or "capital paid".
    effect = models.ForeignKey(StatusUpdate, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.claim.number} {self.amount}"

    @property
    def state(self) -> str:
        """`draft`, `cancelled`, or the state of the newest submission."""
        return "cancelled" if self.withdrawn_at else super().state

    @property
    def is_open(self) -> bool:
        """Whether it can still be sent, or sent again after a refusal."""
        return self.state in {"draft", State.REJECTED}

    @property
    def left_open(self) -> Decimal:
        """What stays open of the claim after it."""
        return self.open_before - self.amount
