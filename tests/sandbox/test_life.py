"""A job's whole life, played on the stand-in's clock: each step told on its day, once, with invented costs apart."""

import datetime as dt

import pytest

from ropo_portal.sandbox.events import Receiver
from tests.sandbox.caller import KEYS, Caller, day_at, invoice, reminder
from tests.sandbox.test_events import batches, inbox, receiver

__all__ = ["inbox", "receiver"]
CREATED, OK = 201, 200


def play(caller, days):
    answer = caller.ask("POST", "/control/play", json={"days": days})
    assert answer.status_code == OK, answer.text
    caller.__enter__()
    return dt.datetime.fromisoformat(answer.json()["now"])


def news(caller):
    answer = caller.get("/jobs/statusupdates")
    return answer.json()["result"]["status"] if answer.status_code == OK else []


def claim(caller, sandbox, **changes):
    today = day_at(sandbox)
    due = today + dt.timedelta(days=7)
    dataset = invoice(jobtype="0", billdate=str(today), paydate=str(due), custnum="A-1", **changes)
    [job] = caller.deliver(dataset).json()["jobs"]
    caller.get("/jobs/statusupdates")
    return job, due


def test_a_month_and_a_half_from_invoice_to_collection(caller, sandbox):
    job, due = claim(caller, sandbox)
    play(caller, 30)
    play(caller, 7)
    told = news(caller)
    assert [(each["statustype"], each["statustime"][:10]) for each in told] == [
        ("comment", str(due + dt.timedelta(days=1))),
        ("comment", str(due + dt.timedelta(days=14))),
        ("fee", str(due + dt.timedelta(days=14))),
        ("comment", str(due + dt.timedelta(days=28))),
        ("fee", str(due + dt.timedelta(days=28))),
        ("interest", str(due + dt.timedelta(days=28))),
    ]
    assert {each["jobid"] for each in told} == {job["jobid"]}
    assert news(caller) == []


def test_costs_say_that_they_are_invented_and_are_no_part_of_the_principal(caller, sandbox):
    claim(caller, sandbox)
    play(caller, 40)
    costs = [each for each in news(caller) if each["statustype"] in {"fee", "interest"}]
    assert [each["amount"] for each in costs] == ["5.00", "14.00", "0.97"]
    assert all("keksitty" in each["statustext"] for each in costs)
    [found] = caller.post("/jobs/findbyendcustomer", {"custnum": "A-1"}).json()["jobs"]
    assert (found["status"], found["open_amount"]) == ("collection", 120.48)


def test_a_leap_of_a_month_tells_the_same_as_thirty_days(caller, sandbox):
    claim(caller, sandbox)
    caller.ask("POST", "/control/clock", json={"days": 40})
    caller.__enter__()
    assert [each["statustype"] for each in news(caller)] == [
        "comment", "comment", "fee", "comment", "fee", "interest"
    ]  # fmt: skip


def test_costs_can_be_switched_off(caller, sandbox):
    sandbox.options.change({"costs": False})
    claim(caller, sandbox)
    play(caller, 40)
    assert {each["statustype"] for each in news(caller)} == {"comment"}


def test_what_is_paid_after_its_reminder_goes_no_further(caller, sandbox):
    job, _ = claim(caller, sandbox)
    play(caller, 22)
    assert caller.ask("POST", "/control/pay", json={"jobid": job["jobid"]}).status_code == OK
    play(caller, 30)
    told = news(caller)
    assert [each["statuscode"] for each in told if each["statustype"] == "comment"] == [
        "98",
        "98",
        "98",
        "101",
    ]
    assert [each["amount"] for each in told if each["statustype"] == "payment"] == ["120.48"]
    info = caller.get("/jobs", jobid=job["jobid"]).json()
    assert (info["nextstatus"], info["nextstatusdate"]) == (-1, "")


def test_the_next_step_and_its_day_are_told_beforehand(caller, sandbox):
    job, due = claim(caller, sandbox)
    seen = []
    for days in (1, 20, 14):
        info = caller.get("/jobs", jobid=job["jobid"]).json()
        seen.append((info["currentstatus"], info["nextstatus"], info["nextstatusdate"]))
        play(caller, days)
    reminded, collected = str(due + dt.timedelta(days=14)), str(due + dt.timedelta(days=28))
    assert seen == [(0, 1, reminded), (0, 1, reminded), (1, 2, collected)]


def test_every_day_that_is_played_is_pushed(caller, sandbox, inbox, receiver):
    claim(caller, sandbox)
    sandbox.pusher.push()
    before = len(batches(inbox))
    play(caller, 40)
    assert [len(batch["messages"]) for batch in batches(inbox)[before:]] == [1, 2, 3]


def test_a_receiver_that_is_away_is_asked_once(caller, sandbox, monkeypatch):
    monkeypatch.setattr("ropo_portal.sandbox.events.PAUSES", ())
    sandbox.push_to(Receiver("http://127.0.0.1:9/events"))
    claim(caller, sandbox)
    assert play(caller, 5)


@pytest.mark.parametrize("days", [0, -1, 367, "x"])
def test_nonsense_is_not_played(caller, days):
    assert caller.ask("POST", "/control/play", json={"days": days}).status_code == 400


def test_the_page_has_the_buttons(caller):
    page = caller.ask("GET", "/control").text
    assert all(words in page for words in ("Play a day", "Play a week", "Play a month", "invented"))
    assert caller.ask("POST", "/control/play", data={"days": "1"}).status_code == 303


@pytest.mark.parametrize(("country", "fee"), [("SE", "60.00"), ("NO", "35.00")])
def test_each_country_has_its_own_money(sandbox, country, fee):
    assert KEYS[country]
    with Caller(sandbox, country) as caller:
        today = day_at(sandbox, country)
        answer = caller.deliver(invoice(jobtype="0", billdate=str(today), paydate=str(today)))
        assert answer.status_code == CREATED
        play(caller, 15)
        assert [each["amount"] for each in news(caller) if each["statustype"] == "fee"] == [fee]


def test_a_reminder_is_collected_fourteen_days_later(caller, sandbox):
    caller.deliver(reminder())
    news(caller)
    play(caller, 15)
    assert [each["statustype"] for each in news(caller)] == ["comment", "fee", "interest"]
