import pytest
import responses

from ropo_portal.ropo_one.client import Client
from ropo_portal.ropo_one.environments import environment

HOST = "https://rc.ropo24.fi/rest"


class Clock:
    """Time that moves only when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def forward(self, *, minutes=0.0, seconds=0.0):
        self.now += minutes * 60 + seconds


class Ropo:
    """Canned answers of Ropo, and what was asked for them."""

    def __init__(self, mock) -> None:
        self.mock = mock

    def says(self, method, path, *, status=200, json=None, body=b"", headers=None):
        content = {"json": json} if json is not None else {"body": body}
        return self.mock.add(
            method, HOST + path, status=status, headers=headers, auto_calculate_content_length=True, **content
        )

    def grants(self, text="abc.def.ghi"):
        return self.says("POST", "/token", status=201, json={"token": text})

    @property
    def asked(self):
        return [(call.request.method, call.request.url.removeprefix(HOST)) for call in self.mock.calls]

    @property
    def last(self):
        return self.mock.calls[-1].request


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def ropo():
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield Ropo(mock)


@pytest.fixture
def pauses():
    return []


@pytest.fixture
def client(clock, pauses):
    return Client(environment("fi-test"), "1099001", "Pihlaja-7421", monotonic=clock, pause=pauses.append)
