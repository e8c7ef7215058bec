"""Room: what is wrong with an invoice: first what cannot be saved, then what cannot be posted."""

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import suppress
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ropo_portal import days, money
from ropo_portal.accounts.models import LANGUAGES, Creditor, CreditorEnvironment
from ropo_portal.errors import DomainError, sentence
from ropo_portal.identifiers import check_personal_id
from ropo_portal.invoices import refusals_extras
from ropo_portal.invoices.content import MOST_ROWS, InvoiceContent, RowContent
from ropo_portal.parties.models import Channel, Debtor

DAYS_BACK = 3 * 366
DAYS_AHEAD = 366
CHANNELS = frozenset(Channel.values)
ADDRESS = {"name": _("name"), "street": _("street address"), "postcode": _("post code"), "city": _("city")}
PRINTED_HERE = _("Only a letter can be printed here; choose the channel letter by post first.")


class InvoiceRefused(DomainError):
    """The invoice breaks a rule; `field` names the field of the form."""


def saving(content: InvoiceContent, *, creditor: Creditor, today: dt.date) -> list[DomainError]:
    """What makes it impossible even to keep the invoice as a draft."""
    return [
        *_party(content, creditor),
        *_dates(content, today),
        *_rows(content.rows),
        *_sums(content.sums),
        *refusals_extras.saving(content),
    ]


def posting(content: InvoiceContent) -> list[DomainError]:
    """What is still missing before the invoice can be sent."""
    return [
        *_claim(content),
        *_address(content.debtor),
        *_channel(content),
        *refusals_extras.posting(content),
    ]


def _refuse(message: str | Promise, field: str, code: str, **values: object) -> InvoiceRefused:
    return InvoiceRefused(sentence(message, **values) if values else message, field=field, code=code)


def _day(day: dt.date) -> str:
    return days.format_date(day, get_language() or "en")


def _party(content: InvoiceContent, creditor: Creditor) -> Iterator[DomainError]:
    if content.debtor.creditor_id != creditor.pk:
        yield _refuse(
            _("This debtor was not found among the creditor's debtors."), "debtor", "debtor_not_found"
        )
    if content.debtor.merged_into_id:
        yield _refuse(_("This debtor was merged into another. Choose that one."), "debtor", "debtor_merged")
    if content.channel not in CHANNELS:
        yield _refuse(_("Choose the channel from the list."), "channel", "channel_unknown")


def _dates(content: InvoiceContent, today: dt.date) -> Iterator[DomainError]:
    earliest, latest = today - dt.timedelta(days=DAYS_BACK), today + dt.timedelta(days=DAYS_AHEAD)
    for name in ("invoice_date", "supply_date"):
        day = getattr(content, name)
        if day and not earliest <= day <= latest:
            message = _("The date is outside the accepted range, %(earliest)s to %(latest)s.")
            yield _refuse(message, name, "date_range", earliest=_day(earliest), latest=_day(latest))
    if content.due_date < content.invoice_date:
        message = _(
            "The due date %(due)s lies before the invoice date %(date)s; it must be the same day or later."
        )
        values = {"due": _day(content.due_date), "date": _day(content.invoice_date)}
        yield _refuse(message, "due_date", "due_before_date", **values)
    elif content.due_date > content.invoice_date + dt.timedelta(days=DAYS_AHEAD):
        message = _("The due date %(due)s lies more than a year after the invoice date %(date)s.")
        values = {"due": _day(content.due_date), "date": _day(content.invoice_date)}
        yield _refuse(message, "due_date", "due_too_late", **values)


def _rows(rows: tuple[RowContent, ...]) -> Iterator[DomainError]:
    if len(rows) > MOST_ROWS:
        message = _("An invoice has at most %(most)s rows; this has %(count)s.")
        yield _refuse(message, "rows", "too_many_rows", most=MOST_ROWS, count=len(rows))
    for place, row in enumerate(rows):
        yield from (_in_row(place, error) for error in _row(row))


def _in_row(place: int, error: DomainError) -> DomainError:
    error.field = f"rows-{place}-{error.field}"
    return error


def _row(row: RowContent) -> Iterator[DomainError]:
    if not row.description.strip():
        yield _refuse(_("Describe what is sold on this row."), "description", "row_without_description")
    if not row.quantity:
        yield _refuse(_("The quantity cannot be zero."), "quantity", "row_without_quantity")
    if not 0 <= row.vat_rate <= 100:
        yield _refuse(_("A VAT rate lies between 0 and 100 percent."), "vat_rate", "vat_rate_impossible")
    if not 0 <= row.discount <= 100:
        yield _refuse(_("A discount lies between 0 and 100 percent."), "discount", "discount_impossible")
    if row.start_date and row.end_date and row.end_date < row.start_date:
        message = _("The period ends %(end)s, before it begins %(start)s.")
        yield _refuse(
            message, "end_date", "period_backwards", end=_day(row.end_date), start=_day(row.start_date)
        )
    if abs(money.row_net(row)) > money.LIMIT:
        yield _above_limit("unit_price")


def _sums(sums: money.Sums) -> Iterator[DomainError]:
    if abs(sums.total) > money.LIMIT:
        yield _above_limit("rows")


def _above_limit(field: str) -> DomainError:
    limit = money.format_amount(money.LIMIT, get_language() or "en")
    return _refuse(_("The amount is above the limit of %(limit)s."), field, "above_limit", limit=limit)


def _claim(content: InvoiceContent) -> Iterator[DomainError]:
    if not content.rows:
        yield _refuse(_("Add at least one row."), "rows", "no_rows")
    elif content.sums.total <= 0:
        message = _("The total must be above zero; use a credit note to reduce a claim.")
        yield _refuse(message, "rows", "not_positive")


def _address(debtor: Debtor) -> Iterator[DomainError]:
    missing = [str(word) for name, word in ADDRESS.items() if not getattr(debtor, name).strip()]
    if missing:
        message = _("The debtor lacks: %(missing)s.")
        yield _refuse(message, "debtor", "debtor_incomplete", missing=", ".join(missing))


def _channel(content: InvoiceContent) -> Iterator[DomainError]:
    debtor, channel = content.debtor, content.channel
    if channel == Channel.EMAIL and not debtor.email:
        yield _refuse(_("The debtor has no e-mail address."), "channel", "no_email")
    if channel in {Channel.EINVOICE, Channel.CONSUMER_EINVOICE} and not (
        debtor.einvoice_address and debtor.einvoice_operator
    ):
        message = _(
            "An e-invoice needs the debtor's e-invoice address and operator; both are kept with the debtor."
        )
        yield _refuse(message, "channel", "no_einvoice_address")
    if channel == Channel.EINVOICE and debtor.kind != Debtor.Kind.COMPANY:
        yield _refuse(
            _("This e-invoice goes to companies; choose the consumer's."), "channel", "not_a_company"
        )
    if channel == Channel.CONSUMER_EINVOICE:
        if debtor.kind != Debtor.Kind.PERSON:
            yield _refuse(
                _("This e-invoice goes to consumers; choose the companies'."), "channel", "not_a_person"
            )
        if not content.extras.get("einvoice_payment_id"):
            message = _("An e-invoice to a consumer needs the identifier given by the consumer's bank.")
            yield _refuse(message, "einvoice_payment_id", "no_payment_id")


def person(debtor: Debtor, environment: CreditorEnvironment) -> Iterator[DomainError]:
    """Refuse an artificial identity code where letters reach real people."""
    if not environment.allows_test_ids and debtor.national_id and not has_real_id(debtor, environment):
        message = _("The debtor's identity code is of the test range, which is not accepted here.")
        yield _refuse(message, "debtor", "test_id_in_production")


def has_real_id(debtor: Debtor, environment: CreditorEnvironment) -> bool:
    """Tell whether the debtor's identity code could be that of a living person."""
    for country in {debtor.country, environment.country} & set(LANGUAGES):
        with suppress(DomainError):
            return bool(check_personal_id(country, debtor.national_id))
    return False


def first_or_none(errors: Iterable[DomainError]) -> DomainError | None:
    """Return the first refusal, if there is any."""
    return next(iter(errors), None)


def check_sums(content: InvoiceContent, *, total: Decimal, currency: str) -> None:
    """Refuse when a stored or given total is not what the rows add up to; both and the difference are shown."""
    computed = content.sums.total
    if computed == total:
        return
    language = get_language() or "en"
    amounts = {"rows": computed, "total": total, "difference": abs(computed - total)}
    values = {name: money.format_money(amount, currency, language) for name, amount in amounts.items()}
    message = _("The rows add up to %(rows)s but the total says %(total)s; the difference is %(difference)s.")
    raise _refuse(message, "rows", "sums_differ", **values)
