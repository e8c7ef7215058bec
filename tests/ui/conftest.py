"""A real browser whose every request is answered inside this process: pages by Django, static files from the finders."""

import contextvars
import mimetypes
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.db import connections
from django.test import Client

HOST = "http://localhost"  # a browser trusts it like https
SWITCHES = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Start the installed Chromium once a module."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("no Chromium is installed")
    # The driver's loop runs in this very thread, so Django would refuse the database; nothing here is concurrent.
    with pytest.MonkeyPatch.context() as patch, playwright.sync_playwright() as driver:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = driver.chromium.launch(executable_path=path, args=SWITCHES.split())
        yield browser
        browser.close()
        connections.close_all()  # opened while the loop ran, and out of reach once it has stopped


@pytest.fixture
def window(chromium: Any, client: Client) -> Iterator[Callable[..., Any]]:
    """Open a page at an address; `page.problems` collects what the console complained about."""
    contexts = []
    # Handlers run in a context of their own; ours holds the test's database connection.
    surroundings = contextvars.copy_context()

    def visit(path: str, **options: Any) -> Any:
        context = chromium.new_context(viewport={"width": 1440, "height": 900}, **options)
        contexts.append(context)
        context.route("**/*", lambda route: surroundings.copy().run(answer, route, client))
        page = context.new_page()
        page.problems = []
        page.on(
            "console",
            lambda line: page.problems.append(line.text) if line.type in {"error", "warning"} else None,
        )
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.goto(HOST + path)
        page.wait_for_load_state("networkidle")
        return page

    yield visit
    for context in contexts:
        context.close()


@pytest.fixture
def page(chromium: Any, live_server: Any) -> Iterator[Any]:
    """A window on a server of its own, for stories that sign in; nothing in it may complain."""
    context = chromium.new_context(
        viewport={"width": 1440, "height": 900},
        locale="en-GB",
        reduced_motion="reduce",
        base_url=live_server.url,
    )
    context.set_default_timeout(20_000)
    opened = context.new_page()
    problems: list[str] = []
    opened.on(
        "console", lambda line: problems.append(line.text) if line.type in {"error", "warning"} else None
    )
    opened.on("pageerror", lambda error: problems.append(str(error)))
    yield opened
    context.close()
    # A form that comes back is told by its status.
    assert [problem for problem in problems if "status of 422" not in problem] == []


def answer(route: Any, client: Client) -> None:
    """Answer one request of the browser."""
    request = route.request
    path = urlsplit(request.url).path
    if path.startswith("/static/"):
        file = finders.find(path.removeprefix("/static/"))
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        route.fulfill(body=Path(str(file)).read_bytes(), content_type=kind)
        return
    address = request.url.removeprefix(HOST)
    headers = {
        name: value for name, value in request.headers.items() if name not in {"content-type", "cookie"}
    }
    if request.method == "POST":
        kind = request.headers.get("content-type", "application/x-www-form-urlencoded")
        response = client.post(address, request.post_data_buffer or b"", content_type=kind, headers=headers)
    else:
        response = client.get(address, headers=headers)
    route.fulfill(status=response.status_code, headers=dict(response.items()), body=response.content)
