"""The first set of fees and interest, as the survey knew them, and what the database refuses."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from ropo_portal.rules.models import KINDS, FeeCap, InterestRate, LegalRule, VatRate
from ropo_portal.rules.operations import doubtful_rules, fee_cap, late_interest

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("country", "debtor", "step", "principal", "amount", "confirmed"),
    [
        ("FI", "person", "reminder", "50", "5", True),
        ("FI", "person", "demand", "0", "14", False),
        ("FI", "person", "demand", "100", "14", False),
        ("FI", "person", "demand", "100.01", "24", False),
        ("FI", "person", "demand", "1000", "24", False),
        ("FI", "person", "demand", "1000.01", "50", False),
        ("FI", "person", "enforceable_demand", "5000", "14", False),
        ("FI", "person", "new_due_date", "50", "5", False),
        ("FI", "person", "instalment_plan", "50", "20", False),
        ("FI", "person", "instalment_plan", "500", None, False),
        ("FI", "person", "instalment_plan", "5000", "50", False),
        ("FI", "person", "total", "100", "60", False),
        ("FI", "person", "total", "101", "120", False),
        ("FI", "person", "total", "1001", "210", False),
        ("FI", "company", "reminder", "50", "12", False),
        ("FI", "company", "demand", "500", "50", False),
        ("FI", "company", "demand", "2500", "70", False),
        ("FI", "company", "demand", "10000", "90", False),
        ("FI", "company", "demand", "10000.01", "110", False),
        ("FI", "company", "compensation", "50", "40", False),
        *(("SE", kind, "reminder", "50", "60", True) for kind in ("company", "person")),
        *(("SE", kind, "demand", "50", "180", False) for kind in ("company", "person")),
        *(("SE", kind, "instalment_plan", "50", "170", False) for kind in ("company", "person")),
        ("SE", "company", "compensation", "50", "450", False),
        *(("NO", kind, "base", "50", "750", False) for kind in ("company", "person")),
        *(("NO", kind, "reminder", "50", "37.50", False) for kind in ("company", "person")),
        *(("NO", kind, "notice", "50", "37.50", False) for kind in ("company", "person")),
        *(("NO", kind, "demand", "50", "112.50", False) for kind in ("company", "person")),
        ("NO", "company", "compensation", "50", None, False),
    ],
)
def test_fee_caps(country, debtor, step, principal, amount, confirmed) -> None:
    found = fee_cap(country=country, debtor_kind=debtor, step=step, principal=Decimal(principal), on=TODAY)
    assert found is not None
    assert found.amount == (amount and Decimal(amount))
    assert found.is_confirmed is confirmed
    assert found.currency == {"FI": "EUR", "SE": "SEK", "NO": "NOK"}[country]


@pytest.mark.parametrize(
    ("step", "on", "amount"),
    [
        ("demand", dt.date(2025, 12, 31), "105"),
        ("demand", dt.date(2026, 1, 1), "112.50"),
        ("reminder", dt.date(2025, 12, 31), "35"),
        ("reminder", dt.date(2026, 1, 1), "37.50"),
        ("compensation", dt.date(2026, 6, 30), "460"),
        ("compensation", dt.date(2026, 7, 1), None),
    ],
)
def test_norwegian_fees_change_with_the_year(step, on, amount) -> None:
    found = fee_cap(country="NO", debtor_kind="company", step=step, principal=Decimal(1), on=on)
    assert found is not None
    assert found.amount == (amount and Decimal(amount))


def test_finnish_company_fees_begin_in_may_2022_and_others_are_unknown() -> None:
    facts = {"country": "FI", "debtor_kind": "company", "step": "reminder", "principal": Decimal(1)}
    assert fee_cap(**facts, on=dt.date(2022, 4, 30)) is None
    assert fee_cap(**facts, on=dt.date(2022, 5, 1)) is not None
    assert fee_cap(**{**facts, "country": "SE", "step": "total"}, on=TODAY) is None


@pytest.mark.parametrize(
    ("country", "debtor", "on", "percent", "confirmed"),
    [
        ("FI", "person", dt.date(2024, 12, 31), "11.5", True),
        ("FI", "person", dt.date(2025, 1, 1), "10.5", True),
        ("FI", "person", dt.date(2025, 7, 1), None, False),
        ("FI", "person", dt.date(2026, 6, 30), "9.5", True),
        ("FI", "person", dt.date(2026, 7, 1), None, False),
        ("FI", "company", dt.date(2024, 12, 31), "12.5", True),
        ("FI", "company", dt.date(2025, 1, 1), "11.5", True),
        ("FI", "company", dt.date(2026, 1, 1), "10.5", True),
        ("FI", "company", dt.date(2026, 12, 31), None, False),
        ("SE", "company", dt.date(2023, 12, 31), "11.5", True),
        ("SE", "company", dt.date(2024, 1, 1), "12", True),
        ("SE", "person", dt.date(2025, 1, 1), None, False),
        ("SE", "person", TODAY, "10", False),
        ("NO", "person", dt.date(2026, 6, 30), "12", False),
        ("NO", "company", TODAY, None, False),
    ],
)
def test_late_interest(country, debtor, on, percent, confirmed) -> None:
    found = late_interest(country=country, debtor_kind=debtor, on=on)
    assert found is not None
    assert found.percent == (percent and Decimal(percent))
    assert found.is_confirmed is confirmed


def test_interest_after_the_last_known_half_year_is_unknown() -> None:
    """An old rate must not live on by mistake."""
    assert late_interest(country="FI", debtor_kind="person", on=dt.date(2027, 1, 1)) is None


def test_every_row_has_a_source_a_day_and_a_next_check() -> None:
    for kind in (LegalRule, FeeCap, InterestRate):
        assert not kind.objects.filter(source="").exists()
        assert not kind.objects.filter(check_by=None).exists()
        assert set(kind.objects.values_list("checked_on", flat=True)) == {dt.date(2026, 11, 22)}


def test_the_first_set_never_overlaps_itself() -> None:
    for kind in KINDS.values():
        for row in kind.objects.all():
            others = [one for one in kind.objects.all().same_thing(row) if one.pk != row.pk]
            assert not any(one.is_in_force(row.valid_from) for one in others), row


def test_the_count_of_doubts_agrees_with_the_rows(django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        counted = doubtful_rules(TODAY)
    rows = [row for kind in KINDS.values() for row in kind.objects.all().not_over(TODAY)]
    assert counted == sum(row.standing(TODAY) != "checked" for row in rows) > 0
    later = dt.date(2030, 1, 1)
    assert doubtful_rules(later) == len(
        [
            row
            for kind in KINDS.values()
            for row in kind.objects.all().not_over(later)
            if row.standing(later) != "checked"
        ]
    )


WAIT = {
    "country": "FI",
    "debtor_kind": "person",
    "step": "reminder",
    "after": "demand",
    "name": "Test",
    "days": 1,
}
CAP = {"country": "FI", "debtor_kind": "company", "step": "total", "amount": 1, "currency": "EUR"}
RATE = {"country": "NO", "debtor_kind": "company", "percent": 9, "valid_from": dt.date(2031, 1, 1)}


@pytest.mark.parametrize(
    ("kind", "row", "broken"),
    [
        (LegalRule, WAIT, {"days": 1001}),
        (LegalRule, WAIT, {"days": None, "is_confirmed": True}),
        (LegalRule, WAIT, {"valid_to": dt.date(2029, 12, 31)}),
        (LegalRule, WAIT, {"after": "due_date"}),  # one without an end is there
        (FeeCap, CAP, {"amount": -1}),
        (FeeCap, CAP, {"amount": None, "is_confirmed": True}),
        (FeeCap, CAP, {"principal_from": 10, "principal_to": 10}),
        (FeeCap, CAP, {"principal_from": -1}),
        (FeeCap, CAP, {"debtor_kind": "person"}),
        (InterestRate, RATE, {"percent": 101}),
        (InterestRate, RATE, {"percent": -1}),
        (InterestRate, RATE, {"percent": None, "is_confirmed": True}),
        (InterestRate, RATE, {"valid_from": dt.date(2026, 1, 1)}),
    ],
)
def test_the_database_refuses_impossible_rows(kind, row, broken) -> None:
    facts = {"valid_from": dt.date(2030, 1, 1), "checked_on": TODAY, **row}
    with pytest.raises(IntegrityError), transaction.atomic():
        kind.objects.create(**{**facts, **broken})
    kind.objects.create(**facts)


def test_vat_rates_are_kept_in_the_same_way() -> None:
    row = VatRate.objects.get(country="FI", label="standard", valid_to=None)
    assert (row.value, row.standing(TODAY), row.check_by) == (Decimal("25.5"), "checked", None)
