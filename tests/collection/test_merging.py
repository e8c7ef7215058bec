"""Two rows of one debtor become one; nothing that was sent changes."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from ropo_portal.collection.messages import reminder_message
from ropo_portal.collection.models import Reminder
from ropo_portal.collection.operations import CannotMerge, merge_debtors
from ropo_portal.history.models import Entry
from ropo_portal.invoices.models import Claim, Invoice
from ropo_portal.parties.models import Debtor, Flag
from tests.collection.conftest import TODAY, make_claim, make_own_claim
from tests.collection.flags import flagged, queued_invoice
from tests.collection.writing import refuses, started
from tests.factories import AT, make_debtor, make_invoice, make_user

pytestmark = pytest.mark.django_db
OTHER_ID = "2262509-5"


@pytest.fixture
def pair(creditor):
    return make_debtor(creditor, name="Aalto Oy"), make_debtor(
        creditor, name="Aalto Oy", street="Uusi katu 2"
    )


def merged(double, kept, **fields):
    facts = {
        "reason": "the same company",
        "confirms_ids": False,
        "today": TODAY,
        "actor": make_user(),
        "at": AT,
    }
    return merge_debtors(double=double, kept=kept, **facts | fields)


def test_drafts_turn_and_what_was_sent_stays(environment, pair):
    double, kept = pair
    draft, waiting = make_invoice(environment, double), queued_invoice(environment, debtor=double)
    claim = make_own_claim(environment, debtor=double)
    before = {
        model: list(model.objects.exclude(pk=draft.pk).order_by("pk").values()) for model in (Invoice, Claim)
    }
    merged(double, kept)
    assert Invoice.objects.get(pk=draft.pk).debtor == kept
    assert {m: list(m.objects.exclude(pk=draft.pk).order_by("pk").values()) for m in before} == before
    assert (waiting.invoice.debtor, claim.debtor) == (double, double)
    double.refresh_from_db()
    assert (double.merged_into, double.merged_at, double.current) == (kept, AT, kept)
    told = Entry.objects.filter(verb__in=["debtor.merged", "debtor.absorbed"]).values_list(
        "verb", "subject_id"
    )
    assert dict(told) == {"debtor.merged": double.pk, "debtor.absorbed": kept.pk}


def test_a_new_letter_about_an_old_claim_goes_to_the_kept_address(environment, pair):
    double, kept = pair
    reminder = started(make_claim(environment, double))
    merged(double, kept)
    message = reminder_message(Reminder.objects.with_claim().get(pk=reminder.pk))
    assert b"Uusi katu 2" in message.to_bytes()


def test_flags_turn_and_hold_for_the_claims_of_the_double(environment, pair):
    double, kept = pair
    waiting = queued_invoice(environment, debtor=kept)
    flagged(double, "deceased")
    merged(double, kept)
    assert list(Flag.objects.filter(debtor=kept).values_list("kind", flat=True)) == ["deceased"]
    waiting.refresh_from_db()
    assert waiting.state == "cancelled"


def test_a_double_of_a_double_follows(creditor, pair):
    first, second = pair
    third = make_debtor(creditor)
    merged(first, second)
    merged(second, third)
    first.refresh_from_db()
    assert first.merged_into == third
    assert set(third.with_doubles()) == {first.pk, second.pk, third.pk}


def test_what_is_never_one(creditor, pair):
    double, kept = pair
    refuses(CannotMerge, "stranger", merged, double, double)
    refuses(CannotMerge, "stranger", merged, double, make_debtor())
    refuses(CannotMerge, "kind", merged, double, make_debtor(creditor, kind="person"))
    refuses(CannotMerge, "no_reason", merged, double, kept, reason=" ")
    different = make_debtor(creditor, business_id=OTHER_ID)
    refuses(CannotMerge, "different_ids", merged, double, different)
    merged(double, different, confirms_ids=True)
    refuses(CannotMerge, "merged_already", merged, double, kept)


def test_the_database_gives_a_double_nothing_new(environment, pair):
    double, kept = pair
    sent, other = make_own_claim(environment, debtor=double).invoice, make_invoice(environment, kept)
    merged(double, kept)
    for act in (
        lambda: make_claim(environment, double),
        lambda: Invoice.objects.filter(pk=other.pk).update(debtor=double),
        lambda: Debtor.objects.filter(pk=kept.pk).update(merged_into=double),
        lambda: Debtor.objects.filter(pk=double.pk).update(merged_into=None),
        lambda: Debtor.objects.filter(pk=other.debtor_id).update(merged_into=make_debtor()),
    ):
        with pytest.raises(DatabaseError, match="debtor:"), transaction.atomic():
            act()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE invoices_invoice SET revision = revision")
    assert Invoice.objects.get(pk=sent.pk).debtor == double


def test_the_screen_shows_what_moves_and_merges(signed_in, environment, pair):
    double, kept = pair
    draft = make_invoice(environment, double)
    there = reverse("collection:merge", args=[double.pk, kept.pk])
    browser = signed_in("sender")
    assert there in browser.get(reverse("collection:merge-choose", args=[double.pk])).content.decode()
    assert there in browser.get(reverse("parties:debtor-detail", args=[double.pk])).content.decode()
    assert draft.number in browser.get(there).content.decode()
    assert browser.post(there, {"reason": ""}).status_code == 422
    assert browser.post(there, {"reason": "the same company", "confirms_ids": "1"}).status_code == 403
    assert browser.post(there, {"reason": "the same company"}).status_code == 303
    page = browser.get(reverse("parties:debtor-detail", args=[double.pk])).content.decode()
    assert reverse("parties:debtor-detail", args=[kept.pk]) in page
    assert 'data-key="e"' not in page


@pytest.mark.parametrize("role", ["reader", "clerk", "administrator", "auditor"])
def test_merging_is_not_for_everybody(signed_in, pair, role):
    there = reverse("collection:merge", args=[pair[0].pk, pair[1].pk])
    assert signed_in(role).post(there, {"reason": "the same company"}).status_code == 403


def test_a_foreign_debtor_is_no_double(signed_in, pair):
    browser = signed_in("approver")
    for ids in ([pair[0].pk, make_debtor().pk], [make_debtor().pk, pair[0].pk]):
        assert browser.post(reverse("collection:merge", args=ids), {"reason": "the same"}).status_code == 404


@pytest.mark.parametrize(("role", "sees"), [("reader", False), ("auditor", False), ("clerk", True)])
def test_a_protected_address_is_hidden_from_those_who_need_it_not(signed_in, environment, role, sees):
    debtor = make_debtor(environment.creditor, street="Salainen polku 9", city="Piilola")
    claim, invoice = make_claim(environment, debtor), make_invoice(environment, debtor)
    flagged(debtor, "protected-address")
    browser = signed_in(role)
    for name, args in (
        ("parties:debtor-detail", [debtor.pk]), ("parties:debtor-list", []), ("parties:debtor-options", []),
        ("collection:claim", [claim.pk]), ("invoices:detail", [invoice.pk]), ("invoices:list", []),
    ):  # fmt: skip
        page = browser.get(reverse(name, args=args)).content.decode()
        assert not ("Piilola" in page and not sees), name
    assert (
        "Salainen" in browser.get(reverse("parties:debtor-detail", args=[debtor.pk])).content.decode()
    ) == sees
