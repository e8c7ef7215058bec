"""The one sentence that says how an invoice stands; no database is asked."""

import datetime as dt

import pytest
from django.utils import translation

from ropo_portal.invoices.blame import blamed_field
from ropo_portal.invoices.fate import fate
from ropo_portal.invoices.models import Invoice
from ropo_portal.submissions.models import Submission

AT = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 23)


def told(state=None, *, due=TODAY, discarded=None, **fields):
    submission = Submission(state=state, due_at=AT, last_activity_at=AT, **fields) if state else None
    with translation.override("en"):
        found = fate(Invoice(submission=submission, due_date=due, discarded_at=discarded), today=TODAY)
        return found.state, f"{found.sentence} {found.advice}".strip()


@pytest.mark.parametrize(
    ("state", "fields", "shown", "words"),
    [
        (None, {}, "draft", "This is a draft. Nothing has been sent to Ropo One."),
        ("queued", {}, "queued", "leaves for Ropo One at 23.11.2026 11:00"),
        ("sending", {}, "sending", "on its way"),
        (
            "accepted",
            {"settled_at": AT, "ropo_job_id": "4410233"},
            "accepted",
            "23.11.2026 11:00 as job 4410233",
        ),
        ("accepted", {"settled_at": AT}, "accepted", "It falls due today."),
        ("rejected", {"trouble": "postinumero puuttuu"}, "rejected", "“postinumero puuttuu”"),
        ("rejected", {}, "rejected", "Correct it and send it again."),
        ("unconfirmed", {}, "unconfirmed", "no answer tells whether"),
        ("held", {"held_reason": "maybe-sent"}, "held", "a person must decide"),
        ("held", {"held_reason": "never-sent", "trouble": "no login"}, "held", "It was never sent. no login"),
        ("cancelled", {"settled_at": AT}, "draft", "taken back on 23.11.2026 11:00"),
    ],
)
def test_each_state_has_its_sentence(state, fields, shown, words):
    found, text = told(state, **fields)
    assert found == shown
    assert words in text


@pytest.mark.parametrize(
    ("days", "words"), [(1, "in 1 day."), (3, "in 3 days."), (-1, "1 day ago."), (-40, "40 days ago.")]
)
def test_an_accepted_invoice_tells_its_due_date(days, words):
    assert told("accepted", due=TODAY + dt.timedelta(days=days))[1].endswith(words)


def test_a_discarded_invoice_says_so():
    assert told(discarded=AT) == ("cancelled", "This invoice was discarded on 23.11.2026 11:00.")


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("Laskunumero on jo käytössä", "number"),
        ("billcode: wrong check digit", "reference"),
        ("Laskun eräpäivä on virheellinen", "due_date"),
        ("Ogiltigt postnummer", "debtor"),
        ("evoiceint missing", "channel"),
        ("job_finvoice_paymentid puuttuu", "einvoice_payment_id"),
        ("fixedfee not allowed for consumers", "fixed_fee"),
        ("payrow 2: taxpr invalid", "rows"),
        ("Something else entirely", ""),
        ("", ""),
        ("x" * 100_000 + "billnum", ""),
    ],
)
def test_the_blamed_field(text, field):
    assert blamed_field(text) == field
