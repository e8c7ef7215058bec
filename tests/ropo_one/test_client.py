import datetime as dt
import json
import time

import pytest
import requests

from ropo_portal.ropo_one import errors
from ropo_portal.ropo_one.client import PDF_LIMIT, Client
from ropo_portal.ropo_one.environments import Endpoint, environment
from tests.ropo_one.raw_server import RawServer, answer, never_reads

BODY = b'{"datastream":{"dataset":[]}}'
ACCEPTED = {"accepted": 1, "jobs": [{"jobid": 4410233, "billnum": "20260117", "amount": 120.48}]}
REGISTERING = [
    ("add_jobs", "/jobs"),
    ("add_payment", "/jobs/payment"),
    ("add_credit_note", "/jobs/creditnote"),
    ("local_print", "/jobs/localprint"),
]


def failure(call, *args, **kwargs):
    with pytest.raises(errors.RopoError) as caught:
        call(*args, **kwargs)
    return caught.value


# --- what every registering call has in common: the answer classes ---


@pytest.mark.parametrize(("method", "path"), REGISTERING)
@pytest.mark.parametrize("status", [401, 403, 404, 405, 413, 415, 429])
def test_registering_refused_is_said_once_and_never_repeated(client, ropo, method, path, status):
    ropo.grants()
    ropo.says("POST", path, status=status, headers={"Retry-After": "17"})
    error = failure(getattr(client, method), BODY, identifier="s-1")
    assert (type(error), error.status, error.retry_after) == (errors.Refused, status, 17)
    assert ropo.asked == [("POST", "/token"), ("POST", path)]


@pytest.mark.parametrize(("method", "path"), REGISTERING)
@pytest.mark.parametrize("status", [400, 422])
def test_registering_rejected_carries_the_words(client, ropo, method, path, status):
    ropo.grants()
    ropo.says("POST", path, status=status, json={"error": "Kaupunki puuttuu"})
    error = failure(getattr(client, method), BODY, identifier="s-1")
    assert (type(error), error.status, error.texts) == (errors.Rejected, status, ("Kaupunki puuttuu",))
    assert "Kaupunki" not in str(error)


UNCLEAR = [
    *[(status, b"") for status in (202, 204, 206, 300, 301, 302, 303, 304, 307, 308)],
    *[(status, b'{"error":"x"}') for status in (402, 406, 408, 409, 410, 418, 425, 451)],
    *[(status, b'{"error":"x"}') for status in (500, 501, 502, 503, 504, 507, 599)],
    *[(status, body) for status in (400, 422) for body in (b"", b"<html>", b"{}", b"[]", b'{"error":""}')],
    (400, b'{"accepted":1,"errors":[{"error":"city missing"}]}'),
    (400, b'{"jobs":[{"jobid":1}],"errors":[{"error":"city missing"}]}'),
]


@pytest.mark.parametrize(("method", "path"), REGISTERING)
@pytest.mark.parametrize(("status", "body"), UNCLEAR)
def test_registering_everything_else_is_unclear_and_never_repeated(client, ropo, method, path, status, body):
    ropo.grants()
    ropo.says("POST", path, status=status, body=body, headers={"Location": "https://elsewhere.example/"})
    error = failure(getattr(client, method), BODY, identifier="s-1")
    assert (type(error), error.status, error.sent_bytes) == (errors.Unclear, status, True)
    assert ropo.asked == [("POST", "/token"), ("POST", path)]


MALFORMED = [
    b"",
    b"OK",
    b"null",
    b"[]",
    b'{"accepted":NaN}',
    b'{"a":1,"a":2}',
    b'{"accepted":1',
    b"\xff\xfe{}",
    b"1",
]


@pytest.mark.parametrize(("method", "path"), REGISTERING)
@pytest.mark.parametrize("body", MALFORMED)
def test_registering_success_without_a_valid_body_is_unclear(client, ropo, method, path, body):
    ropo.grants()
    ropo.says("POST", path, status=201, body=body)
    error = failure(getattr(client, method), BODY, identifier="s-1")
    assert (type(error), error.status, error.body) == (errors.Unclear, 201, body)


@pytest.mark.parametrize(("method", "path"), REGISTERING)
@pytest.mark.parametrize("kind", [requests.ConnectionError, requests.ReadTimeout, requests.TooManyRedirects])
def test_registering_failure_nobody_can_place_is_unclear(client, ropo, method, path, kind):
    ropo.grants()
    ropo.says("POST", path, body=kind("somewhere"))
    assert type(failure(getattr(client, method), BODY, identifier="s-1")) is errors.Unclear


def test_registering_sends_the_bytes_as_they_are_with_the_identifier(client, ropo):
    ropo.grants()
    ropo.says("POST", "/jobs", status=201, json=ACCEPTED)
    client.add_jobs(BODY, identifier="019c-7")
    sent = ropo.last
    assert sent.body == BODY
    assert sent.headers["DataIdentifier"] == "019c-7"
    assert sent.headers["Authorization"] == "Bearer abc.def.ghi"
    assert sent.headers["Content-Type"] == "application/json"
    assert "DataTypeIdentifier" not in sent.headers


@pytest.mark.parametrize("identifier", ["", "a\nb", " a", "ä", "x" * 101])
def test_registering_identifier_that_is_no_header_is_refused_before_anything(client, ropo, identifier):
    ropo.grants()
    with pytest.raises(ValueError, match="identifier"):
        client.add_jobs(BODY, identifier=identifier)
    assert ("POST", "/jobs") not in ropo.asked


def test_registering_after_401_the_next_call_fetches_a_new_token(client, ropo):
    ropo.grants("first")
    ropo.says("POST", "/jobs", status=401)
    failure(client.add_jobs, BODY, identifier="s-1")
    ropo.grants("second")
    failure(client.add_jobs, BODY, identifier="s-2")
    assert [path for _, path in ropo.asked] == ["/token", "/jobs", "/token", "/jobs"]


# --- typed successes ---


@pytest.mark.parametrize("status", [200, 201])
def test_add_jobs_accepted(client, ropo, status):
    ropo.grants()
    ropo.says("POST", "/jobs", status=status, json=ACCEPTED)
    got = client.add_jobs(BODY, identifier="s-1")
    assert (got.accepted_count, got.results[0].job_id, got.errors) == (1, "4410233", ())
    assert json.loads(got.body) == ACCEPTED


def test_add_payment_echo(client, ropo):
    ropo.grants()
    ropo.says("POST", "/jobs/payment", status=201, json={"jobid": 7, "billnum": "9", "paydate": "2026-03-12"})
    got = client.add_payment(BODY, identifier="s-1")
    assert (got.job_id, got.number, got.paid_date, got.amount) == ("7", "9", dt.date(2026, 3, 12), None)


def test_add_credit_note_echo(client, ropo):
    ropo.grants()
    ropo.says(
        "POST", "/jobs/creditnote", status=201, json={"jobid": "7", "amount": "62,75", "date": "2026-03-02"}
    )
    got = client.add_credit_note(BODY, identifier="s-1")
    assert (got.job_id, str(got.amount), got.credit_date) == ("7", "62.75", dt.date(2026, 3, 2))


def test_local_print_returns_the_document(client, ropo):
    ropo.grants()
    ropo.says("POST", "/jobs/localprint", status=201, body=b"%PDF-1.7 x")
    assert client.local_print(BODY, identifier="s-1").pdf == b"%PDF-1.7 x"


# --- reads ---


def test_read_repeats_passing_failures_twice(client, ropo, pauses):
    ropo.grants()
    for status in (502, 503, 200):
        ropo.says("GET", "/jobs", status=status, json={"jobid": 5, "currentstatus": 1})
    assert client.job("5").status_code == "1"
    assert (len(ropo.asked), pauses) == (4, [0.25, 0.5])


def test_read_gives_up_after_two_repeats(client, ropo):
    ropo.grants()
    ropo.says("GET", "/jobs", status=504)
    assert failure(client.job, "5").status == 504
    assert len(ropo.asked) == 4


def test_read_of_the_whole_queue_is_not_repeated_once_sent(client, ropo):
    ropo.grants()
    ropo.says("GET", "/jobs/statusupdates", status=502)
    failure(client.status_updates)
    assert len(ropo.asked) == 2


def test_read_fetches_a_new_token_once_after_401(client, ropo):
    ropo.grants("first")
    ropo.says("GET", "/jobs", status=401)
    assert type(failure(client.job, "5")) is errors.Refused
    assert [path for _, path in ropo.asked] == ["/token", "/jobs?jobid=5", "/token", "/jobs?jobid=5"]


@pytest.mark.parametrize(
    ("status", "body"),
    [(404, b""), (400, b'{"error":"Document not found"}'), (204, b""), (422, b'{"error":"no"}')],
)
def test_pdf_that_is_not_there_is_none(client, ropo, status, body):
    ropo.grants()
    ropo.says("GET", "/jobs/pdf", status=status, body=body)
    assert client.pdf(number="20260117") is None
    assert ropo.asked[-1] == ("GET", "/jobs/pdf?billnum=20260117&origdata=1")


@pytest.mark.parametrize("body", [b"", b"<html>%PDF-", b'{"error":"x"}'])
def test_pdf_must_be_one(client, ropo, body):
    ropo.grants()
    ropo.says("GET", "/jobs/pdf", body=body)
    assert type(failure(client.pdf, job_id="5")) is errors.Unclear


def test_pdf_current_document_and_size_limit(client, ropo):
    ropo.grants()
    ropo.says("GET", "/jobs/pdf", body=b"%PDF-" + b"x" * (PDF_LIMIT - 5))
    assert len(client.pdf(job_id="5", original=False)) == PDF_LIMIT
    assert ropo.asked[-1][1] == "/jobs/pdf?jobid=5&origdata=0"
    ropo.mock.reset()
    ropo.says("GET", "/jobs/pdf", body=b"%PDF-" + b"x" * PDF_LIMIT)
    assert type(failure(client.pdf, job_id="5")) is errors.Unclear


@pytest.mark.parametrize("keys", [{}, {"number": "1", "job_id": "2"}, {"number": ""}])
def test_pdf_wants_exactly_one_key(client, keys):
    with pytest.raises(ValueError, match="Exactly one"):
        client.pdf(**keys)


def test_preview_registers_nothing_and_may_be_repeated(client, ropo):
    ropo.grants()
    ropo.says("POST", "/jobs/preview", status=503)
    ropo.says("POST", "/jobs/preview", body=b"%PDF-1.4")
    assert client.preview(BODY) == b"%PDF-1.4"
    assert "DataIdentifier" not in ropo.last.headers


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (204, b""),
        (200, b""),
        (200, b'{"result":{"status":[]}}'),
        (200, b'{"result":[]}'),
        (200, b'{"result":{"commonerror":"No statusupdates"}}'),
        (200, b'{"commonerror":"No statusupdates"}'),
    ],
)
def test_status_updates_drained_queue_is_none(client, ropo, status, body):
    ropo.grants()
    ropo.says("GET", "/jobs/statusupdates", status=status, body=body)
    assert client.status_updates() is None
    assert ropo.asked[-1] == ("GET", "/jobs/statusupdates")


@pytest.mark.parametrize(
    ("keys", "query"),
    [({"date": dt.date(2026, 3, 12)}, "date=2026-03-12"), ({"number": "20078"}, "billnum=20078")],
)
def test_status_updates_filters(client, ropo, keys, query):
    ropo.grants()
    ropo.says(
        "GET", "/jobs/statusupdates", json={"result": {"status": {"statusid": "P1", "amount": "450.00"}}}
    )
    page = client.status_updates(**keys)
    assert [(update.update_id, str(update.amount)) for update in page.updates] == [("P1", "450.00")]
    assert page.raw.startswith(b"{")
    assert ropo.asked[-1][1] == f"/jobs/statusupdates?{query}"


def test_status_updates_with_a_filter_must_be_readable_to_the_last_entry(client, ropo):
    ropo.grants()
    ropo.says(
        "GET", "/jobs/statusupdates", json={"result": {"status": [{"statusid": "P1"}, {"billnum": "7"}]}}
    )
    assert client.status_updates().unreadable == 1
    assert type(failure(client.status_updates, number="7")) is errors.Unclear


def test_status_updates_takes_one_filter_only(client):
    with pytest.raises(ValueError, match="Exactly one"):
        client.status_updates(date=dt.date(2026, 3, 12), number="1")


def test_customer_invoices_personal_id_travels_in_the_body(client, ropo):
    ropo.grants()
    ropo.says(
        "POST", "/jobs/findbyendcustomer", json={"jobs": [{"invoice_number": "20078", "status": "Reminder"}]}
    )
    found = client.customer_invoices(national_id="010101-123N")
    assert json.loads(ropo.last.body) == {"ssn": "010101-123N", "all_invoices": 1}
    assert "010101" not in ropo.last.url
    assert [(invoice.number, invoice.state) for invoice in found.invoices] == [("20078", "reminder")]


# --- the door itself ---


def test_login_always_asks_anew(client, ropo):
    ropo.grants()
    client.login()
    client.login()
    assert ropo.asked == [("POST", "/token")] * 2
    assert json.loads(ropo.last.body) == {"cid": "1099001", "apicode": "Pihlaja-7421"}


def test_paths_can_be_replaced_one_by_one(ropo, clock):
    client = Client(
        environment("fi-test"), "1", "2", paths={Endpoint.PREVIEW: "/preview/invoice"}, monotonic=clock
    )
    ropo.grants()
    ropo.says("POST", "/preview/invoice", body=b"%PDF-1.4")
    assert client.preview(BODY)


def test_secrets_and_personal_data_show_nowhere(client, ropo):
    ropo.grants("secret-token")
    ropo.says("POST", "/jobs", status=500, body=b"010101-123N")
    error = failure(client.add_jobs, b"010101-123N", identifier="s-1")
    shown = f"{client!r} {client._tokens!r} {error} {error!r} {vars(client)!r}"
    assert not any(secret in shown for secret in ("Pihlaja", "secret-token", "010101-123N"))


def test_real_server_registering_call_runs_the_hook_after_the_login():
    order = []

    def plays(server, connection):
        head, _ = server.read_request(connection)
        order.append(head.split(b" ")[1].decode())
        body = (
            b'{"token":"t"}'
            if head.startswith(b"POST /rest/token")
            else b'{"accepted":1,"jobs":[{"jobid":1}]}'
        )
        connection.sendall(answer(body=body))

    with RawServer(plays) as server:
        client = Client(environment("sandbox", sandbox_url=f"{server.url}/rest"), "1", "2", deadline=2)
        got = client.add_jobs(BODY, identifier="s-1", before_first_byte=lambda: order.append("hook"))
    assert order == ["/rest/token", "hook", "/rest/jobs"]
    assert got.accepted_count == 1


def test_real_server_without_a_token_nothing_is_sent():
    started = time.monotonic()
    with RawServer(never_reads) as server:
        client = Client(environment("sandbox", sandbox_url=server.url), "1", "2", deadline=0.3)
        error = failure(client.add_jobs, BODY, identifier="s-1", before_first_byte=pytest.fail)
    assert (type(error), error.phase) == (errors.NotSent, errors.Phase.LOGIN)
    assert time.monotonic() - started < 1.3
