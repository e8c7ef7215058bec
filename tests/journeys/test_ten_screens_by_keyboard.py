"""The ten screens by the keyboard alone: no pointer, every key that a screen names does what it says."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.demonstration import chromium, demonstration
from tests.journeys.test_claims_in_the_browser import FinnishPortal, open_claim
from tests.journeys.test_in_the_browser import Portal, focused, press, text

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = [pytest.mark.browser, pytest.mark.process, pytest.mark.timeout(300)]
DETAIL = re.compile(r"/[0-9a-f-]{36}$")


@pytest.fixture(scope="module")
def portal() -> Iterator[FinnishPortal]:
    with demonstration() as (address, sandbox), chromium() as browser:
        yield FinnishPortal(browser, address, sandbox, {})


def go(page: Any, portal: Portal, letter: str, path: str) -> None:
    """Go from one room to another: g, then its letter."""
    page.goto(f"{portal.address}/rules/")
    press(page, "g", letter)
    page.wait_for_url(f"**{path}")
    page.wait_for_selector("html[data-ready]", state="attached")


def row_with_focus(page: Any) -> int:
    """Give the place of the row that holds the focus."""
    place = (
        "[...document.querySelectorAll('tbody tr')].findIndex((row) => row.contains(document.activeElement))"
    )
    return int(page.evaluate(place))


# What a Nordic keyboard of a Mac says for ].
OPTION_9 = (
    "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: ']', altKey: true, bubbles: true}))"
)


def test_1_today_is_walked_and_worked_row_by_row(portal: FinnishPortal) -> None:
    with portal.window() as page:
        go(page, portal, "w", "/today/")
        press(page, "j", "j")
        assert row_with_focus(page) == 1
        press(page, "k", "Enter")
        page.wait_for_selector(".work-bar")
        first = page.url
        press(page, "w")
        page.wait_for_function("(first) => location.href !== first", arg=first)
        page.wait_for_selector("html[data-ready] .work-bar")
        second = page.url
        page.evaluate(OPTION_9)
        page.wait_for_function("(second) => location.href !== second", arg=second)
        page.wait_for_selector(".work-bar")


def test_2_an_invoice_is_previewed_and_left(portal: FinnishPortal) -> None:
    """The whole form is written by keyboard in the story of a clerk's day; here are the keys around it."""
    with portal.window() as page:
        go(page, portal, "i", "/invoices/")
        press(page, "n")
        page.wait_for_url("**/invoices/new")
        page.wait_for_selector("[data-row-add]:not([hidden])")
        assert focused(page) == "id_debtor"
        press(page, "Alt+n")
        assert page.locator("[data-row]").count() == 2
        assert focused(page) == "id_rows-1-description"


def test_3_a_reminder_is_begun_and_stops_before_it_leaves(portal: FinnishPortal) -> None:
    with portal.window() as page:
        open_claim(page, portal, "V506")
        press(page, "r")
        page.wait_for_url("**/begin/reminder")
        press(page, "Control+Enter")
        page.wait_for_url("**/send")
        assert portal.jobs("V506") == []


def test_4_an_approval_needs_a_reason_to_go_back_and_one_key_to_go_on(portal: FinnishPortal) -> None:
    with portal.window("approver") as page:
        go(page, portal, "a", "/collection/approvals")
        press(page, "j")
        while "/invoices/" not in page.evaluate("document.activeElement.href"):
            press(page, "j")
        press(page, "Enter")
        page.wait_for_selector("#checks")
        press(page, "b")
        page.wait_for_selector("#decide .field__errors")
        press(page, "a")
        page.wait_for_url(re.compile(r"/(invoices/[0-9a-f-]{36}|collection/approvals)"))
        page.wait_for_selector("#decide", state="detached")


def test_5_an_import_shows_its_next_error_by_one_key(portal: FinnishPortal) -> None:
    with portal.window("clerk") as page:
        go(page, portal, "u", "/imports/")
        press(page, "j", "Enter")
        page.wait_for_selector("#grid")
        press(page, "F8")
        page.wait_for_url("**/imports/invoice/*")
        wrong = page.url
        press(page, "F8")
        page.wait_for_function("(before) => location.href !== before", arg=wrong)


def test_6_the_claim_page_answers_its_keys(portal: FinnishPortal) -> None:
    with portal.window(permissions=["clipboard-read", "clipboard-write"]) as page:
        open_claim(page, portal, "V502")
        press(page, "t")
        assert page.evaluate("document.activeElement.className") == "journal"
        press(page, "y")
        page.wait_for_selector("#toasts :text('Copied')")
        press(page, "m")
        page.wait_for_url("**/payments/of-claim/*")


def test_7_submissions_are_opened_and_looked_up(portal: FinnishPortal) -> None:
    with portal.window() as page:
        go(page, portal, "s", "/submissions/")
        press(page, "j", "Enter")
        page.wait_for_url(re.compile(r"/submissions/[0-9a-f-]{36}$"))
        page.goto(f"{portal.address}/submissions/?state=held")
        press(page, "j", "Enter")
        page.wait_for_selector("#panel")
        page.goto(f"{portal.address}/submissions/")
        press(page, "l")
        page.wait_for_url("**/submissions/lines/")


def test_8_a_debtor_is_found_edited_and_invoiced(portal: FinnishPortal) -> None:
    with portal.window("clerk") as page:
        go(page, portal, "d", "/parties/debtors/")
        press(page, "/")
        page.keyboard.type("Satumaan")
        page.wait_for_selector("[role=option]")
        press(page, "ArrowDown", "Enter")
        page.wait_for_url(re.compile(r"/parties/debtors/[0-9a-f-]{36}$"))
        here = page.url
        press(page, "e")
        page.wait_for_url("**/edit")
        page.goto(here)
        press(page, "n")
        page.wait_for_url("**/invoices/new?debtor=*")


def test_9_the_most_urgent_payment_is_written_from_its_row(portal: FinnishPortal) -> None:
    with portal.window() as page:
        go(page, portal, "m", "/invoices/payments")
        assert focused(page) == "search-q"
        press(page, "Escape")
        press(page, "j", "Enter")
        page.wait_for_url("**/payments/of-claim/*")
        assert page.input_value("#id_amount")
        page.wait_for_selector("html[data-ready]", state="attached")
        page.locator("#id_amount").focus()
        press(page, "Control+Enter")
        page.wait_for_url(re.compile(r"/invoices/payment"))


def test_10_the_history_is_verified(portal: FinnishPortal) -> None:
    with portal.window("auditor") as page:
        go(page, portal, "h", "/history/")
        press(page, "v")
        page.wait_for_selector("#chain .flash--success")
        press(page, "j", "Enter")
        page.wait_for_url(DETAIL)
        assert text(page, "h1")
