"""A debtor is named by key, or by a text that only one of the creditor's debtors answers to."""

import uuid

import pytest
from django import forms
from django.test import Client
from django.urls import reverse

from ropo_portal.invoices.models import Claim, Invoice
from ropo_portal.parties.models import Debtor
from ropo_portal.ui.naming import NamingField
from tests.factories import make_creditor, make_debtor
from tests.invoices.test_forms import typed

pytestmark = pytest.mark.django_db


class Naming(forms.Form):
    """A form that asks for a debtor and nothing else."""

    debtor = NamingField(queryset=Debtor.objects.none(), words="Choose")


def named(creditor, **posted):
    form = Naming(posted)
    form.fields["debtor"].queryset = Debtor.objects.kept().filter(creditor=creditor)
    return form


def chosen(form):
    return form.cleaned_data["debtor"] if form.is_valid() else None


@pytest.fixture
def aalto(creditor):
    return make_debtor(creditor, name="Aalto Oy", customer_number="A-7")


@pytest.mark.parametrize("text", ["Aalto Oy", "  aalto   OY ", "A-7", "a-7"])
def test_a_whole_name_or_number_is_enough(creditor, aalto, text):
    form = named(creditor, debtor="", debtor_text=text)
    assert (chosen(form), str(form["debtor"].value())) == (aalto, str(aalto.pk))


def test_an_identity_code_is_found_by_its_keyed_hash(creditor):
    person = make_debtor(
        creditor, kind="person", name="Aino Laine", business_id="", national_id="131052-308T"
    )
    assert chosen(named(creditor, debtor="", debtor_text="131052-308T")) == person


@pytest.mark.parametrize("text", ["Aalto", "alto o"])
def test_a_part_of_a_name_is_only_offered(creditor, aalto, text):
    form = named(creditor, debtor="", debtor_text=text)
    assert chosen(form) is None
    assert form.fields["debtor"].offered == [aalto]


def test_several_are_offered_and_one_of_them_is_taken(creditor, aalto):
    twin = make_debtor(creditor, name="Aalto Oy")
    form = named(creditor, debtor="", debtor_text="Aalto Oy")
    assert chosen(form) is None
    assert (set(form.fields["debtor"].offered), form["debtor"].value()) == ({aalto, twin}, "")
    assert chosen(named(creditor, debtor="", debtor_text="Aalto Oy", debtor_choice=str(twin.pk))) == twin


def test_a_choice_that_was_not_offered_is_none(creditor, aalto):
    make_debtor(creditor, name="Aalto Oy")
    other = make_debtor(creditor, name="Virta Oy")
    foreign = make_debtor(make_creditor(name="Foreign Oy"), name="Aalto Oy")
    for stranger in (other, foreign):
        assert not chosen(named(creditor, debtor="", debtor_text="Aalto Oy", debtor_choice=str(stranger.pk)))


def test_what_was_typed_is_never_overruled_by_an_older_key(creditor, aalto):
    virta = make_debtor(creditor, name="Virta Oy")
    assert chosen(named(creditor, debtor=str(aalto.pk), debtor_text="Virta Oy")) == virta
    for text in ("Nobody", "", "\0"):
        assert chosen(named(creditor, debtor=str(aalto.pk), debtor_text=text)) is None


def test_of_two_with_one_name_the_key_decides(creditor, aalto):
    make_debtor(creditor, name="Aalto Oy")
    assert chosen(named(creditor, debtor=str(aalto.pk), debtor_text="Aalto Oy")) == aalto
    assert chosen(named(creditor, debtor=str(aalto.pk))) == aalto


def test_foreign_and_merged_ones_answer_to_nothing(creditor, aalto):
    make_debtor(make_creditor(name="Foreign Oy"), name="Foreign Debtor")
    merged = make_debtor(creditor, name="Old Aalto")
    type(merged).objects.filter(pk=merged.pk).update(merged_into=aalto, merged_at=merged.created_at)
    for posted in (
        {"debtor_text": "Foreign Debtor"},
        {"debtor_text": "Old Aalto"},
        {"debtor": str(uuid.uuid4())},
    ):
        assert chosen(named(creditor, **posted)) is None


def _days(browser: Client) -> dict[str, str]:
    fresh = browser.get(reverse("invoices:create")).context["form"].initial
    return {name: fresh[name].isoformat() for name in ("invoice_date", "due_date")}


def test_a_new_invoice_names_its_debtor_without_scripts(signed_in, environment, aalto):
    browser = signed_in("sender")
    answer = browser.post(
        reverse("invoices:create"), typed(aalto, **_days(browser), debtor="", debtor_text="Aalto Oy")
    )
    assert (answer.status_code, Invoice.objects.get().debtor) == (303, aalto)


def test_several_are_radio_buttons_and_the_typing_stays(signed_in, environment, aalto):
    browser, twin = signed_in("sender"), make_debtor(environment.creditor, name="Aalto Oy")
    days = _days(browser)
    answer = browser.post(reverse("invoices:create"), typed(aalto, **days, debtor="", debtor_text="Aalto Oy"))
    page = answer.content.decode()
    assert (answer.status_code, page.count('type="radio" name="debtor_choice"')) == (422, 2)
    assert [word in page for word in ('value="Aalto Oy"', 'value="Nuohous"')] == [True, True]
    again = typed(aalto, **days, debtor="", debtor_text="Aalto Oy", debtor_choice=str(twin.pk))
    assert browser.post(reverse("invoices:create"), again).status_code == 303
    assert Invoice.objects.get().debtor == twin


def test_nobody_of_that_name_can_be_created(signed_in, environment, aalto):
    answer = signed_in("sender").post(
        reverse("invoices:create"), typed(aalto, debtor="", debtor_text="Nobody Oy")
    )
    page = answer.content.decode()
    assert (answer.status_code, 'value="Nobody Oy"' in page) == (422, True)
    assert f'<a href="{reverse("parties:debtor-create")}">Create the debtor</a>' in page


def test_a_foreign_claim_names_its_debtor_so_too(signed_in, environment, aalto):
    browser, there = signed_in("sender"), reverse("collection:create")
    days = {"invoice_date": "2026-01-05", "due_date": "2026-01-20"}
    posted = {"debtor": "", "number": "X-1", "reference": "1232", "principal": "10", **days}
    page = browser.post(there, {**posted, "debtor_text": "Nobody"})
    assert (page.status_code, "Create the debtor" in page.content.decode()) == (422, True)
    assert browser.post(there, {**posted, "debtor_text": "aalto oy"}).status_code == 303
    assert Claim.objects.get().debtor == aalto
