"""Room: many drafts at once, written in one go by the same rules as one."""

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import CreditorEnvironment, User
from ropo_portal.copying import write_rows
from ropo_portal.errors import DomainError
from ropo_portal.history.operations import Deed, record_many
from ropo_portal.identifiers import check_invoice_number, new_id, new_keys, normalized_number
from ropo_portal.invoices import numbering, refusals
from ropo_portal.invoices.content import PLAIN, InvoiceContent, PlainInvoice, RowContent
from ropo_portal.invoices.models import Approval, BatchItem, Invoice, InvoiceAttachment, InvoiceRow
from ropo_portal.invoices.operations.guards import CannotChange

COLUMNS = ("id", "creditor_id", "environment_id", "debtor_id", "number", "number_key", "reference", *PLAIN, "extras",
           "net_amount", "vat_amount", "total_amount", "revision", "created_at", "discarded_at", "submission_id")  # fmt: skip
ROW_COLUMNS = ("id", "invoice_id", "position", *RowContent.__dataclass_fields__)
JOINED: tuple[type[Model], ...] = (InvoiceAttachment, BatchItem, Approval)


class ManyRefused(DomainError):
    """One of the invoices breaks a rule, so none was saved; `place` says which."""

    def __init__(self, refusal: DomainError, place: int) -> None:
        super().__init__(refusal.message, field=refusal.field, code=refusal.code)
        self.place = place


@transaction.atomic
def create_invoices(
    *,
    environment: CreditorEnvironment,
    contents: Sequence[InvoiceContent],
    ids: Sequence[uuid.UUID] = (),
    origin: Mapping[str, Any],
    actor: User,
    at: dt.datetime,
) -> list[uuid.UUID]:
    """
    Save many new drafts, with one lock of the number series, and return their ids in the same order.

    All or none: what `create_invoice` refuses of one is refused of all (`ManyRefused`). `ids` are the keys the
    rows shall have, so that the same thing cannot become two invoices; `origin` says in the history where they
    came from.
    """
    series = numbering.lock_series(environment)
    today = series.today(at)
    for place, content in enumerate(contents):
        error = refusals.first_or_none(refusals.saving(content, creditor=series.creditor, today=today))
        if error:
            raise ManyRefused(error, place)
    plain = [PlainInvoice.of(content) for content in contents]
    return _write(series, plain, ids, origin=origin, actor=actor, at=at)


@transaction.atomic
def create_checked(
    *,
    environment: CreditorEnvironment,
    invoices: Sequence[PlainInvoice],
    ids: Sequence[uuid.UUID],
    origin: Mapping[str, Any],
    actor: User,
    at: dt.datetime,
) -> list[uuid.UUID]:
    """
    Save many new drafts whose content passed `refusals.saving` under the rules of today, by the caller's word.

    What other rows decide is asked here: numbers and references that are taken, or given twice, refuse all
    (`ManyRefused`), and so do the rules of the database.
    """
    series = numbering.lock_series(environment)
    return _write(series, list(invoices), ids, origin=origin, actor=actor, at=at)


def _write(
    series: CreditorEnvironment,
    plain: list[PlainInvoice],
    ids: Sequence[uuid.UUID],
    *,
    origin: Mapping[str, Any],
    actor: User,
    at: dt.datetime,
) -> list[uuid.UUID]:
    keys = _named(plain, series)
    ids = list(ids) or [new_id() for _invoice in plain]
    write_rows(Invoice, COLUMNS, _invoices(series, ids, plain, keys, at))
    write_rows(InvoiceRow, ROW_COLUMNS, _rows(ids, plain))
    deeds = [
        Deed(pk, one.number, after={**one.facts(), "revision": 1, **origin})
        for pk, one in zip(ids, plain, strict=True)
    ]
    record_many(
        verb="invoice.created", model=Invoice, deeds=deeds, creditor_id=series.creditor_id, actor=actor, at=at
    )
    return ids


@transaction.atomic
def erase_drafts(*, drafts: Sequence[Invoice], reason: str, actor: User, at: dt.datetime) -> None:
    """
    Take untouched drafts out of the tables; only the history keeps them.

    Refuses (`CannotChange`) all of them when one was ever changed, posted or joined to anything: such a draft
    can be discarded, and then it stays.
    """
    ids = [draft.pk for draft in drafts]
    locked = list(Invoice.objects.select_for_update(of=("self",)).filter(pk__in=ids))
    touched = any(row.revision != 1 or row.submission_id for row in locked)
    if touched or any(kind.objects.filter(invoice__in=ids).exists() for kind in JOINED):  # type: ignore[attr-defined]
        message = _("One of the invoices was changed or sent in the meantime.")
        raise CannotChange(message, code="cannot_change")
    if not locked:
        return
    deeds = [Deed(row.pk, str(row), after={"discarded": True}) for row in locked]
    record_many(
        verb="invoice.discarded", model=Invoice, deeds=deeds, creditor_id=locked[0].creditor_id, reason=reason,
        actor=actor, at=at,
    )  # fmt: skip
    InvoiceRow.objects.filter(invoice__in=ids).delete()
    Invoice.objects.filter(pk__in=ids).delete()


def _named(plain: list[PlainInvoice], series: CreditorEnvironment) -> list[str]:
    """Give every invoice its number and reference and return the keys of the numbers; refuse what is taken."""
    nameless = [place for place, one in enumerate(plain) if not one.number]
    if nameless:
        given = [_stored(plain[place].reference) for place in nameless]
        pairs = numbering.next_numbers(series, given)
        for place, (number, reference) in zip(nameless, pairs, strict=True):
            plain[place].number, plain[place].reference = number, reference
    keys, references = [], []
    for place, one in enumerate(plain):
        with _blaming(place):
            one.number = check_invoice_number(one.number, field="number")
            one.reference = _stored(one.reference) or numbering.made_reference(one.number, series)
            keys.append(normalized_number(one.number))
            references.append(one.reference)
    taken = numbering.taken_numbers(keys, environment=series)
    used = numbering.taken_references(references, environment=series)
    for place, (key, reference) in enumerate(zip(keys, references, strict=True)):
        if key in taken or reference in used:
            raise ManyRefused(taken.get(key) or used[reference], place)
    _refuse_twins(keys, "number")
    _refuse_twins(references, "reference")
    return keys


class _blaming:  # noqa: N801 -- a context, used like a function
    """Say which of the invoices a refusal is about."""

    def __init__(self, place: int) -> None:
        self.place = place

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, DomainError):
            raise ManyRefused(error, self.place) from error


def _stored(reference: str) -> str:
    return numbering.stored_reference(reference) if reference else ""


def _refuse_twins(values: Sequence[str], field: str) -> None:
    seen: set[str] = set()
    for place, value in enumerate(values):
        if value in seen:
            message = _("Another invoice of the same file has this already.")
            raise ManyRefused(DomainError(message, field=field, code=f"{field}_twice"), place)
        seen.add(value)


def _invoices(
    series: CreditorEnvironment,
    ids: Sequence[uuid.UUID],
    plain: Sequence[PlainInvoice],
    keys: Sequence[str],
    at: dt.datetime,
) -> Iterator[list[Any]]:
    home, moment = (str(series.creditor_id), str(series.pk)), at.isoformat()
    for pk, one, key in zip(ids, plain, keys, strict=True):
        named = (one.number, key, one.reference)
        yield [
            str(pk),
            *home,
            one.debtor_id,
            *named,
            *one.fields,
            one.extras,
            *one.sums,
            1,
            moment,
            None,
            None,
        ]


def _rows(ids: Sequence[uuid.UUID], plain: Sequence[PlainInvoice]) -> Iterator[list[Any]]:
    own = new_keys(sum(len(one.rows) for one in plain))
    for pk, one in zip(map(str, ids), plain, strict=True):
        for position, texts in enumerate(one.rows, start=1):
            yield [next(own), pk, position, *texts]
