"""The first day of a portal in which there is nothing: from the first sign-in to the first invoice at Ropo One, and one lesson."""

import contextlib
import json
import re
from urllib.request import urlopen

import pytest

from ropo_portal.demo.cast import PASSWORD
from tests.demonstration import chromium, demonstration, gather_problems
from tests.journeys.test_in_the_browser import choose_debtor, press, send, text, type_row, wait_for_state

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = [pytest.mark.browser, pytest.mark.process, pytest.mark.timeout(300)]
WAITS = 30_000
SUPPORT, SENDER = "support@demo.example", "sirkka@example.com"
FACTS = {
    "name": "Ensimmäinen Oy", "business_id": "0000011-5", "street": "Alkukatu 1", "postcode": "00100",
    "city": "Helsinki", "iban": "FI21 1234 5600 0007 85", "bic": "NDEAFIHH", "default_vat_rate": "25,5", "hold": "5 s",
}  # fmt: skip
DEBTOR = {
    "name": "Satumaan Saha Oy", "business_id": "0000013-1", "street": "Lastutie 14", "postcode": "33100",
    "city": "Tampere",
}  # fmt: skip


@contextlib.contextmanager
def window(browser, address, who, password, **options):
    """Open a window and sign in by the form."""
    context = browser.new_context(locale="en-GB", viewport={"width": 1440, "height": 900}, **options)
    context.set_default_timeout(WAITS)
    page = context.new_page()
    problems = gather_problems(page)
    page.goto(f"{address}/account/login/")
    page.fill("#id_login", who)
    page.fill("#id_password", password)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/(today|parties/creditors)/$"))
    yield page
    context.close()
    assert [one for one in problems if "status of 4" not in one] == []


def fill(page, values):
    for name, value in values.items():
        page.fill(f"#id_{name}", value)


def begin(page, address):
    """Support finds no creditor, writes the first one down, and gives a colleague her role."""
    assert page.url == f"{address}/parties/creditors/"
    press(page, "n")
    page.wait_for_url("**/creditors/new")
    fill(page, FACTS)
    press(page, "Control+Enter")
    page.wait_for_selector("h1:has-text('Ensimmäinen Oy')")
    page.goto(f"{address}/support/accounts/user/add/")
    fill(page, {"email": SENDER, "name": "Sirkka Sihteeri", "password1": PASSWORD, "password2": PASSWORD})
    page.click("[name=_save]")
    page.wait_for_url("**/change/")
    page.goto(f"{address}/today/")
    page.click(".begin a:has-text('role of a sender')")
    page.click(".field-user .select2-selection")
    page.keyboard.type("sirkka")
    page.wait_for_selector(".select2-results__option--highlighted:has-text('Sirkka')")
    page.keyboard.press("Enter")
    page.click("[name=_save]")
    page.wait_for_url("**/membership/")


def connect(page, address):
    """The credentials' page leads to Practice, where the stand-in opens an account; then the connection is tested."""
    page.goto(f"{address}/today/")
    page.click(".begin a:has-text('Enter the credentials')")
    page.click("a:has-text('To Practice')")
    page.click("button:has-text('Open an account')")
    page.wait_for_selector("text=Nothing: everything works.")
    page.goto(f"{address}/today/")
    page.click(".begin a:has-text('Test the connection')")
    page.click("button:has-text('Test')")
    page.wait_for_selector("text=Connection worked")


def first_invoice(page, address):
    """Each empty list leads one step on, until Ropo One has accepted an invoice."""
    page.goto(f"{address}/invoices/")
    page.click(".empty a:has-text('Write down the first debtor')")
    fill(page, DEBTOR)
    press(page, "Control+Enter")
    page.wait_for_selector("h1:has-text('Satumaan')")
    page.goto(f"{address}/submissions/")
    page.click(".empty a:has-text('Write the first invoice')")
    page.wait_for_selector("[data-row-add]:not([hidden])")
    page.wait_for_function("document.activeElement.id === 'id_debtor'")
    choose_debtor(page, "Satumaan")
    page.locator("#id_rows-0-description").focus()
    type_row(page, "Sahaus", "2", "h", "500")
    send(page)
    wait_for_state(page, "Accepted")
    number = re.search(r"\d+", text(page, "h1"))[0]  # type: ignore[index]
    page.goto(f"{address}/today/")
    assert page.locator(".begin").count() == 0
    return number


def lesson(page, address):
    """Without scripts: drafts are written, Ropo One is made to refuse, and the page tells what is right to do."""
    page.goto(f"{address}/practice/")
    page.click("button:has-text('Write practice invoices')")
    page.click("#refused button")
    page.wait_for_selector("#refused:has-text('The right thing to do')")
    assert "on, once" in text(page, "#refused")
    page.click("text=Drafts to send")
    page.click("td.is-key a >> nth=0")
    page.click("a[href$='/send']")
    for box in page.locator("[name=confirmed]").all():
        box.check()
    page.click("main form button.button--primary")
    page.wait_for_url(re.compile(r"/invoices/[0-9a-f-]{36}$"))
    for _ in range(60):
        if "Rejected" in text(page, "main"):
            break
        page.wait_for_timeout(500)
        page.reload()
    page.goto(f"{address}/practice/")
    page.click("#refused a:has-text('It happened to')")
    page.wait_for_url("**/submissions/*")


def test_from_nothing_to_the_first_invoice_at_ropo_one():
    with demonstration(empty=True) as (address, sandbox), chromium() as browser:
        with window(browser, address, SUPPORT, PASSWORD) as page:
            begin(page, address)
            connect(page, address)
        with window(browser, address, SENDER, PASSWORD) as page:
            number = first_invoice(page, address)
        with urlopen(f"{sandbox}/control/ledger", timeout=10) as answer:  # noqa: S310 (our own sandbox)
            jobs = json.load(answer)["jobs"]
        assert [(job["cid"], job["billnum"]) for job in jobs] == [("8000001", number)]
        with window(browser, address, SENDER, PASSWORD, java_script_enabled=False) as page:
            lesson(page, address)
