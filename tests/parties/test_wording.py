"""The identity code is called what the debtor's country calls it, beside the reader's own word."""

import re

import pytest
from django.urls import reverse
from django.utils import translation

from ropo_portal.parties.models import Debtor
from ropo_portal.parties.wording import id_label
from tests.factories import make_debtor


@pytest.mark.parametrize(
    ("language", "country", "label"),
    [
        ("en", "FI", "Personal identity code (henkilötunnus)"),
        ("en", "SE", "Personal identity code (personnummer)"),
        ("en", "NO", "Personal identity code (fødselsnummer)"),
        ("en", "DE", "Personal identity code"),
        ("en", "", "Personal identity code"),
        ("fi", "FI", "Henkilötunnus"),
        ("fi", "SE", "Henkilötunnus (personnummer)"),
        ("sv", "SE", "Personnummer"),
        ("nb", "NO", "Fødselsnummer"),
        ("nb", "FI", "Fødselsnummer (henkilötunnus)"),
    ],
)
def test_both_words_are_said_where_they_differ(language, country, label):
    with translation.override(language):
        assert id_label(country) == label


@pytest.mark.django_db
def test_the_form_follows_the_country_that_was_sent(signed_in, creditor):
    browser, there = signed_in("clerk"), reverse("parties:debtor-create")
    first = browser.get(there).content.decode()
    assert "Personal identity code (henkilötunnus)" in first
    assert "&quot;SE&quot;: &quot;Personal identity code (personnummer)&quot;" in first
    answer = browser.post(there, {"kind": "person", "country": "NO"})
    assert re.search(r"Personal identity code \(fødselsnummer\)\s*<", answer.content.decode())


@pytest.mark.django_db
def test_the_page_says_the_word_of_the_debtors_country(signed_in, creditor):
    debtor = make_debtor(creditor, kind="person")
    Debtor.objects.filter(pk=debtor.pk).update(country="SE")
    page = signed_in("reader").get(reverse("parties:debtor-detail", args=[debtor.pk])).content.decode()
    assert "Personal identity code (personnummer)" in page
