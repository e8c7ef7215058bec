"""The control page and its siblings for machines."""

import datetime as dt
import re
import sqlite3

import pytest

from ropo_portal.sandbox.options import Account
from ropo_portal.sandbox.server import running
from tests.sandbox.caller import invoice, reminder


def test_the_page_shows_what_happened_and_runs_no_script(caller):
    dataset = invoice(person="<b>Aino</b>")
    caller.deliver(dataset)
    caller.post("/jobs/payment", {"billnum": dataset["billnum"], "amount": 5, "paydate": "2026-04-02"})
    page = caller.ask("GET", "/control")
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "&lt;b&gt;Aino&lt;/b&gt;" in page.text
    assert "<b>" not in page.text
    assert dataset["billnum"] in page.text
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=", page.text)
    assert "Accept, then drop the connection hard." in page.text


def test_the_style_is_served(caller):
    style = caller.ask("GET", "/control/control.css")
    assert style.headers["Content-Type"] == "text/css; charset=utf-8"
    assert "color-scheme" in style.text


def test_the_page_orders_a_fault_and_clears_the_queue(caller):
    form = {"name": "503-retry-after", "argument": "7", "times": "2", "path": "/jobs"}
    answer = caller.ask("POST", "/control/faults", data=form)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/control")
    assert "503-retry-after:7" in caller.ask("GET", "/control").text
    assert caller.deliver(invoice()).headers["Retry-After"] == "7"
    caller.ask("POST", "/control/faults", data={"clear": "1"})
    assert caller.deliver(invoice()).status_code == 201


def test_machines_order_faults_in_json(caller):
    answer = caller.ask("POST", "/control/faults", json={"name": "500-after", "times": 3, "path": "/jobs"})
    assert answer.json() == {"queue": [{"name": "500-after", "times": 3, "path": "/jobs"}]}
    told = caller.ask("GET", "/control/faults").json()
    assert {
        "name": "reset-after",
        "sentence": "Accept, then drop the connection hard.",
        "when": "after",
    } in told["faults"]
    assert caller.ask("DELETE", "/control/faults").json() == {"queue": []}


def test_the_ledger_in_json(caller):
    dataset = invoice()
    caller.deliver(dataset, headers={"DataIdentifier": "batch-1"})
    told = caller.ask("GET", "/control/ledger").json()
    [job] = told["jobs"]
    assert (job["cid"], job["jobtype"], job["billnum"], job["amount"]) == (
        "1099001",
        "300",
        dataset["billnum"],
        "120.48",
    )
    assert (job["jobid"], job["data_identifier"], len(job["sha256"])) == (4410001, "batch-1", 64)
    assert [request["path"] for request in told["requests"]] == ["/rest/token", "/rest/jobs"]
    assert [request["status"] for request in told["requests"]] == [201, 201]
    assert told["updates_waiting"] == 1


def test_the_clock_moves_and_returns(caller, sandbox):
    caller.ask("POST", "/control/clock", data={"days": "7"})
    told = caller.ask("POST", "/control/clock", json={"hours": 1, "seconds": -60}).json()
    assert told["offset_seconds"] == 7 * 86400 + 3540
    assert (
        caller.ask("POST", "/control/clock", json={"now": "2027-01-01T12:00:00"})
        .json()["now"]
        .startswith("2027-01-01T12:00")
    )
    assert sandbox.clock.now().year == 2027
    assert caller.ask("POST", "/control/clock", json={"reset": True}).json()["offset_seconds"] == 0
    assert abs(sandbox.clock.now() - dt.datetime.now(dt.UTC)) < dt.timedelta(seconds=5)


def test_switches_are_set_by_form_and_json(caller, sandbox):
    caller.ask(
        "POST", "/control/options", data={"profile": "counts", "pdf_delay": "1.5", "unknown_codes": "on"}
    )
    assert (sandbox.options.profile, sandbox.options.pdf_delay, sandbox.options.unknown_codes) == (
        "counts",
        1.5,
        True,
    )
    told = caller.ask(
        "POST", "/control/options", json={"profile": "guessed", "pool": "503-after,500-after"}
    ).json()
    assert (told["profile"], told["pool"]) == ("guessed", ["503-after", "500-after"])
    assert "apicode" not in caller.ask("GET", "/control/options").text


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/control/faults", {"name": "earthquake"}),
        ("/control/options", {"profile": "none"}),
        ("/control/options", {"accounts": []}),
        ("/control/options", {"pdf_delay": "soon"}),
        ("/control/clock", {"fortnights": 1}),
        ("/control/clock", {"now": "tomorrow"}),
    ],
)
def test_nonsense_is_refused_and_changes_nothing(caller, path, body):
    before = [caller.ask("GET", each).json() for each in ("/control/faults", "/control/options")]
    assert caller.ask("POST", path, json=body).status_code == 400
    assert [caller.ask("GET", each).json() for each in ("/control/faults", "/control/options")] == before


def test_other_control_addresses_are_not_there(caller):
    assert caller.ask("GET", "/control/moon").status_code == 404
    assert caller.ask("GET", "/controls").status_code == 404


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM jobs",
        "UPDATE jobs SET billnum = 1",
        "DELETE FROM requests",
        "UPDATE requests SET fault = ''",
    ],
)
def test_the_ledger_cannot_be_changed(caller, sandbox, statement):
    caller.deliver(reminder())
    with pytest.raises(sqlite3.IntegrityError, match="append only"):
        sandbox.ledger.rows(statement)


def test_the_debtor_can_pay_the_job_to_ropo_one(caller, sandbox):
    [job] = caller.deliver(reminder()).json()["jobs"]
    caller.get("/jobs/statusupdates")
    caller.ask("POST", "/control/pay", data={"jobid": job["jobid"], "amount": "50"})
    assert caller.ask("POST", "/control/pay", json={"jobid": job["jobid"]}).json()["open_amount"] == "0.00"
    told = caller.get("/jobs/statusupdates").json()["result"]["status"]
    assert [(each["statustype"], each["amount"]) for each in told if each["amount"]] == [
        ("payment", "50.00"),
        ("payment", "200.00"),
    ]
    for wrong in ({"jobid": job["jobid"]}, {"jobid": 1}, {"jobid": job["jobid"], "amount": "much"}, {}):
        assert caller.ask("POST", "/control/pay", json=wrong).status_code == 400


def test_an_account_is_opened_once_and_outlives_a_restart(caller, tmp_path):
    answer = caller.ask("POST", "/control/accounts", json={"country": "se"})
    told = answer.json()
    assert (answer.status_code, told["cid"], told["country"]) == (201, "8000001", "SE")
    assert caller.log_in(cid=told["cid"], apicode=told["apicode"]).status_code == 201
    assert caller.ask("POST", "/control/accounts", json={"country": "FI"}).json()["cid"] == "8000002"
    assert caller.ask("POST", "/control/accounts", json={"country": "DK"}).status_code == 400
    assert told["apicode"] not in caller.ask("GET", "/control/options").text
    with running(tmp_path / "sandbox.sqlite3") as again:
        assert again.options.account("8000001") == Account("8000001", told["apicode"], "SE")
