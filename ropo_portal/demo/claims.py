"""Room: claims with lives of their own: reminded, collected, paid, credited, handed over by two people, in a race."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ropo_portal.accounts.models import CreditorEnvironment, User
from ropo_portal.collection.models import DebtCollectionCase
from ropo_portal.collection.operations import (
    add_proof,
    approve_case,
    change_case,
    look_now,
    post_reminder,
    propose_case,
    start_case,
    start_reminder,
)
from ropo_portal.demo import standin
from ropo_portal.identifiers import make_reference
from ropo_portal.invoices.creditable import RowCredit
from ropo_portal.invoices.models import Claim, Invoice
from ropo_portal.invoices.operations import (
    note_payment,
    open_claim,
    post_credit_note,
    post_payment,
    write_credit_note,
)
from ropo_portal.parties.models import Debtor
from ropo_portal.submissions.models import Submission
from ropo_portal.submissions.operations import send_now, set_webhook_secret

# By what becomes of it: place of the debtor in the table, principal, days since it fell due.
CLAIMS: dict[str, tuple[int, str, int]] = {
    "paid": (8, "184.50", 62),
    "collected": (1, "1240.00", 55),
    "race": (9, "96.20", 41),
    "handed over": (2, "3310.75", 58),
    "proposed": (3, "845.00", 57),
    "ripe": (10, "212.40", 50),
    "being reminded": (11, "68.90", 15),
}
TALES = {
    "paid": "reminded, collected, and paid at Ropo One; its fees and interest stand apart",
    "collected": "in debt collection, with a part paid past Ropo One",
    "race": "Ropo One moves on tomorrow and was not told of the money yet: register it with one key",
    "handed over": "sent to debt collection by two people",
    "proposed": "proposed for debt collection; the approver decides",
    "ripe": "long overdue: a reminder or debt collection can begin",
    "being reminded": "a reminder is being written; nothing of it has been sent",
}
FIRST = 501
# Days that the stand-in's clock is set back while the reminder arrives: a fortnight is collected today.
REMINDED = {"paid": 14, "collected": 14, "race": 13}
TERM, NOTICE_DAYS = 14, 30
PART = Decimal("400.00")
PROOF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"


@dataclass
class Lives:
    """The claims of one creditor, and the people who act on them."""

    environment: CreditorEnvironment
    people: dict[str, User]
    claims: dict[str, Claim]
    wait: Callable[[], None]

    def play(self, at: dt.datetime) -> None:
        """Let days go by for those that Ropo One pursues, and act on the others."""
        for days in sorted(set(REMINDED.values()), reverse=True):
            standin.go_back(days=days)
            for name in (name for name, back in REMINDED.items() if back == days):
                self._remind(self.claims[name], at)
            self.wait()
        standin.come_back()
        self._settle(at)
        self._hand_over(self.claims["handed over"], at)
        self._propose(self.claims["proposed"], at)
        start_reminder(claim=self.claims["being reminded"], actor=self._person("clerk"), at=at)
        for name in REMINDED:
            look_now(claim=self.claims[name], at=at)

    def credit(self, invoice: Invoice, at: dt.datetime) -> None:
        """Take back half of the first row of an invoice that Ropo One has."""
        row = invoice.rows.all()[0]
        note = write_credit_note(
            invoice=invoice, rows=[RowCredit(row.pk, row.quantity / 2, row.unit_price)], reason="Mittari luettu väärin",
            date=self.environment.today(at), actor=self._person("clerk"), at=at,
        )  # fmt: skip
        self._let_go(post_credit_note(note=note, actor=self._person("sender"), at=at), at)

    def listen(self, address: str, at: dt.datetime) -> None:
        """Make a secret for events and tell the stand-in where to push them."""
        pair = set_webhook_secret(environment=self.environment, actor=self._person("administrator"), at=at)
        standin.push_to(address, name=pair.name, secret=pair.secret, cid=self.environment.cid)

    def _person(self, role: str) -> User:
        return self.people[f"{role}@demo.example"]

    def _let_go(self, submission: Submission, at: dt.datetime) -> None:
        send_now(submission=submission, actor=self._person("sender"), at=at)

    def _remind(self, claim: Claim, at: dt.datetime) -> None:
        reminder = start_reminder(claim=claim, actor=self._person("clerk"), at=at)
        sender = self._person("sender")
        self._let_go(post_reminder(reminder=reminder, revision=reminder.revision, actor=sender, at=at), at)

    def _settle(self, at: dt.datetime) -> None:
        """One debtor pays Ropo One, one the creditor, and of one payment Ropo One was not told yet."""
        clerk, today = self._person("clerk"), self.environment.today(at)
        standin.pay(self._job(self.claims["paid"]))
        facts: dict[str, Any] = {"paid_date": today, "actor": clerk, "at": at}
        part = note_payment(claim=self.claims["collected"], amount=PART, **facts)
        self._let_go(post_payment(payment=part, actor=self._person("sender"), at=at), at)
        race = self.claims["race"]
        note_payment(claim=race, amount=race.principal, **facts)

    def _job(self, claim: Claim) -> str:
        rows = Submission.objects.filter(environment=self.environment, number_key=claim.number_key)
        return rows.get(opening="claim").ropo_job_id

    def _propose(self, claim: Claim, at: dt.datetime) -> DebtCollectionCase:
        sender = self._person("sender")
        case = start_case(claim=claim, actor=sender, at=at)
        case = change_case(
            case=case, notice_date=self.environment.today(at) - dt.timedelta(days=NOTICE_DAYS), notice_channel="post",
            notice_address=f"{claim.debtor.street}, {claim.debtor.postcode} {claim.debtor.city}",
            revision=case.revision, actor=sender, at=at,
        )  # fmt: skip
        add_proof(case=case, name="maksumuistutus.pdf", content=PROOF, actor=sender, at=at)
        case.refresh_from_db()
        return propose_case(case=case, revision=case.revision, actor=sender, at=at)

    def _hand_over(self, claim: Claim, at: dt.datetime) -> None:
        case = self._propose(claim, at)
        approver = self._person("approver")
        self._let_go(approve_case(case=case, fingerprint=case.fingerprint, actor=approver, at=at), at)


def open_claims(
    environment: CreditorEnvironment, debtors: list[Debtor], *, clerk: User, at: dt.datetime
) -> dict[str, Claim]:
    """Write down what was invoiced elsewhere, by what will become of it."""
    return {
        name: open_claim(
            environment=environment, debtor=debtors[debtor], number=number_of(place),
            reference=make_reference("viite", str(770500 + place)),
            invoice_date=environment.today(at) - dt.timedelta(days=late + TERM),
            due_date=environment.today(at) - dt.timedelta(days=late),
            principal=Decimal(principal), actor=clerk, at=at,
        )
        for place, (name, (debtor, principal, late)) in enumerate(CLAIMS.items())
    }  # fmt: skip


def number_of(place: int) -> str:
    """Return the number of a claim by its place among `CLAIMS`."""
    return f"V{FIRST + place}"
