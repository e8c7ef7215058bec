"""Room: attempts, evidence, moves and proposals: what happened to a submission, and the switch over all."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ropo_portal.encryption import EncryptedBinaryField
from ropo_portal.identifiers import new_id
from ropo_portal.submissions.models.submission import Submission

USER = settings.AUTH_USER_MODEL


class Attempt(models.Model):
    """One try at the wire, kept for ever with what was said and answered."""

    class Outcome(models.TextChoices):
        """How the try ended."""

        OPEN = "open", _("under way")
        ACCEPTED = "accepted", _("accepted")
        REJECTED = "rejected", _("rejected")
        REFUSED = "refused", _("refused unread")
        UNSENT = "unsent", _("nothing was sent")
        UNKNOWN = "unknown", _("unknown")
        VOIDED = "voided", _("set aside by two people")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField(_("attempt"))
    payload_hash = models.CharField(_("fingerprint"), max_length=64)
    host = models.CharField(_("host"), max_length=100)
    worker = models.CharField(_("worker"), max_length=100)
    started_at = models.DateTimeField(_("started"))
    deadline_at = models.DateTimeField(_("deadline"))
    finished_at = models.DateTimeField(_("finished"), null=True)
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome.choices, default=Outcome.OPEN)
    cause = models.CharField(_("cause"), max_length=200, blank=True)
    status = models.PositiveSmallIntegerField(_("HTTP status"), null=True)
    headers = models.JSONField(_("headers"), default=dict)
    body = EncryptedBinaryField(null=True)
    body_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint("submission", "number", name="attempt_numbered_once"),
            models.UniqueConstraint(
                "submission",
                condition=Q(outcome__in=["open", "unknown", "accepted"]),
                name="attempt_one_hot_per_submission",
            ),
            models.CheckConstraint(
                condition=Q(outcome="open", finished_at__isnull=True)
                | (~Q(outcome="open") & Q(finished_at__isnull=False)),
                name="attempt_finished_has_an_outcome",
            ),
        )

    def __str__(self) -> str:
        return f"{self.submission_id} #{self.number}"


class Evidence(models.Model):
    """A fact about a submission's fate: an answer, a look-up, an event, a person's word. Never changed."""

    class Kind(models.TextChoices):
        """Where the fact comes from."""

        ANSWER = "answer", _("answer")
        LOOK_UP = "look-up", _("look-up")
        EVENT = "event", _("event")
        PERSON = "person", _("person")

    class Finding(models.TextChoices):
        """What the fact says."""

        THERE = "there", _("it is there")
        NOT_THERE = "not-there", _("not found")
        DIFFERS = "differs", _("found, but it differs")
        REFUSED = "refused", _("Ropo refused it")
        NOTHING = "nothing", _("no answer")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    source = models.CharField(_("source"), max_length=60)
    finding = models.CharField(_("finding"), max_length=9, choices=Finding.choices)
    detail = models.CharField(_("detail"), max_length=300, blank=True)
    round = models.PositiveSmallIntegerField(default=0)
    raw = EncryptedBinaryField(null=True)
    at = models.DateTimeField(_("time"))
    actor = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ("at", "id")
        indexes = (models.Index(fields=("submission", "at"), name="evidence_of_submission"),)

    def __str__(self) -> str:
        return f"{self.source}: {self.finding}"


class Transition(models.Model):
    """A move from state to state, written by the database itself."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="transitions")
    from_state = models.CharField(max_length=11, blank=True)
    to_state = models.CharField(max_length=11)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("move")
        verbose_name_plural = _("moves")
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.from_state} > {self.to_state}"


class ResendProposal(models.Model):
    """One person says "it is not there, send again"; another confirms."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="proposals")
    reason = models.TextField(_("reason"))
    proposed_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("proposal to send again")
        verbose_name_plural = _("proposals to send again")
        constraints = (
            models.UniqueConstraint(
                "submission",
                condition=Q(confirmed_at=None, withdrawn_at=None),
                name="proposal_one_open_per_submission",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=models.F("proposed_by")),
                name="proposal_needs_two_people",
            ),
        )

    def __str__(self) -> str:
        return str(self.submission_id)


class SendingSwitch(models.Model):
    """The one row that stops everything, and the waiting times that guard a person's decision."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    paused = models.BooleanField(_("all sending paused"), default=False)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    # Seconds since the last activity before two people may send again; and the age of the last look-up.
    resend_wait = models.PositiveIntegerField(default=86_400)
    look_up_age = models.PositiveIntegerField(default=3_600)
    last_sweep_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("sending switch")
        verbose_name_plural = _("sending switch")
        constraints = (models.CheckConstraint(condition=Q(id=1), name="switch_is_one"),)

    def __str__(self) -> str:
        return "paused" if self.paused else "open"
