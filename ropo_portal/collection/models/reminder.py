"""Room: reminders."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ropo_portal.collection.models.step import Step, StepDocument, StepDocumentQuerySet
from ropo_portal.parties.models import Channel


class ReminderQuerySet(StepDocumentQuerySet):
    """Reads of reminders."""


class Reminder(StepDocument):
    """The letter that asks once more; from here on Ropo One carries the claim on by itself."""

    step = Step.REMINDER
    channel = models.CharField(_("channel"), max_length=17, choices=Channel.choices, default=Channel.POST)
    einvoice_payment_id = models.CharField(
        _("identifier given by the consumer's bank"), max_length=35, blank=True
    )
    free_text = models.TextField(_("text on the reminder"), max_length=2000, blank=True)

    objects = ReminderQuerySet.as_manager()

    class Meta(StepDocument.Meta):
        abstract = False
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = (
            models.UniqueConstraint(
                "claim", condition=Q(discarded_at=None), name="reminder_one_open_per_claim"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="reminder_amount_above_zero"),
        )
        indexes = (
            models.Index(
                fields=("submission",),
                condition=Q(submission__isnull=False, discarded_at__isnull=False),
                name="reminder_given_up",
            ),
        )
