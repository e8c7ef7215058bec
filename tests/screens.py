"""`python -m tests.screens [--pictures] [BASE_URL] [SCREEN...]`: look at every screen in a real browser: pictures, axe, policy, weight, width."""

import base64
import contextlib
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe

from tests.demonstration import ROOT, chromium, demonstration, gather_problems, sign_in
from tests.every_screen import SCREENS, Screen

PICTURES = ROOT / "docs" / "screens"
WHOLE = ROOT / "var" / "screens"  # each page in its whole length; not kept with the source
WIDTHS, LOOKS = (1440, 390), ("light", "dark")
MOST_REQUESTS, MOST_COLD, MOST_WARM = 8, 90_000, 15_000
HASTE = "--pictures"  # nothing else is looked at
QUALITY = 40  # of 100, as WebP counts
PAPER = ("image/png", "application/pdf")  # drafts of letters: reported, not counted
MOST_STOPS = 150  # of the tabulator, before it has to be back at the beginning
# What has the focus: its words, and whether it is seen that it has it.
FOCUSED = """() => {
  const one = document.activeElement
  if (!one || one === document.body || one.dataset.stopped) return null
  one.dataset.stopped = "1"
  if (one.tagName === "IFRAME") return ["", true]
  const styles = [one, one.parentElement, one.labels?.[0], one.nextElementSibling].filter(Boolean).map(getComputedStyle.bind(window))
  const ringed = styles.some(s => (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== "none")
  return [`${one.tagName} ${one.name || one.innerText || ""}`.slice(0, 60), ringed]
}"""
PAINTED = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
FILL = """(one, words) => {
  if (one.type === "radio") one.checked = true
  else one.value = words
}"""


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
    stops: int = 0  # of the tabulator
    unseen: list[str] = field(default_factory=list)  # what takes the focus and does not show it
    lost: str = ""  # why the screen was not found

    def breaches(self) -> list[str]:
        """Say in words what is not as it should be."""
        if self.lost:
            return [self.lost]
        found = [f"axe: {one}" for one in self.axe] + [f"policy: {one}" for one in self.policy]
        found += [f"console: {one}" for one in self.console] + [f"too wide: {one}" for one in self.wide]
        found += [f"focus is not seen: {one}" for one in self.unseen]
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

    def __init__(self, browser: Any, address: str, *, is_hasty: bool = False) -> None:
        self.browser, self.address = browser, address
        self.cookies: dict[str, Any] = {"": None}
        self.guides: dict[str, Any] = {}  # the page that finds the way, for everyone who looks
        self.is_hasty = is_hasty

    def visit(self, screen: Screen) -> Seen:
        """Load the page cold and warm, then look at it in both lights and both widths."""
        try:
            url = self._url(screen)
            if (found := route_of(url)) != screen.route:
                return Seen(screen, Load(), Load(), lost=f"the way leads to {found}")
            if self.is_hasty:
                with self._page(screen.who) as page:
                    return self._pictured(page, screen, url)
            with self._page(screen.who) as page:
                return self._seen(page, screen, url)
        except Exception as error:  # noqa: BLE001 (the other screens are looked at all the same)
            return Seen(screen, Load(), Load(), lost=str(error).splitlines()[0])

    def _pictured(self, page: Any, screen: Screen, url: str) -> Seen:
        """Take the pictures alone."""
        page.goto(url)
        page.wait_for_load_state("networkidle")
        if screen.opened:
            self._open(page, screen.opened)
        for width in WIDTHS:
            for look in LOOKS:
                self._picture(page, screen, look, width)
        return Seen(screen, Load(), Load())

    def _seen(self, page: Any, screen: Screen, url: str) -> Seen:
        problems, meter = gather_problems(page), Meter(page)
        cold = self._load(page, meter, url)
        page.goto("about:blank")
        seen = Seen(screen, cold, self._load(page, meter, url))
        if screen.opened:
            self._open(page, screen.opened)
        for width in WIDTHS:
            for look in LOOKS:
                self._look(page, seen, look, width)
        page.set_viewport_size({"width": WIDTHS[0], "height": 900})
        self._walk(page, seen)
        told = [one for one in problems if not (screen.refused and "status of 40" in one)]
        seen.policy = [one for one in told if "Content Security Policy" in one]
        seen.console = [one for one in told if one not in seen.policy]
        return seen

    @staticmethod
    def _walk(page: Any, seen: Seen) -> None:
        """Go through the page with the tabulator alone."""
        for _ in range(MOST_STOPS):
            page.keyboard.press("Tab")
            found = page.evaluate(FOCUSED)
            if found is None:
                break
            seen.stops += 1
            if not found[1]:
                seen.unseen.append(found[0])

    def _load(self, page: Any, meter: Meter, url: str) -> Load:
        load = meter.start()
        page.goto(url)
        page.wait_for_load_state("networkidle")
        timing = "Math.round(performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd)"
        load.ready = page.evaluate(timing)
        meter.start()  # what is asked for from now on is not part of the visit
        return load

    @staticmethod
    def _open(page: Any, word: str) -> None:
        page.wait_for_selector("html[data-ready]", state="attached")
        if word == "?":
            page.keyboard.press("?")
            page.wait_for_selector("dialog[open]")
            return
        page.keyboard.press("/")
        page.keyboard.type(word)
        page.wait_for_selector("[role=option]")

    @staticmethod
    def _picture(page: Any, screen: Screen, look: str, width: int) -> str:
        page.emulate_media(color_scheme=look, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(PAINTED)
        page.wait_for_timeout(400)  # colors of a busy machine arrive late
        name = f"{screen.name}-{look}-{width}"
        wire = page.context.new_cdp_session(page)
        taken = wire.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
        (PICTURES / f"{name}.webp").write_bytes(base64.b64decode(taken["data"]))
        wire.detach()
        return name

    def _look(self, page: Any, seen: Seen, look: str, width: int) -> None:
        name = self._picture(page, seen.screen, look, width)
        page.screenshot(path=WHOLE / f"{name}.png", full_page=True)
        if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            seen.wide.append(name)
        for one in Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]:
            seen.axe += [f"{one['id']} {node['target']} ({look}, {width})" for node in one["nodes"]]

    def _guide(self, who: str) -> Any:
        """Give the page on which the way is looked for; without scripts a link stays where it is."""
        if who not in self.guides:
            with self._page(who):
                pass
            state = self.cookies[who]
            context = self.browser.new_context(locale="en-GB", storage_state=state, java_script_enabled=False)
            self.guides[who] = context.new_page()
        return self.guides[who]

    def _url(self, screen: Screen) -> str:
        page = self._guide(screen.who)
        page.goto(self.address + screen.path)
        first = screen.links[0] if screen.links else ""
        if first.startswith(("td", "a")) and not page.locator(first).count():
            self._elsewhere(page, screen)
        for place, link in enumerate(screen.links):
            self._follow(page, link, screen.links[place + 1 :])
        return str(page.url)

    def _follow(self, page: Any, link: str, rest: tuple[str, ...]) -> None:
        """Go on by a link, or fill in and press, unless that was done before and its link is there."""
        name, is_words, words = link.partition("=")
        acts = link.startswith("!") or (is_words and name.isidentifier())
        if acts and rest and not rest[-1].startswith("!") and page.locator(rest[-1]).count():
            return
        if link.startswith("!"):
            with page.expect_navigation():
                page.locator("main").locator(link[1:]).first.evaluate("one => one.form.requestSubmit(one)")
        elif acts:
            page.locator(f"main [name={name}]").first.evaluate(FILL, words)
        else:
            one = page.locator(link).first
            way = one.get_attribute("href", timeout=3000) or one.get_attribute("hx-get", timeout=3000)
            page.goto(self.address + way)

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


def route_of(url: str) -> str:
    """Name the route of an address."""
    os.environ |= {"ROPO_MODE": "test", "DATABASE_URL": "sqlite://:memory:"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "ropo_portal.settings"
    import django  # noqa: PLC0415 (the demonstration finds out its own surroundings)
    from django.urls import resolve  # noqa: PLC0415

    django.setup()
    return str(resolve(urlsplit(url).path).view_name)


def table(all_seen: list[Seen]) -> str:
    """Write what was found as a table."""
    lines = [
        f"{'screen':<22}{'requests':>9}{'cold KB':>9}{'warm KB':>9}{'paper KB':>9}{'ready ms':>9}  axe policy stops unseen"
    ]
    for seen in all_seen:
        sizes = "".join(f"{size / 1000:>9.1f}" for size in (seen.cold.size, seen.warm.size, seen.cold.paper))
        found = f"{len(seen.axe):>5}{len(seen.policy):>7}{seen.stops:>6}{len(seen.unseen):>7}"
        lines.append(f"{seen.screen.name:<22}{seen.cold.requests:>9}{sizes}{seen.cold.ready:>9}{found}")
    return "\n".join(lines)


def main(words: list[str]) -> int:
    """Look at the portal at the given address, or at a demonstration of its own."""
    wanted = {word for word in words if not word.startswith(("http", "--"))}
    base = next((word for word in words if word.startswith("http")), None)
    for folder in (PICTURES, WHOLE):
        folder.mkdir(parents=True, exist_ok=True)
    own = demonstration(packed=True) if base is None else contextlib.nullcontext((base.rstrip("/"), ""))
    with own as (address, _sandbox), chromium() as browser:
        gallery = Gallery(browser, address, is_hasty=HASTE in words)
        seen = []
        for screen in SCREENS:
            if not wanted or screen.name in wanted:
                seen.append(gallery.visit(screen))
                print(screen.name, *seen[-1].breaches(), sep="\n  ", flush=True)
    print(table(seen))
    breaches = [f"{one.screen.name}: {breach}" for one in seen for breach in one.breaches()]
    print("\n".join(breaches) or "Nothing is amiss.")
    for one in seen:
        if one.cold.requests > MOST_REQUESTS or one.cold.size > MOST_COLD:
            print(one.screen.name, *(f"\n  {kind:<40} {url}" for url, kind in one.cold.kinds.items()))
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
