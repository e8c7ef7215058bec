"""What waits for which step: the lists say of a thousand claims what each claim's own page says of one."""

import datetime as dt
import itertools
from decimal import Decimal
from typing import Any

import pytest

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.accounts.scope import Scope
from ropo_portal.collection import search
from ropo_portal.collection.clock import clock_of, notice_date_of
from ropo_portal.collection.models import DebtCollectionCase, Step
from ropo_portal.collection.refusals import needs_notice
from ropo_portal.invoices.models import Claim
from ropo_portal.worklist import walk
from ropo_portal.worklist.kinds import Desk
from tests.collection.conftest import TODAY, make_claim
from tests.collection.flags import flagged
from tests.collection.writing import noticed, proposed, started
from tests.factories import AT, make_creditor, make_debtor, make_environment, make_user

pytestmark = pytest.mark.django_db
LATE = (-1, 0, 1, 2, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16, 28, 29, 60)
# Days since the notice was given; one that lies ahead, and none.
GIVEN = (None, -1, 0, 1, 9, 10, 11, 13, 14, 15, 40)
DAY = dt.timedelta(days=1)


def situations(environment: CreditorEnvironment, kind: str, home: str) -> list[Claim]:
    """Write claims of every lateness, with and without notices of every age."""
    debtor = make_debtor(environment.creditor, kind=kind)
    type(debtor).objects.filter(pk=debtor.pk).update(country=home)
    pairs = list(itertools.product(LATE, GIVEN))
    claims = Claim.objects.bulk_create(
        Claim(
            creditor=environment.creditor, environment=environment, debtor=debtor, number=f"{kind}-{place}",
            number_key=f"{kind}-{place}", reference="1232", invoice_date=dt.date(2026, 8, 1),
            due_date=TODAY - late * DAY, principal=Decimal(10), created_at=AT,
        )
        for place, (late, _given) in enumerate(pairs)
    )  # fmt: skip
    DebtCollectionCase.objects.bulk_create(
        DebtCollectionCase(claim=claim, amount=Decimal(10), notice_date=TODAY - given * DAY, created_at=AT)
        for claim, (_late, given) in zip(claims, pairs, strict=True)
        if given is not None
    )
    return claims


def judged(claim: Claim) -> str:
    """Say what the claim's own page says of it."""
    written = notice_date_of(claim)
    clock = clock_of(claim, today=TODAY, notice_date=written)
    is_given = written is not None and claim.due_date < written <= TODAY
    if claim.due_date >= TODAY:
        return ""
    # What is written down may be a notice that cannot be posted: then it is none.
    if clock.refusal(Step.COLLECTION, TODAY) is None and (is_given or not needs_notice(claim)):
        return "collection"
    is_allowed = clock.refusal(Step.REMINDER, TODAY) is None
    return "reminder" if is_allowed and not is_given else ""


def listed(environment: CreditorEnvironment) -> dict[Any, str]:
    """Return which list holds each claim; what is counted is what is listed."""
    claims, found = Claim.objects.filter(environment=environment), {}
    counted = search.counted(environment=environment, today=TODAY)
    for group, step in search.STEPS.items():
        rows = search.in_group(claims, group, environment=environment, today=TODAY)
        keys = set(rows.values_list("pk", flat=True))
        assert set(counted[group].values_list("pk", flat=True)) == keys
        found |= dict.fromkeys(keys, step.value)
    return found


def today_holds(environment: CreditorEnvironment, at: dt.datetime = AT) -> dict[Any, str]:
    """Return the same of Today."""
    desk = Desk(Scope(make_user("sender", environment.creditor)), (environment,), at)
    kinds = [kind for kind in walk.KINDS if kind.name in {"reminder", "collection"}]
    return {row.claim_id: kind.name for kind in kinds for row in kind.waiting(desk)}


@pytest.mark.parametrize("kind", ["person", "company"])
@pytest.mark.parametrize(
    ("country", "home"), [("FI", "FI"), ("SE", "SE"), ("NO", "NO"), ("SE", "FI"), ("NO", "FI")]
)
def test_lists_and_today_say_what_each_claim_says(country, home, kind):
    environment = make_environment(make_creditor(country))
    made = situations(environment, kind, home)
    told = {claim.pk: judged(claim) for claim in Claim.objects.with_parties().filter(environment=environment)}
    assert len(told) == len(made)
    expected = {pk: step for pk, step in told.items() if step}
    assert set(expected.values()) == {"reminder", "collection"} or (country, home) == ("SE", "SE")
    assert listed(environment) == expected
    assert today_holds(environment) == expected


def lines(environment: CreditorEnvironment) -> list[tuple[str, str]]:
    """Return kind and words of every row of Today."""
    desk = Desk(Scope(make_user("sender", environment.creditor)), (environment,), AT)
    return [(row.kind.name, str(row.next_step)) for row in walk.look(desk).rows]  # type: ignore[union-attr]


def test_without_a_notice_nobody_is_ready_for_collection(claim):
    [(kind, words)] = lines(claim.environment)
    assert (kind, words.split(" from ")[0]) == ("reminder", "A reminder may be sent")


def test_a_notice_whose_days_run_is_no_work_until_they_are_over(claim):
    case = noticed(claim, make_user(), notice_date=TODAY - 3 * DAY)
    assert lines(claim.environment) == []
    DebtCollectionCase.objects.filter(pk=case.pk).update(notice_date=TODAY - 30 * DAY)
    assert lines(claim.environment) == [("collection", "Go on with the debt collection")]


@pytest.mark.parametrize("country", ["FI", "SE"])
def test_a_reminder_that_is_being_written_is_gone_on_with(country):
    claim = make_claim(make_environment(make_creditor(country)))
    before = [kind for kind, _words in lines(claim.environment)]
    assert before == (["reminder"] if country == "FI" else ["collection"])
    started(claim)
    assert lines(claim.environment) == [("reminder", "Go on with the reminder")]
    assert set(listed(claim.environment).values()) == {"reminder"}


def test_what_is_proposed_or_protected_waits_in_no_list(environment):
    one, two = make_claim(environment), make_claim(environment, number="X-18", reference="1245")
    proposed(one, make_user())
    flagged(two.debtor)
    assert listed(environment) == today_holds(environment) == {}
