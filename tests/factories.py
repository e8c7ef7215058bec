"""Rows for tests, one plain function a noun: every argument has a default, and nothing happens by surprise."""

import datetime as dt
import json
from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from typing import Any

from django.db import transaction

from ropo_portal.accounts.models import Creditor, CreditorEnvironment, Membership, User
from ropo_portal.accounts.operations import confirm_live, propose_live
from ropo_portal.encryption import keyed_hash
from ropo_portal.identifiers import new_id
from ropo_portal.invoices.content import InvoiceContent, RowContent
from ropo_portal.invoices.models import Invoice
from ropo_portal.invoices.operations import create_invoice
from ropo_portal.parties.models import NATIONAL_ID_PURPOSE, Debtor
from ropo_portal.submissions.models import Kind, Submission
from ropo_portal.submissions.operations import enqueue

AT = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
PASSWORD = "correct horse battery"
_numbers = count(1)

# A valid company, account and address for each country.
HOMES: dict[str, dict[str, Any]] = {
    "FI": {
        "business_id": "2077474-0", "iban": "FI2112345600000785", "bic": "NDEAFIHH", "reference_kind": "viite",
        "default_vat_rate": Decimal("25.5"), "street": "Mannerheimintie 1", "postcode": "00100", "city": "Helsinki",
    },
    "SE": {
        "business_id": "556703-7485", "iban": "SE4550000000058398257466", "bic": "ESSESESS", "reference_kind": "ocr",
        "default_vat_rate": Decimal(25), "street": "Kungsgatan 1", "postcode": "11143", "city": "Stockholm",
    },
    "NO": {
        "business_id": "974760673", "iban": "NO9386011117947", "bic": "DNBANOKK", "reference_kind": "kid10",
        "default_vat_rate": Decimal(25), "street": "Karl Johans gate 1", "postcode": "0154", "city": "Oslo",
    },
}  # fmt: skip
NATIONAL_IDS = {"FI": "131052-308T", "SE": "19640823-3234", "NO": "11077941012"}


def make_creditor(country: str = "FI", **fields: Any) -> Creditor:
    """Return a creditor at home in a country."""
    fields = {
        "name": f"Creditor {next(_numbers)}",
        "country": country,
        "hold_seconds": 0,
        **HOMES[country],
        **fields,
    }
    return Creditor.objects.create(**fields)


def make_environment(
    creditor: Creditor | None = None, name: str = "sandbox", **fields: Any
) -> CreditorEnvironment:
    """Return an environment with credentials of an account of its own."""
    fields = {"cid": f"90{next(_numbers):05}", "apicode": "secret-of-the-sandbox", **fields}
    return CreditorEnvironment.objects.create(creditor=creditor or make_creditor(), name=name, **fields)


def make_user(role: str | None = None, creditor: Creditor | None = None, **fields: Any) -> User:
    """Return a user, and let her belong to the creditor if a role is given."""
    number = next(_numbers)
    name = fields.pop("name", f"{(role or 'user').title()} {number}")
    user = User.objects.create_user(f"user{number}@example.com", PASSWORD, name=name, **fields)
    if role and creditor:
        Membership.objects.create(user=user, creditor=creditor, role=role)
    return user


def make_debtor(creditor: Creditor | None = None, *, kind: str = "company", **fields: Any) -> Debtor:
    """Return a company, or with `kind="person"` somebody with an identity code."""
    creditor = creditor or make_creditor()
    home = HOMES[creditor.country]
    fields = {
        "name": f"Debtor {next(_numbers)}",
        "street": home["street"], "postcode": home["postcode"], "city": home["city"], "country": creditor.country,
        "created_at": AT, **fields,
    }  # fmt: skip
    if kind == "company":
        fields.setdefault("business_id", home["business_id"])
    else:
        fields.setdefault("national_id", NATIONAL_IDS[creditor.country])
        fields["national_id_hash"] = keyed_hash(NATIONAL_ID_PURPOSE, fields["national_id"])
    fields.setdefault("search_name", fields["name"].casefold())
    return Debtor.objects.create(creditor=creditor, kind=kind, **fields)


@dataclass(frozen=True)
class RawMessage:
    """A valid print invoice as Ropo would take it, by number."""

    number: str
    amount: Decimal = Decimal("125.50")
    customer_number: str = "A-1"
    person: str = "Aino Esimerkki"
    endpoint: str = "jobs"

    def to_bytes(self) -> bytes:
        """The frozen bytes."""
        job = {
            "jobtype": "300", "customertype": "2", "person": self.person, "custnum": self.customer_number,
            "address": "Rantakatu 14", "postcode": "00560", "city": "HELSINKI", "addresscountry": "FIN",
            "billnum": self.number, "billcode": "202601171", "billdate": "2026-11-23", "paydate": "2026-12-07",
            "sendtype": "post", "checkbillnum": "1",
            "payrow": [{"desc": "Nuohous", "count": "1", "amount": "100.00", "taxpr": "25.5"}],
        }  # fmt: skip
        return json.dumps({"datastream": {"dataset": [job]}}).encode()


def queue(environment: CreditorEnvironment, *, number: str | None = None, **fields: Any) -> Submission:
    """Queue a print invoice of an invented document."""
    number = number or f"T{next(_numbers)}"
    message = RawMessage(number, person=fields.pop("person", "Aino Esimerkki"))
    facts: dict[str, Any] = {
        "kind": Kind.INVOICE, "document_id": new_id(), "environment": environment, "number": number,
        "message": message, "amount": message.amount, "recipient": message.person,
        "customer_number": message.customer_number, "previous": None, "at": AT, **fields,
    }  # fmt: skip
    facts.setdefault("actor", make_user("sender", environment.creditor))
    with transaction.atomic():
        return enqueue(**facts)


def make_content(debtor: Debtor, **fields: Any) -> InvoiceContent:
    """Return what a clerk writes: one row of 100.00 with the creditor's usual rate, due in fourteen days."""
    today = AT.date()
    row = RowContent("Consulting", Decimal(100), debtor.creditor.default_vat_rate)
    facts: dict[str, Any] = {
        "debtor": debtor, "invoice_date": today, "due_date": today + dt.timedelta(days=14), "rows": (row,), **fields,
    }  # fmt: skip
    return InvoiceContent(**facts)


def make_invoice(
    environment: CreditorEnvironment | None = None, debtor: Debtor | None = None, **fields: Any
) -> Invoice:
    """Return a draft with a number of its own, made by the operation; `fields` are those of its content."""
    environment = environment or make_environment()
    content = make_content(debtor or make_debtor(environment.creditor), **fields)
    return create_invoice(environment=environment, content=content, actor=make_user(), at=AT)


def make_live(environment: CreditorEnvironment, *, at: dt.datetime = AT) -> CreditorEnvironment:
    """Let two people switch a production environment live, the only way there is."""
    rows = CreditorEnvironment.objects.filter(pk=environment.pk)
    rows.update(last_checked_at=at, last_check_ok=True)
    boss, other = (make_user("administrator", environment.creditor) for _ in range(2))
    switch = propose_live(environment=rows.get(), reason="we begin", actor=boss, at=at)
    return confirm_live(switch=switch, actor=other, at=at)
