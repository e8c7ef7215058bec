"""The doors that Ropo One calls: who may come in, what is stored, and that nothing unknown is turned away."""

import base64
import datetime as dt
import json
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.history.models import Entry
from ropo_portal.submissions import callers
from ropo_portal.submissions.models import StatusIncident, StatusLine, StatusPage, WebhookToken
from ropo_portal.submissions.operations import news as operations
from ropo_portal.submissions.operations import set_webhook_secret
from tests import factories

EVENTS, TOKEN = "/events", "/events/token"
BATCH = {"created_at": "2026-11-23T10:00:00", "messages": [{"id": "E1", "type": "comment", "jobid": 1}]}

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _no_bell(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setattr(operations.tasks.take_in, "apply_async", lambda **_more: None)


@pytest.fixture
def place() -> CreditorEnvironment:
    return factories.make_environment(factories.make_creditor())


@pytest.fixture
def pair(place) -> callers.NewSecret:
    return set_webhook_secret(environment=place, actor=factories.make_user(), at=timezone.now())


def basic(name: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()


def push(authorization: str = "", body: Any = BATCH, **more: Any) -> Any:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Authorization": authorization} if authorization else {}
    browser = Client(enforce_csrf_checks=True)
    return browser.post(EVENTS, content, content_type="application/json", headers=headers, **more)


def ask(**form: str) -> Any:
    form = {"grant_type": "client_credentials", "scope": "events", **form}
    body = "&".join(f"{name}={value}" for name, value in form.items())
    browser = Client(enforce_csrf_checks=True)
    return browser.post(TOKEN, body, content_type="application/x-www-form-urlencoded")


def test_a_batch_is_kept_as_it_came(pair, place) -> None:
    body = json.dumps(BATCH, indent=3).encode()
    assert push(basic(pair.name, pair.secret), body).status_code == 200
    page = StatusPage.objects.get()
    assert (bytes(page.body), page.source, page.environment) == (body, "event", place)
    assert StatusLine.objects.get().last_event_at is not None


@pytest.mark.parametrize("authorization", [
    "", "Basic", "Basic !!", "Basic " + base64.b64encode(b"nocolon").decode(), basic("x", ""), basic("", ""),
    "Bearer", "Bearer nonsense", "Digest x", "Basic \x00",
])  # fmt: skip
def test_strangers_store_nothing(pair, authorization) -> None:
    answer = push(authorization)
    assert (answer.status_code, answer["WWW-Authenticate"][:5]) == (401, "Basic")
    assert not StatusPage.objects.exists()


def test_wrong_and_former_and_others_secrets_are_refused(pair, place) -> None:
    other = factories.make_environment(factories.make_creditor())
    theirs = set_webhook_secret(environment=other, actor=factories.make_user(), at=timezone.now())
    assert push(basic(pair.name, theirs.secret)).status_code == 401
    assert push(basic(pair.name, "")).status_code == 401
    token = ask(client_id=pair.name, client_secret=pair.secret).json()["access_token"]
    newer = set_webhook_secret(environment=place, actor=factories.make_user(), at=timezone.now())
    assert newer.name == pair.name
    assert push(basic(pair.name, pair.secret)).status_code == 401
    assert push(f"Bearer {token}").status_code == 401
    assert push(basic(newer.name, newer.secret)).status_code == 200


def test_secret_and_token_lie_hashed(pair) -> None:
    ask(client_id=pair.name, client_secret=pair.secret)
    line, token = StatusLine.objects.get(), WebhookToken.objects.get()
    assert pair.secret not in str(vars(line))
    assert len(token.token_hash) == 64
    assert pair.secret not in str(list(Entry.objects.values()))


def test_a_token_opens_the_door_for_an_hour(pair) -> None:
    answer = ask(client_id=pair.name, client_secret=pair.secret)
    told = answer.json()
    assert (told["token_type"], told["expires_in"], answer["Cache-Control"]) == ("Bearer", 3600, "no-store")
    assert push(f"Bearer {told['access_token']}").status_code == 200
    WebhookToken.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    assert push(f"Bearer {told['access_token']}").status_code == 401
    ask(client_id=pair.name, client_secret=pair.secret)
    assert WebhookToken.objects.count() == 1


def test_the_token_endpoint_knows_client_credentials_only(pair) -> None:
    right = {"client_id": pair.name, "client_secret": pair.secret}
    assert ask(**right, grant_type="password").json() == {"error": "unsupported_grant_type"}
    assert ask(client_id=pair.name, client_secret="x").status_code == 401
    assert ask(client_id="nobody", client_secret=pair.secret).status_code == 401
    as_json = Client().post(TOKEN, json.dumps(right), content_type="application/json")
    assert as_json.json() == {"error": "invalid_request"}
    assert ask(**right, more="x" * 5000).status_code == 400
    assert Client().get(TOKEN).status_code == Client().get(EVENTS).status_code == 405


def test_who_guesses_has_to_wait(pair) -> None:
    for _ in range(callers.WRONG_CALLS):
        ask(client_id=pair.name, client_secret="guess")
    answer = ask(client_id=pair.name, client_secret=pair.secret)
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert push(basic(pair.name, pair.secret)).status_code == 503
    cache.clear()
    assert push(basic(pair.name, pair.secret)).status_code == 200


@pytest.mark.parametrize("secure", [True, False])
def test_in_production_secrets_travel_encrypted_only(pair, settings, secure) -> None:
    settings.PRODUCTION = True
    expected = (200, 200) if secure else (401, 401)
    browser = Client()
    found = browser.post(EVENTS, json.dumps(BATCH), "application/json", secure=secure,
                         headers={"Authorization": basic(pair.name, pair.secret)})  # fmt: skip
    form = {"grant_type": "client_credentials", "client_id": pair.name, "client_secret": pair.secret}
    body = "&".join(f"{name}={value}" for name, value in form.items())
    token = browser.post(TOKEN, body, "application/x-www-form-urlencoded", secure=secure)
    assert (found.status_code, token.status_code) == expected


@pytest.mark.parametrize("body", [
    {}, [], [BATCH], 5, "text", {"messages": [{"id": f"E{n}"} for n in range(501)]}, {"messages": [{"no": "id"}]},
    {"messages": [{"id": "E1"}, {"id": "E1"}]}, {"messages": [{"id": "E1", "type": "moon.phase", "jobid": {"a": 1}}]},
    b'{"id": 1, "id": 2}', b'{"messages": [NaN]}', b'{"a":' * 50 + b"1" + b"}" * 50,
])  # fmt: skip
def test_no_content_is_turned_away_if_it_is_json(pair, body) -> None:
    assert push(basic(pair.name, pair.secret), body).status_code == 200
    assert StatusPage.objects.count() == 1


@pytest.mark.parametrize("body", [b"", b"<xml/>", b'{"messages": [', b"\xff\xfe", b"[" * 200_000])
def test_bytes_that_are_no_json_are_the_only_400(pair, body) -> None:
    assert push(basic(pair.name, pair.secret), body).status_code == 400
    assert not StatusPage.objects.exists()


def test_what_is_too_large_is_not_read(pair, settings) -> None:
    settings.EVENT_SIZE_LIMIT = 100
    assert push(basic(pair.name, pair.secret), b" " * 101).status_code == 413


def test_a_silent_broker_loses_nothing(pair, monkeypatch) -> None:
    def silent(**_more: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr(operations.tasks.take_in, "apply_async", silent)
    assert push(basic(pair.name, pair.secret)).status_code == 200
    assert StatusPage.objects.count() == 1


# --- the administrator's page


def test_an_administrator_makes_a_secret_that_is_shown_once(creditor, environment, signed_in) -> None:
    browser = signed_in("administrator")
    page = f"/submissions/lines/{environment.pk}/events"
    assert "not set" in browser.get(page).content.decode()
    shown = browser.post(f"{page}/secret").content.decode()
    name = StatusLine.objects.get().webhook_name
    assert "shown only now" in shown
    secret = shown.split('data-copy="')[2].split('"')[0]
    assert push(basic(name, secret)).status_code == 200
    again = browser.get(page).content.decode()
    assert name in again
    assert secret not in again
    assert Entry.objects.filter(verb="environment.webhook_set", creditor_id=creditor.pk).count() == 1


@pytest.mark.parametrize("role", ["reader", "clerk", "sender", "approver", "auditor"])
def test_others_do_not(environment, signed_in, role) -> None:
    browser = signed_in(role)
    page = f"/submissions/lines/{environment.pk}/events"
    assert browser.get(page).status_code == browser.post(f"{page}/secret").status_code == 403
    assert not StatusLine.objects.filter(webhook_hash__gt="").exists()


def test_another_creditors_environment_is_not_there(signed_in, creditor) -> None:
    foreign = factories.make_environment(factories.make_creditor())
    browser = signed_in("administrator")
    for tail in ("", "/secret", "/clear-alarm"):
        page = f"/submissions/lines/{foreign.pk}/events{tail}"
        assert (browser.post(page) if tail else browser.get(page)).status_code == 404


def test_an_alarm_is_ended_with_a_reason_and_the_incidents_stay(environment, signed_in) -> None:
    page = StatusPage.objects.create(
        environment=environment, source="event", received_at=timezone.now(), sha256="0" * 64, body=b"{"
    )
    StatusIncident.objects.create(
        environment=environment,
        page=page,
        kind="foreign",
        update_id="E1",
        content_hash="0",
        at=timezone.now(),
    )
    StatusLine.objects.create(
        environment=environment, alarm="another creditor's job: E1", alarmed_at=timezone.now()
    )
    browser = signed_in("administrator")
    address = f"/submissions/lines/{environment.pk}/events"
    assert "another creditor&#x27;s job: E1" in browser.get(address).content.decode()
    assert browser.post(f"{address}/clear-alarm", {"reason": ""}).status_code == 422
    assert (
        browser.post(f"{address}/clear-alarm", {"reason": "Ropo mixed two up, ticket 5"}).status_code == 303
    )
    assert StatusLine.objects.get().alarm == ""
    assert StatusIncident.objects.count() == 1
    assert Entry.objects.get(verb="environment.alarm_cleared").reason.endswith("ticket 5")
