"""How the next fault is chosen: by name, by queue, by seed."""

import pytest
import requests

from ropo_portal.sandbox.plan import DRAWABLE
from tests.sandbox.caller import Caller, booked, deliver, invoice, reminder


def test_a_fault_can_be_written_into_the_debtors_name(shared, shared_caller):
    answer, billnum = deliver(shared_caller, person="Aino [503-after] Esimerkki")
    assert (answer.status_code, booked(shared, billnum)) == (503, 1)
    answer, billnum = deliver(shared_caller, person="Aino [cut-body-before]")
    assert (answer, booked(shared, billnum)) == (None, 0)
    assert deliver(shared_caller, person="Aino [nothing-known]")[0].status_code == 201


def test_a_written_fault_may_be_limited(shared, shared_caller):
    dataset = invoice(person="Aino [503-before x2]")
    assert [shared_caller.deliver(dataset).status_code for _ in range(4)] == [503, 503, 201, 201]
    always = invoice(person="Aino [503-before]")
    assert [shared_caller.deliver(always).status_code for _ in range(3)] == [503] * 3


def test_a_payment_is_marked_in_its_description(sandbox, caller):
    dataset = reminder()
    caller.deliver(dataset)
    payment = {
        "billnum": dataset["billnum"],
        "amount": 5,
        "paydate": "2026-04-02",
        "description": "x [504-after]",
    }
    assert caller.post("/jobs/payment", payment).status_code == 504
    assert len(sandbox.payments()) == 1


@pytest.mark.parametrize("path", ["/jobs/payment", "/jobs/creditnote"])
@pytest.mark.parametrize(("name", "count"), [("reset-before", 0), ("reset-after", 1), ("double-booking", 2)])
def test_settlements_are_faulty_too(sandbox, caller, path, name, count):
    dataset = reminder()
    caller.deliver(dataset)
    day = "paydate" if path.endswith("payment") else "date"
    sandbox.plan(fault=name)
    try:
        caller.post(path, {"billnum": dataset["billnum"], "amount": 5, day: "2026-04-02"})
    except requests.ConnectionError:
        assert name != "double-booking"
    assert len(sandbox.payments() + sandbox.credits()) == count


def test_the_queue_is_for_calls_it_suits(sandbox, caller):
    sandbox.plan(fault="500-before", times=2)
    sandbox.plan(fault="404-before", path="/jobs/pdf")
    sandbox.plan(fault="401-before", path="/token")
    assert caller.get("/jobs/statusupdates").status_code == 204
    assert caller.get("/jobs/pdf", billnum="1").status_code == 404
    assert caller.log_in().status_code == 401
    assert [deliver(caller)[0].status_code for _ in range(3)] == [500, 500, 201]
    assert sandbox.faults.waiting() == []


def test_an_unknown_fault_is_refused(sandbox, caller):
    answer, billnum = deliver(caller, "earthquake")
    assert (answer.status_code, booked(sandbox, billnum)) == (400, 0)
    with pytest.raises(ValueError, match="no such fault"):
        sandbox.plan(fault="earthquake")


def test_a_seed_repeats_its_faults(sandbox, caller):
    """The draw hangs on the body, so that the order of arrival does not matter."""
    sandbox.options.change({"rate": 0.5, "seed": 7, "pool": ("503-before", "503-after")})
    datasets = [invoice() for _ in range(20)]

    def played():
        statuses = [caller.deliver(each).status_code for each in datasets]
        sandbox.faults._seen.clear()
        return statuses

    first, again = played(), played()
    assert first == again
    assert set(first) == {201, 503}
    sandbox.options.change({"seed": 8})
    assert played() != first


def test_what_is_drawn_at_random_is_quick_and_small():
    assert len(DRAWABLE) > 80
    assert not [name for name in DRAWABLE if name.startswith(("never", "huge", "lookup"))]


def test_a_fault_of_one_account_leaves_the_others_alone(caller, sandbox):
    order = {"name": "500-before", "cid": "1099001", "path": "POST /jobs"}
    told = caller.ask("POST", "/control/faults", json=order).json()
    assert told == {"queue": [{"name": "500-before", "times": 1, "path": "POST /jobs", "cid": "1099001"}]}
    assert caller.ask("GET", "/control/faults?cid=2099001").json()["queue"] == []
    with Caller(sandbox, "SE") as neighbor:
        assert neighbor.deliver(invoice(payrow=None, amount="5.00", jobtype="1")).status_code == 201
    dataset = invoice()
    assert [caller.deliver(dataset).status_code for _ in range(2)] == [500, 201]
    [played] = caller.ask("GET", "/control/faults?cid=1099001").json()["played"]
    assert (played["fault"], played["billnum"], played["method"]) == (
        "500-before",
        dataset["billnum"],
        "POST",
    )


def test_one_account_ends_its_faults_and_no_others(caller, sandbox):
    sandbox.plan("503-before")
    sandbox.faults.order("500-before", cid="1099001")
    sandbox.faults.order("500-before", cid="2099001")
    assert caller.ask("DELETE", "/control/faults?cid=1099001").json() == {"queue": []}
    assert [each.get("cid", "") for each in sandbox.faults.waiting()] == ["", "2099001"]


def test_the_debtor_pays_at_the_very_moment_of_sending(caller, sandbox):
    sandbox.plan("debtor-pays")
    assert caller.deliver(reminder()).status_code == 201
    [job] = sandbox.ledger.jobs()
    assert (job.jobtype, job.is_paid) == ("1", True)
    assert [each["amount"] for each in sandbox.payments()] == ["250.00"]


def test_the_same_news_may_come_again(caller, sandbox):
    caller.deliver(invoice())
    sandbox.plan("news-again")
    first, second, third = (caller.get("/jobs/statusupdates") for _ in range(3))
    assert (first.json(), third.status_code) == (second.json(), 204)
