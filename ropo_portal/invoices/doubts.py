"""Room: what looks wrong with an invoice but may be right; a clerk looks and decides."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ropo_portal import days
from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.errors import sentence
from ropo_portal.identifiers import check_reference
from ropo_portal.invoices.content import InvoiceContent
from ropo_portal.invoices.models import Invoice
from ropo_portal.invoices.refusals import has_real_id
from ropo_portal.money import format_money
from ropo_portal.parties.models import Debtor
from ropo_portal.rules.operations import is_rate_of, vat_rate_warning
from ropo_portal.submissions.models import Submission

USUAL_DAYS_BACK = 45
USUAL_DAYS_AHEAD = 31
USUAL_TERM = 90
CONSUMER_TERM_FI = 14
COMPARED = 200
YEAR = dt.timedelta(days=365)
# From so many invoices on a median says something, and so many times it is unusual.
LEAST_OF_DEBTOR, TIMES_OF_DEBTOR = 5, 10
LEAST_OF_CREDITOR, TIMES_OF_CREDITOR = 20, 50
# A rate no law of the country ever had; the database knows the same word.
UNKNOWN_RATE = "vat_rate_unknown_"
REASON_MISSING = _("Say why this tax rate is right. What you write is kept in the history.")
ACCEPTED = Submission.State.ACCEPTED
_OF_DEBTOR = _("The total of %(total)s is far above what this debtor usually gets, about %(usual)s.")
_OF_CREDITOR = _("The total of %(total)s is far above what you usually invoice, about %(usual)s.")

_ABOVE_LIMIT = _("The total of %(total)s is above %(limit)s, from where this creditor wants a second look.")


@dataclass(frozen=True)
class Doubt:
    """One thing to look at; `code` is what a clerk confirms, `invoice` the other one it is about."""

    code: str
    message: str
    field: str
    invoice: Invoice | None = None

    @property
    def needs_reason(self) -> bool:
        """Tell whether letting it stand takes words."""
        return needs_reason(self.code)


def needs_reason(code: str) -> bool:
    """Tell whether whoever lets the doubt stand has to say why."""
    return code.startswith(UNKNOWN_RATE)


def doubts(
    content: InvoiceContent,
    *,
    environment: CreditorEnvironment,
    today: dt.date,
    invoice: Invoice | None = None,
) -> list[Doubt]:
    """Everything about the invoice that a person should look at before it goes."""
    others = list(_newest_of(content, environment, invoice))
    return [
        *_reference(content, environment),
        *_dates(content, environment, today),
        *_rates(content, environment),
        *_real_person(content, environment),
        *_limit(content, environment),
        *_amounts(content, environment, today, others),
        *_twins(content, others),
    ]


def _say(message: str | Promise, **values: object) -> str:
    return str(sentence(message, **values))


def _day(day: dt.date) -> str:
    return days.format_date(day, get_language() or "en")


def _reference(content: InvoiceContent, environment: CreditorEnvironment) -> Iterator[Doubt]:
    if content.reference and check_reference(environment.country, content.reference) is None:
        message = _("The check digit of %(reference)s is not right; Ropo One will take it as a message.")
        yield Doubt("reference_check_digit", _say(message, reference=content.reference), "reference")


def _dates(content: InvoiceContent, environment: CreditorEnvironment, today: dt.date) -> Iterator[Doubt]:
    age = (today - content.invoice_date).days
    if not -USUAL_DAYS_AHEAD <= age <= USUAL_DAYS_BACK:
        message = _("The invoice date %(date)s is unusual; today is %(today)s.")
        yield Doubt(
            "invoice_date", _say(message, date=_day(content.invoice_date), today=_day(today)), "invoice_date"
        )
    term = (content.due_date - content.invoice_date).days
    if content.due_date < today:
        message = _("The due date %(due)s has passed already.")
        yield Doubt("due_date_passed", _say(message, due=_day(content.due_date)), "due_date")
    elif term > USUAL_TERM:
        yield Doubt("due_date_far", _say(_("The payment term is %(term)s days."), term=term), "due_date")
    in_finland = environment.country == "FI" and content.debtor.kind == Debtor.Kind.PERSON
    if in_finland and 0 <= term < CONSUMER_TERM_FI:
        message = _("A consumer in Finland usually gets at least %(usual)s days to pay; this gives %(term)s.")
        yield Doubt("consumer_term", _say(message, usual=CONSUMER_TERM_FI, term=term), "due_date")


def _real_person(content: InvoiceContent, environment: CreditorEnvironment) -> Iterator[Doubt]:
    is_elsewhere = environment.stage == "test" and bool(content.debtor.national_id)
    if is_elsewhere and has_real_id(content.debtor, environment):
        message = _(
            "The debtor's identity code looks like a living person's, and this is a test environment."
        )
        yield Doubt("real_person_in_test", str(message), "debtor")


def _rates(content: InvoiceContent, environment: CreditorEnvironment) -> Iterator[Doubt]:
    on = content.supply_date or content.invoice_date
    seen = set()
    for place, row in enumerate(content.rows):
        if row.vat_rate in seen:
            continue
        seen.add(row.vat_rate)
        warning = vat_rate_warning(environment.country, row.vat_rate, on)
        if warning:
            kind = "vat_rate_" if is_rate_of(environment.country, row.vat_rate) else UNKNOWN_RATE
            yield Doubt(f"{kind}{row.vat_rate.normalize():f}", str(warning), f"rows-{place}-vat_rate")


def _newest_of(
    content: InvoiceContent, environment: CreditorEnvironment, invoice: Invoice | None
) -> Iterable[Invoice]:
    """Return the debtor's newest invoices, but for this one."""
    found = Invoice.objects.filter(debtor=content.debtor, environment=environment, discarded_at=None)
    if invoice:
        found = found.exclude(pk=invoice.pk)
    return (
        found.select_related("submission").defer("submission__payload").order_by("-invoice_date")[:COMPARED]
    )


def _amounts(
    content: InvoiceContent, environment: CreditorEnvironment, today: dt.date, others: Iterable[Invoice]
) -> Iterator[Doubt]:
    """Compare the total with what is usual: mostly, a comma was forgotten."""
    total, money = content.totals.total, environment.currency
    year = [one.total_amount for one in others if one.state == ACCEPTED and one.invoice_date >= today - YEAR]
    usual: Decimal | None = None
    if len(year) >= LEAST_OF_DEBTOR:
        usual, times, text = median(year), TIMES_OF_DEBTOR, _OF_DEBTOR
    else:
        usual, times, text = usual_total(environment, today), TIMES_OF_CREDITOR, _OF_CREDITOR
    if usual and total > usual * times:
        values = _monies(money, total=total, usual=usual)
        yield Doubt("unusual_amount", _say(text, **values), "rows-0-unit_price")


def _limit(content: InvoiceContent, environment: CreditorEnvironment) -> Iterator[Doubt]:
    """Ask about every total above the creditor's own limit; one in another currency says nothing here."""
    limit, total = environment.creditor.doubt_limit, content.totals.total
    if limit is not None and environment.is_at_home and total > limit:
        values = _monies(environment.currency, total=total, limit=limit)
        yield Doubt("amount_above_limit", _say(_ABOVE_LIMIT, **values), "rows-0-unit_price")


def _monies(currency: str, **sums: Decimal) -> dict[str, str]:
    language = get_language() or "en"
    return {name: format_money(sum_, currency, language) for name, sum_ in sums.items()}


def usual_total(environment: CreditorEnvironment, today: dt.date) -> Decimal | None:
    """Return the median of the newest totals of a year, None below twenty; asked once for an environment at hand."""
    known = vars(environment)
    if "usual_total" not in known:
        sent = Invoice.objects.filter(environment=environment, submission__state=ACCEPTED)
        newest = sent.filter(invoice_date__gte=today - YEAR).order_by("-created_at", "-id")
        totals = list(newest.values_list("total_amount", flat=True)[:COMPARED])
        known["usual_total"] = median(totals) if len(totals) >= LEAST_OF_CREDITOR else None
    found: Decimal | None = known["usual_total"]
    return found


def _twins(content: InvoiceContent, others: Iterable[Invoice]) -> Iterator[Doubt]:
    """Compare with the debtor's newest invoices: a clerk types the same one twice on the same week."""
    said = set()
    for other in others:
        for kind, message in _likenesses(content, other):
            if kind not in said:
                said.add(kind)
                yield Doubt(
                    kind, _say(message, number=other.number, date=_day(other.invoice_date)), "debtor", other
                )


def _likenesses(content: InvoiceContent, other: Invoice) -> Iterator[tuple[str, str | Promise]]:
    total = content.sums.total
    if total and other.total_amount == total:
        yield "twin_total", _("Invoice %(number)s of %(date)s has the same debtor and the same total.")
    elif other.invoice_date == content.invoice_date:
        yield "twin_date", _("Invoice %(number)s of %(date)s has the same debtor and the same date.")
    if content.number and _skeleton(other.number) == _skeleton(content.number):
        yield "twin_number", _("The number looks like that of invoice %(number)s of %(date)s.")


def _skeleton(number: str) -> str:
    """What remains of a number for a hurried eye."""
    plain = "".join(character for character in number.casefold() if character.isalnum())
    return plain.translate(str.maketrans("oil", "011")).lstrip("0")
