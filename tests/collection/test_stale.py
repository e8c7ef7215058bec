"""A form that somebody else overtook says which fields changed, and keeps what was typed."""

import pytest
from django.urls import reverse

from ropo_portal.collection.operations import change_case, change_reminder
from tests.collection.writing import NOTICE, noticed, started
from tests.factories import AT, make_user

pytestmark = pytest.mark.django_db


def test_a_reminder_tells_what_changed_meanwhile(signed_in, claim):
    reminder, other = started(claim), make_user(name="Aino Toinen")
    change_reminder(reminder=reminder, channel="email", free_text="Hei", revision=1, actor=other, at=AT)
    browser, address = signed_in("clerk"), reverse("collection:reminder", args=[reminder.pk])
    page = browser.post(address, {"channel": "post", "free_text": "Mine", "revision": "1"})
    shown = page.content.decode()
    assert page.status_code == 422
    for words in (
        "Changed meanwhile",
        "Channel",
        "Letter by post",
        "E-mail",
        "Hei",
        "Aino Toinen",
        "Mine",
    ):
        assert words in shown, words
    again = browser.post(address, {"channel": "post", "free_text": "Mine", "revision": "2"})
    assert again.status_code == 303


def test_a_debt_collection_tells_what_changed_meanwhile(signed_in, claim):
    case = noticed(claim, make_user())
    seen = case.revision
    change_case(
        case=case, revision=seen, actor=make_user(), at=AT, **NOTICE | {"notice_address": "Uusikatu 2, Turku"}
    )
    typed = {"notice_date": "20.10.2026", "notice_channel": "email", "notice_address": "a@example.com"}
    address = reverse("collection:case", args=[case.pk])
    shown = signed_in("clerk").post(address, {**typed, "revision": seen}).content.decode()
    for words in ("Changed meanwhile", "Satamakatu 1, Turku", "Uusikatu 2, Turku", "a@example.com"):
        assert words in shown, words


def test_nothing_is_told_while_nobody_was_faster(signed_in, claim):
    shown = signed_in("clerk").get(reverse("collection:reminder", args=[started(claim).pk])).content.decode()
    assert "Changed meanwhile" not in shown
