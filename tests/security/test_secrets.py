"""After a whole story with real secrets: they are in no table, no log, no bell, in no disguise."""

import base64
import io
import logging
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from ropo_portal.accounts.models import CreditorEnvironment, Membership
from ropo_portal.accounts.roles import Role
from ropo_portal.invoices.operations import post_invoice
from ropo_portal.parties.models import Debtor
from ropo_portal.sandbox.server import Sandbox
from ropo_portal.submissions import delivery, gateway, tasks
from ropo_portal.submissions.models import SendingSwitch, Submission
from tests import factories

CID, APICODE, NATIONAL_ID = "1099001", "Pihlaja-7421", "131052-308T"


@pytest.fixture
def log():
    """Everything anybody logs, down to the last detail."""
    stream, root = io.StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(stream), root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    logging.getLogger("django.db.backends").setLevel(logging.INFO)
    yield stream
    root.setLevel(level)
    root.removeHandler(handler)


@pytest.fixture
def bells(monkeypatch) -> list[Any]:
    """What would have been given to the broker."""
    rung: list[Any] = []
    monkeypatch.setattr(
        tasks.deliver_submission, "apply_async", lambda *given, **facts: rung.append((given, facts))
    )
    return rung


@pytest.fixture
def browser(transactional_db, sandbox: Sandbox, settings) -> Client:
    """Somebody with every role, whose creditor's Ropo One is the sandbox of this test."""
    settings.SANDBOX_URL = sandbox.url
    SendingSwitch.objects.get_or_create(pk=1)
    environment = factories.make_environment(cid="", apicode="")
    user = factories.make_user()
    for role in Role:
        Membership.objects.create(user=user, creditor=environment.creditor, role=role)
    client = Client()
    client.force_login(user)
    client.user = user  # type: ignore[attr-defined]
    yield client  # type: ignore[misc]
    gateway.forget()


def disguises(secret: str) -> dict[str, bytes]:
    """Return the ways in which a secret may lie about; base64 at each of three offsets."""
    raw = secret.encode()
    found = {"clear": raw, "backwards": raw[::-1], "hex": raw.hex().encode()}
    for shift in range(3):
        whole = base64.b64encode(b"x" * shift + raw)
        found[f"base64, {shift}"] = whole[4 if shift else 0 : -4]
    return found


def dump() -> bytes:
    """Return every column of every table as text, and binary columns as they are too."""
    parts: list[bytes] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 -- names of our own tables
            for value in (value for row in cursor.fetchall() for value in row):
                is_binary = isinstance(value, bytes | memoryview)
                parts.append(bytes(value) if is_binary else str(value).encode(errors="surrogatepass"))
    return b"\n".join(parts)


def found_in(place: bytes, secrets: dict[str, str]) -> list[str]:
    return [
        f"{name} in {way}"
        for name, secret in secrets.items()
        for way, shape in disguises(secret).items()
        if shape in place or shape.upper() in place
    ]


def tell_the_story(browser: Any) -> Submission:
    """A debtor with an identity code, credentials, an invoice for her, posted and delivered, looked at and refused."""
    environment = CreditorEnvironment.objects.get()
    pair = {"cid": CID, "apicode": APICODE}
    assert (
        browser.post(reverse("parties:environment-credentials", args=[environment.pk]), pair).status_code
        == 303
    )
    facts = {"kind": "person", "name": "Aino Esimerkki", "national_id": NATIONAL_ID, "street": "Rantakatu 14"}
    facts |= {"postcode": "00560", "city": "Helsinki", "country": "FI", "channel": "post", "language": "fi"}
    assert browser.post(reverse("parties:debtor-create"), facts).status_code == 303
    debtor = Debtor.objects.get()
    browser.post(reverse("parties:debtor-reveal", args=[debtor.pk]), {"reason": "a call"})
    browser.get(reverse("parties:debtor-options"), {"q": "Aino"})
    assert browser.post(reverse("submissions:check-connection", args=[environment.pk])).status_code == 303
    environment.refresh_from_db()
    invoice = factories.make_invoice(environment, debtor)
    row = post_invoice(invoice=invoice, revision=invoice.revision, actor=browser.user, at=factories.AT)
    assert delivery.deliver(row.pk, clock=lambda: factories.AT) == "accepted"
    for name in ("invoices:detail", "invoices:preview", "invoices:draft"):
        browser.get(reverse(name, args=[invoice.pk]))
    browser.post(reverse("submissions:reveal", args=[row.pk]), {"reason": "support asks"})
    browser.post(
        reverse("parties:environment-credentials", args=[environment.pk]), {"cid": "", "apicode": APICODE}
    )
    return row


def test_no_secret_is_left_anywhere(browser, log, bells):
    row = tell_the_story(browser)
    tokens = [client._tokens._token.text for client in gateway._clients.values() if client._tokens._token]
    assert tokens
    secrets = {
        "API code": APICODE,
        "identity code": NATIONAL_ID,
        **{f"token {number}": token for number, token in enumerate(tokens)},
    }
    assert found_in(dump(), secrets) == []
    assert found_in(log.getvalue().encode(), secrets) == []
    assert found_in(repr(bells).encode(), secrets) == []
    assert bells, "the bell was rung"
    assert str(row.pk) in repr(bells)


def test_a_bell_carries_an_id_and_nothing_else(browser, bells):
    row = tell_the_story(browser)
    assert [(given, facts["kwargs"]) for given, facts in bells] == [((), {"submission_id": str(row.pk)})]


def test_the_frozen_message_holds_what_it_must_and_is_sealed(browser, bells):
    """So that the scan above would find it: the code is in the message, and the message is not readable in the table."""
    row = tell_the_story(browser)
    assert b"Rantakatu 14" in bytes(row.payload)
    with connection.cursor() as cursor:
        cursor.execute("SELECT payload FROM submissions_submission")
        [(stored,)] = cursor.fetchall()
    assert b"Rantakatu" not in (stored.encode() if isinstance(stored, str) else bytes(stored))


@pytest.mark.parametrize("secret", [APICODE, NATIONAL_ID])
def test_the_scan_finds_a_planted_secret(secret):
    for shape in disguises(secret).values():
        assert found_in(b"...." + shape + b"....", {"it": secret})
    for shift in range(3):
        assert found_in(base64.b64encode(b"a" * shift + b"cid=" + secret.encode() + b"&x=1"), {"it": secret})
