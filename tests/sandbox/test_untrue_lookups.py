"""Look-ups that lag, lie or fail."""

import pytest

from ropo_portal.sandbox.faults import LOOKUPS
from tests.sandbox.caller import invoice


def looked_up(caller, dataset, jobid):
    """Which of the four look-ups find the job; 503 where they fail."""
    answers = [
        caller.get("/jobs/pdf", billnum=dataset["billnum"]),
        caller.get("/jobs/statusupdates", billnum=dataset["billnum"]),
        caller.get("/jobs", jobid=jobid),
        caller.post("/jobs/findbyendcustomer", {"custnum": dataset["custnum"]}),
    ]
    if 503 in {answer.status_code for answer in answers}:
        return [answer.status_code for answer in answers]
    return [answer.status_code == 200 and answer.content != b'{"jobs": []}' for answer in answers]


@pytest.mark.parametrize("name", LOOKUPS)
def test_look_ups_about_a_marked_job_are_untrue(sandbox, caller, name):
    dataset = invoice(custnum="A-1", person=f"Aino [{name}]")
    [job] = caller.deliver(dataset).json()["jobs"]
    hidden = [503] * 4 if name == "lookup-fails" else [False] * 4
    assert looked_up(caller, dataset, job["jobid"]) == hidden
    sandbox.advance(hours=7)
    caller.__enter__()
    assert looked_up(caller, dataset, job["jobid"]) == ([True] * 4 if name == "lookup-lag" else hidden)
    other = invoice(custnum="A-2")
    [job] = caller.deliver(other).json()["jobs"]
    assert looked_up(caller, other, job["jobid"]) == [True] * 4


def test_look_ups_can_be_broken_for_a_while(sandbox, caller):
    dataset = invoice(custnum="A-1")
    [job] = caller.deliver(dataset).json()["jobs"]
    sandbox.plan(fault="lookup-not-found", times=4)
    sandbox.plan(fault="lookup-fails", times=4)
    assert looked_up(caller, dataset, job["jobid"]) == [False] * 4
    assert looked_up(caller, dataset, job["jobid"]) == [503] * 4
    assert looked_up(caller, dataset, job["jobid"]) == [True] * 4


def test_look_ups_can_lag_in_general(sandbox, caller):
    sandbox.options.change({"lookup_lag": 600})
    dataset = invoice(custnum="A-1")
    [job] = caller.deliver(dataset).json()["jobs"]
    assert looked_up(caller, dataset, job["jobid"]) == [False] * 4
    assert caller.get("/jobs/statusupdates").status_code == 204
    sandbox.advance(minutes=10)
    assert looked_up(caller, dataset, job["jobid"]) == [True] * 4
