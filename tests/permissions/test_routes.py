"""Every route x everybody x every method x whose row: who gets in, who is told 403, and for whom nothing exists."""

import re
from collections.abc import Iterator

import pytest
from django.http import HttpResponse
from django.urls import resolve, reverse

from ropo_portal.accounts.roles import MAY
from tests.permissions import routes
from tests.permissions.routes import Route
from tests.permissions.stage import Person, Stage, ask, fingerprint, is_door, writes

pytestmark = pytest.mark.django_db
ROUTES = routes.table()
HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/invoices/"}
Variant = tuple[str, str, dict[str, str]]
VARIANTS: tuple[Variant, ...] = (
    ("plain", "", {}),
    ("htmx", "", HTMX),
    ("inline", "?inline=1&panel=1&seen=x", {}),
    ("json", "", {"Accept": "application/json"}),
)
TOKEN = re.compile(rb'[A-Za-z0-9]{64}(?=["&])')
ID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")

every_route = pytest.mark.parametrize("route", ROUTES, ids=str)
with_row = pytest.mark.parametrize("route", [route for route in ROUTES if route.names_a_row], ids=str)


def expected(route: Route, person: Person, *, whose: str = "home") -> str:
    """Return "in", "door", "403" or "404", from the table of roles alone."""
    if route.action == "public":
        return "in"
    if not person.is_known:
        return "door"
    if route.action != "signed_in" and not person.may_somewhere(route.action):
        return "403"
    if route.names_a_row and not (whose == "home" and person.at_home):
        return "in" if route.hidden else "404"
    return _among_friends(route, person)


def _among_friends(route: Route, person: Person) -> str:
    """Return what somebody gets who may do it somewhere, and sees the row if there is one."""
    at_her_own = not route.names_a_row and (route.anywhere or not person.at_home)
    if route.action == "signed_in" or route.hidden or at_her_own or person.may(route.action):
        return "in"
    return "404" if route.name in SEEN_BY_ROLE else "403"


# The history shows an entry only to those who may read the history, and a role only to those who give roles: to others
# it does not exist.
SEEN_BY_ROLE = frozenset({"history:detail", "parties:person-role", "parties:person-end"})


def cases(
    stage: Stage, route: Route, variants: tuple[Variant, ...]
) -> Iterator[tuple[Person, str, str, str, dict[str, str]]]:
    """Yield everybody by every method; the first of each expected outcome asks in every variant, the others plainly."""
    asked = set()
    for person in stage.people.values():
        should = expected(route, person), expected(route, person, whose="foreign")
        for method in route.methods:
            for kind, query, headers in variants if should not in asked else variants[:1]:
                yield person, method, kind, query, headers
        asked.add(should)


def outcome(response: HttpResponse) -> str:
    if is_door(response):
        return "door"
    if response.status_code in {403, 404}:
        return str(response.status_code)
    return (
        "in"
        if response.status_code < 400 or response.status_code in {400, 422}
        else f"{response.status_code}?"
    )


def test_every_route_is_in_the_table():
    assert routes.ours() - {route.name for route in ROUTES} == set()


def test_the_table_names_no_route_that_is_gone():
    assert {route.name for route in ROUTES} - routes.ours() == set()


def test_every_address_has_a_name():
    assert routes.unnamed() == []


@every_route
def test_the_view_asks_for_what_the_table_says(route):
    assert route.action in {*MAY, "public", "signed_in"}
    ids = dict.fromkeys([*route.rows, *route.house], "00000000-0000-7000-8000-000000000000")
    address = reverse(route.name, kwargs=ids | route.words)
    callback = resolve(address).func
    assert routes.required(callback) == route.action or callback.__module__.startswith("django.")


@every_route
def test_everybody_at_home(stage: Stage, route):
    """Own creditor: allowed roles get in, others get 403, strangers the door; a refusal writes nothing."""
    found, should, written = {}, {}, []
    before = fingerprint()
    for person, method, kind, _query, headers in cases(stage, route, VARIANTS[:2]):
        case = f"{method} as {person.name}, {kind}"
        with writes() as changes:
            found[case] = outcome(ask(stage, person, route, method, **headers))
        should[case] = expected(route, person)
        written += [f"{case}: {sql[:80]}" for sql in changes if should[case] != "in" or method == "GET"]
    assert found == should
    assert written == []
    assert fingerprint() == before


@with_row
def test_a_foreign_row_does_not_exist(stage: Stage, route):
    """Another creditor's id is answered exactly like an id that never was, for everybody, in every way of asking."""
    found, should, told_apart, written = {}, {}, [], []
    for person, method, kind, query, headers in cases(stage, route, VARIANTS):
        if person.at_home and person.elsewhere:
            continue  # nothing on this stage is foreign to whoever belongs to both
        case = f"{method} as {person.name}, {kind}"
        whose = "home" if person.elsewhere else "foreign"
        with writes() as changes:
            answer = ask(stage, person, route, method, whose=whose, query=query, **headers)
            found[case], should[case] = outcome(answer), expected(route, person, whose="foreign")
            if found[case] in {"in", "404"} or kind != "plain":
                nothing = ask(stage, person, route, method, whose="nobody's", query=query, **headers)
                told_apart += [case] if essence(answer) != essence(nothing) else []
        written += [f"{case}: {sql[:80]}" for sql in changes]
    assert found == should
    assert told_apart == []
    assert written == []


@every_route
def test_a_wrong_method_is_refused(stage: Stage, route):
    person = next(one for one in stage.people.values() if expected(route, one) == "in")
    wrong = sorted({"GET", "POST", "PUT", "PATCH", "DELETE"} - set(route.methods))
    if route.name == "home":  # a redirect of Django's own, which answers every method the same way
        return
    with writes() as changes:
        found = {method: ask(stage, person, route, method).status_code for method in wrong}
    assert (found, changes) == (dict.fromkeys(wrong, 405), [])


def essence(response: HttpResponse) -> tuple[object, ...]:
    """Return the answer without what differs by nature: tokens, ids of the request, the id that was asked for."""
    body = ID.sub(b"ID", TOKEN.sub(b"TOKEN", response.content))
    headers = {
        name: ID.sub(b"ID", str(value).encode()) for name, value in response.items() if name != "X-Request-ID"
    }
    return response.status_code, body, sorted(headers.items())
