"""Room: many drafts at once, written in one go by the same rules as one."""

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import CreditorEnvironment, User
from ropo_portal.copying import write_rows
from ropo_portal.errors import DomainError
from ropo_portal.history.operations import Deed, record_many
from ropo_portal.identifiers import check_invoice_number, new_id, normalized_number
from ropo_portal.invoices import numbering, refusals
from ropo_portal.invoices.content import InvoiceContent
from ropo_portal.invoices.models import Approval, BatchItem, Invoice, InvoiceAttachment, InvoiceRow
from ropo_portal.invoices.operations.guards import CannotChange

COLUMNS = tuple(field.attname for field in Invoice._meta.concrete_fields)
ROW = ("description", "quantity", "unit", "unit_price", "vat_rate", "discount", "product_number", "free_text",
       "start_date", "end_date")  # fmt: skip


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
    named = _named(contents, series)
    ids = list(ids) or [new_id() for _content in named]
    rows = (_row(pk, content, series, at) for pk, content in zip(ids, named, strict=True))
    write_rows(Invoice, COLUMNS, ([row[name] for name in COLUMNS] for row in rows))
    columns = ("id", "invoice_id", "position", *ROW)
    write_rows(InvoiceRow, columns, _rows(ids, named))
    deeds = [
        Deed(pk, content.number, after={**content.facts(), "revision": 1, **origin})
        for pk, content in zip(ids, named, strict=True)
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


def _named(contents: Sequence[InvoiceContent], series: CreditorEnvironment) -> list[InvoiceContent]:
    """Give every invoice its number and reference; refuse what is taken, or given twice."""
    named = list(contents)
    nameless = [place for place, content in enumerate(contents) if not content.number]
    if nameless:
        given = [_stored(contents[place].reference) for place in nameless]
        pairs = numbering.next_numbers(series, given)
        for place, (number, reference) in zip(nameless, pairs, strict=True):
            named[place] = replace(contents[place], number=number, reference=reference)
    keys, references = [], []
    for place, content in enumerate(named):
        with _blaming(place):
            number = check_invoice_number(content.number, field="number")
            reference = _stored(content.reference) or numbering.made_reference(number, series)
            if (number, reference) != (content.number, content.reference):
                named[place] = replace(content, number=number, reference=reference)
            keys.append(normalized_number(number))
            references.append(reference)
    taken = numbering.taken_numbers(keys, environment=series)
    used = numbering.taken_references(references, environment=series)
    for place, (key, reference) in enumerate(zip(keys, references, strict=True)):
        if key in taken or reference in used:
            raise ManyRefused(taken.get(key) or used[reference], place)
    _refuse_twins(keys, "number")
    _refuse_twins(references, "reference")
    return named


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


def _row(
    pk: uuid.UUID, content: InvoiceContent, series: CreditorEnvironment, at: dt.datetime
) -> dict[str, Any]:
    invoice = Invoice(id=pk, creditor=series.creditor, environment=series, created_at=at)
    content.write_on(invoice)
    invoice.number, invoice.reference = content.number, content.reference
    invoice.number_key = normalized_number(content.number)
    return vars(invoice)


def _rows(ids: Sequence[uuid.UUID], contents: Sequence[InvoiceContent]) -> Iterator[list[Any]]:
    for pk, content in zip(ids, contents, strict=True):
        for position, row in enumerate(content.rows, start=1):
            yield [new_id(), pk, position, *(getattr(row, name) for name in ROW)]
