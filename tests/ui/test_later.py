"""Pieces that come by themselves are links where no script runs."""

import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from tests.factories import make_debtor, make_invoice

HTMX = {"HX-Request": "true"}
TEMPLATES = Path(__file__).parents[2] / "templates"
# What brings its own words: counters stand empty for a moment, a batch has a button.
OWN = {"components/later.html", "invoices/invoice_list.html", "invoices/_batch_progress.html"}


def test_one_component_draws_every_piece_that_comes_later():
    own = re.compile(r'hx-trigger="(load|toggle)|Loading…')
    found = {
        str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html") if own.search(path.read_text())
    }
    assert found <= OWN


def test_the_piece_is_a_link_first():
    drawn = render_to_string("components/later.html", {"url": "/there", "label": "What happened"})
    assert '<a class="link" href="/there">What happened</a>' in drawn
    assert 'hx-get="/there" hx-trigger="load"' in drawn


@pytest.mark.django_db
def test_the_link_leads_to_a_page_and_htmx_gets_the_piece(signed_in, environment):
    debtor = make_debtor(environment.creditor)
    invoice = make_invoice(environment, debtor)
    browser = signed_in("sender")
    for address in (
        reverse("history:of-subject", args=[invoice.pk]),
        reverse("invoices:of-debtor", args=[debtor.pk]),
        reverse("collection:of-debtor", args=[debtor.pk]),
    ):
        page, piece = browser.get(address), browser.get(address, headers=HTMX)
        assert ("<h1>" in page.content.decode(), "<html" in piece.content.decode()) == (True, False), address
