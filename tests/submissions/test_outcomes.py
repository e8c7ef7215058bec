"""The closed table of outcomes: every leaf of the client's errors, every shape of an answer, and the unnamed."""

import inspect
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ropo_portal.ropo_one import answers, errors
from ropo_portal.submissions.models import Submission
from ropo_portal.submissions.outcomes import CASES, NeverLeft, fate, verdict

State = Submission.State


def jobs(
    count: Any, results: tuple[answers.JobResult, ...] = (), texts: tuple[str, ...] = (), status: int = 201
) -> Any:
    return answers.JobsAnswer(
        status=status,
        headers={},
        body=b"{}",
        elapsed=0.1,
        accepted_count=count,
        results=results,
        errors=texts,
    )


def job(*, accepted: bool = True, number: str = "N1", error: str = "") -> answers.JobResult:
    return answers.JobResult("77", number, "123", Decimal("1.00"), accepted, error)


ANSWERS = [
    (jobs(1, (job(),)), State.ACCEPTED),
    (jobs(1), State.ACCEPTED),
    (jobs(1, (job(number=""),)), State.ACCEPTED),
    (jobs(1, (job(),), status=200), State.ACCEPTED),
    (jobs(0, (job(accepted=False, error="city missing"),), ("city missing",)), State.REJECTED),
    (jobs(0, (), ("city missing",)), State.REJECTED),
    (jobs(0, (), ("Invoice number already exists",)), State.UNCONFIRMED),
    (jobs(0, (), ("Laskunumero on jo käytössä",)), State.UNCONFIRMED),
    (jobs(0, (), ("Fakturanumret finns redan",)), State.UNCONFIRMED),
    (jobs(0), State.UNCONFIRMED),
    (jobs(0, (job(),)), State.UNCONFIRMED),
    (jobs(None, (job(),)), State.UNCONFIRMED),
    (jobs(2, (job(),)), State.UNCONFIRMED),
    (jobs(-1, (job(),)), State.UNCONFIRMED),
    (jobs(1, (job(), job())), State.UNCONFIRMED),
    (jobs(1, (job(),), ("but something is wrong",)), State.UNCONFIRMED),
    (jobs(1, (job(), job(accepted=False))), State.UNCONFIRMED),
    (jobs(1, (job(number="N2"),)), State.UNCONFIRMED),
    (jobs(0, (job(accepted=False, number="N2", error="x"),), ("x",)), State.UNCONFIRMED),
    (jobs(1, (job(),), status=202), State.UNCONFIRMED),
    (jobs(0, (), ("x",), status=202), State.UNCONFIRMED),
]


@pytest.mark.parametrize(("answer", "state"), ANSWERS)
def test_an_answer_to_jobs(answer: object, state: str) -> None:
    assert verdict(answer, number="N1").state == state


def unclear(**facts: Any) -> errors.Unclear:
    return errors.Unclear("x", phase=errors.Phase.READING, **facts)


FAILURES: list[tuple[object, str]] = [
    (errors.NotSent("x", phase=errors.Phase.CONNECTING), State.QUEUED),
    (errors.LoginRefused("x"), State.QUEUED),
    (NeverLeft(ValueError("x")), State.QUEUED),
    (NeverLeft(errors.LoginRefused("x")), State.QUEUED),
    (NeverLeft(unclear()), State.QUEUED),
    *[(errors.Refused("x", status=status), State.HELD) for status in (401, 403, 404, 405, 413, 415, 429)],
    (errors.Rejected(status=400, texts=("city missing",)), State.REJECTED),
    (errors.Rejected(status=422, texts=("city missing",)), State.REJECTED),
    (errors.Rejected(status=400, texts=("duplicate number",)), State.UNCONFIRMED),
    (errors.Rejected(status=400, texts=("",)), State.UNCONFIRMED),
    (unclear(), State.UNCONFIRMED),
    (unclear(status=500), State.UNCONFIRMED),
    (ValueError("our own bug after the first byte"), State.UNCONFIRMED),
    (MemoryError(), State.UNCONFIRMED),
    (None, State.UNCONFIRMED),
    ("nonsense", State.UNCONFIRMED),
]


@pytest.mark.parametrize(("failure", "state"), FAILURES)
def test_a_failure(failure: object, state: str) -> None:
    assert verdict(failure, number="N1").state == state


def test_every_leaf_of_the_tree_is_judged() -> None:
    leaves = {
        name
        for name, kind in inspect.getmembers(errors, inspect.isclass)
        if issubclass(kind, errors.RopoError) and not kind.__subclasses__()
    }
    judged = {type(failure).__name__ for failure, _state in FAILURES}
    assert leaves <= judged


def test_the_cautious_default_is_not_in_the_table() -> None:
    assert all(not case.applies(object(), "N1") for case in CASES)


def test_only_a_refused_login_and_a_wrong_door_stop_the_line() -> None:
    stopping = {str(failure) for failure, _state in FAILURES if verdict(failure, number="N1").stop}
    doors = {str(errors.Refused("x", status=status)) for status in (403, 404, 405, 413, 415)}
    assert (
        stopping == doors | {str(errors.LoginRefused("x")), str(NeverLeft(errors.LoginRefused("x")))}
        or len(stopping) == len(doors) + 2
    )


@given(st.integers(), st.lists(st.booleans(), max_size=3), st.lists(st.text(max_size=5), max_size=2))
def test_accepted_needs_exactly_one_and_no_doubt(count: int, taken: list[bool], texts: list[str]) -> None:
    results = tuple(job(accepted=one) for one in taken)
    judged = verdict(jobs(count, results, tuple(texts)), number="N1")
    if judged.state == State.ACCEPTED:
        assert (count, texts, all(taken), len(taken) <= 1) == (1, [], True, True)


@pytest.mark.parametrize(
    ("seen", "silent", "finding"),
    [
        ([], [], "not-there"),
        ([], ["document"], "nothing"),
        ([("a", "1", "")], ["document"], "there"),
        ([("a", "1", ""), ("b", "1", "10.00")], [], "there"),
        ([("a", "1", "0")], [], "there"),
        ([("a", "1", "9.99")], [], "differs"),
        ([("a", "1", ""), ("a", "2", "")], [], "differs"),
        ([("document", "", "")], [], "there"),
    ],
)
def test_a_round_of_look_ups(seen: Any, silent: Any, finding: str) -> None:
    assert fate(seen, amount=Decimal("10.00"), silent=silent).finding == finding
