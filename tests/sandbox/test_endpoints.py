"""Every endpoint answers as the contract says."""

import hashlib
import json

import pytest

from tests.sandbox.caller import GROSS, Caller, collection, invoice, letter, reminder
from tests.sandbox.contract import check_answer, check_request


def test_login_gives_a_token(caller):
    answer = caller.log_in()
    check_answer(answer, "POST", "/token")
    assert answer.status_code == 201
    assert answer.json()["token"].count(".") == 2


@pytest.mark.parametrize("wrong", [{"apicode": "no"}, {"cid": "1"}, {"cid": None}])
def test_a_wrong_pair_is_refused_with_400(caller, wrong):
    answer = caller.log_in(**wrong)
    check_answer(answer, "POST", "/token")
    assert answer.status_code == 400
    assert set(answer.json()) == {"errorId", "errorText"}


@pytest.mark.parametrize("make", [invoice, reminder, collection, letter])
def test_each_type_of_job_is_taken(caller, sandbox, make):
    dataset = make()
    check_request({"datastream": {"dataset": [dataset]}}, "POST", "/jobs")
    answer = caller.deliver(dataset)
    check_answer(answer, "POST", "/jobs")
    assert answer.status_code == 201
    assert answer.json()["accepted"] == 1
    assert [job["jobtype"] for job in sandbox.jobs()] == [dataset["jobtype"]]


def test_the_ledger_keeps_the_bytes_and_the_label_of_a_delivery(caller, sandbox):
    dataset = invoice()
    answer = caller.deliver(dataset, headers={"DataIdentifier": "batch-7"})
    [job] = sandbox.jobs()
    [request] = sandbox.requests("/jobs")
    assert job["sha256"] == hashlib.sha256(answer.request.body).hexdigest() == request["sha256"]
    assert request["body"] == answer.request.body
    assert (job["cid"], job["jobtype"], job["billnum"]) == ("1099001", "300", dataset["billnum"])
    assert job["data_identifier"] == request["data_identifier"] == "batch-7"


def test_the_ledger_keeps_no_secret(caller, sandbox):
    caller.deliver(invoice())
    kept = json.dumps([{name: str(value) for name, value in each.items()} for each in sandbox.requests()])
    assert "Pihlaja" not in kept
    assert "Bearer" not in kept


def test_the_reply_tells_the_gross_amount(caller):
    [job] = caller.deliver(invoice()).json()["jobs"]
    assert job["amount"] == GROSS


def test_a_job_without_a_number_is_given_one(caller):
    [job] = caller.deliver(invoice(billnum=None)).json()["jobs"]
    assert job["billnum"] == f"R{job['jobid']}"


def test_a_whole_life_job_is_given_a_reference(caller):
    [own] = caller.deliver(invoice()).json()["jobs"]
    [given] = caller.deliver(invoice(jobtype="0")).json()["jobs"]
    assert own["reference"] == "202601171"
    assert given["reference"].startswith(str(given["jobid"]))


def test_good_and_bad_jobs_of_one_delivery_are_told_apart(caller):
    good, bad = invoice(), collection(noticedate=None)
    answer = caller.deliver(good, bad)
    check_answer(answer, "POST", "/jobs")
    told = answer.json()
    assert told["accepted"] == 1
    assert [job["billnum"] for job in told["jobs"]] == [good["billnum"]]
    assert [error["billnum"] for error in told["errors"]] == [bad["billnum"]]


@pytest.mark.parametrize("status", [201, 400])
def test_the_status_of_an_all_rejected_delivery_is_a_switch(caller, sandbox, status):
    sandbox.options.change({"rejected_status": status})
    answer = caller.deliver(invoice(city=None))
    check_answer(answer, "POST", "/jobs")
    assert answer.status_code == status
    assert answer.json()["accepted"] == 0


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"datastream": {}}', b'{"datastream": {"dataset": []}}', b"\xff"]
)
def test_a_body_that_is_no_delivery_is_refused(caller, sandbox, body):
    answer = caller.ask("POST", "/jobs", data=body)
    check_answer(answer, "POST", "/jobs")
    assert answer.status_code == 400
    assert sandbox.jobs() == []


@pytest.mark.parametrize(("switch", "status"), [({"max_datasets": 1}, 413), ({"max_body": 100}, 413)])
def test_a_delivery_can_be_too_large(caller, sandbox, switch, status):
    sandbox.options.change(switch)
    assert caller.deliver(invoice(), invoice()).status_code == status
    assert sandbox.jobs() == []


def test_one_job_can_be_read(caller):
    dataset = collection(custnum="A-1042")
    [job] = caller.deliver(dataset).json()["jobs"]
    answer = caller.get("/jobs", jobid=job["jobid"])
    check_answer(answer, "GET", "/jobs")
    told = answer.json()
    assert (told["billnum"], told["company"], told["custnum"]) == (
        dataset["billnum"],
        dataset["company"],
        "A-1042",
    )
    assert (told["currentstatus"], told["currentstatustext"], told["nextstatus"]) == (2, "Perintä", -1)


@pytest.mark.parametrize("query", [{}, {"jobid": "x"}, {"jobid": 1}])
def test_an_unknown_job_is_refused_in_changing_shapes(caller, query):
    answers = [caller.get("/jobs", **query) for _ in range(4)]
    for answer in answers:
        check_answer(answer, "GET", "/jobs")
        assert answer.status_code == 400
    assert len({frozenset(answer.json()) for answer in answers}) == 4


def test_the_document_is_a_pdf(caller):
    [job] = caller.deliver(invoice()).json()["jobs"]
    for query in ({"jobid": job["jobid"]}, {"billnum": job["billnum"]}, {**job, "origdata": 0}):
        wanted = {name: query[name] for name in ("jobid", "billnum", "origdata") if name in query}
        answer = caller.get("/jobs/pdf", **wanted)
        check_answer(answer, "GET", "/jobs/pdf")
        assert answer.status_code == 200


def test_two_identifiers_must_mean_the_same_document(caller):
    first, second = caller.deliver(invoice(), invoice()).json()["jobs"]
    answer = caller.get("/jobs/pdf", jobid=first["jobid"], billnum=second["billnum"])
    check_answer(answer, "GET", "/jobs/pdf")
    assert answer.json() == {"error": "Tunnisteet tarkoittavat eri asiakirjoja"}


@pytest.mark.parametrize("query", [{}, {"billnum": "none"}, {"contractnum": "C-1"}])
def test_a_missing_document_is_an_error(caller, query):
    answer = caller.get("/jobs/pdf", **query)
    check_answer(answer, "GET", "/jobs/pdf")
    assert (answer.status_code, set(answer.json())) == (400, {"error"})


def test_a_document_can_take_its_time(caller, sandbox):
    sandbox.options.change({"pdf_delay": 3600})
    dataset = invoice()
    caller.deliver(dataset)
    assert caller.get("/jobs/pdf", billnum=dataset["billnum"]).status_code == 400
    sandbox.advance(hours=1)
    assert caller.get("/jobs/pdf", billnum=dataset["billnum"]).status_code == 200


def test_a_preview_registers_nothing(caller, sandbox):
    answer = caller.post("/jobs/preview", {"datastream": {"dataset": [invoice()]}})
    check_answer(answer, "POST", "/jobs/preview")
    assert answer.status_code == 200
    assert sandbox.jobs() == []


def test_a_local_print_registers_and_gives_the_document(caller, sandbox):
    answer = caller.post("/jobs/localprint", {"datastream": {"dataset": [invoice()]}})
    check_answer(answer, "POST", "/jobs/localprint")
    assert answer.status_code == 201
    assert len(sandbox.jobs()) == 1


@pytest.mark.parametrize("path", ["/jobs/preview", "/jobs/localprint"])
@pytest.mark.parametrize("body", [{}, {"datastream": {"dataset": [{"jobtype": "300"}]}}])
def test_printing_refuses_what_is_incomplete(caller, sandbox, path, body):
    answer = caller.post(path, body)
    check_answer(answer, "POST", path)
    assert answer.status_code == 400
    assert sandbox.jobs() == []


def test_a_debtors_jobs_are_found_by_number_and_identity(caller):
    caller.deliver(reminder(custnum="A-1"), reminder(custnum="A-2", govid="010190-9999"))
    for asked in ({"custnum": "A-2"}, {"ssn": "010190-9999", "all_invoices": 1}):
        check_request(asked, "POST", "/jobs/findbyendcustomer")
        answer = caller.post("/jobs/findbyendcustomer", asked)
        check_answer(answer, "POST", "/jobs/findbyendcustomer")
        [job] = answer.json()["jobs"]
        assert (job["status"], job["open_amount"]) == ("reminder", 250.0)


def test_paid_jobs_are_found_only_when_all_are_asked_for(caller):
    dataset = reminder(custnum="A-1")
    caller.deliver(dataset)
    caller.post("/jobs/payment", {"billnum": dataset["billnum"], "amount": "250", "paydate": "2026-03-20"})
    assert caller.post("/jobs/findbyendcustomer", {"custnum": "A-1"}).json() == {"jobs": []}
    [job] = caller.post("/jobs/findbyendcustomer", {"custnum": "A-1", "all_invoices": 1}).json()["jobs"]
    assert (job["status"], job["open_amount"]) == ("paid", 0.0)


@pytest.mark.parametrize("body", [{}, {"custnum": ""}, []])
def test_a_search_for_nobody_is_refused(caller, body):
    answer = caller.post("/jobs/findbyendcustomer", body)
    check_answer(answer, "POST", "/jobs/findbyendcustomer")
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "header", [{"Authorization": ""}, {"Authorization": "Bearer x.y.z"}, {"Authorization": "Basic eA=="}]
)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/jobs"), ("GET", "/jobs"), ("GET", "/jobs/pdf"), ("POST", "/jobs/preview"), ("POST", "/jobs/localprint"),
        ("GET", "/jobs/statusupdates"), ("POST", "/jobs/findbyendcustomer"), ("POST", "/jobs/payment"),
        ("POST", "/jobs/creditnote"),
    ],
)  # fmt: skip
def test_without_a_good_token_there_is_401_and_no_body(shared, shared_caller, method, path, header):
    answer = shared_caller.ask(method, path, headers=header, json={})
    check_answer(answer, method, path)
    assert (answer.status_code, answer.content) == (401, b"")


def test_a_token_lives_two_hours_on_the_clock(caller, sandbox):
    sandbox.advance(minutes=119, seconds=50)
    assert caller.get("/jobs/statusupdates").status_code == 204
    sandbox.advance(seconds=11)
    assert caller.get("/jobs/statusupdates").status_code == 401
    assert caller.log_in().status_code == 201


@pytest.mark.parametrize(("country", "currency"), [("FI", "EUR"), ("SE", "SEK"), ("NO", "NOK")])
def test_the_account_decides_country_and_currency(sandbox, country, currency):
    with Caller(sandbox, country) as caller:
        assert caller.deliver(collection(noticedate=None)).json()["accepted"] == (country != "FI")
        caller.deliver(reminder())
    assert {job["currency"] for job in sandbox.jobs()} == {currency}


def test_an_account_sees_only_its_own(sandbox, caller):
    [job] = caller.deliver(reminder(custnum="A-1")).json()["jobs"]
    with Caller(sandbox, "SE") as stranger:
        assert stranger.get("/jobs", jobid=job["jobid"]).status_code == 400
        assert stranger.get("/jobs/statusupdates").status_code == 204
        assert stranger.get("/jobs/statusupdates", billnum=job["billnum"]).status_code == 204
        assert stranger.post("/jobs/findbyendcustomer", {"custnum": "A-1"}).json() == {"jobs": []}
        payment = {"jobid": job["jobid"], "amount": 1, "paydate": "2026-03-20"}
        assert stranger.post("/jobs/payment", payment).status_code == 400


@pytest.mark.parametrize(
    ("method", "path", "status"), [("DELETE", "/jobs", 405), ("GET", "/token", 405), ("GET", "/x", 404)]
)
def test_what_is_not_served_says_so(shared_caller, method, path, status):
    assert shared_caller.ask(method, path).status_code == status
