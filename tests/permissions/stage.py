"""Two creditors with a row of every kind each, and everybody who may come to the door."""

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from ropo_portal.accounts.middleware import SESSION_KEY
from ropo_portal.accounts.models import Creditor, Membership, User
from ropo_portal.accounts.roles import MAY, Role
from ropo_portal.documents.operations import store_document
from ropo_portal.history.models import Entry
from ropo_portal.invoices.operations import attach_file
from ropo_portal.submissions.models import SendingSwitch
from tests import factories
from tests.permissions.routes import Route
from tests.permissions.rows import claim_rows, import_rows
from tests.submissions.stages import staged

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
WRITES = re.compile(r"^\s*(INSERT|UPDATE|DELETE|REPLACE|TRUNCATE)\b", re.IGNORECASE)
SESSIONS = "django_session"
ROOMS = (
    "accounts",
    "history",
    "rules",
    "documents",
    "submissions",
    "parties",
    "invoices",
    "collection",
    "worklist",
    "imports",
    "finding",
)


@dataclass(frozen=True)
class Estate:
    """One creditor and the ids of one row of every kind."""

    creditor: Creditor
    ids: dict[str, uuid.UUID]


@dataclass(frozen=True)
class Person:
    """Somebody at the door: roles by estate, and the key of the session."""

    name: str
    user: User | None = None
    at_home: frozenset[Role] = frozenset()
    elsewhere: frozenset[Role] = frozenset()
    is_known: bool = True
    session: str = ""

    def may(self, action: str) -> bool:
        """Whether one of the roles at home may do the action."""
        return bool(self.at_home & MAY[action])

    def may_somewhere(self, action: str) -> bool:
        """Whether any role anywhere may do the action."""
        return bool((self.at_home | self.elsewhere) & MAY[action])

    def browser(self) -> Client:
        """Return a fresh browser in which this person has signed in."""
        client = Client()
        if self.session:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.session
        return client


@dataclass
class Stage:
    """Everything the suite plays on."""

    home: Estate
    foreign: Estate
    people: dict[str, Person] = field(default_factory=dict)

    def ids(self, whose: str) -> dict[str, uuid.UUID]:
        """Return ids at home, of the foreign creditor, or of nothing at all."""
        if whose == "nobody's":
            return {kind: uuid.UUID(int=number) for number, kind in enumerate(self.home.ids, start=77)}
        return (self.home if whose == "home" else self.foreign).ids


def make_estate() -> Estate:
    """Build a creditor with a row of every kind."""
    creditor = factories.make_creditor("FI")
    environment = factories.make_environment(creditor)
    debtor = factories.make_debtor(creditor, kind="person")
    invoice = factories.make_invoice(environment, debtor)
    clerk = factories.make_user()
    attachment = attach_file(invoice=invoice, name="terms.pdf", content=PDF, actor=clerk, at=factories.AT)
    document = store_document(
        subject_type="invoices.invoice", subject_id=invoice.pk, creditor_id=creditor.pk,
        environment_id=environment.pk, kind="original", content=PDF, at=factories.AT,
    )  # fmt: skip
    rows = {
        "membership": Membership.objects.create(user=factories.make_user(), creditor=creditor, role=Role.CLERK),
        "creditor": creditor, "environment": environment, "debtor": debtor, "invoice": invoice,
        "attachment": attachment, "document": document, "submission": staged(environment, "held"),
        "entry": Entry.objects.filter(creditor_id=creditor.pk).first(),
    }  # fmt: skip
    ids = {kind: row.pk for kind, row in rows.items()}
    return Estate(creditor, ids | claim_rows(creditor, environment, debtor) | import_rows(environment))


def build() -> Stage:
    """Build both estates and everybody."""
    SendingSwitch.objects.get_or_create(pk=1)
    stage = Stage(make_estate(), make_estate())
    everything = frozenset(Role)
    cast = [Person(role.value, at_home=frozenset({role})) for role in Role]
    cast += [
        Person(
            "reader at home who may everything elsewhere",
            at_home=frozenset({Role.READER}),
            elsewhere=everything,
        ),
        Person("member of another creditor", elsewhere=everything),
        Person("user without any role"),
        Person("switched-off user", at_home=everything, is_known=False),
    ]
    for person in cast:
        stage.people[person.name] = _signed_in(person, stage)
    stage.people["anonymous"] = Person("anonymous", is_known=False)
    return stage


def _signed_in(person: Person, stage: Stage) -> Person:
    user = factories.make_user()
    for estate, roles in ((stage.home, person.at_home), (stage.foreign, person.elsewhere)):
        for role in roles:
            Membership.objects.create(user=user, creditor=estate.creditor, role=role)
    client = Client()
    client.force_login(user)
    session = client.session
    session[SESSION_KEY] = str((stage.home if person.at_home else stage.foreign).ids["environment"])
    session.save()
    if not person.is_known:
        User.objects.filter(pk=user.pk).update(is_active=False)
    facts = vars(person) | {"user": user, "session": session.session_key}
    return Person(**facts)


def address_of(stage: Stage, route: Route, ids: dict[str, uuid.UUID]) -> str:
    """Return where a route leads with these rows, and with the rows and words that everybody shares."""
    rows: dict[str, Any] = {name: ids[kind] for name, kind in route.rows.items()}
    rows |= {name: stage.home.ids[kind] for name, kind in route.house.items()}
    return reverse(route.name, kwargs=rows | route.words)


def ask(
    stage: Stage,
    person: Person,
    route: Route,
    method: str,
    *,
    whose: str = "home",
    query: str = "",
    **headers: str,
) -> HttpResponse:
    """Send one request and undo what it did."""
    ids = stage.ids(whose)
    address = address_of(stage, route, ids)
    data = {name: str(ids[kind]) for name, kind in route.data.items()}
    sent: Any = {"data": data} if method == "POST" else {}
    with undone():
        return getattr(person.browser(), method.lower())(f"{address}{query}", headers=headers, **sent)


@contextmanager
def undone() -> Iterator[None]:
    """Run something in the database and take it back."""
    block = transaction.atomic()
    block._from_testcase = True  # as of a test case: blocks that must be the outermost may open inside
    with block:
        yield
        transaction.set_rollback(True)


@contextmanager
def writes() -> Iterator[list[str]]:
    """Collect every statement that changes a row; sessions apart, which every sign-in touches."""
    found: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if WRITES.match(sql) and SESSIONS not in sql:
            found.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found


def fingerprint() -> dict[str, tuple[int, object]]:
    """Return count and checksum of every table of ours."""
    models = [model for room in ROOMS for model in apps.get_app_config(room).get_models()]
    if connection.vendor == "postgresql":
        return _fingerprint_by_server({model._meta.label: model._meta.db_table for model in models})
    found: dict[str, tuple[int, object]] = {}
    for model in models:
        rows = model._default_manager.order_by("pk").values_list()
        found[model._meta.label] = (len(rows), hash(tuple(map(repr, rows))))
    return found


def _fingerprint_by_server(tables: dict[str, str]) -> dict[str, tuple[int, object]]:
    """Ask for all tables at once: whole rows as they are stored, encrypted columns and all."""
    questions = [
        f"SELECT '{label}', count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM \"{table}\" t"  # noqa: S608
        for label, table in tables.items()
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(questions))
        return {label: (count, checksum) for label, count, checksum in cursor.fetchall()}


def is_door(response: HttpResponse) -> bool:
    """Whether the answer is the way to the sign-in page."""
    target = response.headers.get("Location") or response.headers.get("HX-Redirect") or ""
    return target.startswith("/account/login/")
