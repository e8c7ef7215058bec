"""What the transport concludes from everything a network can do, played by a real server."""

import errno
import socket
import time

import pytest
import requests
import urllib3

from ropo_portal.ropo_one.connections import TimedSocket
from ropo_portal.ropo_one.errors import NotSent, Phase, RopoError, Unclear
from ropo_portal.ropo_one.refusals import refusal
from ropo_portal.ropo_one.transport import Call, Transport
from tests.ropo_one.raw_server import (
    OK,
    RawServer,
    answer,
    certificate,
    closes,
    drips,
    never_reads,
    reads_slowly,
    replies,
    resets,
)

BODY = b"x" * 300_000
BIG = b"x" * 30_000_000


PUBLIC = Transport()


def post(url, *, seconds=1.5, body=BODY, ca_bundle=None, **more):
    transport = Transport(ca_bundle=ca_bundle) if ca_bundle else PUBLIC
    return transport.exchange(Call("POST", f"{url}/jobs", seconds, body=body, **more))


def failure(url, **more):
    with pytest.raises(RopoError) as caught:
        post(url, **more)
    return caught.value


def test_exchange_complete_answer_comes_back_whole():
    with RawServer(replies(answer(headers=["X-Request-Id: 7"]))) as server:
        got = post(server.url)
    assert (got.status, got.body, got.headers["X-Request-Id"]) == (201, OK, "7")
    assert server.received[0].endswith(BODY)


@pytest.mark.parametrize(
    "behavior",
    [
        pytest.param(resets(after_reading=False), id="reset before reading"),
        pytest.param(resets(after_reading=True), id="reset after processing"),
        pytest.param(closes(after_reading=False), id="closed before reading"),
        pytest.param(closes(after_reading=True), id="closed after processing"),
        pytest.param(replies(b"HTTP/1.1 201 Cre"), id="status line cut"),
        pytest.param(replies(b"HTTP/1.1 201 Created\r\nContent-Le"), id="headers cut"),
        pytest.param(replies(b"HTTP/1.1 201 Created\r\n\r\n" + OK), id="no announced end"),
        pytest.param(
            replies(b"HTTP/1.1 201 Created\r\nContent-Length: x\r\n\r\n" + OK), id="senseless length"
        ),
        pytest.param(
            replies(b"HTTP/1.1 201 Created\r\nContent-Length: -1\r\n\r\n" + OK), id="negative length"
        ),
        pytest.param(
            replies(b"HTTP/1.1 201 Created\r\nContent-Length: 14\r\nContent-Length: 2\r\n\r\n" + OK),
            id="two lengths",
        ),
        pytest.param(replies(b"HTTP/1.1 201 Created\r\nContent-Length: 99\r\n\r\n" + OK), id="body cut"),
        pytest.param(
            replies(b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\ne\r\n" + OK),
            id="no last chunk",
        ),
        pytest.param(
            replies(b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n" + OK), id="chunk cut"
        ),
        pytest.param(
            replies(b"HTTP/1.1 201 Created\r\nTransfer-Encoding: gzip\r\n\r\n" + OK), id="unasked coding"
        ),
        pytest.param(replies(b"complete nonsense\r\n\r\n"), id="nonsense"),
        pytest.param(replies(b"HTTP/1.1 999999 What\r\n\r\n"), id="senseless status"),
        pytest.param(replies(answer(body=b"x" * 2000)), id="too large"),
        pytest.param(
            replies(
                b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n"
                + b"x" * 2000
                + b"\r\n0\r\n\r\n"
            ),
            id="too large in chunks",
        ),
        pytest.param(
            replies(b"HTTP/1.1 201 Created\r\n" + b"X-A: b\r\n" * 200 + b"\r\n"), id="too many headers"
        ),
        pytest.param(
            replies(b"HTTP/1.1 201 Created\r\nX: " + b"y" * 70_000 + b"\r\n\r\n"), id="endless header"
        ),
    ],
)
def test_exchange_anything_but_a_complete_answer_is_unclear(behavior):
    with RawServer(behavior) as server:
        error = failure(server.url, limit=1000)
    assert type(error) is Unclear
    assert error.sent_bytes
    assert len(server.received) == 1


@pytest.mark.parametrize(
    "data",
    [
        answer(),
        b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n7\r\n"
        + OK[:7]
        + b"\r\n7\r\n"
        + OK[7:]
        + b"\r\n0\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n" + answer(),
    ],
    ids=["length", "chunks", "continue first"],
)
def test_exchange_both_ways_of_announcing_the_end_are_believed(data):
    with RawServer(replies(data)) as server:
        assert post(server.url).body == OK


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_exchange_redirect_is_an_answer_and_its_target_gets_nothing(status):
    with RawServer(replies(answer())) as target:
        moved = replies(answer(f"{status} Moved", headers=[f"Location: {target.url}/jobs"]))
        with RawServer(moved) as server:
            got = post(server.url)
    assert got.status == status
    assert type(refusal(got)) is Unclear
    assert (len(server.received), len(target.received)) == (1, 0)


@pytest.mark.parametrize(
    "behavior",
    [
        pytest.param(drips(b"HTTP/1.1 201 Created\r\nContent-Length: 9999\r\n\r\n"), id="body in drips"),
        pytest.param(drips(b"HTTP/1.1 201 Created\r\nX: "), id="header in drips"),
        pytest.param(drips(b"HTTP/1.1 201 Created\r\n", b"X: y\r\n"), id="headers in drips"),
        pytest.param(drips(b""), id="silence"),
    ],
)
@pytest.mark.parametrize("secure", [False, True])
def test_exchange_slow_answer_ends_at_the_deadline(behavior, secure, tmp_path):
    context, ca_bundle = certificate(tmp_path) if secure else (None, None)
    started = time.monotonic()
    with RawServer(behavior, context=context) as server:
        error = failure(server.url, seconds=0.4, ca_bundle=ca_bundle)
        took = time.monotonic() - started
    assert (type(error), error.phase) == (Unclear, Phase.READING)
    assert took < 1.4


@pytest.mark.parametrize("behavior", [never_reads, reads_slowly])
@pytest.mark.parametrize("secure", [False, True])
def test_exchange_slow_reader_ends_at_the_deadline(behavior, secure, tmp_path):
    context, ca_bundle = certificate(tmp_path) if secure else (None, None)
    started = time.monotonic()
    with RawServer(behavior, context=context) as server:
        error = failure(server.url, seconds=0.4, body=BIG, ca_bundle=ca_bundle)
        took = time.monotonic() - started
    assert type(error) is Unclear
    assert error.phase in {Phase.WRITING, Phase.READING}
    assert took < 1.4


def test_exchange_early_answer_is_read_although_the_body_was_not_taken():
    def refuses_at_once(server, connection):
        connection.sendall(answer("413 Too large"))
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65536):
            pass

    with RawServer(refuses_at_once) as server:
        assert post(server.url).status == 413


def test_exchange_every_call_gets_its_own_connection_and_says_so():
    with RawServer(replies(answer())) as server:
        post(server.url)
        post(server.url)
    assert len(server.received) == 2
    head = server.received[0].partition(b"\r\n\r\n")[0]
    assert b"Connection: close" in head
    assert b"Accept-Encoding: identity" in head


# --- before the first byte ---


def test_exchange_refused_connection_was_not_sent():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    error = failure(f"http://127.0.0.1:{port}")
    assert (type(error), error.phase, error.sent_bytes) == (NotSent, Phase.CONNECTING, False)


def test_exchange_unknown_host_was_not_sent(monkeypatch):
    def unknown(*_args, **_kwargs):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    error = failure("http://ropo.invalid")
    assert (type(error), error.phase) == (NotSent, Phase.NAME)


def test_exchange_host_that_takes_no_connections_was_not_sent():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        crowd = [socket.socket() for _ in range(3)]
        for one in crowd:
            one.setblocking(False)
            assert one.connect_ex(listener.getsockname()) in {0, errno.EINPROGRESS}
        started = time.monotonic()
        error = failure(f"http://127.0.0.1:{listener.getsockname()[1]}", seconds=0.3)
        took = time.monotonic() - started
        for one in crowd:
            one.close()
    assert (type(error), error.phase) == (NotSent, Phase.CONNECTING)
    assert took < 1.3


@pytest.mark.parametrize("kind", [ConnectionResetError, BrokenPipeError])
def test_exchange_reset_while_connecting_was_not_sent(kind, monkeypatch):
    def reset(_socket, _address):
        raise kind(errno.EPIPE if kind is BrokenPipeError else errno.ECONNRESET, "reset")

    monkeypatch.setattr(TimedSocket, "connect", reset)
    error = failure("http://127.0.0.1:9")
    assert (type(error), error.phase) == (NotSent, Phase.CONNECTING)


def test_exchange_tries_the_next_address_of_a_name(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        dead = listener.getsockname()
    with RawServer(replies(answer())) as server:
        found = [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", dead),
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", server.port)),
        ]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: found)
        assert post("http://ropo.invalid").status == 201


@pytest.mark.parametrize("flaw", ["unknown issuer", "other name", "expired", "no TLS at all", "silent"])
def test_exchange_without_a_verified_certificate_nothing_is_sent(flaw, tmp_path):
    context, path = certificate(
        tmp_path, "ropo.invalid" if flaw == "other name" else "127.0.0.1", valid=flaw != "expired"
    )
    trusted = None if flaw == "unknown issuer" else path
    behavior = {"silent": never_reads, "no TLS at all": replies(answer())}.get(flaw)
    with RawServer(behavior or replies(answer()), context=None if behavior else context) as server:
        url = server.url.replace("http:", "https:")
        error = failure(url, seconds=0.5, ca_bundle=trusted)
        assert BODY[:100] not in b"".join(server.received)
    assert (type(error), error.phase) == (NotSent, Phase.SECURING)


def test_exchange_verified_certificate_is_served(tmp_path):
    context, ca_bundle = certificate(tmp_path)
    with RawServer(replies(answer()), context=context) as server:
        assert post(server.url, ca_bundle=ca_bundle).body == OK


@pytest.mark.parametrize("secure", [False, True])
def test_exchange_hook_is_called_once_before_the_first_byte(secure, tmp_path):
    context, ca_bundle = certificate(tmp_path) if secure else (None, None)
    seen = []

    with RawServer(replies(answer()), context=context) as server:

        def look():
            time.sleep(0.1)
            seen.append(list(server.received))

        post(server.url, ca_bundle=ca_bundle, before_first_byte=look)
    assert [b"".join(received) for received in seen] == [b""]


@pytest.mark.parametrize(
    "error", [ValueError("no"), BrokenPipeError(), ConnectionResetError(), TimeoutError()]
)
def test_exchange_hook_that_objects_keeps_every_byte_back(error):
    def objects():
        raise error

    with RawServer(replies(answer())) as server:
        caught = failure(server.url, before_first_byte=objects)
    assert (type(caught), caught.phase) == (NotSent, Phase.HOOK)
    assert b"".join(server.received) == b""


def test_exchange_hook_that_takes_too_long_keeps_every_byte_back():
    with RawServer(replies(answer())) as server:
        caught = failure(server.url, seconds=0.2, before_first_byte=lambda: time.sleep(0.3))
    assert (type(caught), caught.phase) == (NotSent, Phase.HOOK)
    assert b"".join(server.received) == b""


def test_exchange_environment_proxies_and_netrc_are_ignored(monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login clerk password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere.pem")
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with RawServer(replies(answer())) as server:
        post(server.url)
    assert b"Authorization" not in server.received[0]


# --- nothing foreign escapes ---

FOREIGN = sorted(
    {
        found
        for module in (requests.exceptions, urllib3.exceptions)
        for found in vars(module).values()
        if isinstance(found, type) and issubclass(found, Exception)
    },
    key=lambda found: (found.__module__, found.__name__),
)


def bare(kind):
    """An exception without the arguments its maker wants: only its class matters here."""
    return kind.__new__(kind)


def test_foreign_exceptions_are_all_there():
    assert len(FOREIGN) > 60


@pytest.fixture(scope="module")
def quiet_server():
    with RawServer(closes(after_reading=True)) as server:
        yield server


@pytest.mark.parametrize("kind", FOREIGN)
def test_exchange_foreign_exception_before_the_first_byte_was_not_sent(kind, monkeypatch):
    def fails(*_args, **_kwargs):
        raise bare(kind)

    monkeypatch.setattr(socket, "getaddrinfo", fails)
    assert type(failure("http://ropo.invalid", body=b"x")) is NotSent


@pytest.mark.parametrize("kind", [*FOREIGN, KeyError, MemoryError, RecursionError, UnicodeDecodeError])
def test_exchange_foreign_exception_after_the_first_byte_is_unclear(kind, monkeypatch, quiet_server):
    def fails(_connection):
        raise bare(kind)

    monkeypatch.setattr(urllib3.connection.HTTPConnection, "getresponse", fails)
    assert type(failure(quiet_server.url, body=b"x")) is Unclear


def test_exchange_interruption_of_the_process_is_not_swallowed(monkeypatch, quiet_server):
    def interrupted(_connection):
        raise KeyboardInterrupt

    monkeypatch.setattr(urllib3.connection.HTTPConnection, "getresponse", interrupted)
    with pytest.raises(KeyboardInterrupt):
        post(quiet_server.url, body=b"x")
