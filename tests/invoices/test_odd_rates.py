"""A tax rate that no law knows leaves only with words, and they stand in the history."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from ropo_portal.accounts.models import Creditor
from ropo_portal.history.models import Entry
from ropo_portal.invoices.content import RowContent
from ropo_portal.invoices.models import Approval, BatchItem
from ropo_portal.invoices.operations import (
    ReasonMissing,
    approve_invoice,
    ask_approval,
    check_batch,
    choose_invoices,
    confirm_doubts,
    post_invoice,
    send_batch,
    send_next,
)
from ropo_portal.invoices.views.look import looked_at
from ropo_portal.submissions.models import Submission
from tests.factories import AT, make_invoice, make_user

pytestmark = pytest.mark.django_db
CODE = "vat_rate_unknown_99"
WHY = "The customs office set this rate for the batch"
ODD = RowContent("Nuohous", Decimal(10), Decimal(99))


@pytest.fixture
def strict(environment):
    Creditor.objects.filter(pk=environment.creditor_id).update(approval_rule="all")
    return type(environment).objects.select_related("creditor").get(pk=environment.pk)


def odd_invoice(environment, **fields):
    return make_invoice(environment, rows=(ODD,), invoice_date=AT.date(), **fields)


def batch_of(environment, invoice):
    batch = choose_invoices(environment=environment, ids=[invoice.pk], actor=make_user(), at=AT)
    check_batch(batch=batch, most=10, at=AT)
    return batch, batch.items.get()


def told(invoice, verb):
    return Entry.objects.about(invoice).get(verb=f"invoice.{verb}").reason


@pytest.mark.parametrize("reason", ["", "  \n "])
def test_it_is_not_sent_without_words(environment, reason):
    invoice = odd_invoice(environment)
    with pytest.raises(ReasonMissing) as caught:
        post_invoice(invoice=invoice, revision=1, confirmed=[CODE], reason=reason, actor=make_user(), at=AT)
    assert (caught.value.field, Submission.objects.exists()) == ("why", False)


def test_the_words_stand_in_the_history(environment):
    invoice = odd_invoice(environment)
    post_invoice(invoice=invoice, revision=1, confirmed=[CODE], reason=f" {WHY} ", actor=make_user(), at=AT)
    assert told(invoice, "posted") == WHY


def test_a_rate_that_has_ended_takes_none(environment):
    row = RowContent("Nuohous", Decimal(10), Decimal(24))
    invoice = make_invoice(environment, rows=(row,), invoice_date=AT.date())
    sent = post_invoice(invoice=invoice, revision=1, confirmed=["vat_rate_24"], actor=make_user(), at=AT)
    assert sent.state == "queued"


def test_the_second_person_reads_the_words_of_the_first(strict, signed_in):
    invoice, who = odd_invoice(strict), make_user()
    asked = {"invoice": invoice, "revision": 1, "confirmed": [CODE], "actor": who, "at": AT}
    with pytest.raises(ReasonMissing):
        ask_approval(**asked)
    approval = ask_approval(**asked, reason=WHY)
    assert WHY in signed_in("approver").get(reverse("invoices:approval", args=[approval.pk])).content.decode()
    sent = approve_invoice(approval=approval, fingerprint=approval.fingerprint, actor=make_user(), at=AT)
    assert (sent.state, told(invoice, "approval_asked"), told(invoice, "posted")) == ("queued", WHY, WHY)


def test_among_many_each_takes_its_own(environment):
    batch, item = batch_of(environment, odd_invoice(environment))
    with pytest.raises(ReasonMissing):
        confirm_doubts(item=item, codes=[CODE], actor=make_user(), at=AT)
    assert confirm_doubts(item=item, codes=[CODE], reason=WHY, actor=make_user(), at=AT).is_ready
    send_batch(batch=batch, count=1, actor=make_user(), at=AT)
    assert send_next(batch=batch, at=AT) == 0
    assert (
        batch.items.get().result,
        told(item.invoice, "doubts_confirmed"),
        told(item.invoice, "posted"),
    ) == (
        "queued",
        WHY,
        WHY,
    )


def test_the_database_keeps_the_words(strict):
    invoice = odd_invoice(strict)
    approval = ask_approval(
        invoice=invoice, revision=1, confirmed=[CODE], reason=WHY, actor=make_user(), at=AT
    )
    _batch, item = batch_of(strict, odd_invoice(strict))
    rows = (
        lambda: Approval.objects.filter(pk=approval.pk).update(confirmed_reason="Other words"),
        lambda: BatchItem.objects.filter(pk=item.pk).update(confirmed=[CODE]),
        lambda: Approval.objects.create(
            invoice=item.invoice, revision=1, fingerprint="0" * 64, confirmed=[CODE], asked_by=make_user(), asked_at=AT
        ),
    )  # fmt: skip
    for write in rows:
        with pytest.raises(DatabaseError, match=r"approval:|batch:"), transaction.atomic():
            write()


def test_the_form_asks_at_the_field_and_keeps_what_was_marked(signed_in, environment):
    invoice = odd_invoice(environment)
    browser, there = signed_in("sender"), reverse("invoices:send", args=[invoice.pk])
    shown = browser.get(there)
    assert 'name="why"' in shown.content.decode()
    codes = [doubt.code for doubt in shown.context["look"].doubts]
    look = looked_at(invoice, environment.today(AT))
    data = {"revision": 1, "fingerprint": look.fingerprint, "confirmed": codes}
    answer = browser.post(there, data)
    page = answer.content.decode()
    assert (
        answer.status_code,
        "Say why this tax rate is right" in page,
        page.count("required checked>"),
    ) == (
        422,
        True,
        len(codes),
    )
    browser.post(there, {**data, "why": WHY})
    assert told(invoice, "posted") == WHY


def test_the_list_of_doubts_asks_at_the_invoice(signed_in, environment):
    _batch, item = batch_of(environment, odd_invoice(environment))
    browser, there = signed_in("clerk"), reverse("invoices:batch-doubts", args=[item.batch_id])
    codes = {f"confirmed-{item.pk}": [doubt[0] for doubt in item.open_doubts]}
    answer = browser.post(there, codes)
    assert (answer.status_code, "Say why this tax rate is right" in answer.content.decode()) == (422, True)
    assert browser.post(there, {**codes, f"why-{item.pk}": WHY}).status_code == 303
    assert batch_now(item).is_ready


def batch_now(item):
    return BatchItem.objects.get(pk=item.pk)
