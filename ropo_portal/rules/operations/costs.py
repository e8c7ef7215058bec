"""Room: the most that may be charged on a day, and the statutory interest of a day."""

import datetime as dt
from decimal import Decimal

from ropo_portal.rules.models import FeeCap, InterestRate


def fee_cap(*, country: str, debtor_kind: str, step: str, principal: Decimal, on: dt.date) -> FeeCap | None:
    """Return the cap for a principal on a day; one without an amount is a cap nobody has found yet."""
    caps = FeeCap.objects.in_force(on).about(principal)
    found: FeeCap | None = caps.filter(country=country, debtor_kind=debtor_kind, step=step).first()
    return found


def late_interest(*, country: str, debtor_kind: str, on: dt.date) -> InterestRate | None:
    """Return the statutory interest of a day; one without a percentage is a rate nobody has found yet."""
    rates = InterestRate.objects.in_force(on).filter(country=country, debtor_kind=debtor_kind)
    found: InterestRate | None = rates.order_by("-valid_from").first()
    return found
