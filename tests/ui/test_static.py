"""Static files as they are served: one stylesheet, one script, small."""

import json
import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import override_settings

from ropo_portal.ui.staticfiles import bundle, joined


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("static")
    storages = {"staticfiles": {"BACKEND": "ropo_portal.ui.staticfiles.BundledStaticFilesStorage"}}
    with override_settings(STATIC_ROOT=folder, STORAGES=storages):
        call_command("collectstatic", "--noinput", verbosity=0)
        call_command(
            "collectstatic", "--noinput", verbosity=0
        )  # a second run finds the joined sheet and joins again
    return folder


def served(folder: Path, name: str) -> str:
    manifest = json.loads((folder / "staticfiles.json").read_text())["paths"]
    return (folder / manifest[name]).read_text()


def test_stylesheet_is_one_file_in_its_layers(collected: Path) -> None:
    text = served(collected, "css/app.css")
    assert "@import" not in text
    assert text.startswith("@layer tokens, reset, base, layout, components, utilities;")
    assert "@layer utilities {" in text
    assert text.count("{") == text.count("}")
    assert "--unconfirmed:" in text


def test_script_is_one_file(collected: Path) -> None:
    text = served(collected, "js/app.js")
    assert not re.search(r"^(import|export)\b|\bimport\(", text, re.MULTILINE)
    for name in (file.name for file in collected.glob("js/*.js") if file.name.count(".") == 1):
        assert name == "app.js" or text.count(f'modules["{name}"] = ') == 1, name


def test_modules_stand_behind_those_they_need() -> None:
    scripts = {
        "js/app.js": '// why\nconst load = () => import("./one.js");\nload();\n',
        "js/one.js": 'import { two } from "./two.js";\nexport function one() { return two; }\n',
        "js/two.js": "export const two = 2;\n",
    }
    assert joined(scripts.__getitem__, "js/app.js") == (
        "const modules = {};\n"
        'modules["two.js"] = (() => {\nconst two = 2;\nreturn { two };\n})();\n'
        'modules["one.js"] = (() => {\nconst { two } = modules["two.js"];\n'
        "function one() { return two; }\nreturn { one };\n})();\n"
        'const load = () => Promise.resolve(modules["one.js"]);\nload();\n'
    )


def test_what_every_page_loads_is_light(collected: Path) -> None:
    manifest = json.loads((collected / "staticfiles.json").read_text())["paths"]
    always = [
        "css/app.css",
        "js/app.js",
        "django_htmx/htmx-2.min.js",
        "img/mark.svg",
    ]
    packed = [collected / f"{manifest[name]}.br" for name in always]
    assert sum(file.stat().st_size for file in packed if file.exists()) < 36_000


def test_joining_keeps_order_and_drops_comments() -> None:
    sheets = {
        "css/app.css": '/* why */\n@layer a, b;\n@import url("one.css") layer(a);\n@import url(two.css) layer(b);\n',
        "css/one.css": "p { color: red; } /* one */",
        "css/two.css": "  q { color: blue; }",
    }
    expected = "@layer a, b;\n@layer a {\np { color: red; }\n}\n@layer b {\nq { color: blue; }\n}\n"
    assert bundle(sheets.__getitem__, "css/app.css") == expected
