"""The plain sentence of fate: whole sentences, in whole situations."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils.translation import override

from ropo_portal.collection.fate import Plight, fate

FRESH = Plight(
    number="X-17", debtor="Aino Esimerkki", currency="EUR",
    principal=Decimal("250.00"), open_amount=Decimal("250.00"), overpaid_amount=Decimal(0),
    invoice_date=dt.date(2026, 9, 1), due_date=dt.date(2026, 10, 1), today=dt.date(2026, 11, 23), is_ours=True,
)  # fmt: skip
SENT = "Invoice X-17 of €250.00 to Aino Esimerkki, dated 1.9.2026, fell due on 1.10.2026."
OPEN = "€250.00 of principal is open, 53 days overdue."
TAKEN = {"step": "reminder", "state": "accepted", "settled_on": dt.date(2026, 11, 20), "job": "4410299"}


def told(**changes):
    with override("en"):
        found = fate(replace(FRESH, **changes))
    return found.state, found.sentence.replace("\N{NO-BREAK SPACE}", " ")


def test_nothing_was_done_yet():
    days = {"earliest_reminder": dt.date(2026, 10, 15), "earliest_collection": dt.date(2026, 12, 24)}
    state, said = told(**days, most_cost=Decimal(5))
    assert state == "overdue"
    assert said.startswith(SENT[:11])
    assert said.endswith(
        "A reminder is allowed now, debt collection is allowed from 24.12.2026. A reminder costs the debtor at most "
        + said.rpartition("at most ")[2]
    )
    assert "5.00" in said.rpartition("at most ")[2]
    assert "53 days overdue" in said


def test_ropo_has_the_reminder_and_says_what_comes():
    coming = {"next_status": "2", "next_words": "Perintä", "next_date": dt.date(2026, 11, 24)}
    state, said = told(**TAKEN, **coming)
    assert state == "accepted"
    assert (
        "Ropo One took the reminder on 20.11.2026 as job 4410299. Ropo One moves it on to “Perintä” tomorrow."
        in said
    )
    _, later = told(**TAKEN, **coming | {"next_date": dt.date(2026, 12, 8)})
    assert "moves it on to “Perintä” on 8.12.2026." in later


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"open_amount": Decimal(0)}, "Nothing is open any more."),
        ({"open_amount": Decimal(0), "closed": "It is paid: in May."}, "It is paid: in May."),
        ({"open_amount": Decimal(0), "overpaid_amount": Decimal(5)}, "too much came in."),
        ({"is_ours": False}, "It was invoiced elsewhere."),
        ({"today": dt.date(2026, 9, 20)}, "falls due on 1.10.2026. "),
        ({"step": "reminder", "state": "draft"}, "A reminder is being written"),
        ({"step": "reminder", "state": "queued"}, "can still be taken back"),
        ({"step": "collection", "state": "queued"}, "The debt collection is approved"),
        ({"step": "collection", "state": "draft"}, "A debt collection is being written"),
        ({"step": "collection", "state": "draft", "stage": "proposed"}, "waits for a second person"),
        ({"step": "reminder", "state": "sending"}, "on its way to Ropo One right now"),
        ({"step": "reminder", "state": "unconfirmed"}, "nobody knows yet whether Ropo One has it"),
        ({"step": "collection", "state": "held"}, "a person must decide"),
        (
            {"step": "reminder", "state": "rejected", "trouble": "Osoite"},
            "refused it: “Osoite” Nobody has received it.",
        ),
        (TAKEN, "Ropo One moves it on by itself."),
        (TAKEN | {"status_words": "Muistutus"}, "it stands as “Muistutus”"),
        (TAKEN | {"next_status": "-1", "next_date": dt.date(2026, 12, 8)}, "Ropo One names no next step."),
        (TAKEN | {"step": "collection"}, "took it for debt collection on 20.11.2026"),
        (TAKEN | {"step": "monitored"}, "monitors it since 20.11.2026"),
        (TAKEN | {"reported_cost": Decimal("12.50")}, "of fees and interest."),
    ],
)
def test_each_situation_has_its_words(changes, words):
    assert words in told(**changes)[1]


def test_states_for_the_color():
    assert told(open_amount=Decimal(0))[0] == "paid"
    assert told(today=dt.date(2026, 9, 20))[0] == "accepted"
    assert told(step="collection", state="draft")[0] == "overdue"
    assert told(step="collection", state="held")[0] == "held"
