"""Room: what Ropo tells on its own account: raw pages, the updates read from them, and each environment's line."""

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.encryption import EncryptedBinaryField
from ropo_portal.identifiers import new_id
from ropo_portal.submissions.models.submission import Submission

if TYPE_CHECKING:
    from ropo_portal.accounts.scope import Scope


class Channel(models.TextChoices):
    """By which way news came; what was asked for by day counts as polled."""

    POLL = "poll", _("polled")
    REPLAY = "replay", _("asked for by day")
    EVENT = "event", _("event")


class StatusPage(models.Model):
    """Bytes as they came, kept before anything else was asked or answered. Never changed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    environment = models.ForeignKey(CreditorEnvironment, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(_("source"), max_length=6, choices=Channel.choices)
    day = models.DateField(_("asked for the day"), null=True)
    received_at = models.DateTimeField(_("received"))
    sha256 = models.CharField(_("fingerprint"), max_length=64)
    body = EncryptedBinaryField()

    class Meta:
        verbose_name = _("status page")
        verbose_name_plural = _("status pages")
        ordering = ("received_at", "id")
        indexes = (models.Index(fields=("environment", "-received_at"), name="status_page_newest"),)

    def __str__(self) -> str:
        return f"{self.source} {self.received_at:%Y-%m-%d %H:%M:%S}"


class PageReading(models.Model):
    """What a page came to when it was last read; a page without one still waits."""

    page = models.OneToOneField(
        StatusPage, primary_key=True, on_delete=models.PROTECT, related_name="reading"
    )
    read_at = models.DateTimeField(_("read"))
    new_count = models.PositiveIntegerField(default=0)
    known_count = models.PositiveIntegerField(default=0)
    unreadable_count = models.PositiveIntegerField(default=0)
    trouble = models.CharField(_("trouble"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("reading of a page")
        verbose_name_plural = _("readings of pages")

    def __str__(self) -> str:
        return f"{self.page_id}: {self.new_count}"


class StatusUpdateQuerySet(models.QuerySet["StatusUpdate"]):
    """Reads of the journal."""

    def visible_to(self, scope: "Scope") -> Self:
        """Updates of the user's creditors."""
        return self.filter(environment__creditor_id__in=scope.creditor_ids)

    def trusted(self) -> Self:
        """Everything but what names another creditor's job."""
        return self.filter(is_foreign=False)

    def journal(self) -> Self:
        """Every piece of news once: an event is left out as soon as polling has brought the same id."""
        polled = StatusUpdate.objects.filter(
            environment=OuterRef("environment"), update_id=OuterRef("update_id"), source=StatusUpdate.POLLED
        )
        return self.trusted().exclude(Q(source=StatusUpdate.EVENT) & Exists(polled))

    def for_submission(self, submission: Submission) -> Self:
        """The journal of one submission, in the order in which things happened there."""
        return self.journal().filter(submission=submission).order_by("at", "update_id")

    def payments(self) -> Self:
        """Money that a read has confirmed: polled payments; an event alone is never one."""
        return self.trusted().filter(source=StatusUpdate.POLLED, kind="payment", amount__isnull=False)


class StatusUpdate(models.Model):
    """One change that Ropo told about. Never changed, but for being attached to its submission once."""

    POLLED, EVENT = "polled", "event"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    environment = models.ForeignKey(CreditorEnvironment, on_delete=models.PROTECT, related_name="+")
    page = models.ForeignKey(StatusPage, on_delete=models.PROTECT, related_name="updates")
    source = models.CharField(_("source"), max_length=6, choices=[(POLLED, _("polled")), (EVENT, _("event"))])
    update_id = models.CharField(_("Ropo's id"), max_length=100)
    submission = models.ForeignKey(
        Submission, null=True, on_delete=models.PROTECT, related_name="status_updates"
    )
    job_id = models.CharField(_("Ropo's job number"), max_length=40, blank=True)
    number = models.CharField(_("invoice number"), max_length=40, blank=True)
    number_key = models.CharField(max_length=40, blank=True)
    kind = models.CharField(_("kind"), max_length=60, blank=True)
    code = models.CharField(_("code"), max_length=40, blank=True)
    heading = models.CharField(_("heading"), max_length=200, blank=True)
    text = models.TextField(_("text"), blank=True)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, null=True)
    paid_date = models.DateField(_("paid on"), null=True)
    # As Ropo wrote it, without a zone; `at` takes it for the environment's own time.
    time_text = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField(_("time"))
    received_at = models.DateTimeField(_("received"))
    content_hash = models.CharField(max_length=64)
    is_foreign = models.BooleanField(_("another creditor's job"), default=False)

    objects = StatusUpdateQuerySet.as_manager()

    class Meta:
        verbose_name = _("status update")
        verbose_name_plural = _("status updates")
        ordering = ("at", "update_id")
        constraints = (
            models.UniqueConstraint("environment", "source", "update_id", name="status_update_told_once"),
            models.CheckConstraint(condition=~Q(update_id=""), name="status_update_has_an_id"),
            models.CheckConstraint(
                condition=Q(is_foreign=False) | Q(submission=None), name="status_update_foreign_moves_nothing"
            ),
        )
        indexes = (
            models.Index(fields=("submission", "at"), name="status_update_of_submission"),
            models.Index(fields=("environment", "job_id"), name="status_update_by_job"),
            models.Index(fields=("environment", "number_key"), name="status_update_by_number"),
            models.Index(fields=("environment", "-received_at"), name="status_update_newest"),
        )

    def __str__(self) -> str:
        return f"{self.update_id} {self.kind}"


class StatusIncident(models.Model):
    """News that must not be believed: another creditor's job, or an id told twice with different words."""

    class Kind(models.TextChoices):
        """What is wrong."""

        FOREIGN = "foreign", _("another creditor's job")
        CONTRADICTION = "contradiction", _("the same id with other content")
        UNREADABLE = "unreadable", _("cannot be read")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    environment = models.ForeignKey(CreditorEnvironment, on_delete=models.PROTECT, related_name="+")
    page = models.ForeignKey(StatusPage, on_delete=models.PROTECT, related_name="incidents")
    kind = models.CharField(_("kind"), max_length=13, choices=Kind.choices)
    update_id = models.CharField(_("Ropo's id"), max_length=100, blank=True)
    content_hash = models.CharField(max_length=64)
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("status incident")
        verbose_name_plural = _("status incidents")
        ordering = ("at", "id")
        constraints = (
            models.UniqueConstraint(
                "environment", "kind", "update_id", "content_hash", name="status_incident_told_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.update_id}"


class StatusLine(models.Model):
    """Where listening stands in one environment: whose turn it is, what is owed, who may push, what is wrong."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    environment = models.OneToOneField(
        CreditorEnvironment, on_delete=models.PROTECT, related_name="status_line"
    )
    lease_key = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True)
    # Set before a page is asked for and cleared after a clean end: what a killed or failed poll still owes.
    replay_from = models.DateField(_("to be asked for again from"), null=True)
    last_polled_at = models.DateTimeField(_("last polled"), null=True)
    last_drained_at = models.DateTimeField(_("everything read"), null=True)
    replayed_on = models.DateField(null=True)
    replayed_month_on = models.DateField(null=True)
    trouble = models.CharField(_("trouble"), max_length=200, blank=True)
    alarm = models.CharField(_("alarm"), max_length=200, blank=True)
    alarmed_at = models.DateTimeField(_("alarm since"), null=True)
    webhook_name = models.CharField(_("user name of events"), max_length=40, unique=True, null=True)
    webhook_hash = models.CharField(max_length=64, blank=True)
    webhook_set_at = models.DateTimeField(_("secret set"), null=True)
    last_event_at = models.DateTimeField(_("last event"), null=True)

    class Meta:
        verbose_name = _("status line")
        verbose_name_plural = _("status lines")

    def __str__(self) -> str:
        return str(self.environment_id)

    def is_stale(self, at: dt.datetime, *, after: dt.timedelta) -> bool:
        """Whether nothing was read to its end for so long."""
        return self.last_drained_at is None or at - self.last_drained_at > after


class WebhookToken(models.Model):
    """A token our token endpoint gave out, kept as its hash until it expires."""

    token_hash = models.CharField(primary_key=True, max_length=64)
    line = models.ForeignKey(StatusLine, on_delete=models.CASCADE, related_name="tokens")
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("token for events")
        verbose_name_plural = _("tokens for events")

    def __str__(self) -> str:
        return f"{self.line_id} until {self.expires_at}"
