"""A creditor's own limit, above which a total is always looked at: set on its page, said in the doubt."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from ropo_portal.accounts.models import Creditor, CreditorEnvironment
from ropo_portal.history.models import Entry
from ropo_portal.invoices.content import RowContent
from ropo_portal.invoices.doubts import doubts
from tests.factories import AT, make_content, make_debtor, make_environment

pytestmark = pytest.mark.django_db


def said(environment, net):
    row = RowContent("Nuohous", Decimal(net), Decimal(0))
    content = make_content(make_debtor(environment.creditor), rows=(row,))
    told = doubts(content, environment=environment, today=AT.date())
    return [
        one.message.replace("\N{NO-BREAK SPACE}", " ") for one in told if one.code == "amount_above_limit"
    ]


def limited(environment, limit):
    Creditor.objects.update(doubt_limit=limit)
    return CreditorEnvironment.objects.select_related("creditor").get(pk=environment.pk)


@pytest.mark.parametrize(
    ("limit", "net", "is_odd"),
    [(None, "9999999", False), ("500", "500", False), ("500", "500.01", True), ("0.01", "1", True)],
)
def test_what_is_above_it_is_a_doubt(environment, limit, net, is_odd):
    assert bool(said(limited(environment, limit), net)) == is_odd


def test_the_sentence_says_the_limit(environment):
    assert said(limited(environment, "500"), "20000") == [
        "The total of 20 000.00 € is above 500.00 €, from where this creditor wants a second look."
    ]


def test_in_another_currency_it_says_nothing(environment):
    abroad = make_environment(environment.creditor, "se-test")
    assert said(limited(abroad, "500"), "20000") == []


@pytest.mark.parametrize("limit", ["0", "-1"])
def test_the_database_refuses_a_limit_that_is_none(creditor, limit):
    with pytest.raises(IntegrityError), transaction.atomic():
        Creditor.objects.filter(pk=creditor.pk).update(doubt_limit=limit)


def test_its_administrator_sets_it_and_the_history_knows(signed_in, creditor):
    browser, there = signed_in("administrator"), reverse("parties:creditor-edit", args=[creditor.pk])
    form = browser.get(there).context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    for limit, status in (("0", 422), ("-5", 422), ("many", 422), ("7500,50", 303)):
        assert browser.post(there, {**data, "doubt_limit": limit}).status_code == status, limit
    entry = Entry.objects.about(creditor).get(verb="creditor.changed")
    assert (entry.before, entry.after) == ({"doubt_limit": None}, {"doubt_limit": "7500.50"})
    shown = browser.get(reverse("parties:creditor-detail", args=[creditor.pk])).content.decode()
    assert "7\N{NO-BREAK SPACE}500.50" in shown
    browser.post(there, {**data, "doubt_limit": ""})
    creditor.refresh_from_db()
    assert creditor.doubt_limit is None


def test_a_clerk_does_not_set_it(signed_in, creditor):
    there = reverse("parties:creditor-edit", args=[creditor.pk])
    assert signed_in("clerk").post(there, {"doubt_limit": "1"}).status_code in {403, 404}
