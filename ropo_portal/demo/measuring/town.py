"""Room: an invented town of creditors, debtors and years of invoices, poured into an empty PostgreSQL."""

import datetime as dt
import random
import uuid
from bisect import bisect
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import accumulate

from django.db import connection, models
from django.utils import timezone

from ropo_portal.accounts.models import Creditor, CreditorEnvironment, Membership, User
from ropo_portal.collection.models import Promise, Reminder
from ropo_portal.demo.measuring.lives import Life
from ropo_portal.demo.measuring.sheets import Sheet
from ropo_portal.encryption import encrypt
from ropo_portal.history.models import Entry
from ropo_portal.identifiers import new_id
from ropo_portal.invoices.models import Approval, Claim, Invoice, InvoiceRow, PaymentReport
from ropo_portal.parties.models import Debtor, Flag
from ropo_portal.submissions.models import Attempt, StatusPage, StatusUpdate, Submission

CREDITORS, PER_DEBTOR, YEARS, CHUNK = 20, 4, 2, 20_000
ROLES = ("sender", "approver")
READER = "Lukija"
# The commonest name belongs to one debtor in eighty; the rare one to five in all.
COMMON, RARE = "Virtanen", "Zetterqvist"
SURNAMES = (
    COMMON, "Korhonen", "Mäkinen", "Nieminen", "Mäkelä", "Hämäläinen", "Laine", "Heikkinen", "Koskinen",
    "Järvinen", "Lehtonen", "Lehtinen", "Saarinen", "Salminen", "Heinonen", "Niemi", "Heikkilä", "Kinnunen",
    "Salonen", "Turunen", "Salo", "Laitinen", "Tuominen", "Rantanen", "Karjalainen", "Jokinen", "Mattila",
    "Savolainen", "Lahtinen", "Ahonen", "Ojala", "Leppänen",
)  # fmt: skip
FIRST = ("Aino", "Eino", "Helmi", "Leevi", "Oona", "Onni", "Saga", "Toivo", "Venla", "Väinö")
TRADES = (
    "Rakennus",
    "Kuljetus",
    "Sähkö",
    "Kiinteistö",
    "Puutarha",
    "Metalli",
    "Leipomo",
    "Huolto",
    "Autotalo",
)
DAY = dt.timedelta(days=1)
NO_HASH = "0" * 64
# Which fields differ from row to row; all others are the same.
PARTIES = "id creditor_id environment_id "
PAPER = PARTIES + "debtor_id number number_key reference invoice_date due_date "
PLAIN: dict[str, tuple[type[models.Model], str]] = {
    "debtor": (
        Debtor,
        "id creditor_id kind name search_name customer_number street postcode city created_at",
    ),
    "invoice": (Invoice, PAPER + "net_amount vat_amount total_amount created_at submission_id"),
    "claim": (Claim, PAPER + "principal invoice_id created_at"),
    "report": (PaymentReport, "id claim_id update_id amount paid_date created_at"),
    "reminder": (Reminder, "id claim_id amount created_at submission_id"),
}
SUBMISSION = PARTIES + (
    "kind document_id number number_key opening recipient amount state held_reason due_at queued_at settled_at "
    "last_activity_at ropo_job_id ropo_next_status ropo_next_status_date trouble"
)
ATTEMPT = "id submission_id started_at deadline_at finished_at outcome cause"
UPDATE = "id environment_id update_id submission_id number number_key amount paid_date at received_at"
PROMISE = "id debtor_id environment_id claim_id date amount noted_at noted_date"
ENTRY = "id chain sequence creditor_id at verb subject_type subject_id subject_label"


@dataclass
class Town:
    """Who is there, and the sheets of everything they did."""

    count: int
    at: dt.datetime = field(default_factory=timezone.now)
    chance: random.Random = field(default_factory=lambda: random.Random(1))  # noqa: S311 (nothing to guess)
    environments: list[CreditorEnvironment] = field(default_factory=list)
    sheets: dict[str, Sheet] = field(default_factory=dict)

    def build(self, say: Callable[[str], None]) -> User:
        """Fill every table, past the triggers and foreign keys, then count what the triggers would have counted."""
        reader, other = (
            User.objects.create_user(f"{name}@example.com", name=name) for name in (READER, "Toinen")
        )
        self._found(reader, other)
        self._draw(other)
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            self._debtors()
            for start in range(0, self.count, CHUNK):
                for place in range(start, min(start + CHUNK, self.count)):
                    self._invoice(place)
                for sheet in self.sheets.values():
                    sheet.pour()
                say(f"{min(start + CHUNK, self.count)} invoices poured")
            cursor.execute("SET session_replication_role = DEFAULT")
        return reader

    def _found(self, *people: User) -> None:
        """Found the creditors; the first has most of the invoices, the last few."""
        for place in range(CREDITORS):
            creditor = Creditor.objects.create(
                name=f"Velkoja {place + 1} Oy", business_id="2077474-0", country="FI", street="Katu 1",
                postcode="00100", city="Helsinki", iban="FI2112345600000785", bic="NDEAFIHH",
                default_vat_rate="25.5", reference_kind="viite",
            )  # fmt: skip
            for user in people:
                for role in ROLES:
                    Membership.objects.create(user=user, creditor=creditor, role=role)
            cid = f"90{place:05}"
            self.environments.append(
                CreditorEnvironment.objects.create(
                    creditor=creditor, name="sandbox", cid=cid, apicode="secret"
                )
            )
        self.weights = list(accumulate(1 / (place + 1) for place in range(CREDITORS)))

    def _draw(self, writer: User) -> None:
        """Rule the sheets: which fields of each table differ from row to row."""
        self.sequence = 0
        self.sheets = {name: Sheet(model, fields) for name, (model, fields) in PLAIN.items()}
        who = {"posted_by_id": writer.pk, "expires_at": self.at + DAY, "currency": "EUR", "endpoint": "jobs"}
        sealed = {"payload": encrypt(b"x" * 900, "bench"), "payload_hash": NO_HASH}
        self.sheets |= {
            "row": Sheet(InvoiceRow, "id invoice_id position description unit_price", vat_rate="25.5", unit="kpl"),
            "submission": Sheet(Submission, SUBMISSION, **who, **sealed),
            "attempt": Sheet(Attempt, ATTEMPT, number=1, payload_hash=NO_HASH, host="ropo", worker="w1"),
            "update": Sheet(
                StatusUpdate, UPDATE, page_id=self._page(), source="polled", kind="payment", code="102",
                heading="Maksu", content_hash=NO_HASH,
            ),
            "promise": Sheet(Promise, PROMISE, noted_by_id=writer.pk),
            "approval": Sheet(
                Approval, "id invoice_id asked_at", revision=1, fingerprint=NO_HASH, asked_by_id=writer.pk
            ),
            "flag": Sheet(
                Flag, "id debtor_id set_at begin_date", kind="disputed", reason="Kiistää", set_by_id=writer.pk
            ),
            "entry": Sheet(
                Entry, ENTRY, actor_id=writer.pk, actor_label="Toinen", previous_hash=NO_HASH, hash=NO_HASH
            ),
        }  # fmt: skip

    def _page(self) -> uuid.UUID:
        found = StatusPage(id=new_id(), environment=self.environments[0], source="poll", received_at=self.at)
        found.body = b"[]"
        found.save()
        return found.pk

    def _debtors(self) -> None:
        """Pour the debtors of every creditor, in its share."""
        whole, self.debtors = self.weights[-1], []
        many = max(self.count // PER_DEBTOR, CREDITORS * 2)
        sheet, flags = self.sheets["debtor"], self.sheets["flag"]
        for place, one in enumerate(self.environments):
            share = max(int(many / (place + 1) / whole), 2)
            known = []
            for number in range(share):
                key = new_id().hex
                name = self._name(place, number)
                kind = "company" if name.endswith("Oy") else "person"
                sheet.add(key, one.creditor_id, kind, name, name.casefold(), f"{100_000 + number}",
                          f"Katu {number % 90 + 1}", f"{number % 99_000 + 100:05}", "Helsinki", self.at - 800 * DAY)  # fmt: skip
                known.append((key, name))
                if number % 500 == 3:
                    flags.add(new_id(), key, self.at, self.at.date())
            self.debtors.append(known)
            sheet.pour()

    def _name(self, place: int, number: int) -> str:
        if number == 1 and place < 5:
            return f"Siiri {RARE}"
        if number % 5 < 2:
            return f"{self.chance.choice(FIRST)} {self.chance.choice(SURNAMES)}"
        return f"{self.chance.choice(TRADES)} {self.chance.choice(SURNAMES)} {number} Oy"

    def _invoice(self, place: int) -> None:
        who = bisect(self.weights, self.chance.random() * self.weights[-1])
        Life(self, place, self.environments[who], self.chance.choice(self.debtors[who])).live()
