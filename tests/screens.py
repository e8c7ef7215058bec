"""`python -m tests.screens [BASE_URL]`: look at every screen in a real browser: pictures, axe, policy, weight, width."""

import contextlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.sync_playwright import Axe

from tests.demonstration import ROOT, chromium, demonstration, gather_problems, sign_in

PICTURES = ROOT / "docs" / "screens"
MORE = ROOT / "var" / "screens"  # looked at here, and not kept with the source
WIDTHS, LOOKS = (1440, 390), ("light", "dark")
MOST_REQUESTS, MOST_COLD, MOST_WARM = 8, 90_000, 15_000
PAPER = ("image/png", "application/pdf")  # drafts of letters: reported, not counted
NOWHERE = "/invoices/00000000-0000-7000-8000-000000000000"


@dataclass(frozen=True)
class Screen:
    """A page: who looks at it, where its way begins, and which links lead on to it."""

    name: str
    path: str
    who: str = "sender"
    links: tuple[str, ...] = ()
    typed: str = ""  # into the search of every page


ROW = "td.is-key a"
SCREENS = (
    Screen("sign-in", "/account/login/", who=""),
    Screen("today", "/today/"),
    Screen("dashboard", "/today/dashboard?all=1"),
    Screen("money", "/today/items"),
    Screen("invoices", "/invoices/"),
    Screen("invoice-new", "/invoices/new"),
    Screen("invoice-edit", "/invoices/?state=draft", links=(ROW, "a[href$='/edit']")),
    Screen("invoice-mend", "/invoices/?state=rejected", links=(ROW, "a[href$='/edit']")),
    Screen("invoice-send", "/invoices/?state=draft", links=(ROW, "a[href$='/send']")),
    *(
        Screen(f"invoice-{state}", f"/invoices/?state={state}", links=(ROW,))
        for state in ("draft", "queued", "accepted", "rejected", "held")
    ),
    Screen("batches", "/invoices/batches"),
    Screen("batch", "/invoices/batches", links=(ROW,)),
    Screen("approvals", "/collection/approvals", who="approver"),
    Screen("approval", "/collection/approvals", who="approver", links=("td.is-key a[href*='/invoices/']",)),
    Screen("imports", "/imports/", who="clerk"),
    Screen("import", "/imports/", who="clerk", links=(ROW,)),
    Screen("import-columns", "/imports/", who="clerk", links=(ROW, "a[href$='/columns']")),
    Screen("import-mend", "/imports/", who="clerk", links=(ROW, "a[href$='/next-error']")),
    Screen("search", "/rules/", typed="Satu"),
    Screen("submissions", "/submissions/"),
    Screen("submission-held", "/submissions/?state=held", links=(ROW,)),
    Screen("submission-accepted", "/submissions/?state=accepted", links=(ROW,)),
    Screen("lines", "/submissions/lines/"),
    Screen("claims", "/collection/"),
    *(
        Screen(f"claim-{name}", f"/collection/?q={number}", links=(ROW,))
        for name, number in (("paid", "V501"), ("collected", "V502"), ("race", "V503"), ("proposed", "V505"))
    ),
    Screen("claim-foreign", "/collection/new"),
    Screen("reminder-form", "/collection/?q=V507", links=(ROW, "a[href*='/collection/reminder/']")),
    Screen("case-form", "/collection/?q=V505", links=(ROW, "a[href*='/collection/case/']")),
    Screen("case-approve", "/collection/?q=V505", who="approver", links=(ROW, "a[href$='/approve']")),
    Screen("payments", "/invoices/payments"),
    Screen("payment-new", "/collection/?q=V502", links=(ROW, "a[href*='/payments/of-claim/']")),
    Screen("credit-new", "/invoices/?state=accepted", links=(ROW, "a[href*='/credit-notes/of-invoice/']")),
    Screen("rules", "/rules/"),
    Screen("rule", "/rules/", links=(ROW,)),
    Screen("webhook", "/parties/creditors/", who="administrator", links=(ROW, "a[href$='/events']")),
    Screen("debtors", "/parties/debtors/"),
    Screen("debtor", "/parties/debtors/", links=(ROW,)),
    Screen("debtor-new", "/parties/debtors/new"),
    Screen("debtor-edit", "/parties/debtors/", links=(ROW, "a[href$='/edit']")),
    Screen("flag", "/parties/debtors/", links=(ROW, "a[href$='/flag']")),
    Screen("merge", "/parties/debtors/", links=(ROW, "a[href$='/merge']")),
    Screen("promise", "/collection/?q=V502", links=(ROW, "a[href*='/promise']")),
    Screen("notices", "/today/notices"),
    Screen("creditors", "/parties/creditors/", who="administrator"),
    Screen("creditor", "/parties/creditors/", who="administrator", links=(ROW,)),
    Screen(
        "creditor-edit",
        "/parties/creditors/",
        who="administrator",
        links=(ROW, "a[href$='/edit']"),
    ),
    Screen(
        "credentials",
        "/parties/creditors/",
        who="administrator",
        links=(ROW, "a[href$='/credentials']"),
    ),
    Screen("history", "/history/", who="auditor"),
    Screen("history-entry", "/history/", who="auditor", links=(ROW,)),
    Screen("practice", "/practice/", who="clerk"),
    Screen("debtors-none", "/parties/debtors/?q=nobody-of-this-name"),
    Screen("not-found", NOWHERE),
    Screen("forbidden", "/invoices/new", who="auditor"),
)
# Large files are kept few: these go with the source, the others stay on the machine that looked.
WIDE = (
    "today",
    "dashboard",
    "invoices",
    "invoice-edit",
    "claim-collected",
    "batch",
    "approvals",
    "import",
    "search",
)
KEPT = {
    *((name, "light", 1440) for name in WIDE),
    *((name, "dark", 1440) for name in ("today", "invoices", "claim-collected")),
    *((name, "light", 390) for name in ("today", "invoices", "invoice-edit", "claim-collected")),
}


@dataclass
class Load:
    """What came over the wire for one visit."""

    requests: int = 0
    size: int = 0
    paper: int = 0
    ready: int = 0
    kinds: dict[str, str] = field(default_factory=dict)


@dataclass
class Seen:
    """What was found on one screen."""

    screen: Screen
    cold: Load
    warm: Load
    axe: list[str] = field(default_factory=list)
    policy: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)
    wide: list[str] = field(default_factory=list)

    def breaches(self) -> list[str]:
        """Say in words what is not as it should be."""
        found = [f"axe: {one}" for one in self.axe] + [f"policy: {one}" for one in self.policy]
        found += [f"console: {one}" for one in self.console] + [f"too wide: {one}" for one in self.wide]
        if self.cold.requests > MOST_REQUESTS:
            found.append(f"{self.cold.requests} requests, {MOST_REQUESTS} are allowed")
        for load, most in ((self.cold, MOST_COLD), (self.warm, MOST_WARM)):
            if load.size > most:
                found.append(f"{load.size} bytes, {most} are allowed")
        return found


class Meter:
    """Counts what a page loads, by the browser's own protocol."""

    def __init__(self, page: Any) -> None:
        self.load = Load()
        self.kinds: dict[str, str] = {}
        self.urls: dict[str, str] = {}
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.on("Network.requestWillBeSent", self._asked)
        wire.on("Network.responseReceived", self._answered)
        wire.on("Network.loadingFinished", self._finished)

    def start(self) -> Load:
        """Count anew."""
        self.load = Load()
        return self.load

    def _asked(self, event: dict[str, Any]) -> None:
        self.urls[event["requestId"]] = event["request"]["url"]

    def _answered(self, event: dict[str, Any]) -> None:
        answer = event["response"]
        is_cached = answer.get("fromDiskCache") or answer.get("fromPrefetchCache")
        self.kinds[event["requestId"]] = "cached" if is_cached else answer["mimeType"]

    def _finished(self, event: dict[str, Any]) -> None:
        kind = self.kinds.get(event["requestId"], "cached")
        url = self.urls.get(event["requestId"], "data:")
        if kind == "cached" or url.startswith("data:"):
            return
        size = int(event["encodedDataLength"])
        if kind in PAPER:
            self.load.paper += size
            return
        self.load.requests += 1
        self.load.size += size
        self.load.kinds[url.partition("//")[2].partition("/")[2]] = f"{kind} {size}"


class Gallery:
    """All screens of one portal, seen by people of several roles."""

    def __init__(self, browser: Any, address: str) -> None:
        self.browser, self.address = browser, address
        self.cookies: dict[str, Any] = {"": None}

    def visit(self, screen: Screen) -> Seen:
        """Load the page cold and warm, then look at it in both lights and both widths."""
        url = self._url(screen)
        with self._page(screen.who) as page:
            problems, meter = gather_problems(page), Meter(page)
            cold = self._load(page, meter, url)
            page.goto("about:blank")
            seen = Seen(screen, cold, self._load(page, meter, url))
            if screen.typed:
                self._search(page, screen.typed)
            for width in WIDTHS:
                for look in LOOKS:
                    self._look(page, seen, look, width)
        refusal = screen.name in {"not-found", "forbidden"}  # the browser itself complains about those
        told = [one for one in problems if not (refusal and "status of 40" in one)]
        seen.policy = [one for one in told if "Content Security Policy" in one]
        seen.console = [one for one in told if one not in seen.policy]
        return seen

    def _load(self, page: Any, meter: Meter, url: str) -> Load:
        load = meter.start()
        page.goto(url)
        page.wait_for_load_state("networkidle")
        timing = "Math.round(performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd)"
        load.ready = page.evaluate(timing)
        meter.start()  # what is asked for from now on is not part of the visit
        return load

    @staticmethod
    def _search(page: Any, typed: str) -> None:
        page.wait_for_selector("html[data-ready]", state="attached")
        page.keyboard.press("/")
        page.keyboard.type(typed)
        page.wait_for_selector("[role=option]")

    def _look(self, page: Any, seen: Seen, look: str, width: int) -> None:
        page.emulate_media(color_scheme=look, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(400)  # colors of a busy machine arrive late
        name = f"{seen.screen.name}-{look}-{width}"
        kept = (seen.screen.name, look, width) in KEPT
        file = (PICTURES if kept else MORE) / f"{name}.png"
        page.screenshot(path=file, full_page=not kept)
        if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            seen.wide.append(name)
        for one in Axe().run(page).response["violations"]:
            seen.axe += [f"{one['id']} {node['target']} ({look}, {width})" for node in one["nodes"]]

    def _url(self, screen: Screen) -> str:
        with self._page(screen.who) as page:
            page.goto(self.address + screen.path)
            if screen.links and not page.locator(screen.links[0]).count():
                self._elsewhere(page, screen)
            for link in screen.links:
                page.goto(self.address + page.locator(link).first.get_attribute("href", timeout=5000))
            return str(page.url)

    def _elsewhere(self, page: Any, screen: Screen) -> None:
        """Look for it at the other creditors."""
        for number in range(page.locator("[name=environment]").count()):
            page.locator(".chooser summary").click()
            page.locator("[name=environment]").nth(number).click()
            page.wait_for_load_state()
            page.goto(self.address + screen.path)
            if page.locator(screen.links[0]).count():
                return

    @contextlib.contextmanager
    def _page(self, who: str) -> Iterator[Any]:
        if who not in self.cookies:
            context = self.browser.new_context(locale="en-GB")
            sign_in(context.new_page(), self.address, who)
            self.cookies[who] = context.storage_state()
            context.close()
        context = self.browser.new_context(
            locale="en-GB", storage_state=self.cookies[who], viewport={"width": WIDTHS[0], "height": 900}
        )
        yield context.new_page()
        context.close()


def table(all_seen: list[Seen]) -> str:
    """Write what was found as a table."""
    lines = [
        f"{'screen':<22}{'requests':>9}{'cold KB':>9}{'warm KB':>9}{'paper KB':>9}{'ready ms':>9}  axe policy"
    ]
    for seen in all_seen:
        sizes = "".join(f"{size / 1000:>9.1f}" for size in (seen.cold.size, seen.warm.size, seen.cold.paper))
        found = f"{len(seen.axe):>5}{len(seen.policy):>7}"
        lines.append(f"{seen.screen.name:<22}{seen.cold.requests:>9}{sizes}{seen.cold.ready:>9}{found}")
    return "\n".join(lines)


def main(words: list[str]) -> int:
    """Look at the portal at the given address, or at a demonstration of its own."""
    wanted = {word for word in words if not word.startswith("http")}
    base = next((word for word in words if word.startswith("http")), None)
    MORE.mkdir(parents=True, exist_ok=True)
    own = demonstration(packed=True) if base is None else contextlib.nullcontext((base.rstrip("/"), ""))
    with own as (address, _sandbox), chromium() as browser:
        gallery = Gallery(browser, address)
        seen = [gallery.visit(screen) for screen in SCREENS if not wanted or screen.name in wanted]
    print(table(seen))
    breaches = [f"{one.screen.name}: {breach}" for one in seen for breach in one.breaches()]
    print("\n".join(breaches) or "Nothing is amiss.")
    for one in seen:
        if one.cold.requests > MOST_REQUESTS or one.cold.size > MOST_COLD:
            print(one.screen.name, *(f"\n  {kind:<40} {url}" for url, kind in one.cold.kinds.items()))
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
