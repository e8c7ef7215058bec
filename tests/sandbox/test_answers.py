"""Reply profiles: one outcome in every shape Ropo One may give it."""

import pytest

from tests.sandbox.caller import GROSS, invoice
from tests.sandbox.contract import check_answer

ERROR_KEYS = {
    "error": {"error"},
    "auth": {"errorId", "errorText"},
    "problem": {"status", "type", "title", "detail"},
    "profile": {"Code", "Message"},
}


@pytest.fixture
def reply(shared_caller):
    """What a delivery of good and bad jobs is answered under a profile, and the numbers sent."""

    def send(profile, *, good=1, bad=0):
        datasets = [invoice() for _ in range(good)] + [invoice(city=None) for _ in range(bad)]
        answer = shared_caller.deliver(*datasets, headers={"X-Sandbox-Profile": profile})
        if profile not in {"strings", "single"}:  # whose point is to break a type
            check_answer(answer, "POST", "/jobs")
        return answer.json(), [each["billnum"] for each in datasets]

    return send


def test_guessed(reply):
    told, (good, bad) = reply("guessed", good=1, bad=1)
    assert told["accepted"] == 1
    assert told["jobs"] == [
        {
            "jobid": told["jobs"][0]["jobid"],
            "billnum": good,
            "reference": "202601171",
            "amount": GROSS,
            "accepted": 1,
        }
    ]
    assert told["errors"] == [{"billnum": bad, "error": "Pakollinen kenttä puuttuu: city"}]


def test_xml(reply):
    told, (good, bad) = reply("xml", good=1, bad=1)
    first, second = told["result"]["row"]
    assert (first["billnum"], first["accepted"], set(first)) == (
        good,
        "1",
        {"billnum", "accepted", "jobid", "reference"},
    )
    assert (second["billnum"], second["accepted"], set(second)) == (
        bad,
        "0",
        {"billnum", "accepted", "error"},
    )


def test_single(reply):
    told, (good,) = reply("single")
    assert told["jobs"]["billnum"] == good
    told, _ = reply("single", good=2, bad=1)
    assert isinstance(told["jobs"], list)
    assert isinstance(told["errors"], dict)


def test_counts(reply):
    assert reply("counts", good=2, bad=1)[0] == {"accepted": 2}


def test_strings(reply):
    told, _ = reply("strings")
    assert told["accepted"] == "1"
    assert told["jobs"][0]["amount"] == "120.48"
    assert told["jobs"][0]["jobid"].isdigit()


def test_comma(reply):
    assert reply("comma")[0]["jobs"][0]["amount"] == "120,48"


def test_an_unknown_profile_is_the_default(reply):
    assert set(reply("nonsense")[0]) == {"accepted", "jobs", "errors"}


@pytest.mark.parametrize("profile", ["single", "xml"])
def test_a_single_update_comes_unwrapped(caller, sandbox, profile):
    sandbox.options.change({"profile": profile})
    caller.deliver(invoice())
    answer = caller.get("/jobs/statusupdates")
    check_answer(answer, "GET", "/jobs/statusupdates")
    assert isinstance(answer.json()["result"]["status"], dict)


def test_the_xml_profile_says_that_the_queue_is_empty(caller, sandbox):
    sandbox.options.change({"profile": "xml"})
    assert caller.get("/jobs/statusupdates").json() == {"result": {"commonerror": "No statusupdates"}}


@pytest.mark.parametrize(("profile", "amount"), [("guessed", 5.5), ("strings", "5.50"), ("comma", "5,50")])
def test_payments_are_echoed_in_the_profile(shared_caller, profile, amount):
    dataset = invoice()
    shared_caller.deliver(dataset)
    body = {"billnum": dataset["billnum"], "amount": "5.50", "paydate": "2026-04-02"}
    answer = shared_caller.post("/jobs/payment", body, headers={"X-Sandbox-Profile": profile})
    assert answer.json()["amount"] == amount


@pytest.mark.parametrize("shape", ERROR_KEYS)
def test_errors_can_be_held_to_one_shape(caller, sandbox, shape):
    sandbox.options.change({"error_shape": shape})
    for _ in range(2):
        assert set(caller.get("/jobs", jobid=1).json()) == ERROR_KEYS[shape]
