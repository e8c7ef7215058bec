"""Room: writing the history."""

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils.functional import Promise

from ropo_portal.copying import Written, write_rows
from ropo_portal.history.models import CANONICAL, HOUSE_CHAIN, ChainHead, Entry, digester
from ropo_portal.identifiers import new_keys
from ropo_portal.ui.request_context import current

SYSTEM = "system"
ENCODER = DjangoJSONEncoder()
# What all entries of one operation share, after what is each one's own.
SHARED = ("chain", "creditor_id", "at", "actor_id", "actor_label", "verb", "subject_type", "reason", "address",
          "request_id")  # fmt: skip
COLUMNS = (
    "id",
    "sequence",
    "subject_id",
    "subject_label",
    "before",
    "after",
    "previous_hash",
    "hash",
    *SHARED,
)


@dataclass(frozen=True)
class Deed:
    """One of many things done by one operation."""

    subject_id: uuid.UUID
    label: str
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)


def record(
    *,
    verb: str,
    subject: models.Model,
    creditor_id: uuid.UUID | None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    label: str = "",
    actor: models.Model | None,
    at: dt.datetime,
) -> Entry:
    """
    Append one entry to the creditor's chain, inside the caller's transaction.

    `before` and `after` hold plain values and never personal ids or secrets. Refuses to run outside a
    transaction (`transaction.TransactionManagementError`): an entry must not outlive a failed operation.
    """
    chain, head = _locked_chain(creditor_id)
    entry = Entry(
        **_common(chain, creditor_id, actor, at),
        sequence=head.sequence + 1,
        verb=verb,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        subject_label=(label or _label_of(subject))[:200],
        before=_plain(before),
        after=_plain(after),
        reason=reason,
        previous_hash=head.hash,
    )
    entry.hash = entry.computed_hash()
    entry.save(force_insert=True)
    head.sequence, head.hash = entry.sequence, entry.hash
    head.save(update_fields=["sequence", "hash"])
    return entry


def record_many(
    *,
    verb: str,
    model: type[models.Model],
    deeds: Sequence[Deed],
    creditor_id: uuid.UUID | None,
    reason: str = "",
    actor: models.Model | None,
    at: dt.datetime,
) -> None:
    """
    Append one entry for each deed, in their order and chained like any others, with one lock of the chain.

    The same rules hold as for `record`.
    """
    chain, head = _locked_chain(creditor_id)
    common = _common(chain, creditor_id, actor, at)
    common |= {"verb": verb, "subject_type": model._meta.label_lower, "reason": reason}
    write_rows(Entry, COLUMNS, _chained(head, common, deeds))
    head.save(update_fields=["sequence", "hash"])


def _label_of(subject: models.Model) -> str:
    """Name a subject in no language: where its name has words in it, as codes that its model says later."""
    return getattr(subject, "history_label", "") or str(subject)


def _chained(head: ChainHead, common: Mapping[str, Any], deeds: Sequence[Deed]) -> Iterator[list[Any]]:
    """Yield the rows of entries, and move the head of their chain on."""
    digest = digester(common)
    shared = [
        str(value) if isinstance(value, uuid.UUID) else value for value in (common[name] for name in SHARED)
    ]
    for key, deed in zip(new_keys(len(deeds)), deeds, strict=True):
        sequence, previous, subject, label = (
            head.sequence + 1,
            head.hash,
            str(deed.subject_id),
            deed.label[:200],
        )
        before, after = _written(deed.before), _written(deed.after)
        head.sequence, head.hash = sequence, digest(previous, sequence, subject, label, before, after)
        yield [key, sequence, subject, label, before, after, previous, head.hash, *shared]


def _written(values: Mapping[str, Any]) -> Written:
    """Return values as the JSON that is stored and hashed; most are plain already."""
    try:
        return Written(CANONICAL(values))
    except TypeError:
        return Written(CANONICAL(_plain(values)))


def _locked_chain(creditor_id: uuid.UUID | None) -> tuple[str, ChainHead]:
    if not transaction.get_connection().in_atomic_block:
        message = "history.record() belongs inside the operation's transaction"
        raise transaction.TransactionManagementError(message)
    chain = str(creditor_id or HOUSE_CHAIN)
    locked = ChainHead.objects.select_for_update().filter(chain=chain)
    head = locked.first()
    if head is None:  # the first entry of all; two who begin a chain at once meet in the database
        ChainHead.objects.get_or_create(chain=chain)
        head = locked.get()
    return chain, head


def _common(
    chain: str, creditor_id: uuid.UUID | None, actor: models.Model | None, at: dt.datetime
) -> dict[str, Any]:
    context = current()
    return {
        "chain": chain,
        "creditor_id": creditor_id,
        "at": at.astimezone(dt.UTC),
        "actor_id": actor.pk if actor else None,
        "actor_label": str(actor) if actor else SYSTEM,
        "address": context.address,
        "request_id": context.request_id,
    }


def differences(
    row: models.Model,
    values: Mapping[str, Any],
    *,
    hidden: frozenset[str] = frozenset(),
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what would change, before and after; of hidden fields only that they were filled, never with what."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for name, value in values.items():
        old = getattr(row, name)
        if old != value:
            before[name] = bool(old) if name in hidden else old
            after[name] = bool(value) if name in hidden else value
    return before, after


def _plain(values: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return JSON values that read back equal, so that the hash can be computed again."""
    return {key: _plain_value(value) for key, value in (values or {}).items()}


def _plain_value(value: Any) -> Any:
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, Promise):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): _plain_value(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain_value(item) for item in value]
    return str(ENCODER.default(value))
