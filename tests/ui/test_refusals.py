"""Whoever is turned away gets a whole page in her own words, and nothing is counted for it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

pytestmark = pytest.mark.django_db
NOWHERE = "/parties/debtors/00000000-0000-7000-8000-000000000000"


@pytest.mark.parametrize(
    ("role", "address", "status"),
    [
        ("sender", NOWHERE, 404),
        ("sender", "/no/such/page", 404),
        ("auditor", "/invoices/new", 403),
    ],
)
def test_a_refusal_counts_nothing(signed_in, role, address, status):
    reader = signed_in(role)
    with CaptureQueriesContext(connection) as plain:
        page = reader.get(reverse("invoices:list"))
    with CaptureQueriesContext(connection) as found:
        refused = reader.get(address)
    counted = [one["sql"] for one in plain if "submissions_submission" in one["sql"]]
    assert (page.status_code, bool(counted)) == (200, True)
    assert refused.status_code == status
    assert [one["sql"] for one in found if "submissions_submission" in one["sql"]] == []
    assert f">{status}<" in refused.content.decode()
    assert 'class="nav' in refused.content.decode()
