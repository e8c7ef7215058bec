"""Room: what is left of a claim's principal; the one place that says so."""

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Round

from ropo_portal.submissions.models import Submission

DEAD = (Submission.State.REJECTED, Submission.State.CANCELLED)
MONEY = models.DecimalField(max_digits=14, decimal_places=2)


def live(path: str) -> Q:
    """What was sent or is about to be, and was not turned down."""
    return Q(**{f"{path}submission__isnull": False}) & ~Q(**{f"{path}submission__state__in": DEAD})


# What lowers a claim, and what raises it again; each by the way from the claim to the amount, and what of it counts.
PAYMENTS = ("bypasspayments__amount", live("bypasspayments__"))
# Ropo's report of a payment that we registered ourselves is the same money.
REPORTS = ("payment_reports__amount", Q(payment_reports__payment=None))
CREDIT_NOTES = ("invoice__credit_notes__credited_amount", live("invoice__credit_notes__"))
# The allocation of a credit note of ours tells Ropo of it; the note itself has lowered the claim already.
FOREIGN_CREDITS = (
    "creditallocations__amount",
    live("creditallocations__") & Q(creditallocations__credit_note=None, creditallocations__kind="allocated"),
)


def paid(model: type[models.Model]) -> Combinable:
    """Payments of ours, and those that Ropo alone knows of."""
    return _sum(model, *PAYMENTS) + _sum(model, *REPORTS)


def credited(model: type[models.Model]) -> Combinable:
    """Credit notes of ours, and allocated ones made elsewhere."""
    return _sum(model, *CREDIT_NOTES) + _sum(model, *FOREIGN_CREDITS)


def balance(model: type[models.Model]) -> Combinable:
    """The principal less credits and payments; below zero, more came in than was owed."""
    # SQLite adds decimals as floating point, so that the sum has to be brought back to cents.
    return Round(F("principal") - credited(model) - paid(model), precision=2, output_field=MONEY)


def _sum(model: type[models.Model], path: str, counts: Q) -> Combinable:
    same = model._meta.base_manager.filter(pk=OuterRef("pk")).order_by().values("pk")
    total = same.annotate(total=Sum(path, filter=counts)).values("total")
    return Coalesce(Subquery(total, output_field=MONEY), Decimal(0), output_field=MONEY)


def carried_on(*, until: Any = None) -> Exists:
    """Whether Ropo carries the claim on by itself; or moves it to its next step by a day."""
    jobs = Submission.objects.filter(
        environment=OuterRef("environment"), number_key=OuterRef("number_key"), opening="claim"
    )
    if until is None:
        return Exists(jobs.exclude(state__in=DEAD))
    return Exists(jobs.moving_on(until=until).filter(state=Submission.State.ACCEPTED))
