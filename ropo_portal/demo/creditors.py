"""Room: three invented creditors, their people and their accounts at the sandbox."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.contrib.auth.hashers import make_password

from ropo_portal.accounts.models import Creditor, CreditorEnvironment, User
from ropo_portal.accounts.operations import create_creditor, grant_role, set_credentials
from ropo_portal.demo.cast import CAST, PASSWORD
from ropo_portal.sandbox.options import DEFAULT_ACCOUNTS
from ropo_portal.submissions.models import SendingSwitch

FIRST_NUMBER = 1001
# Seconds that one can wait for in front of a screen; Norway keeps the ten minutes of real life.
SHORT_HOLD, LONG_HOLD = 10, 600
RESEND_WAIT, LOOK_UP_AGE = 30, 300

# Business ids lie below or beside the ranges in use; the accounts are the banks' own examples.
CREDITORS: tuple[dict[str, Any], ...] = (
    {
        "country": "FI", "name": "Keksitty Energia Oy", "business_id": "0000011-5", "vat_id": "FI00000115",
        "street": "Keksitynkatu 1", "postcode": "00100", "city": "Helsinki",
        "email": "laskutus@keksitty.example.com", "phone": "+358 9 0000 0000",
        "iban": "FI2112345600000785", "bic": "NDEAFIHH",
        "payment_term_days": 14, "default_vat_rate": Decimal("25.5"), "reference_kind": "viite",
        "hold_seconds": SHORT_HOLD,
    },
    {
        "country": "SE", "name": "Påhittade Kraft AB", "business_id": "992000-0008", "vat_id": "SE992000000801",
        "street": "Påhittsgatan 1", "postcode": "11122", "city": "Stockholm",
        "email": "faktura@pahittade.example.com", "phone": "+46 8 000 00 00",
        "iban": "SE4550000000058398257466", "bic": "ESSESESS",
        "payment_term_days": 30, "default_vat_rate": Decimal(25), "reference_kind": "ocr",
        "hold_seconds": SHORT_HOLD, "approval_rule": "above", "approval_limit": Decimal(15000),
    },
    {
        "country": "NO", "name": "Oppdiktet Energi AS", "business_id": "310000000", "vat_id": "NO310000000MVA",
        "street": "Oppdiktet gate 1", "postcode": "0150", "city": "Oslo",
        "email": "faktura@oppdiktet.example.com", "phone": "+47 00 00 00 00",
        "iban": "NO9386011117947", "bic": "DNBANOKK",
        "payment_term_days": 14, "default_vat_rate": Decimal(25), "reference_kind": "kid10",
        "hold_seconds": LONG_HOLD,
    },
)  # fmt: skip


def make_people(*, only_support: bool = False) -> dict[str, User]:
    """Create everybody who may sign in, or support alone, by address; one password, stretched once."""
    stretched = make_password(PASSWORD)
    people = {}
    for one in (one for one in CAST if one.is_support or not only_support):
        powers = {"is_staff": True, "is_superuser": True} if one.is_support else {}
        people[one.email] = User.objects.create(email=one.email, name=one.name, password=stretched, **powers)
    return people


def make_creditors(people: dict[str, User], *, at: dt.datetime) -> list[CreditorEnvironment]:
    """Create the creditors with a working sandbox account and a role for everybody; return their environments."""
    administrator = people["administrator@demo.example"]
    made = []
    for values in CREDITORS:
        creditor = create_creditor(values=values, actor=administrator, at=at)
        for one in CAST:
            if one.role != "administrator":
                grant_role(
                    user=people[one.email], creditor=creditor, role=one.role, actor=administrator, at=at
                )
        made.append(_opened(creditor, administrator, at))
    SendingSwitch.objects.update_or_create(
        pk=1, defaults={"resend_wait": RESEND_WAIT, "look_up_age": LOOK_UP_AGE}
    )
    return made


def _opened(creditor: Creditor, administrator: User, at: dt.datetime) -> CreditorEnvironment:
    account = next(one for one in DEFAULT_ACCOUNTS if one.country == creditor.country)
    CreditorEnvironment.objects.filter(creditor=creditor).update(next_number=FIRST_NUMBER)
    environment = creditor.environments.get()
    return set_credentials(
        environment=environment, cid=account.cid, apicode=account.apicode, actor=administrator, at=at
    )
