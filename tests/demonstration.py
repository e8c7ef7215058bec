"""A demonstration in a folder of its own, and the Chromium that looks at it: for `tests.screens` and the stories."""

import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ropo_portal.demo import scene
from ropo_portal.demo.cast import PASSWORD

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SWITCHES = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --force-color-profile=srgb --lang=en-US"
)
# What a test run has set for itself and the demonstration must find out alone.
OURS = {"ROPO_MODE", "DATABASE_URL", "SANDBOX_URL", "DJANGO_SETTINGS_MODULE", *scene.HABITS}
QUICKER = {"SEND_DEADLINE": "5", "LOOK_UP_SCHEDULE": "2,4,6,8"}
ENTRY = """
import os, sys
from ropo_portal.demo import scene
scene.prepare(sys.argv[2:], os.environ)
os.environ["DJANGO_SETTINGS_MODULE"] = "ropo_portal.settings"
if sys.argv[1] == "pack":  # as a web server would receive them, which the demonstration spares itself
    import django
    from whitenoise.compress import main
    django.setup()
    from django.conf import settings
    from ropo_portal.demo import assets
    assets.make_ready()
    raise SystemExit(main(["--quiet", str(settings.STATIC_ROOT)]))
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", *sys.argv[1:]])
"""


def _command(folder: Path, word: str, *more: str) -> list[str]:
    return [sys.executable, "-c", ENTRY, word, "--folder", str(folder), *more]


@contextlib.contextmanager
def demonstration(*, packed: bool = False, empty: bool = False) -> Iterator[tuple[str, str]]:
    """Start one, give the addresses of its portal and of its stand-in once all invoices are posted, and end it."""
    environment = {name: value for name, value in os.environ.items() if name not in OURS} | QUICKER
    environment["SANDBOX_URL"] = f"http://127.0.0.1:{scene.free_port(0)}"  # two may run side by side
    with tempfile.TemporaryDirectory(prefix="ropo-demo-") as place:
        folder = Path(place)
        if packed:
            subprocess.run(_command(folder, "pack"), cwd=ROOT, env=environment, check=True)
        process = subprocess.Popen(
            _command(folder, "demo", "--port", str(scene.free_port(0)), *(["--empty"] if empty else [])),
            cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            said = _said_until_ready(process)
            yield (
                re.search(r"The portal +(\S+)/\n", said)[1],  # type: ignore[index]
                re.search(r"stand-in Ropo One +(\S+)/control\n", said)[1],  # type: ignore[index]
            )
        finally:
            process.terminate()
            process.communicate(timeout=60)


def _said_until_ready(process: subprocess.Popen[str]) -> str:
    said = ""
    for line in process.stdout or ():
        said += line
        if "It runs until Ctrl-C" in line:
            return said
    raise RuntimeError(f"the demonstration did not start:\n{said}")


@contextlib.contextmanager
def chromium() -> Iterator[Any]:
    """Start the installed Chromium."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 (only where a browser is used)

    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if path is None:
        raise RuntimeError("no Chromium is installed")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=SWITCHES.split())
        yield browser
        browser.close()


def sign_in(page: Any, address: str, who: str) -> None:
    """Sign in by the form, with the keyboard."""
    page.goto(f"{address}/account/login/")
    page.locator("#id_login").focus()
    page.keyboard.type(f"{who}@demo.example")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/today/")


def gather_problems(page: Any) -> list[str]:
    """Give the list into which everything goes that the console complains about, breaches of the policy included."""
    problems: list[str] = []
    page.on("console", lambda line: problems.append(line.text) if line.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    return problems
