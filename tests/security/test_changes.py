"""What may change, and by what: by POST with a token alone, and only the fields that a form has."""

from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.forms import BaseForm
from django.test import Client
from django.urls import reverse

from ropo_portal.accounts.models import Creditor
from ropo_portal.history.forms import HistoryFilter
from ropo_portal.history.models import Entry
from ropo_portal.invoices.forms import FilterForm
from ropo_portal.invoices.models import Invoice
from ropo_portal.parties.models import Debtor
from ropo_portal.submissions.forms import SubmissionFilter
from tests.permissions import routes
from tests.permissions.stage import ROOMS, Person, Stage, address_of, ask, fingerprint, writes

pytestmark = pytest.mark.django_db
ROUTES = routes.table()
FILTERS = (FilterForm, SubmissionFilter, HistoryFilter)  # they narrow lists, and write nothing
# What a stranger would add to a form: every column of every table, and the words of the machinery.
HOSTILE_VALUES = {"state": "accepted", "total_amount": "0.01", "net_amount": "0.01", "vat_amount": "0", "is_staff": "on",
                  "is_superuser": "on", "is_active": "", "is_live": "on", "revision_": "99", "role": "approver"}  # fmt: skip


def columns() -> set[str]:
    models = [model for room in ROOMS for model in apps.get_app_config(room).get_models()]
    names = {name for model in models for field in model._meta.fields for name in (field.name, field.attname)}
    return names | {"approver", "confirmed_by", "pk", "payload", "environment_id"}


def hostile(stage: Stage, fields: set[str]) -> dict[str, str]:
    """Return every column no field of the form has, with the worst value at hand."""
    foreign = stage.foreign.ids
    ids = {
        name: str(foreign[name.removesuffix("_id")])
        for name in columns()
        if name.removesuffix("_id") in foreign
    }
    worst = dict.fromkeys(columns(), "1") | ids | HOSTILE_VALUES
    return {name: value for name, value in worst.items() if name not in fields}


def filled(form: Any) -> dict[str, str]:
    """Return a form as the browser would send it back untouched."""
    values = {name: form[name].value() for name in form.fields}
    texts = {
        name: _text(form, name, value)
        for name, value in values.items()
        if value is not None and value is not False and value != ""
    }
    return {form.add_prefix(name): text for name, text in texts.items()}


def _text(form: Any, name: str, value: Any) -> str:
    field = form.fields[name]
    shown = (
        field.widget.format_value(field.prepare_value(value))
        if hasattr(field.widget, "format_value")
        else value
    )
    return str(shown[0] if isinstance(shown, list) else shown)


def stored(row: Any) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def changed_columns(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    return {name for name in after if before.get(name) != after[name]}


@pytest.mark.parametrize(
    ("page", "kind", "model", "change", "may_change"),
    [
        ("parties:debtor-edit", "debtor", Debtor, {"city": "Turku"}, {"city", "revision"}),
        ("parties:creditor-edit", "creditor", Creditor, {"city": "Turku"}, {"city"}),
    ],
)
def test_a_form_changes_its_own_fields_alone(
    stage: Stage, allrounder: Person, page, kind, model, change, may_change
):
    browser, key = allrounder.browser(), stage.home.ids[kind]
    address, rows = reverse(page, args=[key]), model.objects.filter(pk=key)
    form = browser.get(address).context["form"]
    before, others = stored(rows.get()), fingerprint()
    sent = hostile(stage, set(form.fields)) | filled(form) | change
    answer = browser.post(address, sent)
    assert answer.status_code == 303, answer.context["form"].errors
    assert changed_columns(before, stored(rows.get())) == may_change
    moved = {label for label, sums in fingerprint().items() if sums != others[label]}
    assert moved == {model._meta.label, "history.Entry", "history.ChainHead"}


def test_the_form_of_an_invoice_changes_its_own_fields_alone(stage: Stage, allrounder: Person):
    browser, key = allrounder.browser(), stage.home.ids["invoice"]
    address, rows = reverse("invoices:edit", args=[key]), Invoice.objects.filter(pk=key)
    context = browser.get(address).context
    sheet, before, others = context["sheet"], stored(rows.get()), fingerprint()
    names = set(sheet.head.fields)
    [row, *_blank] = sheet.rows.forms
    sent = hostile(stage, names) | filled(sheet.head) | filled(row) | filled(sheet.rows.management_form)
    sent |= {f"rows-0-{name}": value for name, value in hostile(stage, set(row.fields)).items()}
    answer = browser.post(address, sent | {"our_reference": "Changed", "rows-TOTAL_FORMS": "1"})
    assert answer.status_code == 303, [form.errors for form in answer.context["sheet"].rows.forms]
    assert changed_columns(before, stored(rows.get())) == {"our_reference", "revision"}
    moved = {label for label, sums in fingerprint().items() if sums != others[label]}
    own = {"invoices.Invoice", "invoices.InvoiceRow"}  # rows are written anew, with the same values
    assert moved - {"history.Entry", "history.ChainHead"} <= own


def test_a_new_row_takes_only_the_fields_of_its_form(stage: Stage, allrounder: Person):
    browser, address = allrounder.browser(), reverse("parties:debtor-create")
    form = browser.get(address).context["form"]
    facts = {
        "kind": "company",
        "name": "Uusi Oy",
        "street": "Katu 1",
        "postcode": "00100",
        "city": "Helsinki",
    }
    facts |= {"country": "FI", "channel": "post", "language": "fi"}
    answer = browser.post(address, hostile(stage, set(form.fields)) | facts)
    assert answer.status_code == 303, answer.context["form"].errors
    made = Debtor.objects.get(name="Uusi Oy")
    assert (made.creditor_id, made.revision, made.national_id) == (stage.home.creditor.pk, 1, "")
    assert made.pk != stage.foreign.ids["debtor"]


def test_credentials_take_only_their_pair(stage: Stage, allrounder: Person):
    key = stage.home.ids["environment"]
    address = reverse("parties:environment-credentials", args=[key])
    extra = hostile(stage, {"cid", "apicode"})
    answer = allrounder.browser().post(address, extra | {"cid": "4711", "apicode": "New-Secret-1"})
    assert answer.status_code == 303
    environment = stage.home.creditor.environments.get(pk=key)
    assert (environment.cid, environment.is_live, environment.next_number != 1) == ("4711", False, True)
    assert environment.name == "sandbox"


def test_an_old_form_says_that_the_document_has_changed(stage: Stage, allrounder: Person):
    browser, key = allrounder.browser(), stage.home.ids["invoice"]
    Invoice.objects.filter(pk=key).update(revision=7)
    before = fingerprint()
    answer = browser.post(reverse("invoices:send", args=[key]), {"revision": "1"})
    assert answer.status_code == 422
    assert b"changed" in answer.content
    assert fingerprint() == before


@pytest.mark.parametrize("route", [route for route in ROUTES if "POST" in route.methods], ids=str)
def test_no_change_without_a_token(stage: Stage, allrounder: Person, route):
    """Not from a page of ours, and not by htmx either."""
    ids = stage.home.ids
    address = address_of(stage, route, ids)
    for headers in ({}, {"HX-Request": "true"}, {"X-CSRFToken": "x" * 64}):
        browser = Client(enforce_csrf_checks=True)
        browser.cookies[settings.SESSION_COOKIE_NAME] = allrounder.session
        with writes() as changes:
            answer = browser.post(
                address, {name: ids[kind] for name, kind in route.data.items()}, headers=headers
            )
        assert (answer.status_code, changes) == (403, [])


def test_reading_everything_changes_nothing(stage: Stage, allrounder: Person):
    before, entries = fingerprint(), Entry.objects.count()
    for route in ROUTES:
        for headers in ({}, {"HX-Request": "true"}):
            with writes() as changes:
                ask(stage, allrounder, route, "GET", **headers)
            assert changes == [], route.name
    assert (fingerprint(), Entry.objects.count()) == (before, entries)


# What only operations write. A form with one of these names would let anybody type it.
OF_THE_MACHINERY = {
    "state", "creditor", "environment", "submission", "total_amount", "net_amount", "vat_amount", "discarded_at",
    "created_at", "is_active", "is_live", "sending_paused", "next_number", "national_id_hash", "search_name", "number_key",
    "role", "is_staff", "is_superuser", "payload", "posted_by", "actor", "at", "id", "pk",
}  # fmt: skip


def test_no_form_has_a_field_of_the_machinery(stage: Stage, allrounder: Person):
    """Every form that any page shows."""
    found, seen = {}, set()
    for route in [route for route in ROUTES if "GET" in route.methods]:
        answer = ask(stage, allrounder, route, "GET")
        for layer in answer.context or ():
            for value in [value for values in layer for value in getattr(values, "values", list)()]:
                if isinstance(value, BaseForm) and not isinstance(value, FILTERS):
                    seen.add(type(value).__name__)
                    found |= {
                        type(value).__name__: names
                        for names in [set(value.fields) & OF_THE_MACHINERY]
                        if names
                    }
    # Two forms are there to give roles, to administrators alone.
    assert found == {"InvitationForm": {"role"}, "RoleForm": {"role"}}
    assert {"DebtorForm", "CreditorForm", "HeadForm"} <= seen
