"""Room: what the tax rates say on a day."""

import datetime as dt
from decimal import Decimal

from django.utils.functional import lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ropo_portal.days import format_date
from ropo_portal.errors import Sentence, sentence
from ropo_portal.money import format_percent
from ropo_portal.rules.models import VatRate


def rates_on(country: str, on: dt.date) -> list[VatRate]:
    """Return the tax rates of a country on a day, highest first."""
    return list(VatRate.objects.valid(country, on))


def is_rate_of(country: str, rate: Decimal) -> bool:
    """Tell whether a rate is, was or will be one of the country."""
    return VatRate.objects.filter(country=country, rate=rate).exists()


def vat_rate_warning(country: str, rate: Decimal, on: dt.date) -> Sentence | None:
    """Return a sentence when a rate is unusual on a day, None when it is in force.

    Only a warning: a credit note keeps the rate of its invoice, and a law may be younger than our rows.
    """
    valid = rates_on(country, on)
    if not valid or any(row.rate == rate for row in valid):
        return None
    row = VatRate.objects.nearest(country, rate, on)
    if row is None:
        message = _("%(rate)s is not a tax rate in this country; in force are %(rates)s.")
        return sentence(
            message, rate=_percents(rate), rates=_percents(*(valid_row.rate for valid_row in valid))
        )
    now = next((valid_row for valid_row in valid if valid_row.label == row.label), valid[0])
    if row.valid_from > on:
        message = _("%(rate)s begins on %(first_day)s; until then it is %(now)s.")
        return sentence(
            message, rate=_percents(rate), first_day=_date(row.valid_from), now=_percents(now.rate)
        )
    message = _("%(rate)s ended on %(last_day)s; from %(first_day)s it is %(now)s.")
    return sentence(
        message,
        rate=_percents(rate),
        last_day=_date(row.valid_to or on),
        first_day=_date(now.valid_from),
        now=_percents(now.rate),
    )


def _language() -> str:
    return get_language() or "en"


# Numbers and days inside a sentence take the language of whoever reads it, so they are written late.
def _percents_now(*rates: Decimal) -> str:
    return ", ".join(format_percent(rate, _language()) for rate in rates)


def _date_now(day: dt.date) -> str:
    return format_date(day, _language())


_percents = lazy(_percents_now, str)
_date = lazy(_date_now, str)
