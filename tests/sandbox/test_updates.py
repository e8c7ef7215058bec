"""The queue of status updates, its filters, and the life of a job."""

import pytest

from tests.sandbox.caller import day_at, invoice, reminder
from tests.sandbox.contract import check_answer


def ids(answer):
    return [each["statusid"] for each in answer.json()["result"]["status"]]


def test_the_queue_hands_each_update_out_once(caller):
    caller.deliver(*(invoice() for _ in range(3)))
    first = caller.get("/jobs/statusupdates")
    check_answer(first, "GET", "/jobs/statusupdates")
    assert len(ids(first)) == 3
    last = caller.get("/jobs/statusupdates")
    check_answer(last, "GET", "/jobs/statusupdates")
    assert (last.status_code, last.content) == (204, b"")


def test_2500_updates_come_in_three_pages_and_then_204(caller):
    caller.deliver(*(invoice() for _ in range(1000)))
    caller.deliver(*(invoice() for _ in range(1000)))
    caller.deliver(*(invoice() for _ in range(500)))
    pages = [caller.get("/jobs/statusupdates") for _ in range(4)]
    assert [page.status_code for page in pages] == [200, 200, 200, 204]
    found = [ids(page) for page in pages[:3]]
    assert [len(page) for page in found] == [1000, 1000, 500]
    assert len({each for page in found for each in page}) == 2500


def test_a_queue_may_grow_while_it_is_drained(caller):
    caller.deliver(*(invoice() for _ in range(1000)))
    assert len(ids(caller.get("/jobs/statusupdates"))) == 1000
    caller.deliver(invoice())
    assert len(ids(caller.get("/jobs/statusupdates"))) == 1
    assert caller.get("/jobs/statusupdates").status_code == 204


def test_filters_find_what_is_recorded_and_consume_nothing(caller, sandbox):
    dataset = invoice()
    caller.deliver(dataset, invoice())
    day = sandbox.clock.now().astimezone(sandbox.options.accounts[0].zone).date().isoformat()
    for _ in range(2):
        assert len(ids(caller.get("/jobs/statusupdates", billnum=dataset["billnum"]))) == 1
        assert len(ids(caller.get("/jobs/statusupdates", date=day))) == 2
    assert len(ids(caller.get("/jobs/statusupdates"))) == 2
    assert len(ids(caller.get("/jobs/statusupdates", date=day))) == 2
    assert len(ids(caller.get("/jobs/statusupdates", billnum=dataset["billnum"]))) == 1
    assert caller.get("/jobs/statusupdates", date="2001-01-01").status_code == 204


@pytest.mark.parametrize("query", [{"date": "2026-01-01", "billnum": "1"}, {"date": "1.1.2026"}])
def test_wrong_filters_are_refused(caller, query):
    answer = caller.get("/jobs/statusupdates", **query)
    check_answer(answer, "GET", "/jobs/statusupdates")
    assert answer.status_code == 400


def test_a_page_that_was_lost_on_the_wire_is_gone_from_the_queue(caller, sandbox):
    dataset = invoice()
    caller.deliver(dataset)
    sandbox.plan(fault="503-after", path="/jobs/statusupdates")
    assert caller.get("/jobs/statusupdates").status_code == 503
    assert caller.get("/jobs/statusupdates").status_code == 204
    assert len(ids(caller.get("/jobs/statusupdates", billnum=dataset["billnum"]))) == 1


def test_a_page_that_was_never_taken_stays(caller, sandbox):
    caller.deliver(invoice())
    sandbox.plan(fault="503-before", path="/jobs/statusupdates")
    assert caller.get("/jobs/statusupdates").status_code == 503
    assert len(ids(caller.get("/jobs/statusupdates"))) == 1


def test_unknown_codes_can_be_switched_on(caller, sandbox):
    sandbox.options.change({"unknown_codes": True})
    caller.deliver(invoice())
    codes = [each["statuscode"] for each in caller.get("/jobs/statusupdates").json()["result"]["status"]]
    assert codes == ["98", "7731"]


def standing(caller, job):
    told = caller.get("/jobs", jobid=job["jobid"]).json()
    return told["currentstatus"], told["nextstatus"]


def in_days(caller, sandbox, days):
    sandbox.advance(days=days)
    caller.__enter__()


def test_a_reminder_moves_to_collection_by_itself(caller, sandbox):
    [job] = caller.deliver(reminder()).json()["jobs"]
    assert standing(caller, job) == (1, 2)
    in_days(caller, sandbox, 15)
    assert standing(caller, job) == (2, -1)


def test_a_whole_life_invoice_is_reminded_and_then_collected(caller, sandbox):
    today = day_at(sandbox).isoformat()
    [job] = caller.deliver(invoice(jobtype="0", billdate=today, paydate=today, custnum="A-1")).json()["jobs"]

    def word():
        return caller.post("/jobs/findbyendcustomer", {"custnum": "A-1"}).json()["jobs"][0]["status"]

    words = [word()]
    assert standing(caller, job) == (0, 1)
    for days in (2, 14, 15):
        in_days(caller, sandbox, days)
        words.append(word())
    assert words == ["invoicing", "due", "reminder", "collection"]
    assert standing(caller, job) == (2, -1)


@pytest.mark.parametrize("changes", [{}, {"jobtype": "0", "collectionprocess": "T1"}])
def test_a_print_service_invoice_never_moves(caller, sandbox, changes):
    [job] = caller.deliver(invoice(**changes)).json()["jobs"]
    in_days(caller, sandbox, 400)
    assert standing(caller, job) == (0, -1)


def test_a_paid_reminder_rests(caller, sandbox):
    [job] = caller.deliver(reminder()).json()["jobs"]
    caller.post("/jobs/payment", {"jobid": job["jobid"], "amount": "250.00", "paydate": "2026-04-02"})
    in_days(caller, sandbox, 30)
    assert standing(caller, job) == (1, -1)


def test_the_moves_of_a_job_are_announced_once(caller, sandbox):
    caller.deliver(reminder(), invoice())
    caller.get("/jobs/statusupdates")
    in_days(caller, sandbox, 15)
    told = caller.get("/jobs/statusupdates").json()["result"]["status"]
    comments = [each for each in told if each["statustype"] == "comment"]
    assert [(each["statustext"], each["statuscode"]) for each in comments] == [("Perintä", "98")]
    in_days(caller, sandbox, 1)
    assert caller.get("/jobs/statusupdates").status_code == 204
