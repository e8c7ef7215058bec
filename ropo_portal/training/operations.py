"""Room: switching faults on and off, and what somebody needs to practice with."""

import datetime as dt
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ropo_portal.accounts.models import LANGUAGES, CreditorEnvironment, User
from ropo_portal.accounts.operations import set_credentials
from ropo_portal.errors import DomainError
from ropo_portal.history.operations import record
from ropo_portal.invoices.content import InvoiceContent, RowContent
from ropo_portal.invoices.models import Invoice
from ropo_portal.invoices.operations import create_invoice
from ropo_portal.parties.models import Channel, Debtor
from ropo_portal.parties.operations import create_debtor
from ropo_portal.training import gateway
from ropo_portal.training.desk import MOST_TIMES
from ropo_portal.training.lessons import LESSONS
from ropo_portal.training.standing import SET, has_only_sandbox, is_practice

# Somebody invented in each country, who lives at an address that anybody can read.
DEBTORS: Final[dict[str, tuple[tuple[str, str, str, str], ...]]] = {
    "FI": (("Harri Harjoitus", "Kokeilukatu 1", "00100", "Helsinki"), ("Pirkko Peruskurssi", "Opintie 2", "33100", "Tampere")),
    "SE": (("Övning Övningsson", "Provgatan 1", "11122", "Stockholm"), ("Frida Försök", "Kursvägen 2", "41103", "Göteborg")),
    "NO": (("Øyvind Øvelse", "Prøvegata 1", "0150", "Oslo"), ("Frida Forsøk", "Kursveien 2", "5003", "Bergen")),
}  # fmt: skip
FIRST_CUSTOMER = "PRACTICE-1"
DRAFTS = 3
PRICE = Decimal("40.00")


class NotForPractice(DomainError):
    """Only a sandbox at the stand-in's own address is for practice, never a test or a production environment."""

    def __init__(self) -> None:
        super().__init__(
            gettext_lazy("Only a sandbox is for practice. Nothing was changed."), code="not_for_practice"
        )


class CannotPractice(DomainError):
    """The stand-in does not answer, or what was asked for is no part of the menu."""


def set_fault(
    *, environment: CreditorEnvironment, lesson: str, times: int, actor: User, at: dt.datetime
) -> None:
    """
    Let something go wrong at the next `times` (1 to 20) occasions of this environment, and of no other.

    Refuses `NotForPractice` for everything but a sandbox at the stand-in, and `CannotPractice` without credentials,
    for a lesson that does not exist, or when the stand-in is away.
    """
    _refuse_elsewhere(environment)
    if lesson not in LESSONS or not 1 <= times <= MOST_TIMES:
        raise CannotPractice(gettext_lazy("Choose one of the menu, and how often."), code="unknown")
    if not environment.cid:
        raise CannotPractice(
            gettext_lazy("This environment has no account at the stand-in yet."), code="no_account"
        )
    wanted = LESSONS[lesson]
    try:
        gateway.order(cid=environment.cid, fault=wanted.fault, path=wanted.path, times=times)
    except gateway.StandInAway as error:
        raise _away() from error
    _tell(SET, environment, {"lesson": lesson, "times": times}, actor, at)


def end_faults(*, environment: CreditorEnvironment, actor: User, at: dt.datetime) -> None:
    """Forget every fault that still waits for this environment. Refuses like `set_fault`; none waiting is well."""
    _refuse_elsewhere(environment)
    if not environment.cid:  # an empty number would mean everybody's faults
        raise CannotPractice(
            gettext_lazy("This environment has no account at the stand-in yet."), code="no_account"
        )
    try:
        gateway.clear(cid=environment.cid)
    except gateway.StandInAway as error:
        raise _away() from error
    _tell("practice.faults_ended", environment, {}, actor, at)


def open_account(*, environment: CreditorEnvironment, actor: User, at: dt.datetime) -> CreditorEnvironment:
    """Enter the credentials of a new account of the stand-in. Refuses where some are entered, and like `set_fault`."""
    _refuse_elsewhere(environment)
    if environment.cid:
        raise CannotPractice(gettext_lazy("This environment has an account already."), code="has_account")
    try:
        cid, apicode = gateway.open_account(country=environment.country)
    except gateway.StandInAway as error:
        raise _away() from error
    return set_credentials(environment=environment, cid=cid, apicode=apicode, actor=actor, at=at)


@transaction.atomic
def write_practice(*, environment: CreditorEnvironment, actor: User, at: dt.datetime) -> list[Invoice]:
    """
    Write three drafts to invented debtors, who are made at the first time.

    Refuses `NotForPractice` where the creditor has other environments too: its debtors are real people.
    """
    _refuse_elsewhere(environment)
    creditor = environment.creditor
    if not has_only_sandbox(environment):
        raise NotForPractice
    known = Debtor.objects.filter(creditor=creditor, customer_number__startswith=FIRST_CUSTOMER[:-1])
    debtors = list(known.order_by("customer_number")) or _debtors(environment, actor, at)
    today = environment.today(at)
    due = today + dt.timedelta(days=creditor.payment_term_days)
    row = RowContent(_("Practice: nobody has to pay this"), PRICE, creditor.default_vat_rate)
    contents = [InvoiceContent(debtors[place % len(debtors)], today, due, (row,)) for place in range(DRAFTS)]
    return [create_invoice(environment=environment, content=one, actor=actor, at=at) for one in contents]


def _debtors(environment: CreditorEnvironment, actor: User, at: dt.datetime) -> list[Debtor]:
    country = environment.country
    return [
        create_debtor(
            creditor=environment.creditor,
            values={
                "kind": Debtor.Kind.PERSON, "name": name, "customer_number": f"{FIRST_CUSTOMER[:-1]}{place}",
                "street": street, "postcode": postcode, "city": city, "country": country,
                "language": LANGUAGES[country], "channel": Channel.POST,
            },
            actor=actor,
            at=at,
        )
        for place, (name, street, postcode, city) in enumerate(DEBTORS[country], start=1)
    ]  # fmt: skip


def _refuse_elsewhere(environment: CreditorEnvironment) -> None:
    if not is_practice(environment):
        raise NotForPractice


def _away() -> CannotPractice:
    return CannotPractice(
        gettext_lazy("The stand-in does not answer. Nothing was changed; try again in a moment."), code="away"
    )


def _tell(
    verb: str, environment: CreditorEnvironment, after: dict[str, object], actor: User, at: dt.datetime
) -> None:
    with transaction.atomic():
        record(
            verb=verb,
            subject=environment,
            creditor_id=environment.creditor_id,
            after=after,
            actor=actor,
            at=at,
        )
