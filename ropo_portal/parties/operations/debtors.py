"""Room: what is done to debtors."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import Creditor, User
from ropo_portal.copying import write_rows
from ropo_portal.encryption import keyed_hash
from ropo_portal.errors import DomainError, sentence
from ropo_portal.history.models import Entry
from ropo_portal.history.operations import Deed, differences, record, record_many
from ropo_portal.parties import refusals
from ropo_portal.parties.models import LONGEST_SEARCH, NATIONAL_ID_PURPOSE, Debtor

# What a person may set on a debtor; everything else of the row is out of a form's reach.
DEBTOR_FIELDS: Final = frozenset(
    {
        "kind", "name", "customer_number", "business_id", "vat_id", "national_id", "extra_line_1", "extra_line_2",
        "street", "postcode", "city", "country", "email", "phone", "einvoice_address", "einvoice_operator", "channel",
        "language",
    },
)  # fmt: skip
# Of these the history says only whether they were filled.
HIDDEN: Final = frozenset({"national_id"})
SHORTEST_REASON = 5
MOST_SHOWN = 20


class CustomerNumberTaken(DomainError):
    """Another debtor of the creditor has this customer number."""


class DebtorMerged(DomainError):
    """A double does not change any more."""


class ReasonMissing(DomainError):
    """Nobody looks at an identity code without saying why."""


class DebtorChanged(DomainError):
    """Somebody changed the debtor after the form was opened; `entries` tell who and what, newest first."""

    def __init__(self, message: Any, entries: Sequence[Entry], revision: int) -> None:
        super().__init__(message, code="changed")
        self.entries = entries
        self.revision = revision


@transaction.atomic
def create_debtor(*, creditor: Creditor, values: Mapping[str, Any], actor: User, at: dt.datetime) -> Debtor:
    """Create a debtor; refuses a customer number that is taken (`CustomerNumberTaken`)."""
    debtor = Debtor(creditor=creditor, created_at=at)
    _, after = differences(debtor, _allowed(values), hidden=HIDDEN)
    _save(debtor, values)
    record(verb="debtor.created", subject=debtor, creditor_id=creditor.pk, after=after, actor=actor, at=at)
    return debtor


@transaction.atomic
def create_debtors(
    *, debtors: Sequence[Debtor], origin: Mapping[str, Any], actor: User, at: dt.datetime
) -> None:
    """
    Create many debtors of one creditor, whose facts have passed `refusals.facts`, with an entry each.

    `origin` says in the history where they came from. A customer number that is taken is the database's to refuse.
    """
    if not debtors:
        return
    for debtor in debtors:
        debtor.created_at = at
        _complete(debtor)
    names = [field.attname for field in Debtor._meta.concrete_fields]
    write_rows(Debtor, names, ([getattr(debtor, name) for name in names] for debtor in debtors))
    blank, fields = Debtor(), sorted(DEBTOR_FIELDS)
    usual = {name: getattr(blank, name) for name in fields}
    deeds = []
    for debtor in debtors:
        facts = {name: getattr(debtor, name) for name in fields}
        after = {name: name in HIDDEN or value for name, value in facts.items() if value != usual[name]}
        deeds.append(Deed(debtor.pk, str(debtor), after=after | dict(origin)))
    record_many(
        verb="debtor.created",
        model=Debtor,
        deeds=deeds,
        creditor_id=debtors[0].creditor_id,
        actor=actor,
        at=at,
    )


@transaction.atomic
def erase_debtors(*, debtors: Sequence[Debtor], reason: str, actor: User, at: dt.datetime) -> None:
    """Take debtors of one creditor out of the tables whom nothing needs; the database refuses those it does."""
    if not debtors:
        return
    deeds = [Deed(debtor.pk, str(debtor), after={"discarded": True}) for debtor in debtors]
    record_many(
        verb="debtor.discarded",
        model=Debtor,
        deeds=deeds,
        creditor_id=debtors[0].creditor_id,
        reason=reason,
        actor=actor,
        at=at,
    )
    Debtor.objects.filter(pk__in=[debtor.pk for debtor in debtors]).delete()


@transaction.atomic
def change_debtor(
    *, debtor: Debtor, revision: int, values: Mapping[str, Any], actor: User, at: dt.datetime
) -> Debtor:
    """Change a debtor; refuses when somebody was faster (`DebtorChanged`). No change leaves no entry."""
    locked = Debtor.objects.select_for_update(of=("self",)).get(pk=debtor.pk)
    if locked.revision != revision:
        raise _changed(locked, revision)
    if locked.merged_into_id:
        raise DebtorMerged(_("This debtor was merged into another. Change that one."), code="merged")
    before, after = differences(locked, _allowed(values), hidden=HIDDEN)
    if not after:
        return locked
    locked.revision += 1
    _save(locked, values)
    record(
        verb="debtor.changed",
        subject=locked,
        creditor_id=locked.creditor_id,
        before=before,
        after=after,
        actor=actor,
        at=at,
    )
    return locked


def mend_debtor(
    *, debtor: Debtor, revision: int, values: Mapping[str, str], actor: User, at: dt.datetime
) -> Debtor:
    """Fill in facts that were missing, by the rules of the debtor's form; refuses as `change_debtor` does."""
    checked = refusals.mended(debtor, values)
    return change_debtor(debtor=debtor, revision=revision, values=checked, actor=actor, at=at)


@transaction.atomic
def reveal_national_id(*, debtor: Debtor, reason: str, actor: User, at: dt.datetime) -> str:
    """Return the identity code in full and write down who wanted it and why; refuses without a reason."""
    reason = reason.strip()
    if len(reason) < SHORTEST_REASON:
        raise ReasonMissing(_("Write in a few words why you need the identity code."), field="reason")
    record(
        verb="debtor.national_id_revealed",
        subject=debtor,
        creditor_id=debtor.creditor_id,
        reason=reason,
        actor=actor,
        at=at,
    )
    return str(debtor.national_id)


def _save(debtor: Debtor, values: Mapping[str, Any]) -> None:
    for name, value in _allowed(values).items():
        setattr(debtor, name, value)
    _complete(debtor)
    try:
        with transaction.atomic():
            debtor.save()
    except IntegrityError as error:
        if "customer_number" not in str(error):
            raise
        message = _("Another debtor has this customer number.")
        raise CustomerNumberTaken(message, field="customer_number", code="taken") from error


def _complete(debtor: Debtor) -> None:
    """Set what is only searched by."""
    debtor.search_name = debtor.name.casefold()[:LONGEST_SEARCH]
    debtor.national_id_hash = (
        keyed_hash(NATIONAL_ID_PURPOSE, debtor.national_id) if debtor.national_id else ""
    )


def _changed(debtor: Debtor, revision: int) -> DebtorChanged:
    entries = Entry.objects.about(debtor).filter(verb="debtor.changed").order_by("-sequence")
    newer = list(entries[: min(max(debtor.revision - revision, 1), MOST_SHOWN)])
    who = ", ".join(dict.fromkeys(entry.actor_label for entry in newer))
    message = sentence(
        _("Changed since you opened the form, by %(who)s. Nothing of yours was saved yet."), who=who
    )
    return DebtorChanged(message, newer, debtor.revision)


def _allowed(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in DEBTOR_FIELDS}
