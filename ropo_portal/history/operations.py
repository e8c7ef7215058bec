"""Room: writing the history."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils.functional import Promise

from ropo_portal.history.models import HOUSE_CHAIN, ChainHead, Entry
from ropo_portal.ui.request_context import current

SYSTEM = "system"


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
    if not transaction.get_connection().in_atomic_block:
        message = "history.record() belongs inside the operation's transaction"
        raise transaction.TransactionManagementError(message)
    chain = str(creditor_id or HOUSE_CHAIN)
    ChainHead.objects.get_or_create(chain=chain)
    head = ChainHead.objects.select_for_update().get(chain=chain)
    context = current()
    entry = Entry(
        chain=chain,
        sequence=head.sequence + 1,
        creditor_id=creditor_id,
        at=at.astimezone(dt.UTC),
        actor_id=actor.pk if actor else None,
        actor_label=str(actor) if actor else SYSTEM,
        verb=verb,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        subject_label=(label or str(subject))[:200],
        before=_plain(before),
        after=_plain(after),
        reason=reason,
        address=context.address,
        request_id=context.request_id,
        previous_hash=head.hash,
    )
    entry.hash = entry.computed_hash()
    entry.save(force_insert=True)
    head.sequence, head.hash = entry.sequence, entry.hash
    head.save(update_fields=["sequence", "hash"])
    return entry


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
    encoder = DjangoJSONEncoder()
    return {key: _plain_value(value, encoder) for key, value in (values or {}).items()}


def _plain_value(value: Any, encoder: DjangoJSONEncoder) -> Any:
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Promise):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): _plain_value(item, encoder) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain_value(item, encoder) for item in value]
    return str(encoder.default(value))
