"""When something breaks: a page with a number, a log with the same number, and nothing of what was typed."""

import io
import logging

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from ropo_portal.ui import request_context
from ropo_portal.ui.logs import LineFormatter
from tests.permissions.stage import Person, Stage

pytestmark = pytest.mark.django_db
SECRETS = ("Very-Secret-Code-77", "131052-308T", "Zabrinsky")
LAYERS = {
    "views": "ropo_portal.parties.views.debtors.working_creditor",
    "forms": "ropo_portal.parties.forms.debtors.DebtorForm.clean",
    "operations": "ropo_portal.parties.operations.create_debtor",
    "history": "ropo_portal.parties.operations.debtors.record",
    "models": "ropo_portal.parties.models.Debtor.save",
    "encryption": "ropo_portal.encryption.EncryptedTextField.pre_save",
}


def line_formatter() -> LineFormatter:
    return LineFormatter(settings.LOGGING["formatters"]["line"]["format"])


@pytest.fixture
def log():
    """What the log would say, written as in production."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(line_formatter())
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)


@pytest.mark.parametrize("layer", LAYERS)
def test_a_fault_in_any_layer_tells_numbers_only(stage: Stage, allrounder: Person, monkeypatch, log, layer):
    def fail(*_values, **_facts):
        raise RuntimeError("forced")

    monkeypatch.setattr(LAYERS[layer], fail)
    browser = allrounder.browser()
    browser.raise_request_exception = False
    facts = {
        "kind": "person",
        "name": "Zabrinsky",
        "national_id": "131052-308T",
        "street": "Very-Secret-Code-77",
    }
    facts |= {
        "postcode": "00100",
        "city": "Helsinki",
        "country": "FI",
        "channel": "post",
        "language": "fi",
        "save_anyway": "1",
    }
    answer = browser.post(reverse("parties:debtor-create"), facts)
    text, written = answer.content.decode(), log.getvalue()
    assert (answer.status_code, "forced" in text, "Traceback" in text) == (500, False, False)
    assert answer["X-Request-ID"] in text
    assert answer["X-Request-ID"] in written
    assert "RuntimeError: forced" in written
    assert [secret for secret in SECRETS if secret in text or secret in written] == []
    assert "script-src" in answer["Content-Security-Policy"]


def test_a_refused_row_is_not_repeated_in_the_log(log):
    """PostgreSQL quotes the row that broke a rule; the log leaves it out, in tracebacks too."""

    def refuse() -> None:
        raise ValueError(
            f"violates a constraint\nDETAIL:  Failing row contains ({SECRETS[2]}, {SECRETS[1]})."
        )

    try:
        refuse()
    except ValueError:
        logging.getLogger("somewhere").exception("it broke")
    assert "Zabrinsky" not in log.getvalue()
    assert "DETAIL: (left out)" in log.getvalue()


def test_nobody_writes_a_second_line_into_the_log(log):
    logging.getLogger("somewhere").error("name %s", "Eve\n2026-11-23 INFO all is well\x1b[31m\u202e")
    assert len(log.getvalue().splitlines()) == 1
    assert "\x1b" not in log.getvalue()


def test_a_line_names_its_request(log):
    with request_context.bound(request_id="abc123"):
        logging.getLogger("somewhere").error("something")
    assert "[abc123] something" in log.getvalue()


def test_a_page_that_breaks_for_a_stranger_has_a_number_too(db, monkeypatch):
    def fail(*_values):
        raise RuntimeError("forced")

    monkeypatch.setattr("ropo_portal.ui.views.preferences.remember", fail)
    answer = Client(raise_request_exception=False).post(reverse("ui:theme"), {"theme": "dark"})
    assert (answer.status_code, answer["X-Request-ID"] in answer.content.decode()) == (500, True)
