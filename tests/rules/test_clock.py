"""The legal clock: every fact of the first set as a vector, days around a change, and the words of refusals."""

import datetime as dt
import itertools
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from ropo_portal.rules.clock import ClaimFacts, LegalClock, reach
from ropo_portal.rules.models import LegalRule, Step
from ropo_portal.rules.operations import legal_bar, legal_clock, legal_clocks

DUE = dt.date(2026, 11, 2)
TODAY = dt.date(2026, 11, 23)
DAY = dt.timedelta(days=1)


def after_due(days: int) -> dt.date:
    return DUE + days * DAY


def clock(country: str, debtor: str, **facts: dt.date) -> LegalClock:
    return legal_clock(country=country, debtor_kind=debtor, **{"due_date": DUE, "today": TODAY, **facts})


def rule(
    step: str = "collection", after: str = "due_date", days: int | None = 14, **facts: object
) -> LegalRule:
    """An unsaved rule of Finnish consumers, for clocks without a database."""
    values = {"valid_from": dt.date(2013, 1, 1), "is_confirmed": True, "name": f"Rule {after}", **facts}
    return LegalRule(country="FI", debtor_kind="person", step=step, after=after, days=days, **values)


def wound(rules: list[LegalRule], today: dt.date = TODAY, **facts: object) -> LegalClock:
    values = {"country": "FI", "debtor_kind": "person", "due_date": DUE, **facts}
    return LegalClock(ClaimFacts(**values), today, rules)  # type: ignore[arg-type]


# ------------------------------------------------------------------------------------------- the first set
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("country", "debtor", "reminder", "chargeable"),
    [
        ("FI", "person", 14, 14),
        ("FI", "company", 1, 1),
        ("SE", "person", 1, 1),
        ("SE", "company", 1, 1),
        ("NO", "person", 1, 14),
        ("NO", "company", 1, 14),
    ],
)
def test_reminders(country: str, debtor: str, reminder: int, chargeable: int) -> None:
    found = clock(country, debtor)
    assert found.earliest_reminder == after_due(reminder)
    assert found.earliest_chargeable_reminder == after_due(chargeable)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("country", "debtor", "notice", "earliest"),
    [
        ("FI", "person", 14, 28),  # notice and 14
        ("FI", "person", 1, 15),
        ("FI", "company", 2, 12),  # notice and 10
        ("FI", "company", 1, 11),
        ("SE", "person", None, 1),  # no reminder is needed
        ("SE", "company", None, 1),
        ("SE", "company", 5, 1),
        ("NO", "person", 5, 19),  # fourteen days from the notice
        ("NO", "company", 1, 15),
    ],
)
def test_collection(country: str, debtor: str, notice: int | None, earliest: int) -> None:
    facts = {} if notice is None else {"notice_date": after_due(notice)}
    found = clock(country, debtor, **facts)
    assert found.earliest_collection == after_due(earliest)
    assert found.collection.rule_name
    assert found.collection.source


@pytest.mark.django_db
@pytest.mark.parametrize(("debtor", "days"), [("person", 14), ("company", 7)])
def test_finland_asks_for_the_days_after_the_due_date_as_well(debtor: str, days: int) -> None:
    """A notice always comes after the due date, so this rule decides only when its days grow or the notice's shrink."""
    LegalRule.objects.filter(country="FI", step="collection", after="notice").update(days=0)
    assert clock("FI", debtor, notice_date=after_due(1)).earliest_collection == after_due(days)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("country", "debtor"), [("FI", "person"), ("FI", "company"), ("NO", "person"), ("NO", "company")]
)
def test_collection_without_notice_has_no_day(country: str, debtor: str) -> None:
    found = clock(country, debtor)
    assert found.earliest_collection is None
    assert "needs the day on which the debtor was given notice" in str(found.refusal("collection", TODAY))


@pytest.mark.django_db
def test_a_second_chargeable_reminder_waits_again() -> None:
    found = clock("FI", "person", last_reminder_date=after_due(20))
    assert found.earliest_chargeable_reminder == after_due(34)
    assert found.earliest_reminder == after_due(14)
    assert clock("FI", "company", last_reminder_date=after_due(20)).earliest_chargeable_reminder == after_due(
        1
    )


@pytest.mark.django_db
def test_norway_lets_the_creditor_give_notice_until_that_is_switched_off() -> None:
    assert clock("NO", "person").refusal("notice", TODAY) is None
    LegalRule.objects.filter(country="NO", step="notice").update(is_allowed=False)
    assert "not allowed" in str(clock("NO", "person").refusal("notice", TODAY))
    assert "No rule lets the creditor" in str(clock("FI", "person").refusal("notice", TODAY))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("country", "debtor", "confirmed"),
    [
        ("FI", "person", (True, True, False)),
        ("FI", "company", (False, False, False)),
        ("SE", "person", (False, False, True)),
        ("NO", "person", (False, False, True)),
    ],
)
def test_doubt_is_told(country: str, debtor: str, confirmed: tuple[bool, ...]) -> None:
    found = clock(country, debtor, notice_date=after_due(3))
    steps = (found.reminder, found.chargeable_reminder, found.collection)
    assert tuple(one.is_confirmed for one in steps) == confirmed
    assert not found.is_confirmed


@pytest.mark.django_db
def test_the_other_waiting_times_of_the_paper_are_there() -> None:
    found = LegalRule.objects.exclude(step__in=["reminder", "chargeable_reminder", "collection", "notice"])
    assert set(found.values_list("country", "debtor_kind", "step", "days", "is_confirmed")) == {
        ("FI", "person", "payment_time", 14, True),
        ("FI", "person", "fee_payment_time", 14, False),
        ("FI", "person", "contract_interest", 180, False),
        *(("SE", kind, "demand_time", 8, True) for kind in ("company", "person")),
        *(("NO", kind, "demand_time", 14, True) for kind in ("company", "person")),
    }


@pytest.mark.django_db
def test_a_country_without_rules_allows_nothing() -> None:
    found = clock("DE", "person")
    assert (found.earliest_reminder, found.earliest_collection) == (None, None)
    assert "No rule says when" in str(found.refusal("reminder", TODAY))


@pytest.mark.django_db
def test_one_question_for_a_clock_and_for_a_list() -> None:
    facts = [ClaimFacts(country, "person", DUE, after_due(2)) for country in ("FI", "SE", "NO")] * 30
    for claims in (facts[:1], facts):
        with CaptureQueriesContext(connection) as queries:
            found = legal_clocks(claims, today=TODAY)
        assert (len(queries), len(found)) == (1, len(claims))
    assert found[1].facts.country == "SE"
    assert found[1].earliest_collection == clock("SE", "person").earliest_collection
    with CaptureQueriesContext(connection) as queries:
        assert legal_clocks([], today=TODAY) == []
    assert len(queries) == 0


# ------------------------------------------------------------------------------------------- words
@pytest.mark.parametrize(
    ("facts", "step", "on", "words"),
    [
        ({}, "reminder", after_due(13),
         "Too early for a reminder: it may be sent from 16.11.2026, 14 days after the due date (Rule due_date)."),
        ({"last_reminder_date": after_due(14)}, "chargeable_reminder", after_due(27),
         ("Too early for a chargeable reminder: it may be sent from 30.11.2026, 14 days after the previous reminder "
         "(Rule previous_reminder).")),
        ({"notice_date": after_due(2)}, "collection", after_due(15),
         "Too early for debt collection: it may begin on 18.11.2026, 14 days after the notice (Rule notice)."),
        ({}, "collection", TODAY,
         "Debt collection needs the day on which the debtor was given notice (Rule notice)."),
        ({"notice_date": DUE}, "collection", TODAY,
         "The notice of 2.11.2026 does not count: it must come after the due date, 2.11.2026."),
        ({"notice_date": TODAY + DAY}, "collection", TODAY + 20 * DAY,
         "The notice date 24.11.2026 lies in the future; collection needs a notice that has gone out."),
        ({}, "notice", TODAY, "No rule lets the creditor send a collection notice in this country."),
    ],
)  # fmt: skip
def test_refusals_say_why(facts: dict[str, dt.date], step: str, on: dt.date, words: str) -> None:
    rules = [
        rule("reminder"), rule("chargeable_reminder"), rule("chargeable_reminder", "previous_reminder"),
        rule(), rule(after="notice"),
    ]  # fmt: skip
    assert str(wound(rules, **facts).refusal(step, on)) == words


@pytest.mark.parametrize(
    ("facts", "words"),
    [({"days": None}, "How long to wait is not known yet (Rule due_date); an administrator has to find it out."),
     ({"is_allowed": False}, "This step is not allowed (Rule due_date).")],
)  # fmt: skip
def test_open_and_forbidden_rules_give_no_day(facts: dict[str, object], words: str) -> None:
    found = wound([rule(**facts), rule(after="notice")], notice_date=after_due(1))
    assert found.earliest_collection is None
    assert str(found.refusal("collection", TODAY + 999 * DAY)) == words


def test_the_day_itself_is_allowed_and_the_day_before_is_not() -> None:
    found = wound([rule("reminder")])
    assert found.refusal("reminder", after_due(14)) is None
    assert found.refusal("reminder", after_due(13)) is not None
    assert (
        str(found.reminder.sentence) == "A reminder may be sent from 16.11.2026, 14 days after the due date."
    )


def test_one_day_is_singular_and_days_take_the_readers_language() -> None:
    found = wound([rule("reminder", days=1)])
    assert "1 day after the due date" in str(found.reminder.sentence)
    with translation.override("sv"):
        assert "2026-11-03" in str(found.reminder.sentence)


# ------------------------------------------------------------------------------------------- change of law
CHANGE = dt.date(2027, 1, 1)


def changed(new_days: int | None, **facts: object) -> list[LegalRule]:
    old = rule("reminder", days=14, valid_to=CHANGE - DAY)
    return [old, rule("reminder", days=new_days, valid_from=CHANGE, **facts)]


@pytest.mark.parametrize(
    ("due", "days_after_change", "earliest"),
    [
        (CHANGE - 15 * DAY, 30, CHANGE - DAY),  # the last day of the old rule
        (CHANGE - 14 * DAY, 30, CHANGE + 16 * DAY),  # a day too late for it
        (CHANGE - 13 * DAY, 5, CHANGE),  # the shorter new rule allows it at once
        (CHANGE - 3 * DAY, 5, CHANGE + 2 * DAY),
        (CHANGE, 5, CHANGE + 5 * DAY),
    ],
)
def test_a_change_of_law_holds_from_its_day(due: dt.date, days_after_change: int, earliest: dt.date) -> None:
    found = wound(changed(days_after_change), due_date=due, today=due)
    assert found.earliest_reminder == earliest
    assert found.refusal("reminder", earliest - DAY) is not None
    assert found.refusal("reminder", earliest) is None


def test_what_was_allowed_under_the_old_rule_may_have_to_wait_under_the_new_one() -> None:
    due = CHANGE - 16 * DAY
    rules = changed(30)
    assert wound(rules, due_date=due, today=CHANGE - DAY).refusal("reminder", CHANGE - DAY) is None
    late = wound(rules, due_date=due, today=CHANGE)
    assert late.earliest_reminder == due + 30 * DAY
    assert "30 days after the due date" in str(late.refusal("reminder", CHANGE))


def test_a_rule_that_ends_without_a_follower_allows_nothing_afterwards() -> None:
    found = wound([rule("reminder", valid_to=after_due(10))])
    assert found.earliest_reminder is None
    assert "No rule says" in str(found.refusal("reminder", TODAY))


def test_a_step_forbidden_today_may_be_allowed_by_a_later_rule() -> None:
    rules = [rule("reminder", is_allowed=False, valid_to=CHANGE - DAY), rule("reminder", valid_from=CHANGE)]
    assert wound(rules).earliest_reminder == CHANGE


# ------------------------------------------------------------------------------------------- properties
days_of = st.integers(0, 60)
near = st.dates(dt.date(2026, 6, 1), dt.date(2027, 6, 1))


@st.composite
def sets_of_rules(draw: Callable[..., object]) -> list[LegalRule]:
    found: list[LegalRule] = []
    for after in ("due_date", "notice", "previous_reminder"):
        cuts = sorted(draw(st.sets(near, max_size=3)))  # type: ignore[call-overload, type-var]
        begins = [dt.date(2013, 1, 1), *cuts]
        for begin, end in zip(begins, [*(cut - DAY for cut in cuts), None], strict=True):
            days = draw(st.one_of(st.none(), days_of)) if after == "due_date" else draw(days_of)
            found.append(rule("collection", after, days, valid_from=begin, valid_to=end))
    return found


@given(sets_of_rules(), near, days_of, near, st.one_of(st.none(), near), st.one_of(st.none(), near))
def test_the_clock_is_monotone_in_the_due_date(rules, due, more, today, notice, previous) -> None:
    facts = {"notice_date": notice, "last_reminder_date": previous, "today": today}
    early = wound(rules, due_date=due, **facts).earliest_collection
    late = wound(rules, due_date=due + more * DAY, **facts).earliest_collection
    assert (late or dt.date.max) >= (early or dt.date.max)


@given(sets_of_rules(), near, near, near)
def test_the_earliest_day_is_allowed_and_today_is_not_before_it(rules, due, today, notice) -> None:
    found = wound(rules, due_date=due, today=today, notice_date=notice)
    earliest = found.earliest_collection
    if earliest is None:
        assert found.refusal("collection", today) is not None
    else:
        assert found.refusal("collection", max(earliest, today)) is None
        assert (found.refusal("collection", today) is None) == (earliest <= today)
    with_bar = legal_bar(found)
    places = [float(point.x) for point in with_bar.points]
    assert places == sorted(places)
    assert all(5 <= place <= 95 for place in places)
    assert all(after - before >= 8.9 for before, after in itertools.pairwise(places))


@given(sets_of_rules(), near, near, st.one_of(st.none(), near))
def test_the_reach_of_a_step_says_of_a_list_what_the_clock_says_of_one(rules, due, today, notice) -> None:
    clock = wound(rules, due_date=due, today=today, notice_date=notice, last_reminder_date=notice)
    # A notice that is not after the due date, or lies ahead, counts nowhere.
    counts = notice if notice is not None and due < notice <= today else None
    if due >= today or notice != counts:
        return
    for step in (Step.REMINDER, Step.COLLECTION):
        found = reach(rules, step, today=today)
        allowed = found is not None and due <= found.due_until
        if found is not None and found.needs_notice:
            allowed = allowed and counts is not None
        if found is not None and counts is not None and found.notice_until is not None:
            allowed = allowed and counts <= found.notice_until
        assert allowed == (clock.refusal(step, today) is None)
