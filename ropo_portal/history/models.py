"""Room: the entries of the history and the head of each creditor's chain."""

import hashlib
import json
import uuid
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ropo_portal.identifiers import new_id

if TYPE_CHECKING:
    from ropo_portal.accounts.scope import Scope

# The chain of what concerns no creditor (users, the house itself).
HOUSE_CHAIN = "house"
# What of that chain concerns every creditor; the rest is nobody's business here.
HOUSE = Q(creditor_id=None, chain=HOUSE_CHAIN) & (
    Q(verb__startswith="rule.") | Q(verb__startswith="sending.")
)


# What an entry says, after the name of its actor. A verb without a sentence is shown as it is.
VERBS = {
    "creditor.created": _("created the creditor"),
    "creditor.changed": _("changed the creditor"),
    "environment.added": _("added an environment"),
    "environment.credentials_set": _("set the credentials"),
    "environment.checked": _("tested the connection"),
    "environment.webhook_set": _("made a new secret for events"),
    "environment.alarm_cleared": _("looked into the alarm"),
    "status.foreign": _("was told about another creditor's job"),
    "status.contradiction": _("was told something else under the same id"),
    "status.unreadable": _("was told something that cannot be read"),
    "invoice.previewed": _("looked at Ropo's preview"),
    "environment.live_proposed": _("proposed to switch it live"),
    "environment.live_withdrawn": _("took back the proposal to switch it live"),
    "environment.live": _("switched it live, as the second person"),
    "environment.locked": _("locked production"),
    "environment.paused": _("paused sending"),
    "environment.resumed": _("resumed sending"),
    "sending.paused": _("paused all sending"),
    "sending.resumed": _("resumed all sending"),
    "member.role_granted": _("gave a role"),
    "member.invited": _("invited a person"),
    "member.role_changed": _("changed a role"),
    "member.role_revoked": _("took a role away"),
    "member.second_step_reset": _("took away a lost second step at sign-in"),
    "debtor.created": _("created the debtor"),
    "debtor.changed": _("changed the debtor"),
    "debtor.national_id_revealed": _("looked at the personal identity code"),
    "debtor.flag_set": _("set a flag on the debtor"),
    "debtor.flag_lifted": _("lifted a flag of the debtor"),
    "debtor.promise_noted": _("noted a promise to pay"),
    "debtor.promise_withdrawn": _("took back a promise to pay"),
    "debtor.merged": _("merged the debtor into another"),
    "debtor.absorbed": _("took a double into the debtor"),
    "debtor.note_written": _("wrote a note about the debtor"),
    "debtor.note_withdrawn": _("took back a note about the debtor"),
    "debtor.exported": _("exported the data of the debtor"),
    "invoice.created": _("created the invoice"),
    "invoice.changed": _("changed the invoice"),
    "invoice.discarded": _("discarded the invoice"),
    "invoice.posted": _("sent the invoice"),
    "invoice.withdrawn": _("withdrew the invoice"),
    "invoice.approval_asked": _("asked for approval of the invoice"),
    "invoice.approval_withdrawn": _("took back the question for approval"),
    "invoice.doubts_confirmed": _("looked at the doubts and let them stand"),
    "invoice.approved": _("approved the invoice"),
    "invoice.approval_returned": _("gave the invoice back"),
    "batch.chosen": _("chose invoices to send together"),
    "batch.sent": _("sent invoices together"),
    "batch.withdrawn": _("took a batch of invoices back"),
    "invoice.file_attached": _("attached a file"),
    "invoice.file_removed": _("removed a file"),
    "invoice.documents_fetched": _("fetched the documents"),
    "claim.opened": _("opened the claim"),
    "claim.corrected": _("corrected the claim"),
    "claim.discarded": _("discarded the claim"),
    "payment.noted": _("wrote down a payment"),
    "payment.confirmed": _("confirmed that it is another payment"),
    "payment.posted": _("sent the payment"),
    "payment.withdrawn": _("took the payment back"),
    "payment.reported": _("noted a payment that Ropo One told of"),
    "payment.effect_seen": _("noted that Ropo One has booked the payment"),
    "credit_note.written": _("wrote the credit note"),
    "credit_note.posted": _("sent the credit note"),
    "credit_note.withdrawn": _("took the credit note back"),
    "allocation.noted": _("wrote down where the credit belongs"),
    "allocation.posted": _("placed the credit"),
    "allocation.withdrawn": _("took the placing of the credit back"),
    "allocation.effect_seen": _("noted that Ropo One has booked the credit"),
    "reminder.started": _("began a reminder"),
    "reminder.changed": _("changed the reminder"),
    "reminder.discarded": _("discarded the reminder"),
    "reminder.posted": _("sent the reminder"),
    "reminder.withdrawn": _("withdrew the reminder"),
    "collection.started": _("began a debt collection"),
    "collection.changed": _("changed the debt collection"),
    "collection.discarded": _("discarded the debt collection"),
    "collection.proof_added": _("added the proof of a notice"),
    "collection.proof_removed": _("removed the proof of a notice"),
    "collection.proposed": _("proposed the debt collection"),
    "collection.returned": _("gave the debt collection back"),
    "collection.approved": _("approved the debt collection"),
    "collection.posted": _("sent the debt collection"),
    "collection.withdrawn": _("withdrew the debt collection"),
    "override.proposed": _("proposed to act before the legal day"),
    "override.confirmed": _("agreed to act before the legal day"),
    "override.withdrawn": _("took back the proposal to act before the legal day"),
    "list.exported": _("took a list away as a file"),
    "work.taken": _("took the work"),
    "work.taken_over": _("took the work over"),
    "work.released": _("gave the work back"),
    "rule.added": _("added the rule"),
    "debtor.discarded": _("discarded the debtor"),
    "import.uploaded": _("brought a file of invoices"),
    "import.staged": _("had the file read"),
    "import.mended": _("mended a line of the file"),
    "import.chosen": _("chose an invoice of the file"),
    "import.started": _("had the invoices of the file created"),
    "import.finished": _("finished creating the invoices of the file"),
    "import.stopped": _("stopped the import"),
    "import.rows_taken": _("took the wrong lines away as a file"),
    "import.withdrawn": _("withdrew the import"),
    "import.layout_kept": _("kept the columns for later files"),
    "practice.fault_set": _("let something go wrong in the sandbox"),
    "practice.faults_ended": _("ended what goes wrong in the sandbox"),
    "rule.checked": _("checked the rule"),
    "rule.changed": _("changed the rule"),
    "submission.queued": _("put the submission into the queue"),
    "submission.hurried": _("let the submission go at once"),
    "submission.sending": _("began to send"),
    "submission.accepted": _("noted that Ropo One accepted it"),
    "submission.rejected": _("noted that Ropo One rejected it"),
    "submission.unconfirmed": _("got no clear answer"),
    "submission.held": _("set the submission aside"),
    "submission.cancelled": _("cancelled the submission"),
    "submission.looked_up": _("asked Ropo One about it"),
    "submission.released": _("released the submission"),
    "submission.message_revealed": _("looked at the whole message"),
    "submission.written_off": _("wrote the submission off"),
    "submission.confirmed_there": _("confirmed that Ropo One has it"),
    "submission.resend_proposed": _("proposed to send it again"),
    "submission.withdrawn": _("withdrew the submission"),
    "submission.resend_withdrawn": _("took back the proposal to send it again"),
    "submission.resend_confirmed": _("agreed to send it again"),
}


# One way to write an entry down, so that its hash can be computed again.
CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


class EntryQuerySet(models.QuerySet["Entry"]):
    """Reads of the history."""

    def visible_to(self, scope: "Scope") -> Self:
        """Entries of the creditors whose history the scope's user may read, and for some those of the house."""
        own = Q(creditor_id__in=scope.creditor_ids_for("history.view"))
        return self.filter(own | HOUSE) if scope.may("history.view_house") else self.filter(own)

    def of_house(self) -> Self:
        """What was done for every creditor at once: rules, and the switch of all sending."""
        return self.filter(HOUSE)

    def about(self, subject: models.Model) -> Self:
        """Entries about one row."""
        return self.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk)

    def first_broken(self, creditor_id: uuid.UUID | None) -> "Entry | int | None":
        """Walk a chain: return None when whole, the first entry that does not fit, or the missing sequence."""
        previous, sequence = "", 0
        chain = str(creditor_id or HOUSE_CHAIN)
        for entry in self.filter(chain=chain).order_by("sequence").iterator(chunk_size=2000):
            sequence += 1
            if entry.sequence != sequence:
                return sequence
            if entry.previous_hash != previous or entry.hash != entry.computed_hash():
                return entry
            previous = entry.hash
        head = ChainHead.objects.filter(chain=chain).first()
        return sequence + 1 if head and (head.sequence, head.hash) != (sequence, previous) else None


class Entry(models.Model):
    """One operation: actor, verb, subject, before and after, reason, address. Never changed, never deleted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    chain = models.CharField(_("chain"), max_length=36)
    sequence = models.PositiveBigIntegerField(_("sequence"))
    creditor_id = models.UUIDField(_("creditor"), null=True)
    at = models.DateTimeField(_("time"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("actor"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    actor_label = models.CharField(_("actor"), max_length=200)
    verb = models.CharField(_("verb"), max_length=60)
    subject_type = models.CharField(_("subject type"), max_length=60)
    subject_id = models.UUIDField(_("subject"))
    subject_label = models.CharField(_("subject"), max_length=200)
    before = models.JSONField(_("before"), default=dict)
    after = models.JSONField(_("after"), default=dict)
    reason = models.TextField(_("reason"), blank=True)
    address = models.CharField(_("address"), max_length=45, blank=True)
    request_id = models.CharField(_("request"), max_length=36, blank=True)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("history entry")
        verbose_name_plural = _("history")
        constraints = (
            models.UniqueConstraint(fields=("chain", "sequence"), name="entry_one_per_place_in_chain"),
        )
        indexes = (
            models.Index(fields=("creditor_id", "-at", "-id"), name="entry_newest"),
            models.Index(fields=("subject_id", "at"), name="entry_of_subject"),
        )

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_label}"

    @property
    def who(self) -> str:
        """Name the one who did it; what no person did, the portal did by itself."""
        return self.actor_label if self.actor_id else str(_("The portal"))

    @property
    def said(self) -> str:
        """The verb as a sentence without its subject."""
        return str(VERBS.get(self.verb, self.verb))

    def computed_hash(self) -> str:
        """Return the SHA-256 (hex) of the content and of the entry before; see `digester`."""
        content: list[Any] = [
            self.previous_hash,
            self.chain,
            self.sequence,
            self.at.isoformat(),
            str(self.actor_id or ""),
            self.actor_label,
            self.verb,
            self.subject_type,
            str(self.subject_id),
            self.subject_label,
            self.before,
            self.after,
            self.reason,
            self.address,
            self.request_id,
        ]
        return hashlib.sha256(CANONICAL(content).encode()).hexdigest()


def digester(common: Mapping[str, Any]) -> Callable[..., str]:
    """
    Return what computes `Entry.computed_hash` of many entries that have these facts in common.

    It takes previous hash, sequence, subject, label, and before and after as JSON of the canonical kind.
    """
    names = ("at", "actor_id", "actor_label", "verb", "subject_type")
    facts = {**common, "at": common["at"].isoformat(), "actor_id": str(common["actor_id"] or "")}
    chain, middle = CANONICAL(facts["chain"]), CANONICAL([facts[name] for name in names])[1:-1]
    end = CANONICAL([facts[name] for name in ("reason", "address", "request_id")])[1:-1]

    def digest(previous: str, sequence: int, subject: str, label: str, before: str, after: str) -> str:
        own = f'"{subject}",{CANONICAL(label)},{before},{after}'
        text = f'["{previous}",{chain},{sequence},{middle},{own},{end}]'
        return hashlib.sha256(text.encode()).hexdigest()

    return digest


class ChainHead(models.Model):
    """The last place and hash of one chain; its row lock puts writers in order."""

    chain = models.CharField(primary_key=True, max_length=36)
    sequence = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("head of a chain")
        verbose_name_plural = _("heads of chains")

    def __str__(self) -> str:
        return f"{self.chain} {self.sequence}"
