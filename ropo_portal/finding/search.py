"""Room: one search over every room: digits walk the indexes of numbers, words those of names, never both at once."""

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language

from ropo_portal import money
from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.accounts.scope import Scope
from ropo_portal.errors import DomainError
from ropo_portal.identifiers import canonical_reference, normalized_number
from ropo_portal.invoices.models import Claim, Invoice
from ropo_portal.parties.models import Debtor
from ropo_portal.submissions.models import Submission

LONGEST = 100
KINDS = ("invoice", "claim", "debtor", "submission")
Questions = Iterator[QuerySet[Any]]


@dataclass(frozen=True)
class Group:
    """What was found of one kind; `has_more` when not all of it is here."""

    kind: str
    rows: Sequence[Any]
    has_more: bool


@dataclass(frozen=True)
class Question:
    """What somebody typed, and where she may look."""

    text: str
    environments: tuple[CreditorEnvironment, ...]

    @classmethod
    def of(cls, text: str, scope: Scope) -> "Question":
        """Read what was typed; the search reaches every environment the reader may see documents of."""
        readable = "".join(character for character in text[:LONGEST] if character.isprintable()).strip()
        places = [one for one in scope.environments if scope.may("document.view", one.creditor_id)]
        return cls(readable, tuple(places))

    @property
    def is_about_a_number(self) -> bool:
        """Whether digits were typed."""
        return any(character.isdigit() for character in self.text)

    @cached_property
    def number(self) -> str:
        """The number as numbers are compared."""
        return normalized_number(self.text)

    @cached_property
    def references(self) -> set[str]:
        """The reference in both ways it may be stored."""
        canonical = canonical_reference(self.text)
        is_one = canonical.isascii() and any(character.isdigit() for character in canonical)
        return {canonical, canonical.lstrip("0")} if is_one else set()

    @cached_property
    def amount(self) -> Decimal | None:
        """The sum it may be."""
        try:
            return money.parse_amount(self.text, get_language() or "en")
        except DomainError:
            return None

    @property
    def environment_ids(self) -> list[uuid.UUID]:
        """Where documents are looked for."""
        return [one.pk for one in self.environments]

    @property
    def creditor_ids(self) -> list[uuid.UUID]:
        """Whose debtors are looked for."""
        return list({one.creditor_id for one in self.environments})

    def is_met_by(self, row: Any) -> bool:
        """Whether the row has exactly this number, reference, job or customer number."""
        if isinstance(row, Debtor):
            return self.is_about_a_number and self.text.casefold() in {
                row.customer_number.casefold(),
                row.business_id.casefold(),
            }
        names = {getattr(row, "reference", ""), getattr(row, "ropo_job_id", "")}
        return row.number_key == self.number or bool(names & (self.references | {self.text}))


def found(question: Question, *, most: int) -> list[Group]:
    """Return what is found, by kind; the sort of question that fits what was typed is asked first."""
    if not question.text or not question.environments:
        return []
    first, second = (_by_number, _by_name) if question.is_about_a_number else (_by_name, _by_number)
    return first(question, most) or second(question, most)


def the_one(question: Question, groups: Sequence[Group]) -> tuple[str, Any] | None:
    """Return the one thing that is called exactly so; a claim and a submission follow their invoice."""
    for kinds in (("invoice", "claim"), ("submission",), ("debtor",)):
        exact = [
            (group.kind, row)
            for group in groups
            if group.kind in kinds
            for row in group.rows
            if question.is_met_by(row)
        ]
        invoices = {row.pk for kind, row in exact if kind == "invoice"}
        exact = [one for one in exact if one[0] != "claim" or one[1].invoice_id not in invoices]
        if exact:
            return exact[0] if len(exact) == 1 else None
    return None


def _by_number(question: Question, most: int) -> list[Group]:
    asked: dict[str, Callable[[Question], Questions]] = {
        "invoice": _invoices, "claim": _claims, "debtor": _debtors, "submission": _submissions,
    }  # fmt: skip
    groups = _groups({kind: ask(question) for kind, ask in asked.items()}, most)
    return groups or _groups(
        {"invoice": _summing(question, Invoice), "claim": _summing(question, Claim)}, most
    )


def _by_name(question: Question, most: int) -> list[Group]:
    words = question.text.casefold()
    debtors = Debtor.objects.filter(creditor_id__in=question.creditor_ids)
    groups = _groups({"debtor": iter([debtors.beginning(words), debtors.named(words)])}, most)
    if not groups:
        return []
    owing = [debtor.pk for debtor in groups[0].rows]
    newest = _documents(Invoice, question).filter(debtor_id__in=owing).order_by("-invoice_date", "-id")
    return [*groups, *_groups({"invoice": iter([newest])}, most)]


def _groups(asked: dict[str, Questions], most: int) -> list[Group]:
    gathered = {kind: _gathered(questions, most + 1) for kind, questions in asked.items()}
    return [Group(kind, rows[:most], len(rows) > most) for kind, rows in gathered.items() if rows]


def _gathered(questions: Iterable[QuerySet[Any]], most: int) -> list[Any]:
    """Ask until there is enough; what the nearer question found stands first."""
    rows: dict[Any, Any] = {}
    for question in questions:
        rows |= {row.pk: row for row in question[:most] if row.pk not in rows}
        if len(rows) >= most:
            break
    return list(rows.values())[:most]


def _invoices(question: Question) -> Questions:
    rows = _documents(Invoice, question)
    if question.number:
        yield rows.filter(number_key=question.number)
    if question.references:
        yield rows.filter(reference__in=question.references)
    if question.number:
        yield rows.filter(number_key__startswith=question.number)
    if question.amount is not None and _is_written_as_money(question.text):
        yield from _summing(question, Invoice)


def _claims(question: Question) -> Questions:
    rows = _documents(Claim, question)
    if question.number:
        yield rows.filter(number_key=question.number)
    if question.references:
        yield rows.filter(reference__in=question.references)
    if question.number:
        yield rows.filter(number_key__startswith=question.number)
    if question.amount is not None and _is_written_as_money(question.text):
        yield from _summing(question, Claim)


def _submissions(question: Question) -> Questions:
    rows = Submission.objects.filter(environment_id__in=question.environment_ids).defer("payload")
    yield rows.filter(ropo_job_id=question.text).exclude(ropo_job_id="")
    if question.number:
        yield rows.filter(number_key=question.number).order_by("-queued_at", "-id")


def _debtors(question: Question) -> Questions:
    yield from Debtor.objects.filter(creditor_id__in=question.creditor_ids).numbered(question.text)


def _summing(question: Question, model: Any) -> Questions:
    name = "total_amount" if model is Invoice else "principal"
    if question.amount is not None:
        yield _documents(model, question).filter(**{name: question.amount})


def _documents(model: Any, question: Question) -> QuerySet[Any]:
    rows: QuerySet[Any] = model.objects.filter(environment_id__in=question.environment_ids).select_related(
        "debtor"
    )
    if model is Invoice:
        rows = rows.filter(discarded_at=None).select_related("submission").defer("submission__payload")
    return rows


def _is_written_as_money(text: str) -> bool:
    return "," in text or "." in text
