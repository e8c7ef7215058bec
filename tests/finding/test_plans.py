"""On PostgreSQL no question about a number or a beginning reads a whole table, nor does the first page of invoices or debtors."""

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection, models
from django.http import QueryDict
from django.urls import get_resolver

from ropo_portal.accounts.models import User
from ropo_portal.accounts.scope import Scope
from ropo_portal.collection import search as claims
from ropo_portal.finding import search
from ropo_portal.finding.views.desk import listing_of
from ropo_portal.invoices import search as invoices
from ropo_portal.invoices.models import Claim, Invoice
from ropo_portal.invoices.views import listing
from ropo_portal.parties.models import Debtor
from ropo_portal.submissions.models import Submission
from tests.collection.conftest import make_claim
from tests.factories import make_creditor, make_debtor, make_environment, make_invoice, make_user
from tests.submissions.stages import staged

pytestmark = [pytest.mark.django_db, pytest.mark.pg]
MANY, AT_MOST = 30_000, 700
OWED = """
INSERT INTO worklist_openitem (id, environment_id, claim_id, invoice_date, due_date, principal, amount, is_pursued,
    debtor_id, debtor_kind)
SELECT c.id, c.environment_id, c.id, c.invoice_date, c.due_date, c.principal, c.principal, c.principal > 300,
    c.debtor_id, 'company'
FROM invoices_claim c ON CONFLICT (id) DO NOTHING
"""


def multiplied(model: type[models.Model], of: Any = None, **changes: str) -> None:
    """Make many rows of the only one, or of one among several; the number of a copy is n."""
    columns = [field.column for field in model._meta.concrete_fields]
    values = [changes.get(name, f'one."{name}"') for name in columns]
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # only the plans are looked at
        cursor.execute(
            f'INSERT INTO "{model._meta.db_table}" ({names}) SELECT {", ".join(values)} '  # noqa: S608 (our own names)
            f'FROM "{model._meta.db_table}" one, generate_series(1, {MANY}) n '
            + (f"WHERE one.id = '{of}'" if of else "")
        )
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
        cursor.execute(f'ANALYZE "{model._meta.db_table}"')


def cost(plan: str) -> float:
    """Return what the planner expects the whole plan to cost."""
    return float(re.search(r"cost=[\d.]+\.\.([\d.]+)", plan)[1])  # type: ignore[index]


@pytest.fixture
def reader(environment) -> User:
    debtor = make_debtor(environment.creditor, name="Aalto Oy")
    make_invoice(environment, debtor)
    make_claim(environment, debtor)
    of_document = {
        "id": "gen_random_uuid()", "number_key": "'k' || n", "number": "'K' || n", "reference": "(7000000 + n)::text",
        "due_date": "one.due_date + n % 300", "created_at": "one.created_at + n * interval '1 minute'",
    }  # fmt: skip
    multiplied(Invoice, **of_document, total_amount="n", net_amount="n", vat_amount="0")
    multiplied(Claim, **of_document, principal="n")
    multiplied(
        Debtor, id="gen_random_uuid()", name="'Yhtiö ' || n", search_name="'yhtiö ' || md5(n::text)",
        customer_number="'C' || n", business_id="'B' || n", national_id_hash="''",
    )  # fmt: skip
    with connection.cursor() as cursor:
        # Most of what is open fell due long ago and is pursued; a little is ripe.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(OWED)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
        cursor.execute("ANALYZE worklist_openitem")
    return make_user("reader", environment.creditor)


SENT = """
UPDATE invoices_invoice i SET submission_id = s.id FROM submissions_submission s WHERE s.number_key = i.number_key
"""


@pytest.fixture
def sent(reader, environment) -> User:
    """Send every second invoice; Ropo One refused a few of them, and many of another creditor's."""
    other = make_environment(make_creditor())
    own, foreign = staged(environment, "accepted", number="1"), staged(other, "rejected", number="2")
    of_many = {
        "id": "gen_random_uuid()", "document_id": "gen_random_uuid()", "number": "'K' || 2 * n",
        "number_key": "'k' || 2 * n", "queued_at": "one.queued_at + n * interval '1 minute'",
        "recipient": "CASE n % 3000 WHEN 0 THEN 'Aalto Oy' ELSE 'Yhtiö ' || md5(n::text) END",
    }  # fmt: skip
    multiplied(
        Submission, own.pk, **of_many, state="CASE n % 3000 WHEN 0 THEN 'rejected' ELSE 'accepted' END"
    )
    multiplied(Submission, foreign.pk, **of_many | {"number_key": "'f' || n"})
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(SENT)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
        cursor.execute("ANALYZE invoices_invoice")
    return reader


def test_a_rare_state_begins_with_the_few(sent, environment):
    everything = listing.everything(environment)
    asked = {
        state: everything.standing(state, environment_id=environment.pk).order_by("-created_at", "-id")[:51]
        for state in ("rejected", "cancelled")
    }
    asked["to send"] = invoices.to_send(everything, environment_id=environment.pk)[:1001]
    asked["waits"] = Submission.objects.filter(
        environment=environment, state__in=["unconfirmed", "held"], written_off_at=None
    ).values("pk")[:1000]
    plans = {name: one.explain() for name, one in asked.items()}
    assert {name: plan for name, plan in plans.items() if cost(plan) > AT_MOST} == {}


def test_no_question_reads_a_whole_table(reader, environment):
    assert get_resolver().url_patterns  # every room has told of its lists
    asked = []
    for text in ("k1234", "K12", "7001234", "1234.00", "C1234", "1234567-1"):
        question = search.Question.of(text, Scope(reader))
        for ask in (search._invoices, search._claims, search._debtors, search._submissions):
            asked += [(text, one[:6]) for one in ask(question)]
    debtors = Debtor.objects.filter(creditor_id__in=[environment.creditor_id])
    asked.append(("aalto", debtors.beginning("aalto")[:6]))
    today = dt.date(2026, 11, 23)
    for name, address in (
        ("invoices", ""),
        ("invoices", "due_from=1.12.2026"),
        ("invoices", "state=draft"),
        ("invoices", "state=rejected"),
        ("debtors", ""),
        ("claims", ""),
        ("claims", "group=foreign"),
    ):
        known = listing_of(name)
        form = known.form(QueryDict(address), environment)
        order = ("due_date", "id") if "due" in address else known.order
        asked.append((f"{name}?{address}", known.rows(form, environment, today).order_by(*order)[:51]))
    unsent = invoices.to_send(listing.everything(environment), environment_id=environment.pk)
    asked.append(("to send", unsent[:1001]))
    ripe = claims.in_group(Claim.objects.all(), "reminder", environment=environment, today=today)
    asked.append(("to remind", ripe.order_by().values("pk")[:1001]))
    plans = {(text, str(one.query)[:200]): one.explain() for text, one in asked}
    # A scan that stops after six of many hits is cheap; reading a whole table of this size costs above a thousand.
    assert {key: plan for key, plan in plans.items() if cost(plan) > AT_MOST} == {}
