"""The invented data: valid by the rules of the forms, and nobody's own."""

import re

import pytest
from django.test import Client

from ropo_portal.accounts.models import Creditor, Membership, User
from ropo_portal.accounts.roles import Role
from ropo_portal.demo import creditors, debtors, invoices
from ropo_portal.demo.cast import CAST, PASSWORD, sign_ins
from ropo_portal.demo.invoices import HOLD, PLANS, SEND, SEND_LAST
from ropo_portal.identifiers import ArtificialId, check_personal_id, check_reference
from ropo_portal.invoices import refusals
from ropo_portal.invoices.content import InvoiceContent
from ropo_portal.invoices.doubts import doubts
from ropo_portal.invoices.models import Invoice
from ropo_portal.parties.forms.creditors import CreditorForm
from ropo_portal.parties.forms.debtors import DebtorForm
from ropo_portal.parties.models import Debtor
from ropo_portal.sandbox.faults import FAULTS
from ropo_portal.sandbox.plan import MARK
from ropo_portal.submissions.models import SendingSwitch, Submission
from tests import factories

COUNTRIES = ["FI", "SE", "NO"]
# Never given out: far below the lowest Finnish numbers, a Swedish group nobody has, Norway's invented ones.
UNUSED = {"FI": r"000\d{4}-\d", "SE": r"9920\d{2}-\d{4}", "NO": r"3100\d{5}"}
# Documented as examples, or published for tests.
PUBLISHED = {"19121212-1212", "20170101-2393", "18900101-9802"}
EXAMPLE_ACCOUNTS = {"FI2112345600000785", "SE4550000000058398257466", "NO9386011117947"}


@pytest.fixture
def people(db):
    return creditors.make_people()


@pytest.fixture
def environments(people):
    return creditors.make_creditors(people, at=factories.AT)


@pytest.fixture
def written(people, environments):
    clerk, all_written = people["clerk@demo.example"], []
    for environment in environments:
        made = debtors.make_debtors(environment.creditor, actor=clerk, at=factories.AT)
        all_written += invoices.write_invoices(environment, made, clerk=clerk, at=factories.AT)
    return all_written


@pytest.mark.parametrize("values", creditors.CREDITORS, ids=lambda values: values["country"])
def test_creditors_pass_their_form(values):
    typed = {"sending_time": "09:00", "approval_rule": "off", **values, "hold": 0}
    form = CreditorForm({name: str(value) for name, value in typed.items()})
    assert form.is_valid(), form.errors
    assert re.fullmatch(UNUSED[values["country"]], values["business_id"])
    assert values["iban"] in EXAMPLE_ACCOUNTS


@pytest.mark.parametrize("country", COUNTRIES)
def test_debtors_pass_their_form(country, db):
    creditor = Creditor(country=country)
    rows = list(debtors.values_for(country))
    assert len(rows) == 12
    for values in rows:
        form = DebtorForm(values, creditor=creditor, allow_test=True)
        assert form.is_valid(), (values["name"], form.errors)
        assert form.cleaned_data["name"] == values["name"]


@pytest.mark.parametrize("country", COUNTRIES)
def test_ids_are_artificial_and_mail_goes_nowhere(country):
    for values in debtors.values_for(country):
        assert values["email"].endswith("@example.com")
        if values["kind"] == "company":
            assert re.fullmatch(UNUSED[country], values["business_id"])
        elif values["national_id"] not in {"", *PUBLISHED}:
            with pytest.raises(ArtificialId):
                check_personal_id(country, values["national_id"])


def test_marks_are_faults_of_the_sandbox_that_play_once():
    marks = [
        mark.groups()
        for rows in debtors.DEBTORS.values()
        for name, *_ in rows
        for mark in MARK.finditer(name)
    ]
    assert {name for name, _argument, _times in marks} == {
        "refused-before", "reset-after", "never-before", "401-before", "late-after",
    }  # fmt: skip
    assert {name for name, _argument, _times in marks} <= set(FAULTS)
    assert {times for _name, _argument, times in marks} == {"1"}


def test_rows_are_whole(written):
    kinds = (User, Creditor, Membership, Debtor, Invoice)
    for row in (row for kind in kinds for row in kind.objects.all()):
        row.full_clean(exclude=["search_name", "number_key", "national_id", "apicode"])
    assert len(written) == Invoice.objects.count() == sum(map(len, PLANS.values())) == 30


def test_invoices_may_be_sent_and_raise_no_strange_doubt(written):
    for draft in written:
        content, environment = InvoiceContent.of(draft.invoice), draft.invoice.environment
        today = environment.today(factories.AT)
        found = [
            *refusals.saving(content, creditor=environment.creditor, today=today),
            *refusals.posting(content),
        ]
        assert [str(error.message) for error in found] == []
        assert check_reference(environment.country, content.reference)
        codes = {
            one.code for one in doubts(content, environment=environment, today=today, invoice=draft.invoice)
        }
        assert codes <= {"due_date_passed"}


def test_everybody_has_one_role_everywhere(environments):
    assert {one.role for one in CAST} == set(Role)
    for one in CAST:
        roles = Membership.objects.filter(user__email=one.email).values_list("role", flat=True)
        assert list(roles) == [one.role] * len(environments)
    assert [user.email for user in User.objects.filter(is_superuser=True)] == ["support@demo.example"]
    assert {environment.stage for environment in environments} == {"sandbox"}


def test_waiting_times_are_those_of_a_demonstration(environments):
    switch = SendingSwitch.objects.get()
    assert (switch.resend_wait, switch.look_up_age) == (30, 300)


def test_the_sign_in_page_lets_everybody_in_by_one_press(settings, people, client):
    settings.DEMO, settings.DEMO_USERS = True, sign_ins()
    page = client.get("/account/login/").content.decode()
    for one in sign_ins():
        assert one["email"] in page
        entered = Client().post("/account/login/", {"login": one["email"], "password": PASSWORD})
        assert entered.status_code == 302


def test_outside_the_demonstration_nobody_is_offered(settings, people, client):
    settings.DEMO, settings.DEMO_USERS = False, sign_ins()
    assert PASSWORD not in client.get("/account/login/").content.decode()


def test_one_invoice_stays_in_its_hold_and_the_others_leave(written, people):
    sender = people["sender@demo.example"]
    posted = {
        plan: invoices.post(written, plan, sender=sender, at=factories.AT) for plan in (SEND, SEND_LAST, HOLD)
    }
    assert {plan: len(rows) for plan, rows in posted.items()} == {SEND: 21, SEND_LAST: 1, HOLD: 1}
    due = set(Submission.objects.filter(due_at__lte=factories.AT).values_list("pk", flat=True))
    assert due == {row.pk for plan in (SEND, SEND_LAST) for row in posted[plan]}
