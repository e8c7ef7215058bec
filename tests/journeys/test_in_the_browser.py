"""A clerk's day in a real Chromium against a whole demonstration: web, worker, sandbox and nothing pretended."""

import contextlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.request import urlopen

import pytest

from tests.demonstration import chromium, demonstration, gather_problems, sign_in

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = [pytest.mark.browser, pytest.mark.process, pytest.mark.timeout(300)]
# In the demonstration only the Norwegian creditor's documents wait long enough to be taken back.
CREDITOR, DEBTOR = "Oppdiktet Energi AS", "Fantasi Frukt AS"
WAITS = 20_000
NO_BREAK = "\u00a0"


@dataclass
class Portal:
    """The demonstration, and who is signed in where."""

    browser: Any
    address: str
    sandbox: str
    kept: dict[str, Any]

    @contextlib.contextmanager
    def window(self, who: str = "sender", **options: Any) -> Iterator[Any]:
        """Open a window of somebody who has signed in and works for the Norwegian creditor."""
        if who not in self.kept:
            context = self.browser.new_context(locale="en-GB")
            page = context.new_page()
            sign_in(page, self.address, who)
            self.choose(page)
            self.kept[who] = context.storage_state()
            context.close()
        options = {"viewport": {"width": 1440, "height": 900}, "locale": "en-GB"} | options
        context = self.browser.new_context(storage_state=self.kept[who], **options)
        context.set_default_timeout(WAITS)
        page = context.new_page()
        problems = gather_problems(page)
        yield page
        context.close()
        # The browser itself complains about every refused form.
        assert [one for one in problems if "status of 4" not in one] == []

    @staticmethod
    def choose(page: Any) -> None:
        page.locator(".chooser summary").click()
        page.get_by_role("button", name=CREDITOR).click()
        page.wait_for_load_state()

    def registered(self, number: str, cid: str = "3099001") -> int:
        """Count the letters of that creditor and number in the stand-in's ledger."""
        with urlopen(f"{self.sandbox}/control/ledger", timeout=10) as answer:  # noqa: S310 (our own sandbox)
            jobs = json.load(answer)["jobs"]
        return sum((job["cid"], job["billnum"]) == (cid, number) for job in jobs)


@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    with demonstration() as (address, sandbox), chromium() as browser:
        yield Portal(browser, address, sandbox, {})


def press(page: Any, *keys: str) -> None:
    page.wait_for_selector("html[data-ready]", state="attached")  # the page loads its keys after itself
    for key in keys:
        page.keyboard.press(key)


def focused(page: Any) -> str:
    return str(page.evaluate("document.activeElement.id"))


def text(page: Any, selector: str) -> str:
    return str(page.text_content(selector) or "").strip()


def choose_debtor(page: Any, letters: str = DEBTOR[:12]) -> None:
    """Type the letters of a debtor into the focused field, and take the first."""
    page.keyboard.type(letters)
    page.wait_for_selector("[role=option]")
    press(page, "ArrowDown") if page.locator("[role=option][aria-selected=true]").count() == 0 else None
    press(page, "Enter")
    page.wait_for_function("document.querySelector('[name=debtor]').value")


def type_row(page: Any, *values: str) -> None:
    """Fill the row that has the focus: description, quantity, unit, price."""
    for place, value in enumerate(values):
        if place == 1:
            press(page, "Tab")  # over "More"
        if place:
            press(page, "Tab")
        page.keyboard.type(value)


def write(page: Any, address: str, description: str = "Feiing") -> None:
    """Fill a new invoice up to its first row."""
    page.goto(f"{address}/invoices/new")
    page.wait_for_selector("[data-row-add]:not([hidden])")
    page.wait_for_function("document.activeElement.id === 'id_debtor'")
    choose_debtor(page)
    page.locator("#id_rows-0-description").focus()
    type_row(page, description, "2", "h", "500")


def number_of(page: Any) -> str:
    return re.search(r"\d+", text(page, "h1"))[0]  # type: ignore[index]


def send(page: Any) -> None:
    """Go on from the form to the question, answer yes, and look at the invoice."""
    press(page, "Control+Enter")
    say_yes(page)


def say_yes(page: Any) -> None:
    """Answer the question, with every doubt it has, and look at the invoice."""
    page.wait_for_url("**/send")
    for box in page.locator("[name=confirmed]").all():
        box.check()
    press(page, "Control+Enter")
    page.wait_for_url(re.compile(r"/invoices/[0-9a-f-]{36}$"))


def wait_for_state(page: Any, state: str) -> None:
    page.wait_for_selector(f"#fate .badge:has-text('{state}')")


def test_the_whole_way_by_keyboard_alone(portal: Portal) -> None:
    with portal.window() as page:
        page.goto(f"{portal.address}/submissions/")
        page.wait_for_load_state("networkidle")
        press(page, "g", "i")
        page.wait_for_url("**/invoices/")
        page.wait_for_load_state("networkidle")
        press(page, "n")
        page.wait_for_url("**/invoices/new")
        page.wait_for_selector("[data-row-add]:not([hidden])")
        assert focused(page) == "id_debtor"
        choose_debtor(page, DEBTOR[:3])
        while focused(page) != "id_rows-0-description":
            press(page, "Tab")
        type_row(page, "Strøm", "1224", "kWh", "0,5")
        while page.locator("[data-row]").count() == 1:  # the last cell of the last row makes another one
            press(page, "Tab")
        assert focused(page) == "id_rows-1-description"
        type_row(page, "Fastledd", "1", "mnd", "1000")
        press(page, "Control+d")
        assert page.locator("[data-row]").count() == 3
        assert page.input_value("#id_rows-2-description") == "Fastledd"
        press(page, "Control+Backspace")
        assert page.locator("[data-row]").count() == 2
        assert page.input_value("[name=rows-TOTAL_FORMS]") == "2"
        live = text(page, "[data-total=total]")
        assert live == f"2{NO_BREAK}015.00"
        page.wait_for_selector("#preview img:not([hidden])")
        send(page)
        assert live in text(page, "main")
        wait_for_state(page, "Queued")
        page.wait_for_function(
            r"/\d:\d\d/.test(document.querySelector('[data-countdown-clock]').textContent)"
        )
        number = number_of(page)
        press(page, "z")
        wait_for_state(page, "Draft")
        assert portal.registered(number) == 0
        press(page, "s")
        say_yes(page)
        wait_for_state(page, "Queued")
        page.evaluate("window.untouched = true")
        page.get_by_role("button", name="Send now").focus()
        press(page, "Enter")
        page.wait_for_selector("#fate:not(.tone-queued)")
        page.evaluate("window.untouched = true")
        wait_for_state(page, "Accepted")
        assert page.evaluate("window.untouched"), "it should appear without loading the page again"
        assert portal.registered(number) == 1


def test_signing_in_by_keyboard(portal: Portal) -> None:
    context = portal.browser.new_context()
    sign_in(context.new_page(), portal.address, "clerk")
    context.close()


def test_mending_a_refused_invoice_where_it_is_wrong(portal: Portal) -> None:
    with portal.window("second.sender") as page:
        page.goto(f"{portal.address}/invoices/")
        page.locator(".chooser summary").click()
        page.get_by_role("button", name="Keksitty Energia Oy").click()
        page.goto(f"{portal.address}/invoices/?state=rejected")
        page.locator("td.is-key a").first.click()
        page.wait_for_load_state("networkidle")
        number = number_of(page)
        press(page, "e")
        page.wait_for_url("**/edit")
        page.wait_for_selector("[data-row-add]:not([hidden])")
        assert "osoite" in text(page, "main")
        assert page.evaluate("document.activeElement.textContent.trim()") == "Mend the debtor's address"
        press(page, "Enter")
        page.wait_for_url("**/debtors/**")
        assert focused(page) == "id_street"
        page.go_back()
        page.wait_for_selector("[data-row-add]:not([hidden])")
        page.locator("#id_debtor").focus()
        press(page, "Control+a")
        choose_debtor(page, "Satumaan")
        send(page)
        wait_for_state(page, "Accepted")
        page.reload()
        assert page.locator("#chain tbody tr").count() == 2
        assert portal.registered(number, cid="1099001") == 1


def test_a_new_debtor_from_inside_the_form(portal: Portal) -> None:
    with portal.window() as page:
        write(page, portal.address, "Noe som ikke skal bli borte")
        box = page.locator("#id_debtor")
        box.fill("")
        box.press_sequentially("Nattåpen Kiosk")
        page.wait_for_selector("[role=option].is-create")
        press(page, "ArrowUp") if not page.locator(
            "[role=option].is-create[aria-selected=true]"
        ).count() else None
        press(page, "Enter")
        dialog = page.locator("#debtor_create[open]")
        dialog.locator("[name=name]").wait_for()
        assert dialog.locator("[name=name]").input_value() == "Nattåpen Kiosk"
        dialog.get_by_role("button", name="Save debtor").click()
        dialog.locator(".field__errors").first.wait_for()  # nothing is lost when something is missing
        dialog.locator("[name=kind]").last.check()
        dialog.locator("[name=country]").select_option("SE")
        assert "(personnummer)" in text(page, "label[for=id_national_id]")
        dialog.locator("[name=country]").select_option("NO")
        for name, value in {"street": "Testveien 1", "postcode": "0150", "city": "Oslo"}.items():
            dialog.locator(f"[name={name}]").fill(value)
        dialog.get_by_role("button", name="Save debtor").click()
        page.wait_for_selector("#debtor_create:not([open])", state="attached")
        assert box.input_value() == "Nattåpen Kiosk"
        assert page.input_value("#id_rows-0-description") == "Noe som ikke skal bli borte"
        page.wait_for_selector("#debtor_card:has-text('Testveien 1')")
        press(page, "Control+s")
        page.wait_for_url("**/edit")
        assert page.input_value("#id_debtor") == "Nattåpen Kiosk"


def test_the_help_and_the_switch_of_the_shortcuts(portal: Portal) -> None:
    with portal.window("clerk") as page:
        page.goto(f"{portal.address}/invoices/")
        page.wait_for_load_state("networkidle")
        press(page, "?")
        page.wait_for_selector("#shortcuts[open]")
        page.locator("#shortcuts-on").uncheck()
        press(page, "Escape")
        press(page, "n")
        press(page, "?")
        page.wait_for_timeout(300)
        assert page.url.endswith("/invoices/")
        assert page.locator("#shortcuts[open]").count() == 0
        page.reload()
        page.wait_for_load_state("networkidle")
        press(page, "n")
        page.wait_for_timeout(300)
        assert page.url.endswith("/invoices/")


def test_two_windows_on_one_invoice(portal: Portal) -> None:
    with portal.window() as one, portal.window("clerk") as other:
        write(one, portal.address)
        press(one, "Control+s")
        one.wait_for_url("**/edit")
        other.goto(one.url)
        one.locator("#id_our_reference").fill("the first")
        press(one, "Control+s")
        one.wait_for_selector(".flash--success")
        other.locator("#id_our_reference").fill("the second")
        other.wait_for_selector("[data-row-add]:not([hidden])")
        press(other, "Control+s")
        other.wait_for_selector("#stale")
        assert "the first" in text(other, "#stale")
        assert "Saana" in text(other, "#stale")
        assert other.input_value("#id_our_reference") == "the second"
        other.locator("#id_our_reference").focus()
        other.wait_for_selector("[data-row-add]:not([hidden])")
        press(other, "Control+s")
        other.wait_for_selector(".flash--success")
        one.reload()
        assert one.input_value("#id_our_reference") == "the second"


def test_going_back_after_sending(portal: Portal) -> None:
    with portal.window() as page:
        write(page, portal.address)
        send(page)
        number, here = number_of(page), page.url
        page.go_back()
        page.wait_for_url("**/send")
        for box in page.locator("[name=confirmed]").all():
            box.check()
        page.locator("[data-submit-key] button.button--primary").click()
        page.wait_for_url(here)
        assert "already been sent" in text(page, "#toasts")
        page.get_by_role("button", name="Send now").click()
        wait_for_state(page, "Accepted")
        assert portal.registered(number) == 1


def test_without_any_script(portal: Portal) -> None:
    with portal.window(java_script_enabled=False) as page:
        page.goto(f"{portal.address}/parties/debtors/")
        page.get_by_role("link", name=DEBTOR).click()
        page.locator("a[href*='/invoices/new']").click()
        page.locator("#id_rows-0-description").fill("Uten skript")
        page.locator("#id_rows-0-unit_price").fill("1 500,00")
        page.get_by_role("button", name="Save draft").last.click()
        assert page.url.endswith("/edit")
        assert page.input_value("#id_rows-0-description") == "Uten skript"
        page.locator("button[name=then][value=send]").click()
        assert page.url.endswith("/send")
        for box in page.locator("[name=confirmed]").all():
            box.check()
        page.locator("main form button.button--primary").click()
        number = number_of(page)
        page.get_by_role("button", name="Send now").click()
        for _try in range(20):
            page.reload()
            if "Accepted" in text(page, "#fate"):
                break
            page.wait_for_timeout(500)
        assert "Accepted" in text(page, "#fate")
        assert portal.registered(number) == 1


PAINTED = "getComputedStyle(document.body).backgroundColor"


def test_dark_from_the_first_paint(portal: Portal) -> None:
    """The script is held back: what is painted before it arrives is dark already, by the system's wish or by choice."""
    with portal.window(java_script_enabled=False, color_scheme="light") as page:
        page.goto(f"{portal.address}/invoices/")
        light = page.evaluate(PAINTED)
    with portal.window(java_script_enabled=False, color_scheme="dark") as page:
        page.goto(f"{portal.address}/invoices/")
        dark = page.evaluate(PAINTED)
    with portal.window(java_script_enabled=False, color_scheme="light") as page:
        page.goto(f"{portal.address}/invoices/")
        page.locator("details:has([name=theme]) > summary").click()
        page.locator("[name=theme][value=dark]").click()
        page.wait_for_load_state()
        chosen = page.evaluate(PAINTED)
    assert light != dark
    assert chosen == dark


def test_the_same_way_by_touch_on_a_phone(portal: Portal) -> None:
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    with portal.window(**phone) as page:
        page.goto(f"{portal.address}/invoices/")
        page.get_by_role("link", name="New invoice").tap()
        page.wait_for_selector("[data-row-add]:not([hidden])")
        page.locator("#id_debtor").press_sequentially(DEBTOR[:12])
        page.locator("[role=option]").first.tap()
        page.wait_for_function("document.querySelector('[name=debtor]').value")
        page.locator("#id_rows-0-description").fill("Fra telefonen")
        page.locator("#id_rows-0-unit_price").fill("250")
        page.locator("[data-row-add]").tap()
        page.locator("#id_rows-1-description").fill("Feil rad")
        page.locator("[data-row-delete]").last.tap()
        assert page.locator("[data-row]").count() == 1
        page.locator("button[name=then][value=send]").tap()
        page.wait_for_url("**/send")
        for box in page.locator("[name=confirmed]").all():
            box.tap()
        page.locator("[data-submit-key] button.button--primary").tap()
        wait_for_state(page, "Queued")
        page.get_by_role("button", name="Take back").tap()
        wait_for_state(page, "Draft")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
