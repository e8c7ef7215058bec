"""What the tests of parties ask for."""

from typing import Any

import pytest

from tests.factories import make_creditor, make_environment

COMPANY = {
    "kind": "company", "name": "Aalto Rakennus Oy", "business_id": "1998095-0", "street": "Kauppakatu 5",
    "postcode": "20100", "city": "Turku", "country": "FI", "channel": "post", "language": "fi",
}  # fmt: skip
PERSON = {**COMPANY, "kind": "person", "name": "Anni Mäkelä", "business_id": "", "national_id": "131052-308T"}
CREDITOR = {
    "name": "Pohjolan Lämpö Oy", "country": "FI", "business_id": "2077474-0", "street": "Mannerheimintie 1",
    "postcode": "00100", "city": "Helsinki", "iban": "FI21 1234 5600 0007 85", "bic": "NDEAFIHH",
    "reference_kind": "viite", "payment_term_days": "14", "default_vat_rate": "25,5", "hold": "10",
    "sending_time": "09:00", "approval_rule": "off",
}  # fmt: skip


@pytest.fixture
def company() -> dict[str, Any]:
    """A form of a company, filled in."""
    return dict(COMPANY)


@pytest.fixture
def person() -> dict[str, Any]:
    """A form of a private person, filled in."""
    return dict(PERSON)


@pytest.fixture
def creditor_form() -> dict[str, Any]:
    """A form of a creditor, filled in."""
    return dict(CREDITOR)


@pytest.fixture
def stranger(db: None) -> Any:
    """A creditor to which nobody of the test belongs, with a sandbox."""
    other = make_creditor("FI", name="Foreign Oy")
    make_environment(other)
    return other
