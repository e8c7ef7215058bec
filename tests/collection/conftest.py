"""Overdue claims of every country, and the people who move them on."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.invoices.models import Claim
from ropo_portal.invoices.operations import claim_of, open_claim, post_invoice
from ropo_portal.parties.models import Debtor
from tests.factories import AT, make_debtor, make_environment, make_invoice, make_user
from tests.invoices.settling import settle

TODAY = dt.date(2026, 11, 23)
DUE = dt.date(2026, 10, 1)


def make_claim(
    environment: CreditorEnvironment | None = None, debtor: Debtor | None = None, **fields: Any
) -> Claim:
    """Return a claim that was invoiced elsewhere and fell due on the first of October."""
    environment = environment or make_environment()
    facts: dict[str, Any] = {
        "debtor": debtor or make_debtor(environment.creditor), "number": "X-17", "reference": "1232",
        "invoice_date": dt.date(2026, 9, 1), "due_date": DUE, "principal": Decimal("250.00"), **fields,
    }  # fmt: skip
    return open_claim(environment=environment, actor=make_user(), at=AT, **facts)


def make_sent_invoice(environment: CreditorEnvironment, **fields: Any) -> Any:
    """Return an invoice of ours that Ropo One has taken, due on the first of October."""
    days = {"invoice_date": dt.date(2026, 9, 1), "due_date": DUE, **fields}
    invoice = make_invoice(environment, **days)
    settle(
        post_invoice(invoice=invoice, revision=1, actor=make_user(), at=AT), "accepted", ropo_job_id="4410233"
    )
    invoice.refresh_from_db()
    return invoice


def make_own_claim(environment: CreditorEnvironment, **fields: Any) -> Claim:
    """Return the claim of an invoice of ours."""
    return claim_of(invoice=make_sent_invoice(environment, **fields), actor=make_user(), at=AT)


@pytest.fixture
def claim(environment: CreditorEnvironment) -> Claim:
    return make_claim(environment)


@pytest.fixture
def people(user_as: Callable[[str], Any]) -> dict[str, Any]:
    """A sender and an approver of the creditor."""
    return {role: user_as(role) for role in ("sender", "approver")}
