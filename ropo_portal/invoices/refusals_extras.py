"""Room: what is wrong with the fields an invoice seldom needs."""

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ropo_portal.errors import DomainError
from ropo_portal.invoices.content import InvoiceContent
from ropo_portal.invoices.extras import ADDRESS_PARTS, CASH_DISCOUNTS
from ropo_portal.parties.models import Debtor

PLAN = ("plan_months", "plan_count", "plan_amount", "plan_instalments")


def saving(content: InvoiceContent) -> list[DomainError]:
    """What cannot be kept, not even in a draft."""
    if not content.extras:
        return []
    return [*_plan_shape(content.extras), *_discounts(content), *_fee_or_finance(content.extras)]


def posting(content: InvoiceContent) -> list[DomainError]:
    """What stands in the way of sending."""
    if not content.extras:
        return []
    return [*_companies_only(content), *_addresses(content.extras), *_plan_sum(content)]


def _refuse(message: str | Promise, field: str, code: str) -> DomainError:
    return DomainError(message, field=field, code=code)


def _plan_shape(extras: Mapping[str, Any]) -> Iterator[DomainError]:
    by_rule = [name for name in PLAN[:3] if extras.get(name)]
    if extras.get("plan_instalments"):
        if by_rule:
            yield _refuse(_("Give a plan of your own or months, not both."), "plan_instalments", "two_plans")
    elif by_rule and not extras.get("plan_months"):
        yield _refuse(_("State the months between instalments."), "plan_months", "plan_without_months")
    elif by_rule and bool(extras.get("plan_count")) == bool(extras.get("plan_amount")):
        message = _("State either the number of instalments or the amount of one.")
        yield _refuse(message, "plan_count", "plan_count_or_amount")


def _discounts(content: InvoiceContent) -> Iterator[DomainError]:
    for place in range(1, CASH_DISCOUNTS + 1):
        start = f"cash_discount_{place}"
        day, percent, amount = (
            content.extras.get(f"{start}_{part}") for part in ("date", "percent", "amount")
        )
        if not (day or percent or amount or content.extras.get(f"{start}_text")):
            continue
        if not day:
            yield _refuse(
                _("State the day until which the discount holds."), f"{start}_date", "discount_without_day"
            )
        elif not content.invoice_date <= dt.date.fromisoformat(day) <= content.due_date:
            message = _("The day of the discount lies between the invoice date and the due date.")
            yield _refuse(message, f"{start}_date", "discount_day")
        if bool(percent) == bool(amount):
            message = _("State the discount as a percentage or as an amount.")
            yield _refuse(message, f"{start}_percent", "discount_percent_or_amount")
        if amount and Decimal(amount) >= max(content.sums.total, Decimal(0)):
            yield _refuse(
                _("The discount is as large as the invoice."), f"{start}_amount", "discount_too_large"
            )


def _fee_or_finance(extras: Mapping[str, Any]) -> Iterator[DomainError]:
    if extras.get("fixed_fee") and extras.get("finance"):
        yield _refuse(_("The fixed compensation cannot go with finance."), "fixed_fee", "fee_with_finance")
    if extras.get("finance") and any(extras.get(name) for name in PLAN):
        yield _refuse(_("A payment plan cannot go with finance."), "finance", "plan_with_finance")


def _companies_only(content: InvoiceContent) -> Iterator[DomainError]:
    extras, debtor = content.extras, content.debtor
    if debtor.kind == Debtor.Kind.PERSON:
        for name in ("fixed_fee", "finance"):
            if extras.get(name):
                message = _("This is for companies only, and the debtor is a private person.")
                yield _refuse(message, name, f"{name}_for_person")
        if any(extras.get(name) for name in PLAN):
            yield _refuse(_("Payment plans are not for consumers."), "plan_months", "plan_for_person")
    elif extras.get("finance") and not debtor.business_id:
        yield _refuse(_("Finance needs the debtor's business id."), "finance", "finance_without_business_id")


def _addresses(extras: Mapping[str, Any]) -> Iterator[DomainError]:
    for kind in ("delivery", "billing"):
        given = {part: extras.get(f"{kind}_{part}") for part in ADDRESS_PARTS}
        if not any(given.values()):
            continue
        for part in ("street", "postcode", "city"):
            if not given[part]:
                message = _("An address needs street, post code and city.")
                yield _refuse(message, f"{kind}_{part}", "address_incomplete")


def _plan_sum(content: InvoiceContent) -> Iterator[DomainError]:
    instalments = content.extras.get("plan_instalments") or []
    if instalments and sum(Decimal(amount) for _day, amount in instalments) != content.sums.total:
        message = _("The instalments do not add up to the total of the invoice.")
        yield _refuse(message, "plan_instalments", "plan_sum")
