"""One document of every kind, queued by the operations that people's screens use."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from importlib import import_module
from typing import Any

from django.apps import apps
from django.utils import timezone

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.collection.operations import (
    add_proof,
    approve_case,
    change_case,
    post_reminder,
    propose_case,
    start_case,
    start_reminder,
)
from ropo_portal.invoices.models import Claim
from ropo_portal.invoices.operations import (
    note_allocation,
    note_payment,
    open_claim,
    post_allocation,
    post_invoice,
    post_payment,
)
from ropo_portal.rules.models import LegalRule
from ropo_portal.submissions.models import Submission
from tests import factories
from tests.collection.writing import PDF

DAY = dt.timedelta(days=1)
REFERENCES = {"1": "1232", "2": "1245", "3": "1258", "4": "1261"}


def lay_down_the_law() -> None:
    """Put the rules back: an emptied database has lost what its migrations put there."""
    if not LegalRule.objects.exists():
        import_module("ropo_portal.rules.migrations.0004_first_set_of_rules").add_rules(apps, None)


def foreign_claim(environment: CreditorEnvironment, last: str = "1", **debtor: Any) -> Claim:
    """Return a claim that was invoiced elsewhere, sixty days overdue."""
    at = timezone.now()
    today = environment.today(at)
    owing = {"kind": "person", "customer_number": f"A-{last}"} | debtor
    return open_claim(
        environment=environment, debtor=factories.make_debtor(environment.creditor, **owing),
        number=f"A-2026-{last}", reference=REFERENCES[last], principal=Decimal("250.00"),
        invoice_date=today - 90 * DAY, due_date=today - 60 * DAY, actor=factories.make_user(), at=at,
    )  # fmt: skip


def reminded(environment: CreditorEnvironment, last: str) -> Submission:
    actor, at = factories.make_user(), timezone.now()
    reminder = start_reminder(claim=foreign_claim(environment, last), actor=actor, at=at)
    return post_reminder(reminder=reminder, revision=reminder.revision, actor=actor, at=at)


def handed_over(environment: CreditorEnvironment, last: str) -> Submission:
    actor, at = factories.make_user("sender", environment.creditor), timezone.now()
    other = factories.make_user("approver", environment.creditor)
    case = start_case(claim=foreign_claim(environment, last), actor=actor, at=at)
    notice = {
        "notice_date": environment.today(at) - 30 * DAY,
        "notice_channel": "post",
        "notice_address": "Katu 1",
    }
    case = change_case(case=case, revision=case.revision, actor=actor, at=at, **notice)
    add_proof(case=case, name="muistutus.pdf", content=PDF, actor=actor, at=at)
    case.refresh_from_db()
    case = propose_case(case=case, revision=case.revision, actor=actor, at=at)
    return approve_case(case=case, fingerprint=case.fingerprint, actor=other, at=at)


def invoiced(environment: CreditorEnvironment) -> Submission:
    debtor = factories.make_debtor(environment.creditor, customer_number="A-9")
    invoice = factories.make_invoice(environment, debtor)
    return post_invoice(invoice=invoice, revision=1, actor=factories.make_user(), at=timezone.now())


def paid(claim: Claim) -> Submission:
    actor, at = factories.make_user(), timezone.now()
    day = claim.environment.today(at)
    payment = note_payment(claim=claim, amount=Decimal("100.00"), paid_date=day, actor=actor, at=at)
    return post_payment(payment=payment, actor=actor, at=at)


def credited(claim: Claim) -> Submission:
    actor, at = factories.make_user(), timezone.now()
    facts = {"amount": Decimal("100.00"), "date": claim.environment.today(at), "credit_note_number": "H-1"}
    allocation = note_allocation(claim=claim, actor=actor, at=at, **facts)
    return post_allocation(allocation=allocation, actor=actor, at=at)


def all_kinds(
    environment: CreditorEnvironment, worker: Callable[[], None]
) -> dict[str, Callable[[], Submission]]:
    """
    Return for every kind what queues one document of it.

    What is paid and credited is with Ropo One already, taken by it in its usual words.
    """
    lay_down_the_law()
    known = {name: reminded(environment, last) for name, last in (("paid", "3"), ("credited", "4"))}
    worker()
    claims = {name: Claim.objects.get(number=row.number) for name, row in known.items()}
    return {
        "invoice": lambda: invoiced(environment),
        "reminder": lambda: reminded(environment, "1"),
        "debt-collection": lambda: handed_over(environment, "2"),
        "bypass-payment": lambda: paid(claims["paid"]),
        "credit-allocation": lambda: credited(claims["credited"]),
    }
