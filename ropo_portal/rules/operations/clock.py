"""Room: legal clocks, of one claim or of a whole list, with one question to the database."""

import datetime as dt
from collections.abc import Sequence

from ropo_portal.rules.clock import STEPS, ClaimFacts, LegalClock, Reach, reach
from ropo_portal.rules.models import LegalRule


def legal_clock(
    *,
    country: str,
    debtor_kind: str,
    due_date: dt.date,
    notice_date: dt.date | None = None,
    last_reminder_date: dt.date | None = None,
    today: dt.date,
) -> LegalClock:
    """Return from which day each step against a debtor is allowed."""
    facts = ClaimFacts(country, debtor_kind, due_date, notice_date, last_reminder_date)
    return legal_clocks([facts], today=today)[0]


def legal_clocks(claims: Sequence[ClaimFacts], *, today: dt.date) -> list[LegalClock]:
    """Return the clocks of many claims, in their order."""
    countries = {facts.country for facts in claims}
    found: dict[tuple[str, str], list[LegalRule]] = {}
    # Ended rules are read as well: a clock may be asked about a day that is over.
    for rule in LegalRule.objects.filter(country__in=countries, step__in=STEPS) if countries else ():
        found.setdefault((rule.country, rule.debtor_kind), []).append(rule)
    return [
        LegalClock(facts, today, tuple(found.get((facts.country, facts.debtor_kind), ()))) for facts in claims
    ]


def reaches(country: str, *, today: dt.date) -> dict[tuple[str, str], Reach]:
    """Return, by step and kind of debtor, how far each step reaches on a day; a step that nobody may take is left out."""
    by_kind: dict[str, list[LegalRule]] = {}
    for rule in LegalRule.objects.filter(country=country, step__in=STEPS):
        by_kind.setdefault(rule.debtor_kind, []).append(rule)
    asked = {
        (step.value, kind): reach(rules, step, today=today)
        for kind, rules in by_kind.items()
        for step in STEPS
    }
    return {key: found for key, found in asked.items() if found is not None}
