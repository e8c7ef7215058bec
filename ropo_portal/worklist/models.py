"""Room: who has taken which work, and what of each claim is open; the database itself keeps the money up to date."""

import datetime as dt
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import Creditor, CreditorEnvironment
from ropo_portal.identifiers import new_id
from ropo_portal.invoices.models import Claim, Invoice
from ropo_portal.parties.models import Debtor

if TYPE_CHECKING:
    from ropo_portal.accounts.scope import Scope


class WorkClaimQuerySet(models.QuerySet["WorkClaim"]):
    """Reads of what was taken."""

    def visible_to(self, scope: "Scope") -> Self:
        """Work of the user's creditors."""
        return self.filter(creditor_id__in=scope.creditor_ids)

    def standing(self, *, at: dt.datetime) -> Self:
        """Those that have not run out."""
        return self.filter(expires_at__gt=at)


class WorkClaim(models.Model):
    """Somebody has taken a piece of work: nobody else starts on it until she gives it back or her time is over."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    creditor = models.ForeignKey(Creditor, on_delete=models.PROTECT, related_name="+")
    kind = models.SlugField(_("kind of work"), max_length=20)
    # The row that waits; its id is unique in the whole house, so that one claim under two kinds is taken once.
    subject_id = models.UUIDField(_("work"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("taken by"), on_delete=models.PROTECT, related_name="+"
    )
    taken_at = models.DateTimeField(_("taken"))
    expires_at = models.DateTimeField(_("taken until"))

    objects = WorkClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("taken work")
        verbose_name_plural = _("taken work")
        constraints = (
            models.UniqueConstraint("subject_id", name="work_claim_one_per_subject"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("taken_at")), name="work_claim_runs_out"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"

    def stands(self, at: dt.datetime) -> bool:
        """Whether it still keeps others away."""
        return self.expires_at > at


class OpenItemQuerySet(models.QuerySet["OpenItem"]):
    """Reads of what is open."""

    def visible_to(self, scope: "Scope") -> Self:
        """Items of the user's creditors."""
        return self.filter(environment__creditor_id__in=scope.creditor_ids)

    def open(self) -> Self:
        """Items of which something is left."""
        return self.filter(amount__gt=0)

    def to_pursue(self) -> Self:
        """Open claims that Ropo One does not pursue."""
        return self.open().filter(is_pursued=False, claim__isnull=False)


class OpenItem(models.Model):
    """
    What one debtor owes by one number: an invoice that Ropo One took, or a claim; written by triggers alone.

    The id is the invoice's where the invoice is ours, otherwise the claim's.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    environment = models.ForeignKey(CreditorEnvironment, on_delete=models.PROTECT, related_name="+")
    # Thrown away with a mistyped claim, by a trigger like everything here.
    claim = models.OneToOneField(Claim, null=True, on_delete=models.DO_NOTHING, related_name="open_item")
    invoice = models.OneToOneField(Invoice, null=True, on_delete=models.PROTECT, related_name="open_item")
    # Whose it is, and what that debtor is: counting what is ripe would otherwise visit a claim and a debtor for each.
    debtor = models.ForeignKey(
        Debtor, null=True, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False
    )
    debtor_kind = models.CharField(max_length=7, null=True)
    invoice_date = models.DateField(_("invoice date"))
    due_date = models.DateField(_("due date"))
    principal = models.DecimalField(_("principal"), max_digits=14, decimal_places=2)
    amount = models.DecimalField(_("open"), max_digits=14, decimal_places=2)
    closed_date = models.DateField(_("paid or credited on"), null=True)
    is_pursued = models.BooleanField(_("pursued by Ropo One"), default=False)

    objects = OpenItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("open item")
        verbose_name_plural = _("open items")
        constraints = (
            models.CheckConstraint(condition=Q(amount__gte=0), name="open_item_not_below_zero"),
            models.CheckConstraint(
                condition=Q(claim__isnull=False) | Q(invoice__isnull=False), name="open_item_of_something"
            ),
        )
        indexes = (
            models.Index(fields=("environment", "invoice_date", "id"), name="open_item_by_invoice_date"),
            models.Index(
                fields=("environment", "due_date", "id"),
                condition=Q(amount__gt=0),
                name="open_item_by_due_date",
            ),
            # What is counted on every look at the work list is answered by these alone, without its table.
            models.Index(
                fields=("environment", "due_date", "id", "debtor_kind", "debtor", "claim"),
                condition=Q(amount__gt=0, is_pursued=False, claim__isnull=False),
                name="open_item_to_pursue",
            ),
            models.Index(
                fields=("environment", "due_date", "id", "debtor_kind"),
                condition=Q(amount__gt=0, is_pursued=False, claim=None),
                name="open_item_to_claim",
            ),
            # For a reader of many creditors, whose rows come from everywhere in one order.
            models.Index(
                fields=("due_date", "id", "environment", "debtor_kind", "debtor", "claim"),
                condition=Q(amount__gt=0, is_pursued=False, claim__isnull=False),
                name="open_item_to_pursue_anywhere",
            ),
        )

    def __str__(self) -> str:
        return f"{self.due_date} {self.amount}"


class BookEntryQuerySet(models.QuerySet["BookEntry"]):
    """Reads of the book of days."""

    def visible_to(self, scope: "Scope") -> Self:
        """Entries of the user's creditors."""
        return self.filter(environment__creditor_id__in=scope.creditor_ids)


class BookEntry(models.Model):
    """
    A change of a day's sum, written by triggers alone and only ever added, so that no two senders wait for each other.

    The sum of all entries of a day is what that day holds; `fold_book` puts many into one.
    """

    class Kind(models.TextChoices):
        """What is summed, and which day it belongs to."""

        OPEN = "open", _("open, by due date")
        INVOICED = "invoiced", _("invoiced, by invoice date")
        CLOSED = "closed", _("paid or credited in full, by the last day of it")
        ACCEPTED = "accepted", _("accepted by Ropo One, by day")
        REJECTED = "rejected", _("refused by Ropo One, by day")

    environment = models.ForeignKey(CreditorEnvironment, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    day = models.DateField()
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    items = models.IntegerField()
    late_days = models.IntegerField()

    objects = BookEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of the book of days")
        verbose_name_plural = _("entries of the book of days")
        indexes = (models.Index(fields=("environment", "kind", "day"), name="book_entry_by_day"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.day} {self.amount}"


class NoticeWish(models.Model):
    """How somebody wants to be told by e-mail of work that waits; without a row her roles decide (noticing.wish_of)."""

    class When(models.TextChoices):
        """How often."""

        OFF = "off", _("Never")
        AT_ONCE = "at_once", _("At once, a letter every few minutes at most")
        DAILY = "daily", _("Once a day, in the morning")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="notice_wish"
    )
    when = models.CharField(_("notices by e-mail"), max_length=7, choices=When.choices, default=When.OFF)

    class Meta:
        verbose_name = _("wish about notices")
        verbose_name_plural = _("wishes about notices")
        constraints = (
            models.CheckConstraint(
                condition=Q(when__in=["off", "at_once", "daily"]), name="notice_wish_is_known"
            ),
        )

    def __str__(self) -> str:
        return str(self.get_when_display())


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Reads of notices."""

    def to_send(self, *, at: dt.datetime) -> Self:
        """Those that have not left, after a rest since the last try, until there were too many tries."""
        rested = Q(tried_at=None) | Q(tried_at__lte=at - Notice.REST)
        return self.filter(rested, sent_at=None, tries__lt=Notice.MOST_TRIES)


class Notice(models.Model):
    """One e-mail about work that waits: written first, then sent. It holds numbers by group, nothing of anybody."""

    MOST_TRIES = 8
    REST = dt.timedelta(minutes=14)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    written_at = models.DateTimeField()
    numbers: Any = models.JSONField(default=dict)
    tries = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes = (
            models.Index(fields=("written_at",), condition=Q(sent_at=None), name="notice_to_send"),
            models.Index(fields=("user", "written_at"), name="notice_newest_of_user"),
        )

    def __str__(self) -> str:
        return str(self.pk)


class NoticeSent(models.Model):
    """Somebody was told of a row of one kind, and is never told of it again."""

    id = models.BigAutoField(primary_key=True)
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="rows")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.SlugField(_("kind of work"), max_length=20)
    subject_id = models.UUIDField(_("work"))

    class Meta:
        verbose_name = _("row somebody was told of")
        verbose_name_plural = _("rows somebody was told of")
        constraints = (
            models.UniqueConstraint("user", "subject_id", "kind", name="notice_sent_once_per_row"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"
