"""Text that would like to be more than text: in every field people write, shown on every page."""

import itertools
import json

import pytest
from django.apps import apps
from django.db import models
from django.urls import reverse

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.invoices.models import Invoice, InvoiceRow
from ropo_portal.parties.models import Debtor
from tests.permissions import routes
from tests.permissions.stage import Person, Stage, ask

pytestmark = pytest.mark.django_db
MARK = "zq9"
PAYLOADS = (
    f"<script>{MARK}()</script>",
    f'"><img src={MARK} onerror={MARK}()>',
    f"'><svg/onload={MARK}()>",
    f"</title></textarea></template><b {MARK}>",
    f"{{{{ {MARK} }}}}{{% now {MARK} %}}",
    f"javascript:{MARK}()",
    f"' hx-on:click='{MARK}()",
    f"<!--{MARK}--><a href=//{MARK}>",
)
# Words a browser would take for its own, were they not escaped.
ALIVE = tuple(payload for payload in PAYLOADS if set(payload) & set("<>\"'"))
PEOPLE_WRITE = {
    "parties.Debtor": ["name", "street", "city", "extra_line_1", "extra_line_2", "einvoice_operator"],
    "accounts.Creditor": ["name", "street", "city"],
    "accounts.CreditorEnvironment": ["paused_reason"],
    "accounts.User": ["name"],
    "invoices.Invoice": ["free_text", "our_reference", "your_reference", "order_number", "number"],
    "invoices.InvoiceRow": ["description", "unit", "product_number", "free_text"],
    "invoices.InvoiceAttachment": ["name"],
    "submissions.Submission": ["trouble", "ropo_job_id"],
}  # fmt: skip


TURNS = 3  # every field meets three of the texts, every text a third of the fields


def plant(turn: int) -> None:
    """Write the texts into every field in turns, past all forms."""
    texts = itertools.islice(itertools.cycle(PAYLOADS), turn * len(PAYLOADS) // TURNS, None)
    for label, names in PEOPLE_WRITE.items():
        model = apps.get_model(label)
        longest = {name: getattr(model._meta.get_field(name), "max_length", None) or 300 for name in names}
        model.objects.update(**{name: next(texts)[: longest[name]] for name in names if name != "number"})
    Invoice.objects.update(number=models.F("id"))
    for line in CreditorEnvironment.objects.all():  # nor two environments an account
        CreditorEnvironment.objects.filter(pk=line.pk).update(cid=f"{str(line.pk)[-6:]}{next(texts)}"[:30])
    for debtor in Debtor.objects.all():  # two of one creditor never share a number
        Debtor.objects.filter(pk=debtor.pk).update(customer_number=f"{str(debtor.pk)[-6:]}{next(texts)}"[:30])


@pytest.mark.parametrize("turn", range(TURNS))
def test_it_is_shown_as_text_everywhere(stage: Stage, allrounder: Person, turn):
    plant(turn)
    seen = 0
    for route in [route for route in routes.table() if "GET" in route.methods]:
        for headers in ({}, {"HX-Request": "true"}):
            answer = ask(stage, allrounder, route, "GET", **headers)
            assert answer.status_code in {200, 204, 302, 303}, route.name
            if "text/html" not in answer.get("Content-Type", ""):
                continue
            text = answer.content.decode()
            seen += MARK in text
            assert [payload for payload in ALIVE if payload[:40] in text] == [], route.name
            assert f"{MARK} %}}" in text or "{% now" not in text, route.name
            assert f'href="javascript:{MARK}' not in text, route.name
    assert seen > 8, "the pages show what was planted"


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_form_gives_it_back_as_text(stage: Stage, allrounder: Person, payload):
    """What was refused is typed back into its field, and nowhere as markup; sent words travel in messages."""
    browser, ids = allrounder.browser(), stage.home.ids
    forms = {
        reverse("parties:debtor-create"): ["name", "street", "city", "email", "phone", "national_id"],
        reverse("parties:creditor-create"): ["name", "iban", "bic"],
        reverse("submissions:there", args=[ids["submission"]]): ["proof"],
        reverse("submissions:propose-resend", args=[ids["submission"]]): ["reason"],
        reverse("invoices:edit", args=[ids["invoice"]]): ["number", "reference", "free_text", "invoice_date"],
        reverse("submissions:pause", args=[ids["environment"]]): ["reason"],
        reverse("parties:debtor-reveal", args=[ids["debtor"]]): ["reason"],
    }
    for address, names in forms.items():
        grid = {
            "rows-TOTAL_FORMS": "1",
            "rows-INITIAL_FORMS": "0",
            "rows-0-description": payload,
            "rows-0-unit_price": payload,
        }
        answer = browser.post(address, dict.fromkeys(names, payload) | grid, follow=True)
        assert answer.status_code in {200, 422}, address
        assert payload not in ALIVE or payload not in answer.content.decode(), address


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_search_gives_it_back_as_text(stage: Stage, allrounder: Person, payload):
    browser = allrounder.browser()
    for name in (
        "invoices:list",
        "invoices:counters",
        "submissions:list",
        "parties:debtor-list",
        "parties:debtor-options",
        "history:list",
    ):
        query = dict.fromkeys(
            ("q", "state", "kind", "due_from", "cursor", "who", "since", "debtor", "verb", "seen"), payload
        )
        answer = browser.get(reverse(name), query)
        assert answer.status_code == 200, name
        assert payload not in ALIVE or payload not in answer.content.decode(), name


def test_suggestions_are_data(stage: Stage, allrounder: Person):
    plant(0)
    answer = allrounder.browser().get(
        reverse("parties:debtor-options"), headers={"Accept": "application/json"}
    )
    assert answer["Content-Type"] == "application/json"
    assert json.loads(answer.content)["options"][0]["label"] == PAYLOADS[0]


def test_the_rows_above_are_the_texts_people_write():
    """A new text column is either planted above, or named here with the reason why nobody writes into it."""
    assert {field.name for field in InvoiceRow._meta.fields if isinstance(field, models.CharField)} <= set(
        PEOPLE_WRITE["invoices.InvoiceRow"]
    )
