import contextlib
import datetime as dt
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ropo_portal.ropo_one import reading, statuses
from ropo_portal.ropo_one.answers import JobResult
from ropo_portal.ropo_one.environments import ENVIRONMENTS, PATHS, Endpoint, UnknownEnvironment, environment
from ropo_portal.ropo_one.errors import LoginRefused, NotSent, Refused, Rejected, RopoError, Unclear
from ropo_portal.ropo_one.refusals import refusal
from ropo_portal.ropo_one.strict_json import NotJson, parsed
from ropo_portal.ropo_one.transport import RawAnswer


def raw(content, status=201, headers=None):
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return RawAnswer(status, headers or {}, body, 0.1)


TAKEN = JobResult("4410233", "20260117", "202601171", Decimal("120.48"), accepted=True, error="")
JOB = {"jobid": 4410233, "billnum": "20260117", "reference": "202601171", "amount": 120.48}


@pytest.mark.parametrize(
    ("content", "count"),
    [
        pytest.param({"accepted": 1, "jobs": [JOB | {"accepted": 1}], "errors": []}, 1, id="guessed"),
        pytest.param({"accepted": "1", "jobs": [JOB]}, 1, id="count as text"),
        pytest.param({"accepted": 1, "jobs": JOB}, 1, id="single object"),
        pytest.param({"result": {"row": [JOB | {"accepted": "1"}]}}, None, id="XML heritage"),
        pytest.param({"result": {"accepted": 1, "row": JOB | {"jobid": "4410233"}}}, 1, id="single row"),
        pytest.param({"accepted": 1, "rows": [JOB | {"amount": "120,48"}]}, 1, id="comma"),
        pytest.param({"accepted": 1, **JOB}, 1, id="unwrapped"),
        pytest.param({"accepted": 1, "jobs": [JOB | {"error": None}]}, 1, id="empty error"),
        pytest.param(
            {"accepted": 1, "jobs": [JOB | {"error": ""}], "title": "Created", "message": "OK"}, 1, id="kind"
        ),
        pytest.param({"accepted": True, "jobs": [JOB]}, None, id="yes is no count"),
    ],
)
def test_jobs_answer_one_accepted_in_every_shape(content, count):
    got = reading.jobs_answer(raw(content))
    assert (got.accepted_count, got.results, got.errors) == (count, (TAKEN,), ())


@pytest.mark.parametrize(
    "content",
    [
        {"accepted": 0, "errors": [{"billnum": "20260117", "error": "city missing"}]},
        {"accepted": 0, "errors": {"billnum": "20260117", "error": "city missing"}},
        {"accepted": 0, "rejected": [{"billnum": "20260117", "errorText": "city missing"}]},
        {"accepted": 0, "jobs": [{"billnum": "20260117", "accepted": 0, "error": "city missing"}]},
        {"accepted": "0", "result": {"row": {"billnum": 20260117, "accepted": "0", "error": "city missing"}}},
        {"accepted": 0, "jobs": [{"billnum": "20260117", "jobid": None, "errors": ["city missing"]}]},
    ],
)
def test_jobs_answer_one_rejected_in_every_shape(content):
    got = reading.jobs_answer(raw(content))
    assert got.accepted_count == 0
    assert got.results == (JobResult("", "20260117", "", None, accepted=False, error="city missing"),)
    assert got.errors == ("city missing",)


@pytest.mark.parametrize("said", [0, "0", False, "false", "False"])
def test_jobs_answer_a_job_with_an_id_may_still_be_rejected(said):
    got = reading.jobs_answer(raw({"accepted": 1, "jobs": [JOB | {"accepted": said}]}))
    assert (len(got.accepted), len(got.rejected)) == (0, 1)


def test_jobs_answer_an_id_beside_an_error_is_not_accepted():
    got = reading.jobs_answer(raw({"accepted": 1, "jobs": [JOB | {"error": "laskunumero on jo käytössä"}]}))
    assert (got.accepted, got.errors) == ((), ("laskunumero on jo käytössä",))


def test_jobs_answer_batch_partly_accepted():
    content = {"accepted": 1, "jobs": [JOB], "errors": [{"billnum": "2", "error": "a"}, "b"]}
    got = reading.jobs_answer(raw(content))
    assert [(result.number, result.accepted) for result in got.results] == [
        ("20260117", True),
        ("2", False),
        ("", False),
    ]


@pytest.mark.parametrize(
    ("content", "count", "errors"),
    [
        ({}, None, ()),
        ({"accepted": 1}, 1, ()),
        ({"accepted": -1}, None, ()),
        ({"accepted": "many"}, None, ()),
        ({"accepted": 1.0}, None, ()),
        ({"accepted": 0, "commonerror": "XML broken"}, 0, ("XML broken",)),
        ({"result": {"commonerror": "nothing taken"}}, None, ("nothing taken",)),
        ({"jobs": "text", "rows": 5, "result": "text"}, None, ()),
        ({"jobs": [{}], "errors": [[], {}, None]}, None, ()),
    ],
)
def test_jobs_answer_without_results(content, count, errors):
    got = reading.jobs_answer(raw(content))
    assert (got.accepted_count, got.results, got.errors) == (count, (), errors)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        (450, "450"), (450.5, "450.5"), ("450.00", "450.00"), ("450,00", "450.00"), ("1 450,00", "1450.00"),
        ("1,450.00", "1450.00"), ("1.450,00", "1450.00"), ("1\u00a0450", "1450"), ("-3,5", "-3.5"),
        ("", None), (None, None), ("abc", None), ("1e3", None), ("NaN", None), (True, None), ([], None),
        ("1,450", None), ("1,450,000", None), ("\u0661", None), ("9" * 40, None),
    ],
)  # fmt: skip
def test_payment_answer_amounts(written, number):
    amount = reading.payment_answer(raw({"jobid": 1, "amount": written})).amount
    assert amount == (None if number is None else Decimal(number))


@given(st.decimals(min_value="-9999999", max_value="9999999", places=2))
def test_payment_answer_amounts_survive_every_way_of_writing(amount):
    for written in (f"{amount:f}", f"{amount:f}".replace(".", ","), f"{amount:,.2f}"):
        assert reading.payment_answer(raw({"amount": written})).amount == amount


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["result", "jobs", "row", "errors", "accepted", "jobid", "billnum", "error", "status", "statusid",
                         "amount", "paydate", "commonerror"]) | st.text(max_size=3), inner, max_size=5),
    max_leaves=20,
))  # fmt: skip
def test_readers_never_fail_on_a_shape_they_do_not_know(content):
    answer = raw({"result": content, "jobs": content, "accepted": content, "errors": content})
    for reader in (
        reading.jobs_answer,
        reading.payment_answer,
        reading.credit_answer,
        reading.job_info,
        reading.status_page,
        reading.customer_invoices,
        refusal,
    ):
        with contextlib.suppress(reading.UnknownShape):
            reader(answer)


def test_texts_that_no_database_would_take_are_cleaned():
    got = reading.jobs_answer(raw(b'{"errors":[{"error":"a\\u0000b\\ud800c"}]}'))
    assert got.errors == ("a\ufffdb\ufffdc",)


def test_answers_keep_chosen_headers_only():
    got = reading.jobs_answer(raw({}, headers={"Set-Cookie": "s=1", "Content-Type": "application/json"}))
    assert got.headers == {"content-type": "application/json"}


def test_job_info_reads_the_documented_members():
    got = reading.job_info(
        raw({"jobid": 4410234, "billnum": "20078", "billcode": "7", "currentstatus": 1, "currentstatustext": "Reminder",
             "nextstatus": -1, "nextstatusdate": "2026-03-27", "currentpaydate": "2026-03-17", "origjobdate": None})
    )  # fmt: skip
    assert (got.job_id, got.reference, got.status_code, got.next_status_code) == ("4410234", "7", "1", "-1")
    assert (got.next_status_date, got.current_due_date) == (dt.date(2026, 3, 27), dt.date(2026, 3, 17))
    assert (got.received_date, statuses.job_meaning(got.status_code)) == (None, "Reminder")


def test_status_page_reads_the_captured_shape():
    payment = {"jobid": 4410234, "statusid": "P3700015", "billnum": "20078", "statustype": "payment",
               "statustime": "2026-03-12 00:00:00", "statusref": "Maksettu", "statustext": "1", "statuscode": "",
               "paydate": "2026-03-12", "amount": "450.00"}  # fmt: skip
    comment = {
        "statusid": "C4800027",
        "statustype": "Comment",
        "statuscode": 98,
        "statustext": "a\nb",
        "amount": "",
    }
    page = reading.status_page(raw({"result": {"status": [payment, comment, {"jobid": 1}, "text"]}}))
    first, second = page.updates
    assert (first.update_id, first.job_id, first.amount, first.paid_date) == (
        "P3700015",
        "4410234",
        Decimal("450.00"),
        dt.date(2026, 3, 12),
    )
    assert (second.kind, second.code, second.text, second.amount) == ("comment", "98", "a\nb", None)
    assert page.unreadable == 2
    assert statuses.update_meaning(second.code) == "Message"
    assert statuses.payment_meaning(first.text) == "Paid to the creditor"
    assert statuses.update_meaning("4711") == ""


@pytest.mark.parametrize(
    "content",
    [{}, {"commonerror": "No right"}, {"result": {}, "error": "no"}, {"result": {"state": []}}, {"jobs": []}],
)
def test_status_page_what_says_nothing_is_not_an_empty_queue(content):
    with pytest.raises(reading.UnknownShape):
        reading.status_page(raw(content))


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"error": "no"},
        {"jobs": [], "error": "no"},
        {"jobs": ["x"]},
        {"jobs": [{}]},
        {"result": []},
        {"jobs": None},
    ],
)
def test_customer_invoices_what_says_nothing_is_not_an_empty_list(content):
    with pytest.raises(reading.UnknownShape):
        reading.customer_invoices(raw(content))


@pytest.mark.parametrize("content", [{"jobs": []}, {"result": {"jobs": []}}])
def test_customer_invoices_empty_list_is_an_answer(content):
    assert reading.customer_invoices(raw(content)).invoices == ()


def test_customer_invoices_group():
    got = reading.customer_invoices(
        raw({"jobs": {"case_number": 7, "invoice_number": "20078", "status": "Collection", "open_amount": 1000.0,
                      "original_invoice_date": "2026-02-10", "group_job": 1, "group_case_numbers": ["7", 8],
                      "group_total_payable": "1 200,50"}})
    )  # fmt: skip
    (found,) = got.invoices
    assert (found.state, found.is_group, found.group_job_ids) == ("collection", True, ("7", "8"))
    assert (found.open_amount, found.group_total) == (Decimal(1000), Decimal("1200.50"))


# --- strict JSON ---


@pytest.mark.parametrize(
    "body",
    [
        b"", b" ", b"{", b"{}{}", b"{'a':1}", b'{"a":NaN}', b'{"a":Infinity}', b'{"a":-Infinity}', b'{"a":1,"a":1}',
        b'{"a":{"b":1,"b":2}}', b"\xff", b'{"a":"\xe4"}', "{}".encode("utf-16"), b"[" * 100_000, b"9" * 5000,
        b'{"a":' * 21 + b"1" + b"}" * 21, b'{"a":1e999999999999999999999}', b"\xef\xbb\xbf{}",
    ],
)  # fmt: skip
def test_parsed_refuses(body):
    with pytest.raises(NotJson):
        parsed(body)


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'{"a":1.10}', {"a": Decimal("1.10")}),
        (b'{"a":"\xc3\xa4"}', {"a": "ä"}),
        (b"[" * 20 + b"]" * 20, json.loads("[" * 20 + "]" * 20)),
        (b" null ", None),
    ],
)
def test_parsed_believes(body, value):
    assert parsed(body) == value


# --- answer classes, errors, environments ---


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "17"}, 17),
        ({"retry-after": "999999999999"}, 86400),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "Thu, 12 Mar 2026 10:02:00 GMT", "Date": "Thu, 12 Mar 2026 10:00:00 GMT"}, 120),
        ({"Retry-After": "Thu, 12 Mar 2026 09:00:00 GMT", "Date": "Thu, 12 Mar 2026 10:00:00 GMT"}, 0),
        ({}, None),
    ],
)
def test_refusal_retry_after(headers, seconds):
    assert refusal(raw(b"", 429, headers)).retry_after == seconds


@pytest.mark.parametrize(
    "body",
    [{"error": "no"}, {"errorId": 4, "errorText": "no"}, {"title": "no"}, {"detail": "no"}, {"Code": 1, "Message": "no"},
     {"errors": [{"error": "no"}]}, {"errors": ["no"]}, {"result": {"commonerror": "no"}}],
)  # fmt: skip
def test_refusal_reads_every_documented_error_shape(body):
    assert refusal(raw(body, 400)).texts == ("no",)


def test_errors_bodies_are_bounded_and_headers_chosen():
    error = refusal(
        raw(b"x" * 200_000, 500, {"Set-Cookie": "s=1", "Server": "nginx", "Content-Type": "text/html"})
    )
    assert (len(error.body), dict(error.headers)) == (65536, {"server": "nginx", "content-type": "text/html"})


def test_errors_only_unclear_leaves_it_open_whether_something_was_registered():
    leaves = {NotSent, LoginRefused, Refused, Rejected, Unclear}
    found = set()
    level = {RopoError}
    while level:
        level = {kind for above in level for kind in above.__subclasses__()}
        found |= {kind for kind in level if not kind.__subclasses__()}
    assert found == leaves


def test_environments_are_the_six_of_the_contract():
    assert {name: (found.base_url, found.currency) for name, found in ENVIRONMENTS.items()} == {
        "fi-test": ("https://rc.ropo24.fi/rest", "EUR"),
        "fi-production": ("https://ropo24.fi/rest", "EUR"),
        "se-test": ("https://rc.ropo24.se/rest", "SEK"),
        "se-production": ("https://ropo24.se/rest", "SEK"),
        "no-test": ("https://rc.ropo24.no/rest", "NOK"),
        "no-production": ("https://ropo24.no/rest", "NOK"),
    }
    assert set(PATHS) == set(Endpoint)


def test_environment_sandbox_takes_an_address_and_a_country():
    found = environment("sandbox", sandbox_url="http://127.0.0.1:8024/rest/", country="se")
    assert (found.base_url, found.currency, found.stage) == ("http://127.0.0.1:8024/rest", "SEK", "sandbox")


@pytest.mark.parametrize(
    "url", [None, "", "ftp://x", "127.0.0.1:80", "http://", "http://a:b@c/", "http://c/?q=1"]
)
def test_environment_sandbox_needs_a_usable_address(url):
    with pytest.raises(UnknownEnvironment):
        environment("sandbox", sandbox_url=url)


def test_environment_unknown_names_and_countries_are_refused():
    with pytest.raises(UnknownEnvironment):
        environment("dk-test")
    with pytest.raises(UnknownEnvironment):
        environment("sandbox", sandbox_url="http://x/", country="DK")
