"""What an import costs the database, in rows looked at: the price of one invoice does not grow with the file."""

import pytest
from django.db import connection

from ropo_portal.invoices.models import Invoice
from tests.imports.conftest import invoices, made

pytestmark = [pytest.mark.django_db, pytest.mark.pg]
MANY = 150


def looked_at(table):
    """Rows of a table that this transaction has fetched by its indexes and walked over."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COALESCE(idx_tup_fetch, 0) + seq_tup_read FROM pg_stat_xact_user_tables WHERE relname = %s",
            [table],
        )
        return cursor.fetchone()[0]


def test_rules_find_one_debtor_and_not_all_of_them(staged):
    own = [
        row
        | {
            "debtor_number": f"N{place}",
            "debtor_id": "",
            "debtor_name": f"Oma {place} Oy",
            "debtor_kind": "company",
        }
        for place, row in enumerate(invoices(MANY))
    ]
    names = tuple(name for name in own[0] if name != "debtor_id")
    with connection.cursor() as cursor:
        # Neither the few pages of a small table nor plans of earlier tests shall decide.
        cursor.execute("DISCARD PLANS; SET LOCAL enable_seqscan = off")
    batch = staged(own, names=names)
    before = looked_at("parties_debtor"), looked_at("invoices_invoice")
    made(batch)
    after = looked_at("parties_debtor"), looked_at("invoices_invoice")
    assert Invoice.objects.count() == MANY
    each = [(new - old) / MANY for new, old in zip(after, before, strict=True)]
    assert all(count < 30 for count in each), each
