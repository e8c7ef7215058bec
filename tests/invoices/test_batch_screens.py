"""Screens of many at once: choose, mend in the grid, send by a typed count, follow, take back."""

import pytest
from django.urls import reverse

from ropo_portal.accounts.models import Creditor
from ropo_portal.invoices.models import Batch, Invoice
from ropo_portal.invoices.operations import confirm_doubts, send_next
from ropo_portal.parties.operations import change_debtor
from ropo_portal.submissions.models import Submission
from tests.factories import AT, make_debtor, make_invoice, make_user
from tests.invoices.batching import checked, choose, drafts, sent

pytestmark = pytest.mark.django_db


def address(name, *args):
    return reverse(f"invoices:{name}", args=args)


def page_of(answer):
    return answer.content.decode()


def fields(subject, **values):
    return {
        f"row-{subject.pk}-{name}": value for name, value in {"revision": subject.revision, **values}.items()
    }


# -------------------------------------------------------------------------------------------------- choosing
def test_marked_invoices_become_a_batch(signed_in, environment):
    first, second, _third = drafts(environment, 3)
    browser = signed_in("clerk")
    answer = browser.post(address("batch-choose"), {"invoice": [first.pk, second.pk, "nonsense"]})
    batch = Batch.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, address("batch", batch.pk))
    assert [item.invoice for item in batch.items.all()] == [first, second]


def test_all_of_a_filtered_list_are_chosen_and_their_number_is_said(signed_in, environment):
    debtor = make_debtor(environment.creditor, name="Aalto Oy")
    mine = [make_invoice(environment, debtor) for _ in range(2)]
    drafts(environment, 2)
    browser = signed_in("clerk")
    assert "Check and send all 2 of this list" in page_of(browser.get(address("list"), {"q": "Aalto"}))
    browser.post(address("batch-choose"), {"all": "1", "q": "Aalto"})
    assert {item.invoice for item in Batch.objects.get().items.all()} == set(mine)


def test_nothing_marked_is_said(signed_in, environment):
    answer = signed_in("clerk").post(address("batch-choose"), {}, follow=True)
    assert "Mark at least one invoice." in page_of(answer)


def test_foreign_invoices_are_not_chosen(signed_in, environment):
    signed_in("clerk").post(address("batch-choose"), {"invoice": [make_invoice().pk]})
    assert not Batch.objects.exists()


def test_readers_see_no_marks(signed_in, environment):
    make_invoice(environment)
    assert "data-check-all" not in page_of(signed_in("reader").get(address("list")))
    assert "data-check-all" in page_of(signed_in("clerk").get(address("list")))


# ------------------------------------------------------------------------------------------ checking, mending
def test_the_check_goes_on_in_steps(signed_in, environment):
    batch = choose(environment, drafts(environment, 2))
    browser = signed_in("clerk")
    assert browser.get(address("batch", batch.pk)).context["stage"] == "checking"
    assert browser.post(address("batch-check", batch.pk)).status_code == 303
    piece = browser.post(address("batch-check", batch.pk), headers={"HX-Request": "true"})
    assert (piece.context["stage"], b"<html" in piece.content) == ("ready", False)


def test_causes_are_grouped_and_counted(signed_in, environment):
    homeless = make_debtor(environment.creditor, postcode="")
    invoices = [
        make_invoice(environment, homeless, number="1", reference="1232"),
        make_invoice(environment, rows=()),
    ]
    batch = checked(environment, [*invoices, *drafts(environment, 3)])
    shown = signed_in("sender").get(address("batch", batch.pk))
    assert {group["key"]: group["count"] for group in shown.context["groups"]} == {
        "debtor-postcode": 1,
        "no_rows": 1,
    }
    assert (shown.context["counts"]["ready"], shown.context["wrong"]) == (3, 2)


def test_a_post_code_is_mended_in_the_grid(signed_in, environment):
    homeless = make_debtor(environment.creditor, postcode="")
    other = make_debtor(environment.creditor, postcode="")
    batch = checked(environment, [make_invoice(environment, homeless), make_invoice(environment, other)])
    browser, there = signed_in("clerk"), address("batch-group", batch.pk, "debtor-postcode")
    assert len(browser.get(there).context["rows"]) == 2
    wrong = browser.post(there, fields(homeless, postcode="12") | fields(other, postcode="00100"))
    assert (wrong.status_code, len(wrong.context["rows"])) == (422, 1)
    assert "12" in page_of(wrong)
    homeless.refresh_from_db()
    done = browser.post(there, fields(homeless, postcode="00200"))
    assert done["Location"] == address("batch", batch.pk)
    assert [item.is_ready for item in batch.items.all()] == [True, True]
    other.refresh_from_db()
    assert (other.postcode, other.revision) == ("00100", 2)


def test_a_row_that_somebody_else_saved_meanwhile_is_refused(signed_in, environment):
    homeless = make_debtor(environment.creditor, postcode="")
    batch = checked(environment, [make_invoice(environment, homeless)])
    typed = fields(homeless, postcode="00200")
    change_debtor(debtor=homeless, revision=1, values={"city": "Turku"}, actor=make_user(name="Kaisa"), at=AT)
    browser, there = signed_in("clerk"), address("batch-group", batch.pk, "debtor-postcode")
    answer = browser.post(there, typed)
    assert (answer.status_code, "Kaisa" in page_of(answer), "00200" in page_of(answer)) == (422, True, True)
    homeless.refresh_from_db()
    assert homeless.postcode == ""
    browser.post(there, fields(homeless, postcode="00200"))
    homeless.refresh_from_db()
    assert homeless.postcode == "00200"


def test_invoices_are_mended_by_their_own_rules(signed_in, environment):
    wrong = make_invoice(environment, make_debtor(environment.creditor, kind="person", einvoice_address="FI2112345600000785", einvoice_operator="NDEAFIHH"), channel="einvoice")  # fmt: skip
    batch = checked(environment, [wrong])
    browser, there = signed_in("clerk"), address("batch-group", batch.pk, "not_a_company")
    assert browser.post(there, fields(wrong, channel="owl")).status_code == 422
    browser.post(there, fields(wrong, channel="post"))
    assert batch.items.get().is_ready
    assert Invoice.objects.get(pk=wrong.pk).channel == "post"


def test_what_only_the_form_mends_is_listed(signed_in, environment):
    empty = make_invoice(environment, rows=())
    batch = checked(environment, [empty])
    shown = signed_in("clerk").get(address("batch-group", batch.pk, "no_rows"))
    assert address("edit", empty.pk) in page_of(shown)
    assert (
        b"Nothing is left here"
        in signed_in("clerk").get(address("batch-group", batch.pk, "no_email")).content
    )


def test_doubts_stand_one_by_one(signed_in, environment):
    debtor = make_debtor(environment.creditor)
    batch = checked(environment, [make_invoice(environment, debtor) for _ in range(2)])
    first, second = batch.items.all()
    browser, there = signed_in("clerk"), address("batch-doubts", batch.pk)
    assert page_of(browser.get(there)).count("Send anyway.") == 2
    browser.post(there, {f"confirmed-{first.pk}": "twin_total"})
    assert [item.is_ready for item in batch.items.all()] == [True, False]
    confirm_doubts(item=second, codes=["twin_total"], actor=make_user(), at=AT)
    assert b"Nothing is left to look at" in browser.get(there).content


# ------------------------------------------------------------------------------------------------- sending
def test_a_typed_count_sends(signed_in, environment):
    Creditor.objects.update(hold_seconds=600)
    batch = checked(environment, drafts(environment, 2))
    browser = signed_in("sender")
    for typed in ("", "many", "3"):
        assert browser.post(address("batch-send", batch.pk), {"count": typed}).status_code == 422
    assert not Submission.objects.exists()
    answer = browser.post(address("batch-send", batch.pk), {"count": " 2 "})
    assert answer["Location"] == address("batch", batch.pk)
    assert browser.get(address("batch", batch.pk)).context["stage"] == "sending"
    browser.post(address("batch-run", batch.pk))
    shown = browser.get(address("batch", batch.pk))
    assert (shown.context["stage"], shown.context["counts"]["held"]) == ("done", 2)
    assert "Take all back" in page_of(shown)
    assert browser.post(address("batch-send", batch.pk), {"count": "2"}).status_code == 303
    assert Submission.objects.count() == 2


def test_only_offered_days_are_taken(signed_in, environment):
    batch = checked(environment, drafts(environment, 1))
    browser = signed_in("sender")
    offered = browser.get(address("batch", batch.pk)).context["form"].fields["leave_on"].choices
    assert offered[0][0] == ""
    assert (
        browser.post(address("batch-send", batch.pk), {"count": "1", "leave_on": "2031-01-01"}).status_code
        == 422
    )
    browser.post(address("batch-send", batch.pk), {"count": "1", "leave_on": offered[3][0]})
    assert Batch.objects.get().leave_on.isoformat() == offered[3][0]


def test_all_is_taken_back_with_one_key(signed_in, environment):
    Creditor.objects.update(hold_seconds=600)
    batch = sent(environment, drafts(environment, 3))
    send_next(batch=batch, at=AT)
    browser = signed_in("sender")
    assert b'data-key="z"' in browser.get(address("batch", batch.pk)).content
    browser.post(address("batch-withdraw", batch.pk))
    assert set(Submission.objects.values_list("state", flat=True)) == {"cancelled"}
    assert "Taken back by" in page_of(browser.get(address("batch", batch.pk)))


def test_taking_back_what_was_never_sent_changes_nothing(signed_in, environment):
    batch = checked(environment, drafts(environment, 1))
    signed_in("sender").post(address("batch-withdraw", batch.pk))
    batch.refresh_from_db()
    assert (batch.stopped_at, batch.sent_at) == (None, None)


def test_results_are_filtered_and_given_as_a_file(signed_in, environment):
    good, bad = drafts(environment, 2)
    left = make_invoice(environment, make_debtor(environment.creditor, customer_number="=1+1"), rows=())
    batch = sent(environment, [good, bad, left])
    type(bad.debtor).objects.filter(pk=bad.debtor_id).update(street="Toinen katu 2")
    send_next(batch=batch, at=AT)
    browser = signed_in("reader")
    there = address("batch", batch.pk)
    for result, invoice in (("queued", good), ("refused", bad), ("left", left)):
        assert [item.invoice for item in browser.get(there, {"result": result}).context["page"].rows] == [
            invoice
        ]
    lines = browser.get(address("batch-results", batch.pk)).content.decode("utf-8-sig").splitlines()
    assert [line.split(";")[0] for line in lines[1:]] == [good.number, bad.number, left.number]
    assert "'=1+1" in lines[3]
    assert "no longer what you saw" in lines[2]


def test_a_batch_that_was_sent_is_mended_no_more(signed_in, environment):
    batch = sent(environment, drafts(environment, 1))
    for name, *args in (("batch-group", "no_email"), ("batch-doubts",)):
        assert signed_in("clerk").get(address(name, batch.pk, *args)).status_code == 404


# ------------------------------------------------------------------------------------------------ the cost
@pytest.mark.parametrize("stage", ["ready", "done"])
def test_pages_ask_as_often_for_three_as_for_one(
    signed_in, environment, stage, django_assert_num_queries, django_assert_max_num_queries
):
    browser = signed_in("reader")
    make = checked if stage == "ready" else sent
    one, three = make(environment, drafts(environment, 1)), make(environment, drafts(environment, 3))
    for batch in (one, three) if stage == "done" else ():
        send_next(batch=batch, at=AT)
    with django_assert_max_num_queries(14) as asked:
        browser.get(address("batch", one.pk))
    with django_assert_num_queries(len(asked)):
        browser.get(address("batch", three.pk))
    with django_assert_num_queries(7):
        browser.get(address("batches"))


def test_the_grid_asks_as_often_for_three_as_for_one(
    signed_in, environment, django_assert_num_queries, django_assert_max_num_queries
):
    def batch_of(number):
        debtors = [make_debtor(environment.creditor, postcode="") for _ in range(number)]
        return checked(environment, [make_invoice(environment, debtor) for debtor in debtors])

    browser = signed_in("clerk")
    one, three = (address("batch-group", batch_of(number).pk, "debtor-postcode") for number in (1, 3))
    with django_assert_max_num_queries(12) as asked:
        browser.get(one)
    with django_assert_num_queries(len(asked)):
        browser.get(three)
