"""Room: what every rule of a country has: from when to when it holds, who says so, and when that was checked."""

import datetime as dt
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ropo_portal.identifiers import new_id


class Country(models.TextChoices):
    """Whose rule it is."""

    FINLAND = "FI", _("Finland")
    SWEDEN = "SE", _("Sweden")
    NORWAY = "NO", _("Norway")


# Fees are capped in the country's own money.
CURRENCIES = {Country.FINLAND: "EUR", Country.SWEDEN: "SEK", Country.NORWAY: "NOK"}


class DebtorKind(models.TextChoices):
    """Against whom it holds."""

    COMPANY = "company", _("company")
    PERSON = "person", _("consumer")


class DatedQuerySet(models.QuerySet[Any]):
    """Reads of dated rules."""

    def in_force(self, on: dt.date) -> Self:
        """Rules that hold on a day."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on)

    def not_over(self, today: dt.date) -> Self:
        """Rules that hold today or will hold later."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=today))

    def doubtful(self, today: dt.date) -> Self:
        """Rules of today or later that somebody has to check: unconfirmed, without a value, or due for it."""
        nothing = Q(**{f"{self.model.VALUE}": None})
        return self.not_over(today).filter(Q(is_confirmed=False) | Q(check_by__lte=today) | nothing)

    def same_thing(self, rule: "DatedRule") -> Self:
        """The rule's own row with its forerunners and followers, oldest first."""
        key = {name: getattr(rule, name) for name in rule.KEY}
        return self.filter(**key).order_by("valid_from")


class DatedRule(models.Model):
    """One rule of one country, from one day to another, both included. An ended row is never written again."""

    KEY: ClassVar[tuple[str, ...]] = ()  # what stays when the rule changes
    VALUE: ClassVar[str] = ""  # what changes; None is a value that nobody has found yet
    ALSO: ClassVar[tuple[str, ...]] = ()  # what may change beside the value

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    country = models.CharField(_("country"), max_length=2, choices=Country.choices)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    checked_on = models.DateField(_("checked on"))
    check_by = models.DateField(_("check again by"), null=True, blank=True)
    is_confirmed = models.BooleanField(_("confirmed"), default=False)

    class Meta:
        abstract = True

    @property
    def value(self) -> Any:
        """The rule's number, or None while nobody knows it."""
        return getattr(self, self.VALUE)

    def is_in_force(self, on: dt.date) -> bool:
        """Tell whether the rule holds on a day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    def standing(self, today: dt.date) -> str:
        """Return `open` without a value, `doubtful` when somebody has to check it, else `checked`."""
        if self.value is None:
            return "open"
        is_due = self.check_by is not None and self.check_by <= today
        return "doubtful" if is_due or not self.is_confirmed else "checked"


def begins_once(*key: str, name: str) -> models.UniqueConstraint:
    """Let no two rows of one rule begin on the same day."""
    return models.UniqueConstraint(fields=(*key, "valid_from"), name=name)


def one_without_end(*key: str, name: str) -> models.UniqueConstraint:
    """Let only one row of a rule have no end."""
    return models.UniqueConstraint(fields=key, condition=Q(valid_to=None), name=name)


def ends_after_it_begins(name: str) -> models.CheckConstraint:
    """Let no row end before it begins."""
    return models.CheckConstraint(condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name=name)
