"""Room: a visitor with a cookie jar, who proves that the pages answer and that nobody enters unasked."""

import re
import time
from collections.abc import Callable
from http.cookiejar import CookieJar
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

from ropo_portal.demo.cast import CAST, PASSWORD

SIGN_IN = "/account/login/"
CSRF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
STYLE = re.compile(
    r'<link[^>]+rel="stylesheet"[^>]+href="([^"]+)"|<link[^>]+href="([^"]+)"[^>]+rel="stylesheet"'
)
PAGES = (
    "/invoices/",
    "/invoices/payments",
    "/collection/",
    "/submissions/",
    "/parties/debtors/",
    "/parties/creditors/",
)
PATIENCE = 60.0


class PageBroken(Exception):
    """A page did not answer as it should; the message says which and how."""


class Visitor:
    """One browser, without scripts."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.opener = build_opener(HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> tuple[str, str]:
        """Return the path one ends at, and the page."""
        return self._open(path, None)

    def post(self, path: str, **fields: str) -> tuple[str, str]:
        """Send a form as the page at the same path would."""
        found = CSRF.search(self.get(path)[1])
        if not found:
            raise PageBroken(f"{path} has no form.")
        return self._open(path, urlencode({"csrfmiddlewaretoken": found[1], **fields}).encode())

    def _open(self, path: str, body: bytes | None) -> tuple[str, str]:
        try:
            with self.opener.open(self.address + path, body, timeout=30) as answer:
                return answer.url.removeprefix(self.address), answer.read().decode()
        except OSError as error:
            raise PageBroken(f"{path}: {error}") from error


def wait_for(address: str, *, check: Callable[[], None]) -> None:
    """Wait until the sign-in page is served; `check` raises when waiting has become pointless."""
    end = time.monotonic() + PATIENCE
    while True:
        check()
        try:
            build_opener().open(address + SIGN_IN, timeout=10).close()
        except OSError as error:
            if time.monotonic() > end:
                raise PageBroken(
                    f"The sign-in page was not served within {PATIENCE:.0f} s: {error}"
                ) from error
            time.sleep(0.1)
        else:
            return


def look_around(address: str, *, numbers: list[str], pages: list[str]) -> int:
    """Sign in and open pages; raises `PageBroken`. Return how many answered."""
    visitor = Visitor(address)
    where, _ = visitor.get("/invoices/")
    if not where.startswith(SIGN_IN):
        raise PageBroken("The invoices are shown to somebody who has not signed in.")
    where, page = visitor.post(SIGN_IN, login=CAST[0].email, password=PASSWORD)
    if where.startswith(SIGN_IN):
        raise PageBroken("The demonstration's password does not open the door.")
    shown = [number for number in numbers if number in visitor.get("/invoices/")[1]]
    if not shown:
        raise PageBroken("The list of invoices shows none of those that were posted.")
    styles = [one or other for one, other in STYLE.findall(page)]
    for path in [*PAGES, *pages, *styles]:
        visitor.get(path)
    return len(PAGES) + len(pages) + len(styles) + 2
