"""Support sees claims, steps, proofs and overrides, changes none of them, and never opens a proof."""

import pytest
from django.test import Client
from django.urls import reverse

from ropo_portal.collection.operations import propose_override
from tests.collection.writing import noticed
from tests.factories import AT, make_user

pytestmark = pytest.mark.django_db
MODELS = ["invoices_claim", "collection_proof", "collection_override", "collection_debtcollectioncase"]


@pytest.fixture
def support():
    browser = Client()
    browser.force_login(make_user(is_staff=True, is_superuser=True))
    return browser


@pytest.fixture
def keys(claim, people):
    case = noticed(claim, people["sender"])
    override = propose_override(
        claim=claim, step="reminder", reason="we agreed", actor=people["sender"], at=AT
    )
    proof = case.proofs.get()
    return dict(zip(MODELS, (claim.pk, proof.pk, override.pk, case.pk), strict=True))


@pytest.mark.parametrize("name", MODELS)
def test_support_reads_and_writes_nothing(support, keys, name):
    one = reverse(f"admin:{name}_change", args=[keys[name]])
    assert support.get(reverse(f"admin:{name}_changelist"), {"q": "X-17"}).status_code == 200
    shown = support.get(one)
    assert shown.status_code == 200
    assert 'name="_save"' not in shown.content.decode()
    assert "%PDF" not in shown.content.decode()
    assert support.get(reverse(f"admin:{name}_add")).status_code == 403
    assert support.post(one, {}).status_code == 403
    assert (
        support.post(reverse(f"admin:{name}_delete", args=[keys[name]]), {"post": "yes"}).status_code == 403
    )


@pytest.mark.parametrize("name", MODELS)
def test_others_stay_out(signed_in, keys, name):
    assert signed_in("administrator").get(reverse(f"admin:{name}_changelist")).status_code == 302
