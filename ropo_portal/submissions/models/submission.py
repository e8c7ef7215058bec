"""Room: the outbox: the frozen order to register one document once."""

import datetime as dt
from typing import TYPE_CHECKING, ClassVar, Self

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


class Kind(models.TextChoices):
    """What a submission registers at Ropo One."""

    INVOICE = "invoice", _("Invoice")
    LOCAL_PRINT = "local-print", _("Invoice printed here")
    CREDIT_NOTE = "credit-note", _("Credit note")
    MONITORED_INVOICE = "monitored-invoice", _("Monitored invoice")
    REMINDER = "reminder", _("Reminder")
    DEBT_COLLECTION = "debt-collection", _("Debt collection")
    LETTER = "letter", _("Letter")
    BYPASS_PAYMENT = "bypass-payment", _("Bypass payment")
    CREDIT_ALLOCATION = "credit-allocation", _("Credit allocation")


# Kinds of one group exclude each other for one invoice number: Ropo carries a claim on by itself.
OPENING = {
    Kind.INVOICE: "print",
    Kind.LOCAL_PRINT: "print",
    Kind.CREDIT_NOTE: "print",
    Kind.MONITORED_INVOICE: "claim",
    Kind.REMINDER: "claim",
    Kind.DEBT_COLLECTION: "claim",
    Kind.LETTER: "letter",
}
# Kinds that go through another door than their message's own.
DOORS = {Kind.LOCAL_PRINT: "localprint"}
# Kinds that settle a claim in part or in whole: Ropo has no look-up for them, so two of one claim never overlap.
SETTLING = (Kind.BYPASS_PAYMENT, Kind.CREDIT_ALLOCATION)
UNFINISHED = ("queued", "sending", "unconfirmed", "held")


class StateHasChanged(Exception):
    """Somebody else has moved the submission meanwhile."""


class SubmissionQuerySet(models.QuerySet["Submission"]):
    """Reads of submissions."""

    def visible_to(self, scope: "Scope") -> Self:
        """Submissions of the user's creditors."""
        return self.filter(creditor_id__in=scope.creditor_ids)

    def due(self, *, at: dt.datetime) -> Self:
        """Queued submissions whose time has come and whose line is open; production only while it is live."""
        return self.filter(
            Q(environment__is_live=True) | ~Q(environment__name__endswith="-production"),
            Q(environment__blocked_until=None) | Q(environment__blocked_until__lte=at),
            state=Submission.State.QUEUED,
            due_at__lte=at,
            environment__sending_paused=False,
            environment__cid__gt="",
        )

    def to_look_up(self, *, at: dt.datetime) -> Self:
        """Submissions for which the machine owes a look-up."""
        return self.filter(
            state__in=[Submission.State.UNCONFIRMED, Submission.State.HELD],
            next_look_up_at__lte=at,
        )

    def moving_on(self, *, until: dt.date) -> Self:
        """Claims that Ropo itself will carry to the next step by then."""
        return self.filter(ropo_next_status_date__lte=until).exclude(ropo_next_status__in=["", "-1"])

    def with_parties(self) -> Self:
        """Submissions with what their lists and pages print."""
        return self.select_related("environment__creditor", "creditor")


class Submission(models.Model):
    """The frozen order to register one document once."""

    class State(models.TextChoices):
        """Where it stands; moves outside the list are refused by the database."""

        QUEUED = "queued", _("Queued")
        SENDING = "sending", _("Sending")
        ACCEPTED = "accepted", _("Accepted")
        REJECTED = "rejected", _("Rejected")
        UNCONFIRMED = "unconfirmed", _("Unconfirmed")
        HELD = "held", _("Held")
        CANCELLED = "cancelled", _("Cancelled")

    class HeldReason(models.TextChoices):
        """Whether a held submission may have arrived."""

        MAYBE_SENT = "maybe-sent", _("may have been sent")
        NEVER_SENT = "never-sent", _("never sent")

    MOVES: ClassVar[dict[str, tuple[str, ...]]] = {
        "queued": ("sending", "cancelled", "held", "accepted"),
        "sending": ("queued", "accepted", "rejected", "unconfirmed", "held"),
        "unconfirmed": ("accepted", "rejected", "held"),
        "held": ("queued", "cancelled", "accepted", "rejected"),
        "rejected": ("accepted", "held"),
        "cancelled": ("held",),
        "accepted": (),
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    creditor = models.ForeignKey(Creditor, on_delete=models.PROTECT, related_name="+")
    environment = models.ForeignKey(CreditorEnvironment, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    document_id = models.UUIDField(_("document"))
    sequence = models.PositiveSmallIntegerField(_("posting"), default=1)
    previous = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="corrected_by")
    number = models.CharField(_("invoice number"), max_length=40)
    number_key = models.CharField(max_length=40)
    opening = models.CharField(max_length=6, blank=True)
    recipient = models.CharField(_("debtor"), max_length=70)
    customer_number = models.CharField(max_length=40, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)

    endpoint = models.CharField(max_length=20)
    payload = EncryptedBinaryField()
    payload_hash = models.CharField(_("fingerprint"), max_length=64)

    state = models.CharField(_("state"), max_length=11, choices=State.choices, default=State.QUEUED)
    held_reason = models.CharField(_("held because"), max_length=10, choices=HeldReason.choices, blank=True)
    trouble = models.TextField(_("trouble"), blank=True)
    due_at = models.DateTimeField(_("leaves at"))
    queued_at = models.DateTimeField(_("queued"))
    expires_at = models.DateTimeField(_("not to leave after"))
    sending_since = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(_("settled"), null=True)
    last_activity_at = models.DateTimeField(_("last activity"))
    not_sent_count = models.PositiveIntegerField(default=0)
    look_up_count = models.PositiveSmallIntegerField(default=0)
    next_look_up_at = models.DateTimeField(_("next look-up"), null=True)
    written_off_at = models.DateTimeField(_("written off"), null=True)
    posted_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")

    ropo_job_id = models.CharField(_("Ropo's job number"), max_length=40, blank=True)
    ropo_reference = models.CharField(_("Ropo's reference"), max_length=40, blank=True)
    ropo_amount = models.DecimalField(_("Ropo's amount"), max_digits=14, decimal_places=2, null=True)
    # As Ropo's own page of the job said it when it was last looked at.
    ropo_status = models.CharField(_("status at Ropo"), max_length=10, blank=True)
    ropo_status_text = models.CharField(max_length=100, blank=True)
    ropo_next_status = models.CharField(_("next status"), max_length=10, blank=True)
    ropo_next_status_text = models.CharField(max_length=100, blank=True)
    ropo_next_status_date = models.DateField(_("next status on"), null=True)
    ropo_due_date = models.DateField(_("due date at Ropo"), null=True)
    ropo_looked_at = models.DateTimeField(_("looked at"), null=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        constraints = (
            models.UniqueConstraint(
                "document_id",
                condition=~Q(state__in=["rejected", "cancelled"]),
                name="submission_one_live_per_document",
            ),
            models.UniqueConstraint("document_id", "sequence", name="submission_one_per_posting"),
            models.UniqueConstraint(
                "environment",
                "opening",
                "number_key",
                condition=~Q(state__in=["rejected", "cancelled"]) & ~Q(opening=""),
                name="submission_one_live_opening_per_number",
            ),
            models.UniqueConstraint(
                "environment",
                "number_key",
                condition=Q(kind__in=SETTLING, state__in=UNFINISHED, written_off_at=None),
                name="submission_one_unfinished_settlement_per_number",
            ),
            models.CheckConstraint(
                condition=Q(state="sending", sending_since__isnull=False)
                | (~Q(state="sending") & Q(sending_since__isnull=True)),
                name="submission_sending_has_a_start",
            ),
            models.CheckConstraint(
                condition=(Q(state="held") & ~Q(held_reason="")) | (~Q(state="held") & Q(held_reason="")),
                name="submission_held_has_a_reason",
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="submission_amount_not_negative"),
            models.CheckConstraint(condition=~Q(number_key=""), name="submission_has_a_number"),
        )
        indexes = (
            models.Index(fields=("due_at",), condition=Q(state="queued"), name="submission_queue"),
            models.Index(
                fields=("sending_since",), condition=Q(state="sending"), name="submission_in_flight"
            ),
            models.Index(
                fields=("next_look_up_at",),
                condition=Q(next_look_up_at__isnull=False),
                name="submission_look_ups",
            ),
            models.Index(fields=("environment", "-queued_at", "-id"), name="submission_newest"),
            models.Index(
                fields=("environment", "state", "-queued_at", "-id"), name="submission_newest_in_state"
            ),
            # What waits for somebody is counted on every page, and listed by its age.
            models.Index(
                fields=("environment", "state", "last_activity_at", "id"),
                condition=Q(state__in=("unconfirmed", "held", "rejected"), written_off_at=None),
                name="submission_in_trouble",
            ),
            models.Index(fields=("environment", "number_key"), name="submission_by_number"),
            models.Index(fields=("ropo_job_id",), condition=~Q(ropo_job_id=""), name="submission_by_job"),
            models.Index(
                fields=("ropo_next_status_date",),
                condition=Q(ropo_next_status_date__isnull=False),
                name="submission_moves_on",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    @property
    def history_label(self) -> str:
        """Its name in codes, as a worker writes it into the history."""
        return f"{self.kind} {self.number}"

    @staticmethod
    def said_label(label: str) -> str:
        """Say a name in codes in the reader's language; an older one is words already."""
        kind, _space, number = label.partition(" ")
        return f"{Kind(kind).label} {number}" if kind in Kind.values else label

    def move(self, to: str, *, at: dt.datetime, **changes: object) -> None:
        """Move from the state this object was read in; raises `StateHasChanged` when the row has moved on."""
        changes = {"state": to, "last_activity_at": at, "held_reason": "", **changes}
        changes["sending_since"] = at if to == self.State.SENDING else None
        moved = Submission.objects.filter(pk=self.pk, state=self.state).update(**changes)
        if not moved:
            raise StateHasChanged
        for name, value in changes.items():
            setattr(self, name, value)

    @property
    def is_live(self) -> bool:
        """Whether it stands in the way of another posting of the same document."""
        return self.state not in {self.State.REJECTED, self.State.CANCELLED}

    @property
    def is_moving(self) -> bool:
        """Whether its page should look again by itself."""
        return self.state in {self.State.QUEUED, self.State.SENDING}

    def moves_on_within(self, days: int, *, today: dt.date) -> bool:
        """Whether Ropo carries it to its next step within so many days; one is "tomorrow"."""
        day = self.ropo_next_status_date
        if day is None or self.ropo_next_status in {"", "-1"}:
            return False
        return day <= today + dt.timedelta(days=days)

    @property
    def may_have_arrived(self) -> bool:
        """Whether Ropo may know it although no answer says so."""
        maybe = self.state == self.State.HELD and self.held_reason == self.HeldReason.MAYBE_SENT
        return maybe or self.state in {self.State.UNCONFIRMED, self.State.SENDING}


class Submittable(models.Model):
    """A document that is posted: it points to its newest submission and asks it for the state."""

    submission = models.OneToOneField(
        Submission,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="%(class)s",
    )

    class Meta:
        abstract = True

    @property
    def state(self) -> str:
        """`draft`, or the state of the newest submission; what was taken back can be sent again."""
        submission = self.submission
        if submission is None or submission.state == Submission.State.CANCELLED:
            return "draft"
        return submission.state
