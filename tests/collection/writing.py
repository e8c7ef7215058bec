"""Documents written as far as a test needs them."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from ropo_portal.collection.models import DebtCollectionCase, Reminder
from ropo_portal.collection.operations import add_proof, change_case, propose_case, start_case, start_reminder
from ropo_portal.invoices.models import Claim
from ropo_portal.rules.models import LegalRule
from tests.factories import AT, make_user

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
NOTICE = {
    "notice_date": dt.date(2026, 10, 20),
    "notice_channel": "post",
    "notice_address": "Satamakatu 1, Turku",
}


def let_reminders_go(country: str) -> None:
    """Write the rules again which the emptying of tables took along: a reminder may go from the due date on."""
    day = dt.date(2020, 1, 1)
    for kind in ("company", "person"):
        wait = {"country": country, "debtor_kind": kind, "step": "reminder"}
        if not LegalRule.objects.filter(**wait).exists():
            facts = {"name": "x", "after": "due_date", "days": 0, "is_confirmed": True}
            LegalRule.objects.create(valid_from=day, checked_on=day, **facts, **wait)


def started(claim: Claim) -> Reminder:
    """Return a reminder that was begun."""
    return start_reminder(claim=claim, actor=make_user(), at=AT)


def noticed(claim: Claim, actor: Any, *, proof: bool = True, **fields: Any) -> DebtCollectionCase:
    """Return a debt collection with the notice written down, and a proof of it."""
    case = start_case(claim=claim, actor=actor, at=AT)
    case = change_case(case=case, revision=case.revision, actor=actor, at=AT, **NOTICE | fields)
    if proof:
        add_proof(case=case, name="muistutus.pdf", content=PDF, actor=actor, at=AT)
        case.refresh_from_db()
    return case


def proposed(claim: Claim, actor: Any) -> DebtCollectionCase:
    """Return a debt collection that waits for a second person."""
    case = noticed(claim, actor)
    return propose_case(case=case, revision=case.revision, actor=actor, at=AT)


def refuses(error: type[Exception], code: str, act: Callable[..., Any], *args: Any, **fields: Any) -> Any:
    """Expect a refusal with its code, and return it."""
    with pytest.raises(error) as caught:
        act(*args, **fields)
    assert caught.value.code == code  # type: ignore[attr-defined]
    return caught.value


def codes(caught: Any) -> list[tuple[str, str]]:
    """Return code and field of each reason."""
    return [(one.code, one.field) for one in caught.value.refusals]
