"""Room: the rates of value added tax."""

import datetime as dt
from decimal import Decimal
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ropo_portal.money import format_percent
from ropo_portal.rules.models.dated import DatedQuerySet, DatedRule, begins_once, ends_after_it_begins


class Band(models.TextChoices):
    """Which of a country's rates this is: a new rate follows an old one of the same band."""

    STANDARD = "standard", _("standard rate")
    REDUCED = "reduced", _("reduced rate")
    LOWER = "lower", _("lower rate")
    RAW_FISH = "raw fish", _("raw fish")
    ZERO = "zero", _("zero rate")


class VatRateQuerySet(DatedQuerySet):
    """Reads of tax rates."""

    def valid(self, country: str, on: dt.date) -> Self:
        """Rates of a country on a day, highest first."""
        return self.in_force(on).filter(country=country).order_by("-rate")

    def nearest(self, country: str, rate: Decimal, on: dt.date) -> "VatRate | None":
        """Return the newest period of a rate that had begun on the day, else the next one to begin."""
        periods = self.filter(country=country, rate=rate)
        begun = periods.filter(valid_from__lte=on).order_by("-valid_from").first()
        return begun or periods.order_by("valid_from").first()


class VatRate(DatedRule):
    """One rate of value added tax in one country."""

    KEY = ("country", "label")
    VALUE = "rate"

    rate = models.DecimalField(_("rate, %"), max_digits=5, decimal_places=2)
    label = models.CharField(_("band"), max_length=12, choices=Band.choices)

    objects = VatRateQuerySet.as_manager()

    class Meta:
        verbose_name = _("VAT rate")
        verbose_name_plural = _("VAT rates")
        ordering = ("country", "-rate", "-valid_from")
        constraints = (
            begins_once("country", "rate", name="vat_rate_begins_once"),
            models.CheckConstraint(condition=Q(rate__gte=0, rate__lte=100), name="vat_rate_is_a_percentage"),
            ends_after_it_begins("vat_rate_ends_after_it_begins"),
        )

    def __str__(self) -> str:
        return f"{self.country} {format_percent(self.rate, 'en')}"
