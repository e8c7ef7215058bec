"""A rule is confirmed, or followed by a new one; whatever is over stays as it was."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ropo_portal.history.models import Entry
from ropo_portal.rules.models import KINDS, FeeCap, InterestRate, LegalRule, VatRate
from ropo_portal.rules.operations import CannotChangeRule, change_rule, check_rule, legal_clock
from tests.factories import AT, make_user

pytestmark = pytest.mark.django_db

TODAY, DAY = AT.date(), dt.timedelta(days=1)


@pytest.fixture
def reminder(db) -> LegalRule:
    return LegalRule.objects.get(country="FI", debtor_kind="person", step="reminder")


def change(rule, value, valid_from, **more):
    facts = {"source": "finlex.fi 2027/1", "check_by": None, "reason": "The act changed", "at": AT, **more}
    values = facts.pop("values", {rule.VALUE: value})
    return change_rule(rule=rule, values=values, valid_from=valid_from, actor=make_user(), **facts)


def check(rule, **more):
    facts = {"source": "finlex.fi", "check_by": TODAY + 90 * DAY, "at": AT, **more}
    return check_rule(rule=rule, actor=make_user(), **facts)


def frozen() -> set[tuple[object, ...]]:
    """Every fact of the rules, day by day, for all days that are over."""
    days = [TODAY - count * DAY for count in (1, 30, 145, 200, 330, 900, 4000)]
    return {
        (day, *(getattr(row, name) for name in row.KEY), row.value)
        for kind in KINDS.values()
        for row in kind.objects.all()
        for day in days
        if row.is_in_force(day)
    }


def test_a_change_closes_the_old_row_and_opens_a_new_one(reminder) -> None:
    begin = TODAY + 40 * DAY
    new = change(reminder, 21, begin)
    reminder.refresh_from_db()
    assert (reminder.days, reminder.valid_to) == (14, begin - DAY)
    assert (new.days, new.valid_from, new.valid_to) == (21, begin, None)
    assert (new.name, new.step, new.is_confirmed, new.checked_on) == (reminder.name, "reminder", True, TODAY)
    facts = {"country": "FI", "debtor_kind": "person", "today": TODAY}
    assert legal_clock(**facts, due_date=TODAY).earliest_reminder == TODAY + 14 * DAY
    assert legal_clock(**facts, due_date=begin).earliest_reminder == begin + 21 * DAY


def test_a_change_tells_the_history_who_and_why(reminder) -> None:
    new = change(reminder, 21, TODAY + DAY)
    entry = Entry.objects.get()
    assert (entry.verb, entry.subject_id, entry.creditor_id) == ("rule.changed", new.pk, None)
    assert (entry.before["days"], entry.after["days"], entry.reason) == (14, 21, "The act changed")
    assert entry.said == "changed the rule"
    assert Entry.objects.all().first_broken(None) is None


def test_a_check_keeps_the_value_and_says_when() -> None:
    rule = FeeCap.objects.filter(country="SE", step="demand").first()
    done = check(rule)
    assert (done.value, done.standing(TODAY), done.checked_on) == (rule.value, "checked", TODAY)
    assert Entry.objects.get().verb == "rule.checked"
    assert done.standing(TODAY + 90 * DAY) == "doubtful"


def test_a_check_fills_in_what_nobody_knew_even_for_a_time_that_is_over() -> None:
    rule = InterestRate.objects.get(country="FI", debtor_kind="person", valid_from=dt.date(2025, 7, 1))
    done = check(rule, value=Decimal("9.5"))
    assert (done.percent, done.standing(TODAY)) == (Decimal("9.5"), "checked")
    with pytest.raises(CannotChangeRule) as refused:
        check(rule, value=Decimal(8))
    assert refused.value.code == "value_known"


@pytest.mark.parametrize(
    ("more", "code", "words"),
    [
        ({}, "value_missing", "Write the value that you found."),
        ({"value": 1, "source": "  "}, "no_source", "Name the source: a law, a page, a letter."),
        ({"value": 1, "check_by": TODAY}, "check_is_over", "The next check must lie in the future."),
    ],
)
def test_a_check_is_refused(more, code, words) -> None:
    rule = InterestRate.objects.filter(percent=None).first()
    with pytest.raises(CannotChangeRule) as refused:
        check(rule, **more)
    assert (refused.value.code, str(refused.value)) == (code, words)
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("value", "begin", "more", "code", "words"),
    [
        (21, TODAY - DAY, {}, "in_the_past", "the earliest day is today, 23.11.2026."),
        (21, dt.date(2012, 1, 1), {}, "in_the_past", "cannot change in the past"),
        (21, TODAY, {"reason": " abc "}, "reason_missing", "why the rule changes"),
        (21, TODAY, {"source": ""}, "no_source", "Name the source"),
        (21, TODAY, {"check_by": TODAY}, "check_is_over", "must lie in the future"),
        (21, TODAY, {"valid_to": TODAY - DAY}, "ends_too_early", "The last day lies before the first."),
        (None, TODAY, {}, "value_missing", "Write the new value."),
        (1001, TODAY, {}, "impossible", "This value is not possible"),
    ],
)
def test_a_change_is_refused(reminder, value, begin, more, code, words) -> None:
    before = frozen()
    with pytest.raises(CannotChangeRule) as refused, transaction.atomic():
        change(reminder, value, begin, **more)
    assert refused.value.code == code
    assert words in str(refused.value)
    assert (frozen(), LegalRule.objects.filter(valid_to__gte=TODAY - DAY).count()) == (before, 0)
    assert not Entry.objects.exists()


def test_a_rule_that_began_today_changes_tomorrow_at_the_earliest(reminder) -> None:
    new = change(reminder, 21, TODAY)
    with pytest.raises(CannotChangeRule) as refused:
        change(new, 22, TODAY)
    assert "began on 23.11.2026; the new one must begin later" in str(refused.value)
    assert change(new, 22, TODAY + DAY).valid_from == TODAY + DAY


def test_a_rule_with_a_follower_is_left_to_it(reminder) -> None:
    begin = TODAY + 10 * DAY
    later = change(reminder, 21, begin)
    for day in (begin, begin + DAY):
        with pytest.raises(CannotChangeRule) as refused:
            change(reminder, 22, day)
        assert refused.value.code == "has_follower"
    between = change(reminder, 22, begin - 5 * DAY)
    later.refresh_from_db()
    assert (between.valid_to, later.valid_from) == (begin - DAY, begin)


def test_a_rule_that_has_not_begun_is_corrected_in_its_place(reminder) -> None:
    begin = TODAY + 10 * DAY
    new = change(reminder, 21, begin)
    corrected = change(new, 12, begin)
    assert (corrected.pk, corrected.days, corrected.valid_from) == (new.pk, 12, begin)
    assert Entry.objects.filter(subject_id=new.pk).count() == 2
    with pytest.raises(CannotChangeRule):
        change(new, 12, begin - DAY)


def test_a_half_year_is_followed_without_a_gap() -> None:
    rule = InterestRate.objects.get(country="FI", debtor_kind="person", valid_to=dt.date(2026, 12, 31))
    new_year = dt.date(2027, 1, 1)
    with pytest.raises(CannotChangeRule) as refused:
        change(rule, Decimal(10), new_year + DAY)
    assert refused.value.code == "leaves_a_gap"
    new = change(rule, Decimal(10), new_year, valid_to=dt.date(2027, 6, 30))
    rule.refresh_from_db()
    assert (rule.valid_to, rule.percent) == (new_year - DAY, None)
    assert (new.valid_to, new.percent) == (dt.date(2027, 6, 30), 10)


def test_every_kind_of_rule_can_change() -> None:
    for rule, value in (
        (VatRate.objects.get(country="FI", label="standard", valid_to=None), Decimal(26)),
        (FeeCap.objects.filter(country="FI", step="demand", principal_from=100).first(), Decimal(30)),
        (InterestRate.objects.filter(country="SE", valid_to__gte=TODAY).first(), Decimal(11)),
    ):
        new = change(rule, value, TODAY + DAY)
        assert new.value == value
        assert {getattr(new, name) for name in rule.KEY} == {getattr(rule, name) for name in rule.KEY}


def test_the_switch_of_norwegian_notices_has_a_day() -> None:
    rule = LegalRule.objects.get(country="NO", debtor_kind="person", step="notice")
    change(rule, 1, TODAY + 10 * DAY, values={"days": 1, "is_allowed": False, "country": "FI"})
    facts = {"country": "NO", "debtor_kind": "person", "due_date": TODAY - 30 * DAY, "today": TODAY}
    clock = legal_clock(**facts)
    assert clock.refusal("notice", TODAY + 9 * DAY) is None
    assert "not allowed" in str(clock.refusal("notice", TODAY + 10 * DAY))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(-40, 60), st.integers(0, 40), st.integers(0, 3)), min_size=1, max_size=6)
)
def test_no_row_of_changes_touches_the_past_or_overlaps(moves) -> None:
    with transaction.atomic():
        before = frozen()
        for offset, days, which in moves:
            rules = LegalRule.objects.filter(country="FI", debtor_kind="person", step="reminder")
            rule = rules.order_by("valid_from")[which % rules.count()]
            try:
                change(rule, days, TODAY + offset * DAY)
            except CannotChangeRule:
                continue
        assert frozen() == before
        rows = list(rules.all())
        for count in range(-60, 80):
            assert sum(row.is_in_force(TODAY + count * DAY) for row in rows) == 1
        transaction.set_rollback(True)
