"""A refused invoice is corrected where Ropo's words point: at a field of its form, or at the debtor's."""

import pytest
from django.urls import reverse

from ropo_portal.invoices.blame import blamed_part
from ropo_portal.invoices.operations import post_invoice
from tests.factories import AT, make_debtor, make_invoice, make_user
from tests.invoices.settling import settle

pytestmark = pytest.mark.django_db


@pytest.fixture
def refused(environment):
    def refuse(trouble):
        invoice = make_invoice(environment, make_debtor(environment.creditor, name="Aalto Oy"))
        settle(
            post_invoice(invoice=invoice, revision=1, actor=make_user(), at=AT), "rejected", trouble=trouble
        )
        invoice.refresh_from_db()
        return invoice

    return refuse


def edit(invoice):
    return reverse("invoices:edit", args=[invoice.pk])


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("osoite puuttuu", "street"), ("postinumero ei kelpaa", "postcode"), ("Ogiltigt postnummer", "postcode"),
        ("postitoimipaikka puuttuu", "city"), ("govid invalid", "national_id"), ("custnum in use", "customer_number"),
        ("asiakas puuttuu", "name"),
    ],
)  # fmt: skip
def test_the_blamed_part_of_the_debtor(text, part):
    assert blamed_part(text) == part


def test_the_address_is_mended_at_the_debtor_and_back_again(signed_in, refused):
    browser, invoice = signed_in("sender"), refused("postinumero puuttuu")
    page = browser.get(edit(invoice))
    mend = page.context["mend_url"]
    words = page.content.decode()
    assert ("the debtor: Post code." in words, "Nothing is missing" in words) == (True, False)
    there = browser.get(mend)
    form = there.context["form"]
    assert "autofocus" in str(form["postcode"])
    values = {name: form[name].value() or "" for name in form.fields} | {"street": "Rantatie 9"}
    answer = browser.post(mend, values)
    assert (answer.status_code, answer["Location"]) == (303, edit(invoice))
    invoice.debtor.refresh_from_db()
    assert invoice.debtor.street == "Rantatie 9"


@pytest.mark.parametrize(
    "wish", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "evil", ""]
)
def test_nobody_is_sent_to_a_stranger(signed_in, environment, wish):
    browser, debtor = signed_in("sender"), make_debtor(environment.creditor)
    there = reverse("parties:debtor-edit", args=[debtor.pk])
    form = browser.get(there).context["form"]
    values = {name: form[name].value() or "" for name in form.fields}
    answer = browser.post(f"{there}?next={wish}", values)
    assert answer["Location"] == reverse("parties:debtor-detail", args=[debtor.pk])


@pytest.mark.parametrize(("text", "label"), [("eräpäivä ei kelpaa", "Due date"), ("payrow 2", "Rows")])
def test_a_field_of_the_invoice_is_named(signed_in, refused, text, label):
    assert (
        f"seems to speak of this field: {label}"
        in signed_in("sender").get(edit(refused(text))).content.decode()
    )


def test_a_refused_submission_leads_to_the_form(signed_in, refused):
    invoice = refused("osoite puuttuu")
    there = reverse("submissions:detail", args=[invoice.submission_id])
    assert f'href="{edit(invoice)}"' in signed_in("sender").get(there).content.decode()
    assert f'href="{edit(invoice)}"' not in signed_in("reader").get(there).content.decode()
