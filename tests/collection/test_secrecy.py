"""A protected address: pages, papers, messages and the history keep it from those who have no need of it."""

import pypdfium2
import pytest
from django.urls import reverse
from django.utils.translation import gettext, override

from ropo_portal.documents.operations import store_document
from ropo_portal.history.models import Entry
from ropo_portal.parties.operations import change_debtor
from tests.collection.conftest import make_own_claim
from tests.collection.flags import flagged
from tests.collection.writing import noticed
from tests.factories import AT, make_user

pytestmark = pytest.mark.django_db
STREET = "Satakielenkuja 7"
PDF = b"%PDF-1.7\nsome bytes\n%%EOF\n"
SEES, HIDDEN = "clerk", "auditor"


@pytest.fixture
def claim(environment):
    """A claim of an invoice of ours whose debtor lives at a protected address."""
    found = make_own_claim(environment)
    change_debtor(
        debtor=found.debtor, revision=found.debtor.revision, values={"street": STREET}, actor=make_user(), at=AT
    )  # fmt: skip
    flagged(found.debtor, "protected-address")
    return found


def text_of(answer):
    document = pypdfium2.PdfDocument(answer.content)
    return " ".join(page.get_textpage().get_text_bounded() for page in document)


def stored(claim):
    return store_document(
        subject_type="invoices.invoice", subject_id=claim.invoice_id, creditor_id=claim.creditor_id,
        environment_id=claim.environment_id, kind="original", content=PDF, at=AT, source="ropo",
    )  # fmt: skip


@pytest.mark.parametrize(("role", "is_shown"), [(SEES, True), (HIDDEN, False), ("reader", False)])
def test_the_draft_bears_the_address_for_those_who_need_it(claim, signed_in, role, is_shown):
    letter = text_of(signed_in(role).get(reverse("invoices:draft", args=[claim.invoice_id])))
    with override("fi"):
        instead = gettext("protected address")
    assert (STREET in letter, instead in letter) == (is_shown, not is_shown)


def test_what_ropo_made_stays_closed(claim, signed_in):
    there = reverse("documents:document", args=[stored(claim).pk])
    assert [signed_in(role).get(there).status_code for role in (SEES, HIDDEN)] == [200, 403]
    preview = reverse("invoices:preview", args=[claim.invoice_id])
    assert signed_in(HIDDEN).get(preview).status_code == 403
    for page in (
        reverse("invoices:detail", args=[claim.invoice_id]),
        reverse("collection:claim", args=[claim.pk]),
    ):
        said = signed_in(HIDDEN).get(page).content.decode()
        assert ("hidden from your role" in said, there in said) == (True, False)
        assert there in signed_in(SEES).get(page).content.decode()


def test_the_proof_of_a_notice_stays_closed(environment, signed_in):
    other = make_own_claim(environment)
    proof = noticed(other, make_user()).proofs.get()
    flagged(other.debtor, "protected-address")
    there = reverse("collection:proof", args=[proof.pk])
    assert [signed_in(role).get(there).status_code for role in (SEES, HIDDEN)] == [200, 403]


def test_the_message_is_shown_without_the_address(environment, signed_in):
    other = make_own_claim(environment)
    there = reverse("submissions:detail", args=[other.invoice.submission.pk])
    street = other.debtor.street
    assert street in signed_in(HIDDEN).get(there).content.decode()
    flagged(other.debtor, "protected-address")
    assert street not in signed_in(HIDDEN).get(there).content.decode()
    assert street in signed_in(SEES).get(there).content.decode()


def test_the_history_says_that_it_changed_and_not_what(claim, signed_in):
    entry = Entry.objects.get(verb="debtor.changed", subject_id=claim.debtor_id)
    there = reverse("history:detail", args=[entry.pk])
    assert STREET not in signed_in(HIDDEN).get(there).content.decode()
    assert STREET in signed_in("approver").get(there).content.decode()


def test_an_address_that_nobody_protects_is_shown(environment, signed_in):
    other = make_own_claim(environment)
    there = reverse("documents:document", args=[stored(other).pk])
    assert signed_in(HIDDEN).get(there).status_code == 200
    draft = signed_in(HIDDEN).get(reverse("invoices:draft", args=[other.invoice_id]))
    assert other.debtor.street in text_of(draft)
