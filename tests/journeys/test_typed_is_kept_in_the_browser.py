"""What a clerk typed and did not save comes back after her session ended, in a real Chromium; and to nobody else."""

from collections.abc import Iterator
from typing import Any

import pytest

from ropo_portal.demo.cast import PASSWORD
from tests.demonstration import chromium, demonstration
from tests.journeys.test_in_the_browser import CREDITOR, DEBTOR, Portal, press, text, write

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = [pytest.mark.browser, pytest.mark.process, pytest.mark.timeout(300)]
OFFER = "[data-kept-offer]:visible"
SECOND = "#id_rows-1-description"
KEPT = (
    "Object.entries(localStorage).filter(([key]) => key.startsWith('kept:'))"
    ".flatMap(([, text]) => Object.keys(JSON.parse(text))).length"
)


@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    with demonstration() as (address, sandbox), chromium() as browser:
        yield Portal(browser, address, sandbox, {})


def type_two_rows(page: Any, portal: Portal) -> None:
    """Write an invoice with a second row, and wait until the browser has kept it."""
    write(page, portal.address)
    page.fill("#id_rows-0-unit_price", "120")
    page.get_by_role("button", name="Add row").click()
    page.fill(SECOND, "Andre")
    page.fill("#id_rows-1-unit_price", "30")
    page.fill("[name=free_text]", "131052-308T")
    page.wait_for_function("() => JSON.stringify(localStorage).includes('Andre')")


def sign_in_again(page: Any, who: str = "sender") -> None:
    page.fill("#id_login", f"{who}@demo.example")
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    page.wait_for_load_state()


def open_new(page: Any, portal: Portal) -> None:
    page.goto(f"{portal.address}/invoices/new")
    page.wait_for_selector("html[data-ready]", state="attached")


def test_what_was_typed_outlives_the_session(portal: Portal) -> None:
    with portal.window() as page:
        type_two_rows(page, portal)
        page.context.clear_cookies(name="ropo_session")
        press(page, "Control+s")
        page.wait_for_url("**/account/login/**")
        assert "308T" not in page.evaluate("JSON.stringify(localStorage)")
        sign_in_again(page)
        page.wait_for_url("**/invoices/new")
        page.wait_for_selector(OFFER)
        assert f"for {CREDITOR} · Sandbox was not saved" in text(page, OFFER)
        portal.choose(page)
        page.wait_for_selector("[data-kept-back]:visible")
        page.get_by_role("button", name="Bring it back").click()
        page.wait_for_function(f"() => document.querySelector('{SECOND}')?.value === 'Andre'")
        shown = [
            page.input_value(name) for name in ("#id_debtor", "#id_rows-0-description", "[name=free_text]")
        ]
        assert shown == [DEBTOR, "Feiing", ""]
        assert page.input_value("[name=debtor]")
        assert page.locator(OFFER).count() == 0
        page.wait_for_selector("#debtor_card:has-text('·')")
        press(page, "Control+s")
        page.wait_for_url("**/edit")
        assert (page.input_value(SECOND), page.evaluate(KEPT)) == ("Andre", 0)
        open_new(page, portal)
        assert page.locator(OFFER).count() == 0


def test_a_refused_form_keeps_all_that_was_typed(portal: Portal) -> None:
    with portal.window() as page:
        type_two_rows(page, portal)
        page.fill("[name=due_date]", "1.1.1990")
        press(page, "Control+s")
        page.wait_for_selector("[data-errors-summary]")
        assert (page.locator(OFFER).count(), page.input_value(SECOND)) == (0, "Andre")
        page.fill("[name=our_reference]", "Kari")
        page.wait_for_function("() => JSON.stringify(localStorage).includes('Kari')")
        page.once("dialog", lambda dialog: dialog.accept())
        open_new(page, portal)
        page.get_by_role("button", name="Bring it back").click()
        page.wait_for_function(f"() => document.querySelector('{SECOND}')?.value === 'Andre'")
        assert page.input_value("[name=our_reference]") == "Kari"
        page.once("dialog", lambda dialog: dialog.accept())


def test_it_is_forgotten_when_she_says_so_or_signs_out_and_is_nobody_elses(portal: Portal) -> None:
    with portal.window("second.sender") as page:
        type_two_rows(page, portal)
        page.on("dialog", lambda dialog: dialog.accept())
        page.context.clear_cookies(name="ropo_session")
        page.goto(f"{portal.address}/account/login/?next=/invoices/new")
        sign_in_again(page, "clerk")
        page.wait_for_url("**/invoices/new")
        page.wait_for_selector("html[data-ready]", state="attached")
        assert (page.locator(OFFER).count(), page.evaluate(KEPT)) == (0, 1)
        page.context.clear_cookies(name="ropo_session")
        page.goto(f"{portal.address}/account/login/?next=/invoices/new")
        sign_in_again(page, "second.sender")
        page.wait_for_selector(OFFER)
        portal.choose(page)
        page.wait_for_selector("[data-kept-back]:visible")
        page.get_by_role("button", name="Forget it").click()
        assert (page.locator(OFFER).count(), page.evaluate(KEPT)) == (0, 0)
        page.fill("[name=our_reference]", "Kari")
        page.wait_for_function(f"() => {KEPT} === 1")
        page.locator(".user-menu summary").click()
        page.get_by_role("button", name="Sign out").click()
        page.wait_for_url("**/account/login/**")
        assert page.evaluate(KEPT) == 0
