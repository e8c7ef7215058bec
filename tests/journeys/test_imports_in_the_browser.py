"""A file followed by the keyboard in a real Chromium: chosen, looked at, mended, created."""

import re
from pathlib import Path

import pytest

from tests.demonstration import chromium, demonstration
from tests.imports.conftest import line, written
from tests.journeys.test_claims_in_the_browser import FinnishPortal
from tests.journeys.test_in_the_browser import focused, press, text

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = [pytest.mark.browser, pytest.mark.process, pytest.mark.timeout(300)]
WORKER = 30_000


def ready(page):
    page.wait_for_selector("html[data-ready]", state="attached")


def test_a_file_by_the_keyboard_alone(tmp_path):
    rows = [line(invoice_number=f"TUO-900{number}", debtor_number="") for number in (1, 2, 3)]
    rows[1]["row_price"], rows[2]["row_description"] = "sata", ""
    file = Path(tmp_path) / "marraskuu.csv"
    file.write_bytes(written(rows))
    with demonstration() as (address, sandbox), chromium() as browser:
        portal = FinnishPortal(browser, address, sandbox, {})
        with portal.window() as page:
            bring(page, address, str(file))
            mend(page)
            create(page)
        without_scripts(portal, browser, str(file))


def bring(page, address, file):
    """Choose the file, agree to the columns, and wait for the worker."""
    page.goto(f"{address}/imports/")
    with page.expect_file_chooser() as chooser:
        press(page, "Control+o")
    chooser.value.set_files(file)
    assert focused(page) == "id_file"
    press(page, "Tab", "Enter")
    page.wait_for_url("**/columns")
    press(page, "Control+Enter")
    page.wait_for_selector("#grid", timeout=WORKER)
    counters = re.findall(r"\d+", text(page, ".counters"))
    assert counters == ["1", "0", "2", "0"]


def mend(page):
    """The cursor stands in the wrong cell, its text is marked, Enter goes on to the next one."""
    press(page, "F8")
    page.wait_for_url("**/imports/invoice/*")
    ready(page)
    assert focused(page) == "cell-3-row_price"
    press(page, "F8")
    page.wait_for_selector("h1:has-text('TUO-9003')")
    press(page, "F8")
    page.wait_for_selector("h1:has-text('TUO-9002')")
    ready(page)
    page.keyboard.type("100,00")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('TUO-9003')")
    ready(page)
    assert focused(page) == "cell-4-row_description"
    page.keyboard.type("Huolto")
    page.keyboard.press("Enter")
    page.wait_for_selector("#create")


def create(page):
    press(page, "Control+Enter")
    page.wait_for_selector("td.is-key a[href*='/invoices/']", timeout=WORKER)
    assert re.findall(r"\d+", text(page, ".counters")) == ["3", "0", "0", "3"]


def without_scripts(portal, browser, file):
    """The same bytes again: recognized, everything there already, and every step works as a plain form."""
    with portal.window(java_script_enabled=False) as page:
        page.goto(f"{portal.address}/imports/")
        page.set_input_files("#id_file", file)
        page.get_by_role("button", name="Look at the columns").click()
        assert "The very same file was imported" in text(page, "main")
        page.get_by_role("button", name="Read the whole file").click()
        for _try in range(60):
            page.wait_for_timeout(500)
            if page.locator("#grid").count():
                break
            page.get_by_role("link", name="Look again").click()
            page.wait_for_load_state()
        assert re.findall(r"\d+", text(page, ".counters")) == ["0", "3", "0", "0"]
        page.get_by_role("button", name="Withdraw it").first.click()
        assert "Withdrawn" in text(page, "h1")
