"""The pages of the rules: everybody reads them, administrators keep them, and no page costs more for more rows."""

import datetime as dt
import re
import uuid
from decimal import Decimal

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from ropo_portal.history.models import Entry
from ropo_portal.rules.models import KINDS, FeeCap, InterestRate, LegalRule, VatRate
from ropo_portal.rules.operations import doubtful_rules, legal_bar, legal_clock
from tests.factories import make_creditor, make_environment, make_user

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
OTHERS = ["reader", "clerk", "sender", "approver", "auditor"]
WORDS = {LegalRule: "waiting", FeeCap: "fees", InterestRate: "interest", VatRate: "vat"}


def url(name, rule):
    return reverse(f"rules:{name}", args=[WORDS[type(rule)], rule.pk])


def text(page):
    return page.content.decode()


def words(page):
    return " ".join(re.sub(r"<[^>]+>", " ", text(page)).split())


@pytest.fixture
def reminder(environment) -> LegalRule:
    return LegalRule.objects.get(country="FI", debtor_kind="person", step="reminder")


@pytest.fixture
def change_form() -> dict[str, str]:
    today = timezone.localdate()
    return {"value": "21", "is_allowed": "on", "valid_from": (today + 5 * DAY).isoformat(), "valid_to": "",
            "source": "finlex.fi 2027/1", "check_by": "", "reason": "The act changed"}  # fmt: skip


# ------------------------------------------------------------------------------------------- reading
@pytest.mark.parametrize("role", [*OTHERS, "administrator"])
def test_everybody_reads_the_list(signed_in, environment, role):
    page = signed_in(role).get(reverse("rules:list"))
    said = words(page)
    assert page.status_code == 200
    assert "Reminder to a consumer" in said
    assert "14 days after the due date" in said
    assert "To be checked" in said
    assert "Checked on 22.11.2026" in said
    assert "Collection without a reminder" not in said  # Swedish
    assert ("rules are to be checked" in said) is (role == "administrator")


@pytest.mark.parametrize(
    ("country", "there", "not_there"),
    [
        ("SE", "Collection without a reminder", "Reminder to a consumer"),
        ("NO", "raw fish", "Collection without a reminder"),
        ("", "not found", "finansinspektionen.se"),
        ("XX", "not found", "finansinspektionen.se"),
    ],
)
def test_a_country_is_chosen_or_all_that_needs_a_check(signed_in, environment, country, there, not_there):
    said = words(signed_in("reader").get(reverse("rules:list"), {"country": country}))
    assert there.casefold() in said.casefold()
    assert not_there not in said


def test_the_list_begins_with_the_creditors_own_country(signed_in, creditor, environment):
    browser = signed_in("reader")
    creditor.environments.all().delete()
    browser.user.memberships.all().delete()
    swede = make_creditor("SE")
    make_environment(swede)
    browser.user.memberships.create(creditor=swede, role="reader")
    assert "Collection without a reminder" in words(browser.get(reverse("rules:list")))


def test_a_list_without_doubts_says_so(signed_in, environment):
    for kind in KINDS.values():
        kind.objects.all().delete()
    said = words(signed_in("administrator").get(reverse("rules:list"), {"country": ""}))
    assert "Nothing to check" in said
    assert "to be checked. Compare" not in said


def test_htmx_gets_the_tables_alone(signed_in, environment):
    page = signed_in("reader").get(reverse("rules:list"), {"country": "NO"}, headers={"HX-Request": "true"})
    assert "<html" not in text(page)
    assert "fixed compensation for delay" in text(page).casefold()


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_rule_has_a_page(signed_in, environment, kind):
    browser = signed_in("administrator")
    rows = KINDS[kind].objects.all()
    assert {browser.get(url("detail", row)).status_code for row in rows} == {200}
    assert {browser.get(url("check", row)).status_code for row in rows[:3]} == {200}
    assert {browser.get(url("change", row)).status_code for row in rows[:3]} == {200}


def test_a_page_shows_what_was_before(signed_in, environment):
    new = VatRate.objects.get(country="FI", label="standard", valid_to=None)
    said = words(signed_in("reader").get(url("detail", new)))
    assert "1.1.2013 – 31.8.2024" in said
    assert "24 %" in said.replace("\xa0", " ")


def test_only_readers_of_the_history_see_who_changed_it(signed_in, reminder, change_form):
    signed_in("administrator").post(url("change", reminder), change_form)
    assert "The act changed" not in words(signed_in("reader").get(url("detail", reminder)))
    assert "The act changed" in words(signed_in("auditor").get(url("detail", reminder)))


def test_numbers_take_the_readers_language(signed_in, environment):
    browser = signed_in("reader")
    browser.user.language = "fi"
    browser.user.save()
    assert "25,5" in words(browser.get(reverse("rules:list")))


# ------------------------------------------------------------------------------------------- doors
@pytest.mark.parametrize("role", OTHERS)
def test_others_only_look(signed_in, reminder, change_form, role):
    browser = signed_in(role)
    page = browser.get(url("detail", reminder))
    assert page.status_code == 200
    assert url("check", reminder) not in text(page)
    assert url("change", reminder) not in text(page)
    for name in ("check", "change"):
        assert browser.get(url(name, reminder)).status_code == 403
        assert browser.post(url(name, reminder), change_form).status_code == 403
    assert not Entry.objects.exists()


def test_strangers_are_sent_to_the_door(reminder):
    addresses = [reverse("rules:list"), *(url(name, reminder) for name in ("detail", "check", "change"))]
    assert {Client().get(address).status_code for address in addresses} == {302}
    nobody = Client()
    nobody.force_login(make_user())
    assert {nobody.get(address).status_code for address in addresses} == {403}


def test_wrong_methods(signed_in, reminder):
    browser = signed_in("administrator")
    assert browser.post(reverse("rules:list")).status_code == 405
    assert browser.post(url("detail", reminder)).status_code == 405
    assert browser.put(url("check", reminder)).status_code == 405
    assert browser.delete(url("change", reminder)).status_code == 405


@pytest.mark.parametrize("name", ["detail", "check", "change"])
def test_what_does_not_exist_is_not_found(signed_in, reminder, name):
    browser = signed_in("administrator")
    for kind, pk in (("waiting", uuid.uuid4()), ("fees", reminder.pk), ("nonsense", reminder.pk)):
        assert browser.get(reverse(f"rules:{name}", args=[kind, pk])).status_code == 404


# ------------------------------------------------------------------------------------------- cost
def cost(browser, address):
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(address).status_code == 200
    return len(queries)


def test_pages_cost_the_same_for_one_row_and_for_three(signed_in, environment):
    for kind in KINDS.values():
        kind.objects.all().delete()
    costs, browser = [], signed_in("administrator")
    facts = {"country": "FI", "debtor_kind": "person", "source": "x", "checked_on": dt.date(2026, 11, 22)}
    begins = [dt.date(2026, 1, 1), dt.date(2026, 5, 1), dt.date(2026, 8, 1)]
    for rows in ((0,), (1, 2)):
        for number in rows:
            begin = begins[number]
            end = begins[number + 1] - DAY if number < 2 else None
            span = {"valid_from": begin, "valid_to": end}
            LegalRule.objects.create(**facts, **span, step="reminder", after="due_date", name="A", days=1)
            LegalRule.objects.create(**facts, valid_from=begin, step=f"s{number}", after="due_date", name="A")
            FeeCap.objects.create(
                **facts, valid_from=begin, principal_from=number, step="total", currency="EUR"
            )
            InterestRate.objects.create(**facts, **span, percent=number)
        first = LegalRule.objects.filter(step="reminder").earliest("valid_from")
        costs.append((cost(browser, reverse("rules:list")), cost(browser, url("detail", first))))
    assert costs[0] == costs[1]
    assert max(costs[0]) <= 11


# ------------------------------------------------------------------------------------------- keeping
def test_a_change(signed_in, reminder, change_form):
    page = signed_in("administrator").post(url("change", reminder), change_form, follow=True)
    new = LegalRule.objects.get(country="FI", debtor_kind="person", step="reminder", valid_to=None)
    assert (new.days, new.source) == (21, "finlex.fi 2027/1")
    assert page.redirect_chain == [(url("detail", new), 303)]
    assert "The new rule was saved." in words(page)
    assert "not yet" in words(page)


@pytest.mark.parametrize(
    ("broken", "words_of_refusal"),
    [
        ({"valid_from": "1.1.2020"}, "cannot change in the past"),
        ({"valid_from": "32.1.2027"}, "does not exist"),
        ({"valid_from": ""}, "required"),
        ({"value": ""}, "required"),
        ({"value": "-1"}, "greater than or equal to 0"),
        ({"value": "1001"}, "less than or equal to 1000"),
        ({"value": "fourteen"}, "whole number"),
        ({"source": ""}, "required"),
        ({"source": "x" * 301}, "300"),
        ({"source": "a\u202eb"}, "character"),
        ({"reason": "no"}, "why the rule changes"),
        ({"check_by": "1.1.2020"}, "must lie in the future"),
        ({"valid_to": "1.1.2020"}, "before the first"),
    ],
)
def test_a_broken_change_comes_back(signed_in, reminder, change_form, broken, words_of_refusal):
    page = signed_in("administrator").post(url("change", reminder), {**change_form, **broken})
    reminder.refresh_from_db()
    assert page.status_code == 422
    assert words_of_refusal in words(page)
    assert (reminder.valid_to, Entry.objects.count()) == (None, 0)


def test_nobody_can_slip_in_other_columns(signed_in, reminder, change_form):
    sly = {
        "country": "SE",
        "debtor_kind": "company",
        "is_confirmed": "",
        "id": reminder.pk,
        "step": "collection",
    }
    signed_in("administrator").post(url("change", reminder), {**change_form, **sly})
    new = LegalRule.objects.get(country="FI", debtor_kind="person", step="reminder", valid_to=None)
    assert (new.is_confirmed, new.pk == reminder.pk) == (True, False)


def test_a_step_is_switched_off(signed_in, environment, change_form):
    rule = LegalRule.objects.get(country="NO", debtor_kind="company", step="notice")
    del change_form["is_allowed"]
    page = signed_in("administrator").post(url("change", rule), change_form, follow=True)
    assert "not allowed" in words(page)


def test_a_check_with_a_value(signed_in, environment):
    rule = InterestRate.objects.get(country="FI", debtor_kind="person", valid_to=dt.date(2026, 12, 31))
    browser, today = signed_in("administrator"), timezone.localdate()
    assert "Percent a year" in words(browser.get(url("check", rule)))
    assert browser.post(url("check", rule), {"source": "Bank of Finland"}).status_code == 422
    assert browser.post(url("check", rule), {"source": "Bank", "value": "101"}).status_code == 422
    before = doubtful_rules(today)
    page = browser.post(url("check", rule), {"source": "Bank of Finland", "value": "9,5"}, follow=True)
    rule.refresh_from_db()
    assert (rule.percent, rule.is_confirmed, rule.checked_on) == (Decimal("9.5"), True, today)
    assert "The rule is marked as checked." in words(page)
    assert doubtful_rules(today) == before - 1


def test_a_check_cannot_change_a_known_value(signed_in, environment):
    rule = FeeCap.objects.filter(country="SE", step="demand").first()
    page = signed_in("administrator").post(url("check", rule), {"source": "imy.se", "value": "999"})
    rule.refresh_from_db()
    assert (page.status_code, rule.amount, rule.is_confirmed) == (303, 180, True)


def test_the_sidebar_counts_for_administrators_alone(signed_in, environment):
    number = str(doubtful_rules(timezone.localdate()))
    link = re.compile(rf'href="{reverse("rules:list")}"[^>]*>.*?</a>', re.DOTALL)
    for role in ("administrator", "clerk"):
        found = link.search(text(signed_in(role).get(reverse("parties:creditor-list"))))
        assert found
        assert (number in re.sub(r"<svg.*?</svg>", "", found[0], flags=re.DOTALL)) is (
            role == "administrator"
        )


# ------------------------------------------------------------------------------------------- the bar
DUE, TODAY = dt.date(2026, 11, 2), dt.date(2026, 11, 23)


def bar_of(country="FI", debtor="person", **facts):
    clock = legal_clock(country=country, debtor_kind=debtor, **{"due_date": DUE, "today": TODAY, **facts})
    return legal_bar(clock)


def drawn(bar):
    return render_to_string("components/legal_bar.html", {"bar": bar})


def test_the_bar_puts_days_in_order():
    bar = bar_of(notice_date=DUE + 20 * DAY)
    assert [(point.day, [str(mark.label) for mark in point.marks]) for point in bar.points] == [
        (DUE, ["Due date"]),
        (DUE + 14 * DAY, ["Earliest reminder", "Earliest chargeable reminder"]),
        (DUE + 20 * DAY, ["Notice"]),
        (TODAY, ["Today"]),
        (DUE + 34 * DAY, ["Earliest debt collection"]),
    ]
    assert [point.is_past for point in bar.points] == [True, True, True, False, False]
    assert bar.missing == ()
    assert bar.today_x == bar.points[3].x


def test_the_bar_says_everything_in_words():
    said = " ".join(re.sub(r"<[^>]+>", " ", drawn(bar_of(notice_date=DUE + 20 * DAY))).split())
    assert "16.11.2026 Earliest reminder allowed now Reminder to a consumer" in said
    assert "6.12.2026 Earliest debt collection Notice before collection from a consumer to be checked" in said
    assert "23.11.2026 Today" in said


def test_the_bar_says_why_a_step_has_no_day():
    bar = bar_of("NO", "company")
    assert [str(mark.label) for mark in bar.missing] == ["Earliest debt collection"]
    assert "needs the day on which the debtor was given notice" in drawn(bar)
    assert "Earliest collection notice" in drawn(bar)
    assert "Earliest collection notice" not in drawn(bar_of())


def test_the_line_is_for_the_eye_and_its_numbers_are_of_css_in_every_language():
    with translation.override("fi"):
        html = drawn(bar_of(notice_date=DUE + 20 * DAY))
    assert '<svg class="legal-bar__line" aria-hidden="true"' in html
    assert set(re.findall(r'cx="([^"]*)"', html)) == {
        point.x + "%" for point in bar_of(notice_date=DUE + 20 * DAY).points
    }
    assert not re.search(r'="\d+,\d', html)
    assert html.count('aria-current="date"') == 1


def test_a_bar_of_one_day():
    bar = bar_of("DE", due_date=TODAY)
    assert [[str(mark.label) for mark in point.marks] for point in bar.points] == [["Due date", "Today"]]
    assert len(bar.missing) == 3
