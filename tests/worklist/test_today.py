"""Today: every kind of row appears, goes, and stands in its place; who sees it; and the way from row to row."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ropo_portal.accounts.models import LiveSwitch
from ropo_portal.accounts.scope import Scope
from ropo_portal.collection.operations import propose_override
from ropo_portal.invoices.models import Claim, Invoice
from ropo_portal.invoices.operations import post_invoice
from ropo_portal.submissions.models import ResendProposal, Submission
from ropo_portal.worklist import lines, walk
from ropo_portal.worklist.kinds import KINDS, Desk
from tests import factories
from tests.collection.conftest import make_claim
from tests.collection.writing import noticed, proposed, started
from tests.factories import AT
from tests.invoices import money
from tests.invoices.settling import settle
from tests.submissions.stages import staged

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
TODAY = reverse("worklist:today")


def desk(user: Any, *, at: dt.datetime = AT) -> Desk:
    scope = Scope(user)
    return Desk(scope, tuple(scope.environments), at)


def seen(user: Any, *, at: dt.datetime = AT, **facts: Any) -> list[tuple[str, str]]:
    """Return kind and number of every row, in order."""
    return [(row.kind.name, row.number) for row in walk.look(desk(user, at=at), **facts).rows]


@pytest.fixture
def sender(user_as):
    return user_as("sender")


@pytest.mark.parametrize("state", ["unconfirmed", "held", "rejected"])
def test_what_the_sending_leaves_appears_and_goes(environment, sender, state):
    row = staged(environment, state, number="T-1")
    assert seen(sender) == [(state, "T-1")]
    Submission.objects.filter(pk=row.pk).update(written_off_at=AT)
    assert seen(sender) == []


def test_what_is_settled_or_young_in_the_queue_is_no_work(environment, sender):
    for state in ("queued", "sending", "accepted", "cancelled"):
        staged(environment, state)
    assert seen(sender) == []


def test_what_does_not_leave_appears_after_two_hours(environment, sender):
    staged(environment, "queued", number="T-1")
    assert seen(sender, at=AT + HOUR) == []
    assert seen(sender, at=AT + 2 * HOUR) == [("stuck", "T-1")]


def test_a_refusal_whose_document_was_thrown_away_is_no_work(environment, sender):
    invoice = factories.make_invoice(environment)
    settle(post_invoice(invoice=invoice, revision=1, actor=sender, at=AT), "rejected")
    assert seen(sender) == [("rejected", invoice.number)]
    Invoice.objects.filter(pk=invoice.pk).update(discarded_at=AT)
    assert seen(sender) == []


def test_a_claim_moves_from_reminder_to_collection_with_the_days_after_a_notice(environment, sender):
    claim = make_claim(environment, number="X-1", due_date=dt.date(2026, 10, 1))
    days = {
        day: seen(sender, at=dt.datetime(2026, *day, 9, tzinfo=dt.UTC))
        for day in ((10, 1), (10, 8), (11, 23))
    }
    assert days[10, 1] == []
    assert days[10, 8] == days[11, 23] == [("reminder", "X-1")]
    noticed(claim, factories.make_user(), notice_date=dt.date(2026, 11, 13))
    assert seen(sender, at=dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)) == []
    assert seen(sender, at=dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)) == [("collection", "X-1")]


def test_a_claim_that_ropo_has_or_that_is_paid_is_no_work(environment, sender):
    claim = money.pursued(environment)
    assert seen(sender) == []
    own = money.own_claim(environment)
    assert [number for _kind, number in seen(sender)] == [own.number]
    money.credited(own.invoice)
    assert seen(sender) == []
    assert Claim.objects.get(pk=claim.pk).open_item.is_pursued


def test_a_proposed_collection_waits_for_another_person(environment, sender, user_as):
    approver, second = user_as("approver"), user_as("approver")
    proposed(make_claim(environment), approver)
    assert seen(sender) == []
    assert seen(approver) == []
    assert seen(second) == [("case", "X-17")]


def test_an_override_waits_for_another_person(environment, user_as):
    approver = user_as("approver")
    claim = make_claim(environment, due_date=AT.date())
    propose_override(claim=claim, step="reminder", reason="moves", actor=factories.make_user(), at=AT)
    assert seen(approver) == [("override", "X-17")]


def test_a_second_payment_alike_waits_for_another_person(environment, user_as):
    approver = user_as("approver")
    claim = money.pursued(environment)
    money.sent(claim, "10.00", state="accepted")
    money.noted(claim, "10.00", actor=factories.make_user())
    assert [kind for kind, _number in seen(approver) if kind != "race"] == ["twin"]


def test_a_proposal_to_send_again_waits_for_another_person(environment, user_as):
    approver, other = user_as("approver"), factories.make_user()
    row = staged(environment, "held", number="T-1")
    ResendProposal.objects.create(submission=row, reason="gone", proposed_by=other, proposed_at=AT)
    assert seen(approver) == [("held", "T-1"), ("resend", "T-1")]


def test_a_switch_to_production_waits_for_another_person(environment, user_as):
    boss, other = user_as("administrator"), user_as("administrator")
    production = factories.make_environment(environment.creditor, "fi-production", cid="2000")
    LiveSwitch.objects.create(
        environment=production, cid="2000", reason="ready", proposed_by=other, proposed_at=AT
    )
    assert [kind for kind, _number in seen(boss) if kind == "live"] == ["live"]


def race(claim):
    Submission.objects.filter(number_key=claim.number_key).update(
        ropo_next_status="2",
        ropo_next_status_text="Collection",
        ropo_next_status_date=AT.date() + dt.timedelta(days=1),
    )


def test_money_in_a_race_appears(environment, sender):
    claim = money.pursued(environment)
    money.noted(claim)
    assert seen(sender) == []
    race(claim)
    assert seen(sender) == [("race", claim.number)]


def test_a_payment_that_ropo_has_not_booked_appears(environment, sender):
    money.sent(money.pursued(environment), "10.00", state="accepted")
    assert seen(sender, at=AT + dt.timedelta(days=2)) == []
    assert [kind for kind, _ in seen(sender, at=AT + dt.timedelta(days=3))] == ["unseen"]


def test_rules_to_check_are_the_administrators_work(environment, sender, user_as):
    assert {kind for kind, _number in seen(user_as("administrator"))} <= {
        one.name for one in KINDS if one.group == "rates"
    }
    assert seen(sender) == []


def test_older_than_allowed_comes_first_and_then_the_damage(environment, sender, settings):
    settings.WORK_HOURS = {"held": "1", "rejected": "100"}
    staged(environment, "rejected", number="old-rejected", at=AT - 50 * HOUR)
    staged(environment, "held", number="held", at=AT)
    staged(environment, "held", number="old-held", at=AT - 2 * HOUR)
    staged(environment, "unconfirmed", number="unclear", at=AT - HOUR)
    found = walk.look(desk(sender)).rows
    assert [(row.number, row.is_late) for row in found] == [
        ("old-held", True),
        ("unclear", False),
        ("held", False),
        ("old-rejected", False),
    ]
    assert [number for _kind, number in seen(sender, only_late=True)] == ["old-held"]
    assert [number for _kind, number in seen(sender, group="held")] == ["old-held", "held"]


def test_every_page_goes_on_where_the_last_one_ended(environment, sender):
    for hours in range(12):
        staged(environment, ("held", "unconfirmed", "rejected")[hours % 3], at=AT - hours * 9 * HOUR)
    whole = [row.pk for row in walk.look(desk(sender)).rows]
    assert len(whole) == 12
    pages, place = [], None
    for _page in range(5):
        page = walk.look(desk(sender), after=place, size=3).rows
        pages += [row.pk for row in page]
        place = walk.read(page[-1].token) if page else place
    assert pages == whole


def test_the_numbers_are_those_of_the_rows(environment, sender):
    for hours in (0, 30):
        staged(environment, "held", at=AT - hours * HOUR)
    for size in (50, 1):
        tallies = walk.look(desk(sender), size=size).tallies
        assert [(one.kind.name, one.number, one.late) for one in tallies if one.number] == [("held", 2, 1)]


@pytest.mark.parametrize("token", ["", "x", "WzFd:nothing", None])
def test_a_damaged_place_is_the_beginning(token):
    assert walk.read(token) is None


def test_the_page_shows_rows_and_leads_to_them(signed_in, environment):
    row = staged(environment, "held", number="T-1")
    page = signed_in("sender").get(TODAY)
    assert page.status_code == 200
    text = page.content.decode()
    assert "T-1" in text
    assert f'href="{reverse("submissions:detail", args=[row.pk])}?today=' in text
    held = next(card for card in page.context["counters"] if card["tone"] == "held")
    assert str(held["number"]) == "1"


def test_home_is_today(signed_in):
    assert signed_in("reader").get("/")["Location"] == TODAY


def test_nothing_waits(signed_in):
    assert "Nothing waits for you" in signed_in("reader").get(TODAY).content.decode()


def test_a_foreign_row_never_appears(signed_in, environment):
    other = factories.make_environment(factories.make_creditor("SE"))
    for state in ("held", "unconfirmed", "rejected"):
        staged(other, state, number=f"foreign-{state}")
    make_claim(other, number="foreign-claim")
    page = signed_in("sender").get(TODAY, {"all": "1"})
    assert "foreign" not in page.content.decode()
    assert page.context["rows"] == []
    assert [age.total for age in page.context["ages"]] == [Decimal(0)]


def test_all_my_creditors(client, environment, user_as):
    sender = user_as("sender")
    other = factories.make_environment(factories.make_creditor("SE", name="Zwei"))
    factories.Membership.objects.create(user=sender, creditor=other.creditor, role="reader")
    staged(other, "held", number="T-2")
    client.force_login(sender)
    client.session["environment"] = str(environment.pk)
    assert {len(client.get(TODAY, {"all": flag}).context["rows"]) for flag in ("", "1")} <= {0, 1}
    page = client.get(TODAY, {"all": "1"})
    assert [row.number for row in page.context["rows"]] == ["T-2"]
    assert "I take it" not in page.content.decode()  # she only reads there


@pytest.mark.parametrize("role", ["reader", "auditor"])
def test_who_only_reads_sees_and_cannot_take(signed_in, environment, role):
    row = staged(environment, "held", number="T-1")
    browser = signed_in(role)
    text = browser.get(TODAY).content.decode()
    assert "T-1" in text
    assert "I take it" not in text
    assert browser.post(reverse("worklist:take", args=["held", row.pk])).status_code == 403


def test_the_next_row_is_one_link_away(signed_in, environment):
    rows = [staged(environment, "held", number=f"T-{n}", at=AT - (9 - n) * HOUR) for n in range(3)]
    browser = signed_in("sender")
    first = browser.get(TODAY).context["rows"][0]
    page = browser.get(first.url)
    work = page.wsgi_request.work
    assert f'href="{work.next_url}"'.replace("&", "&amp;") in page.content.decode()
    second = browser.get(work.next_url)["Location"]
    assert second.startswith(reverse("submissions:detail", args=[rows[1].pk]))
    # The page of an act has no place in its address: the session knows it.
    browser.get(second)
    assert browser.get(reverse("submissions:detail", args=[rows[1].pk])).wsgi_request.work is not None
    third = browser.get(second)
    assert browser.get(third.wsgi_request.work.next_url)["Location"].startswith(
        reverse("submissions:detail", args=[rows[2].pk])
    )
    last = browser.get(browser.get(third.wsgi_request.work.next_url)["Location"])
    assert browser.get(last.wsgi_request.work.next_url)["Location"].startswith(TODAY)
    browser.get(TODAY)
    assert browser.get(reverse("submissions:detail", args=[rows[1].pk])).wsgi_request.work is None


def test_the_walk_shows_on_the_row_and_its_forms_alone(signed_in, environment, sender):
    claim, browser = make_claim(environment), signed_in("sender")
    reminder = started(claim)
    [row] = walk.look(desk(sender)).rows
    here = reverse("collection:claim", args=[claim.pk])
    form = reverse("collection:reminder", args=[reminder.pk])
    debtor = reverse("parties:debtor-detail", args=[claim.debtor_id])
    came = {"HTTP_REFERER": f"http://testserver{here}"}

    def is_walked(path: str, **headers: str) -> bool:
        return browser.get(path, **headers).wsgi_request.work is not None

    assert is_walked(f"{here}?today={row.token}")
    assert not is_walked(form), "opened from elsewhere"
    assert is_walked(form, **came)
    assert is_walked(reverse("collection:reminder-send", args=[reminder.pk]))
    assert not is_walked(debtor, **came)
    assert not is_walked(reverse("collection:create"), **came)
    assert is_walked(here)
    assert not is_walked(reverse("collection:list"))
    assert not is_walked(here)


def test_the_next_row_skips_what_others_have_taken(signed_in, environment, take):
    rows = [staged(environment, "held", number=f"T-{n}", at=AT - (9 - n) * HOUR) for n in range(3)]
    take(rows[1], at=factories.AT.now(dt.UTC))
    browser = signed_in("sender")
    first = browser.get(TODAY).context["rows"][0]
    answer = browser.get(reverse("worklist:next"), {"today": first.token})
    assert answer["Location"].startswith(reverse("submissions:detail", args=[rows[2].pk]))


def test_one_row_and_three_ask_the_same(signed_in, environment):
    browser = signed_in("sender")
    asked = []
    for _round in range(3):
        for state in ("held", "unconfirmed", "rejected"):
            staged(environment, state)
        make_claim(environment, number=f"X-{_round}", reference=money_reference(_round))
        browser.get(TODAY)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            browser.get(TODAY)
        asked.append(len(queries))
    assert len(set(asked)) == 1, asked
    assert asked[0] < 44


def money_reference(number: int) -> str:
    from ropo_portal.identifiers import make_reference  # noqa: PLC0415

    return make_reference("viite", f"7770{number}")


def test_a_telephone_shows_days_and_the_next_step(environment, signed_in):
    staged(environment, "held", at=AT)
    browser = signed_in("sender")
    shown = browser.get(TODAY).content.decode().split("<tbody>")[1]
    cell = shown.split('class="work__debtor"')[1].split("</td>")[0]
    assert " day" in cell.split("work__step")[0]
    assert 'class="only-phone work__step">Decide: release, send again or write off' in cell


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.is_lasting], ids=lambda kind: kind.name)
@pytest.mark.parametrize("days", [0, 400])
def test_words_that_are_written_once_ask_what_the_kind_asks(environment, sender, user_as, kind, days):
    factories.make_environment(environment.creditor, "fi-test")
    approver = user_as("approver")
    for user in (sender, approver):  # the second time the words are known already
        here = desk(user, at=AT + dt.timedelta(days=days, seconds=days))
        known = lines.lasting(kind, here)
        asked = lines.Words.of(kind.rows(here, here.where(kind.action)), kind.since)
        assert (known.text, known.values) == (asked.text, asked.values)
