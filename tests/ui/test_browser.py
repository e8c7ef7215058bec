"""The behaviors in a real browser: keys, grid, combobox, policy, accessibility, and sums that equal the server's."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from ropo_portal import money

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.ui.urls"), pytest.mark.django_db]
Window = Callable[..., Any]


@pytest.fixture(autouse=True)
def demo(settings: Any) -> None:
    settings.DEMO = True


@dataclass(frozen=True)
class Row:
    quantity: Decimal
    unit_price: Decimal
    vat_rate: Decimal
    discount: Decimal

    def typed(self, chance: random.Random) -> dict[str, str]:
        """Write the row as a clerk may: comma or point, grouped by spaces."""
        texts = {name: str(value) for name, value in vars(self).items()}
        whole, _point, part = texts["unit_price"].partition(".")
        if len(whole) > 3 and "-" not in whole and chance.random() < 0.5:
            whole = f"{whole[:-3]}\u00a0{whole[-3:]}"
        return {
            **texts,
            "unit_price": f"{whole}{chance.choice('.,')}{part}",
            "vat_rate": texts["vat_rate"].replace(".", ","),
        }


def _rows(chance: random.Random) -> list[Row]:
    return [
        Row(
            Decimal(chance.randrange(-5000, 50000)).scaleb(-chance.randrange(5)),
            Decimal(chance.randrange(-99999, 9999999)).scaleb(-2),
            chance.choice([Decimal("25.5"), Decimal(14), Decimal("13.5"), Decimal(10), Decimal(0)]),
            chance.choice([Decimal(0), Decimal(5), Decimal("12.5"), Decimal("33.33"), Decimal(100)]),
        )
        for _number in range(chance.randrange(1, 9))
    ]


SUMS = """async (samples) => {
  const { totals } = await import("/static/js/totals.js");
  const { plain } = await import("/static/js/decimal.js");
  return samples.map((rows) => {
    const found = totals(rows);
    return [plain(found.net), plain(found.vat), plain(found.total), found.nets.map(plain),
            found.groups.map((group) => [plain(group.rate), plain(group.vat)])];
  });
}"""


def test_sums_of_the_page_are_the_sums_of_the_server(window: Window) -> None:
    chance = random.Random(20261122)  # noqa: S311 (samples, not secrets)
    samples = [_rows(chance) for _number in range(400)]
    page = window("/ui/gallery")
    found = page.evaluate(SUMS, [[row.typed(chance) for row in rows] for rows in samples])
    for rows, (net, vat, total, nets, groups) in zip(samples, found, strict=True):
        expected = money.totals(rows)
        assert [Decimal(net), Decimal(vat), Decimal(total)] == [expected.net, expected.vat, expected.total]
        assert [Decimal(text) for text in nets] == [row.net for row in expected.rows]
        assert [(Decimal(r), Decimal(v)) for r, v in groups] == [
            (group.rate, group.vat) for group in expected.groups
        ]


def test_page_reads_no_number_that_the_server_refuses(window: Window) -> None:
    refused = [
        "1.234",
        "1,234",
        "1.234,56",
        "nan",
        "1e3",
        "0x10",
        "\uff11",
        "1 23x",
        "1 23",
        "1  234",
        "12 34,5",
    ]
    script = "async (texts) => { const { read } = await import('/static/js/decimal.js'); return texts.filter(read); }"
    for text in refused:
        with pytest.raises(money.NotAnAmount):
            money.parse_amount(text)
    assert window("/account/login/").evaluate(script, refused) == []


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_gallery_breaks_no_policy_and_shuts_nobody_out(window: Window, look: str, width: int) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = window("/ui/gallery", color_scheme=look)
    page.set_viewport_size({"width": width, "height": 900})
    assert page.problems == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = axe.Axe().run(page).response["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found] == []


@pytest.mark.parametrize("path", ["/account/login/", "/account/password/reset/"])
def test_door_breaks_no_policy_and_shuts_nobody_out(window: Window, path: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = window(path)
    assert page.problems == []
    assert axe.Axe().run(page).response["violations"] == []


def test_grid_by_keyboard(window: Window) -> None:
    page = window("/ui/gallery")
    rows = page.locator("[data-row]")
    page.locator("#id_rows-0-description").focus()
    page.keyboard.press("Control+d")
    assert rows.count() == 3
    assert page.input_value("#id_rows-1-description") == page.input_value("#id_rows-0-description")
    page.keyboard.press("Control+Backspace")
    assert rows.count() == 2
    page.keyboard.press("Alt+n")
    assert page.evaluate("document.activeElement.id") == "id_rows-2-description"
    assert page.input_value("[name=rows-TOTAL_FORMS]") == "3"
    page.keyboard.type("Koulutus")
    for _field in range(5):
        page.keyboard.press("Tab")
    page.keyboard.press("Tab")  # past the last choice, or onto a new row
    page.locator("#id_rows-2-unit_price").fill("100,00")
    assert page.text_content("[data-total=total]") == "1\u00a0638,37"
    page.locator("#id_rows-2-unit_price").fill("1.234,5")
    assert page.text_content("[data-total=total]") == "–"


def test_tab_in_the_last_cell_adds_a_row(window: Window) -> None:
    page = window("/ui/gallery")
    page.locator("#id_rows-1-vat_rate").focus()
    page.keyboard.press("Tab")
    assert page.locator("[data-row]").count() == 3
    assert page.evaluate("document.activeElement.id") == "id_rows-2-description"


def test_combobox_by_keyboard(window: Window) -> None:
    page = window("/ui/gallery")
    box = page.get_by_role("combobox", name="Debtor")
    box.press_sequentially("oy")
    page.wait_for_selector("[role=listbox]:not([hidden])")
    assert box.get_attribute("aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert box.input_value() == "Lahtinen Sähkö Oy"
    assert page.input_value("[name=debtor]") == "1"
    box.press_sequentially("x")
    assert page.input_value("[name=debtor]") == ""
    page.keyboard.press("Escape")
    assert box.get_attribute("aria-expanded") == "false"


def test_combobox_shows_markup_as_text(window: Window) -> None:
    page = window("/ui/gallery")
    answer = json.dumps({"options": [{"value": "1", "label": "<img src=x onerror=alert(1)>", "hint": "<b>"}]})
    page.route(
        "**/gallery/options*", lambda route: route.fulfill(body=answer, content_type="application/json")
    )
    page.get_by_role("combobox", name="Debtor").press_sequentially("oy")
    page.wait_for_selector("[role=option]")
    assert page.locator("[role=option] img").count() == 0


def test_shortcuts_are_quiet_while_typing_and_can_be_switched_off(window: Window) -> None:
    page = window("/ui/gallery")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search-q"
    page.keyboard.type("?")
    assert page.input_value("#search-q") == "?"
    assert not page.locator("#shortcuts").is_visible()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    assert page.locator("#shortcuts").is_visible()
    page.uncheck("[data-shortcuts-switch]")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert not page.locator("#shortcuts").is_visible()


def test_rows_are_walked(window: Window) -> None:
    page = window("/ui/gallery")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") == "20260139"
    page.keyboard.press("x")
    assert page.locator("[data-check]:checked").count() == 1
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.textContent") == "20260140"


def test_theme_changes_at_once_and_stays(window: Window) -> None:
    page = window("/account/login/")
    page.get_by_role("button", name="Dark").click()
    page.wait_for_function("document.documentElement.dataset.theme === 'dark'")


def test_control_enter_submits_and_the_errors_take_the_focus(window: Window) -> None:
    page = window("/ui/gallery")
    page.locator("#id_number").focus()
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("[data-errors-summary]")
    page.wait_for_function("document.activeElement.matches('[data-errors-summary]')")
    page.get_by_role("link", name="Debtor:").click()
    assert page.evaluate("document.activeElement.id") == "id_debtor"


def test_unsaved_work_is_guarded(window: Window) -> None:
    page = window("/ui/gallery")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.fill("#id_message", "not yet")
    assert page.locator("[data-dirty-words]").is_visible()
    page.evaluate("setTimeout(() => location.assign('/account/login/'))")
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]


def test_toast_of_a_piece_is_shown_and_dismissed(window: Window) -> None:
    page = window("/ui/gallery")
    page.evaluate(
        "import('/static/js/toasts.js').then(({ say }) => say(document.getElementById('toasts'), '<b>no</b>', 'error'))"
    )
    page.wait_for_selector("#toasts .flash--error")
    assert page.locator("#toasts b").count() == 0
    page.locator("#toasts [data-toast-close]").click()
    assert page.locator("#toasts .flash").count() == 0


def test_gallery_is_closed_where_people_work(client: Any, settings: Any) -> None:
    settings.DEMO = settings.DEBUG = False
    with translation.override("en"):
        assert client.get("/ui/gallery").status_code == 404
