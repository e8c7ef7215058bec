"""Payments and credit notes: what they take off a job and what they announce."""

from decimal import Decimal

import pytest

from tests.sandbox.caller import invoice, reminder
from tests.sandbox.contract import check_answer, check_request

CALLS = {"/jobs/payment": "paydate", "/jobs/creditnote": "date"}


@pytest.fixture
def job(caller):
    [taken] = caller.deliver(reminder(billcode="777")).json()["jobs"]
    caller.get("/jobs/statusupdates")
    return taken


@pytest.mark.parametrize(("path", "day"), CALLS.items())
@pytest.mark.parametrize("key", ["jobid", "billnum", "billcode"])
def test_a_settlement_reduces_the_open_amount(caller, sandbox, job, path, day, key):
    value = "777" if key == "billcode" else job[key]
    body = {key: value, "amount": "100.00", day: "2026-04-02"}
    check_request(body, "POST", path)
    answer = caller.post(path, body)
    check_answer(answer, "POST", path)
    assert answer.status_code == 201
    assert answer.json() == {
        "jobid": job["jobid"], "billnum": job["billnum"], "billcode": "777", day: "2026-04-02", "amount": 100.0,
    }  # fmt: skip
    assert Decimal(sandbox.jobs()[0]["open_amount"]) == 150


def test_the_reference_is_looked_up_first(caller, sandbox, job):
    caller.deliver(other := reminder(billcode="888"))
    caller.post(
        "/jobs/payment", {"billcode": "888", "jobid": job["jobid"], "amount": 5, "paydate": "2026-04-02"}
    )
    assert sandbox.payments()[0]["billnum"] == other["billnum"]


@pytest.mark.parametrize(("path", "day"), CALLS.items())
@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": 0},
        {"amount": "-5"},
        {"amount": "x"},
        {"amount": None},
        {"day": "2.4.2026"},
        {"billnum": "none"},
    ],
)
def test_a_wrong_settlement_books_nothing(caller, sandbox, job, path, day, wrong):
    body = {"billnum": job["billnum"], "amount": 5, day: "2026-04-02"}
    body |= {day: wrong["day"]} if "day" in wrong else wrong
    answer = caller.post(path, body)
    check_answer(answer, "POST", path)
    assert answer.status_code == 400
    assert sandbox.payments() == sandbox.credits() == []


def test_a_payment_makes_three_updates_when_it_covers_the_job(caller, job):
    caller.post("/jobs/payment", {"billnum": job["billnum"], "amount": "250.00", "paydate": "2026-04-02"})
    answer = caller.get("/jobs/statusupdates")
    check_answer(answer, "GET", "/jobs/statusupdates")
    told = answer.json()["result"]["status"]
    assert [(each["statustype"], each["statuscode"], each["amount"]) for each in told] == [
        ("payment", "", "250.00"),
        ("comment", "98", ""),
        ("comment", "101", ""),
    ]
    assert (told[0]["statustime"], told[0]["statustext"]) == ("2026-04-02 00:00:00", "1")
    assert [each["statusid"][0] for each in told] == ["P", "C", "C"]


def test_a_part_payment_does_not_say_that_all_is_paid(caller, job):
    caller.post("/jobs/payment", {"billnum": job["billnum"], "amount": "249.99", "paydate": "2026-04-02"})
    told = caller.get("/jobs/statusupdates").json()["result"]["status"]
    assert [each["statuscode"] for each in told] == ["", "98"]


def test_an_overpayment_is_taken_and_flagged(caller, sandbox, job):
    answer = caller.post(
        "/jobs/payment", {"billnum": job["billnum"], "amount": "260.00", "paydate": "2026-04-02"}
    )
    assert answer.status_code == 201
    assert sandbox.payments()[0]["overpaid"] == "10.00"
    assert "Ylimaksua 10.00" in caller.get("/jobs/statusupdates").text


def test_the_same_payment_twice_is_booked_twice(caller, sandbox, job):
    body = {"billnum": job["billnum"], "amount": "50.00", "paydate": "2026-04-02"}
    assert [caller.post("/jobs/payment", body).status_code for _ in range(2)] == [201, 201]
    assert len(sandbox.payments()) == 2


def test_a_crediting_invoice_takes_its_sum_off_the_job_it_names(caller, sandbox):
    first = invoice(jobtype="0")
    half = [{"desc": "Nuohous", "count": "1", "amount": "-48.00", "taxpr": "25.5"}]
    caller.deliver(first)
    caller.deliver(invoice(jobtype="0", refundtobillnum=first["billnum"], payrow=half))
    [job] = sandbox.jobs(billnum=first["billnum"])
    assert (job["amount"], job["open_amount"]) == ("120.48", "60.24")
