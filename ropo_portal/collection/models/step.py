"""Room: what reminders and debt collections share: a claim, an amount, and a submission."""

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from ropo_portal.identifiers import new_id
from ropo_portal.invoices.models import Claim, OfClaim
from ropo_portal.submissions.models import Submission, Submittable

if TYPE_CHECKING:
    from ropo_portal.accounts.scope import Scope

RELATED = ("claim__environment__creditor", "claim__debtor__creditor", "claim__invoice", "submission")


class Step(models.TextChoices):
    """The two steps a claim can be moved on by."""

    REMINDER = "reminder", _("Reminder")
    COLLECTION = "collection", _("Debt collection")


class StepDocumentQuerySet(models.QuerySet[Any]):
    """Reads that reminders and debt collections share."""

    def visible_to(self, scope: "Scope") -> Self:
        """Those of the user's creditors."""
        return self.filter(claim__creditor_id__in=scope.creditor_ids)

    def kept(self) -> Self:
        """Those that nobody threw away."""
        return self.filter(discarded_at=None)

    def with_claim(self) -> Self:
        """With everything their pages print."""
        return self.select_related(*RELATED)


class StepDocument(OfClaim, Submittable):
    """A document that moves a claim on; `amount` is the open principal as it was written down."""

    step: ClassVar[str]

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    claim = models.ForeignKey(
        Claim, verbose_name=_("claim"), on_delete=models.PROTECT, related_name="%(class)ss"
    )
    amount = models.DecimalField(_("open principal"), max_digits=14, decimal_places=2)
    revision = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("created"), editable=False)
    discarded_at = models.DateTimeField(_("discarded"), null=True, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.claim.number

    @property
    def step_words(self) -> str:
        """The step as a clerk calls it."""
        return str(Step(self.step).label)

    @property
    def is_editable(self) -> bool:
        """Only a draft or a rejected document may change."""
        return self.discarded_at is None and self.state in {"draft", Submission.State.REJECTED}
