import threading
import time

import pytest

from ropo_portal.ropo_one.auth import TokenSource
from ropo_portal.ropo_one.errors import LoginRefused, NotSent, Phase, Unclear
from ropo_portal.ropo_one.transport import RawAnswer


class Door:
    """Answers logins and counts them."""

    def __init__(self, *answers) -> None:
        self.answers = list(answers)
        self.asked = 0

    def __call__(self, body) -> RawAnswer:
        assert body == b'{"cid":"1099001","apicode":"Pihlaja-7421"}'
        self.asked += 1
        given = self.answers.pop(0) if self.answers else granted(f"token-{self.asked}")
        if isinstance(given, Exception):
            raise given
        return given


def granted(token):
    return RawAnswer(201, {}, f'{{"token":"{token}"}}'.encode(), 0.1)


def answered(status, body=b""):
    return RawAnswer(status, {}, body, 0.1)


@pytest.fixture
def source(clock):
    return TokenSource("1099001", "Pihlaja-7421", monotonic=clock)


def test_token_is_reused_for_ninety_minutes(source, clock):
    door = Door()
    assert source.token(door, needed_for=90) == "token-1"
    clock.forward(minutes=89.9)
    assert source.token(door, needed_for=90) == "token-1"
    clock.forward(minutes=0.2)
    assert source.token(door, needed_for=90) == "token-2"


def test_token_must_outlive_the_call_by_five_minutes(source, clock):
    door = Door()
    source.token(door, needed_for=0)
    clock.forward(minutes=60)
    assert source.token(door, needed_for=55 * 60) == "token-1"
    clock.forward(seconds=1)
    assert source.token(door, needed_for=55 * 60) == "token-2"


def test_token_age_counts_from_the_question(source, clock):
    def slow(_body):
        clock.forward(minutes=80)
        return granted("slow")

    source.token(slow, needed_for=0)
    clock.forward(minutes=11)
    assert source.token(Door(), needed_for=0) == "token-1"


def test_drop_forgets_only_the_token_meant(source):
    door = Door()
    source.token(door, needed_for=0)
    source.drop("another")
    assert source.token(door, needed_for=0) == "token-1"
    source.drop("token-1")
    assert source.token(door, needed_for=0) == "token-2"


def test_token_many_threads_cause_one_login():
    source = TokenSource("1099001", "Pihlaja-7421")
    asked = []

    def slow(_body):
        asked.append(1)
        time.sleep(0.2)
        return granted("shared")

    got = []
    threads = [
        threading.Thread(target=lambda: got.append(source.token(slow, needed_for=1))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (got, asked) == (["shared"] * 8, [1])


@pytest.mark.parametrize("status", [400, 401, 403])
def test_refused_login_is_final_and_asked_three_times_in_a_quarter_of_an_hour(source, clock, status):
    door = Door(*[answered(status, b'{"errorId":1,"errorText":"Invalid credentials"}')] * 4)
    for _ in range(5):
        with pytest.raises(LoginRefused):
            source.token(door, needed_for=0)
        clock.forward(minutes=2)
    assert door.asked == 3
    clock.forward(minutes=6)
    with pytest.raises(LoginRefused):
        source.renew(door)
    assert door.asked == 4


def test_refused_login_keeps_the_answer_and_hides_it_from_logs(source):
    with pytest.raises(LoginRefused) as caught:
        source.token(Door(answered(400, b'{"errorText":"Pihlaja-7421"}')), needed_for=0)
    assert caught.value.body == b'{"errorText":"Pihlaja-7421"}'
    assert "Pihlaja" not in str(caught.value)


def test_granted_login_forgets_earlier_refusals(source):
    door = Door(answered(400), answered(400), granted("now"), answered(400), answered(400))
    for _ in range(5):
        try:
            source.renew(door)
        except LoginRefused:
            continue
    assert source.token(door, needed_for=0) == "token-6"


@pytest.mark.parametrize(
    "given",
    [
        NotSent("no connection", phase=Phase.CONNECTING),
        Unclear("cut short", phase=Phase.READING),
        *[answered(status) for status in (204, 302, 404, 408, 429, 500, 503)],
        *[
            answered(201, body)
            for body in (
                b"",
                b"[]",
                b"{}",
                b'{"token":5}',
                b'{"token":""}',
                b'{"token":"a b"}',
                b'{"token":"a\\nb"}',
            )
        ],
        answered(201, b'{"token":"' + b"x" * 9000 + b'"}'),
    ],
)
def test_login_that_fails_otherwise_means_nothing_was_sent(source, given):
    with pytest.raises(NotSent) as caught:
        source.token(Door(given), needed_for=0)
    assert (caught.value.phase, caught.value.sent_bytes) == (Phase.LOGIN, False)
    assert source.token(Door(), needed_for=0) == "token-1"
