"""Room: what a debtor has promised, and how a promise is said."""

import datetime as dt

from django.db.models import Q
from django.utils.functional import Promise as Lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ropo_portal.collection.models import Promise
from ropo_portal.days import format_date
from ropo_portal.errors import sentence
from ropo_portal.invoices.models import Claim
from ropo_portal.money import format_money


def promises_about(claim: Claim) -> Q:
    """Return the condition of promises about a claim: on itself, or on all that its debtor owes."""
    whose = [claim.debtor_id, claim.debtor.merged_into_id]
    return Q(claim=claim) | Q(claim=None, environment=claim.environment_id, debtor_id__in=whose)


def standing_promise(claim: Claim, *, today: dt.date) -> Promise | None:
    """Return the promise about a claim that the debtor may still keep; the last day first."""
    found = Promise.objects.filter(promises_about(claim)).open(on=today)
    return found.select_related("environment__creditor").order_by("-date", "-id").first()


def promise_words(promise: Promise) -> "str | Lazy":
    """Say what was promised, before the claim is moved on all the same."""
    language = get_language() or "en"
    text = _("The debtor has promised to pay %(amount)s by %(day)s. Say below that you go on all the same.")
    return sentence(
        text,
        amount=format_money(promise.amount, promise.environment.currency, language),
        day=format_date(promise.date, language),
    )
