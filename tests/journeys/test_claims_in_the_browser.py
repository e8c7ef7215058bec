"""Claims followed by the keyboard in a real Chromium, against a whole demonstration whose days are played."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.request import Request, urlopen

import pytest

from tests.demonstration import chromium, demonstration
from tests.journeys.test_in_the_browser import Portal, press, text

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = [pytest.mark.browser, pytest.mark.process, pytest.mark.timeout(300)]
FINNISH, NO_BREAK = "1099001", "\u00a0"
TRIES, PAUSE = 60, 500


class FinnishPortal(Portal):
    """The demonstration, where everybody works for the Finnish creditor."""

    @staticmethod
    def choose(page: Any) -> None:
        page.locator(".chooser summary").click()
        page.get_by_role("button", name="Keksitty Energia Oy").click()
        page.wait_for_load_state()

    def tell(self, word: str, **values: Any) -> None:
        """Tell the stand-in something on its control page."""
        body, headers = json.dumps(values).encode(), {"Content-Type": "application/json"}
        urlopen(Request(f"{self.sandbox}/control/{word}", body, headers), timeout=30).close()  # noqa: S310 (our own sandbox)

    def ledger(self) -> dict[str, Any]:
        with urlopen(f"{self.sandbox}/control/ledger", timeout=10) as answer:  # noqa: S310 (our own sandbox)
            return dict(json.load(answer))

    def jobs(self, number: str) -> list[dict[str, Any]]:
        """Return what is registered under a number of the Finnish creditor."""
        return [job for job in self.ledger()["jobs"] if (job["cid"], job["billnum"]) == (FINNISH, number)]


@pytest.fixture(scope="module")
def portal() -> Iterator[FinnishPortal]:
    with demonstration() as (address, sandbox), chromium() as browser:
        yield FinnishPortal(browser, address, sandbox, {})


def open_claim(page: Any, portal: FinnishPortal, number: str) -> None:
    """Search by keyboard and open the row."""
    page.goto(f"{portal.address}/collection/?q={number}")
    press(page, "j", "Enter")
    page.wait_for_selector(f"h1:has-text('{number}')")
    page.wait_for_selector("html[data-ready]", state="attached")


def until(page: Any, selector: str, words: str) -> str:
    """Reload until the words are there: the worker listens in its own time."""
    for _try in range(TRIES):
        found = text(page, selector).replace(NO_BREAK, " ") if page.locator(selector).count() else ""
        if words in found:
            return found
        page.wait_for_timeout(PAUSE)
        page.reload()
    raise AssertionError(f"{words!r} was never said: {found}")


def test_fees_stand_apart_and_the_story_is_told(portal: FinnishPortal) -> None:
    with portal.window() as page:
        open_claim(page, portal, "V502")
        sums = until(page, "#sums", "14.00 €")
        assert re.search(r"Open principal\s*840.00 €", sums)
        assert re.search(r"Fees reported by Ropo One\s*14.00 €", sums)
        told = until(page, "#timeline", "Payment of 400.00 €")
        for words in ("Fee of 14.00 €, Ropo One's own", "Sent the payment", "Sent the reminder", "Perintä"):
            assert words in told
        press(page, "t")
        assert page.evaluate("document.activeElement.className") == "journal"
        open_claim(page, portal, "V501")
        until(page, "#claim_fate", "It is paid: the last of it")
        assert "has reported" in text(page, "#claim_fate")


def test_one_key_ends_the_race_before_the_days_are_played(portal: FinnishPortal) -> None:
    """In this order: once days were played, the race is lost."""
    one_key_ends_the_race(portal)
    a_reminder_is_sent_and_days_go_by(portal)


def a_reminder_is_sent_and_days_go_by(portal: FinnishPortal) -> None:
    with portal.window() as page:
        open_claim(page, portal, "V506")
        press(page, "r")
        page.wait_for_url("**/begin/reminder")
        press(page, "Control+Enter")
        page.wait_for_url("**/send")
        press(page, "Control+Enter")
        page.wait_for_url("**/collection/claim/*")
        page.get_by_role("button", name="Send now").click()
        until(page, "#at-ropo", "Perintä")
        [job] = portal.jobs("V506")
        assert job["jobtype"] == "1"
        portal.tell("play", days=15)
        until(page, "#timeline", "Interest of")
        portal.tell("pay", jobid=job["jobid"])
        until(page, "#claim_fate", "It is paid: the last of it")
        assert "The principal is paid" in until(page, "#timeline", "The principal is paid")
        assert len(portal.jobs("V506")) == 1


def test_two_people_send_a_collection(portal: FinnishPortal) -> None:
    with portal.window("approver") as page:
        open_claim(page, portal, "V505")
        press(page, "a")
        page.wait_for_url("**/approve")
        assert portal.jobs("V505") == []
        press(page, "Control+Enter")
        page.wait_for_url("**/collection/claim/*")
    with portal.window() as page:
        open_claim(page, portal, "V505")
        page.get_by_role("button", name="Send now").click()
        until(page, "#claim_fate", "took it for debt collection")
        assert [job["jobtype"] for job in portal.jobs("V505")] == ["2"]


def one_key_ends_the_race(portal: FinnishPortal) -> None:
    with portal.window() as page:
        page.goto(f"{portal.address}/invoices/payments")
        assert "V503" in until(page, "#racing", "V503")
        press(page, "r")
        assert page.url.endswith("/invoices/payments")
        press(page, "b")
        page.wait_for_selector("text=Sent to Ropo One before its next step.")
        open_claim(page, portal, "V503")
        until(page, "#claim_fate", "It is paid: the last of it")
        until(page, "#money", "Accepted")
        paid = [row for row in portal.ledger()["payments"] if row["billnum"] == "V503"]
        assert [row["amount"] for row in paid] == ["96.20"]


def test_keys_lead_to_money_paper_and_the_sentence(portal: FinnishPortal) -> None:
    with portal.window(permissions=["clipboard-read", "clipboard-write"]) as page:
        open_claim(page, portal, "V502")
        press(page, "y")
        page.wait_for_selector("#toasts :text('Copied')")
        assert "V502" in page.evaluate("navigator.clipboard.readText()")
        press(page, "l")
        page.wait_for_selector("#toasts :text('Ropo One was asked')")
        press(page, "m")
        page.wait_for_url("**/payments/of-claim/*")
        page.go_back()
        press(page, "-")
        page.wait_for_url("**/credits/of-claim/*")
        page.go_back()
        press(page, "?")
        assert "look at Ropo One now" in text(page, "#shortcuts")
