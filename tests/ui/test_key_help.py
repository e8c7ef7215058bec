"""The help that ? opens names every key that a page listens to."""

import re
from pathlib import Path

TEMPLATES = Path(__file__).parents[2] / "templates"
KEY = re.compile(r'data[-_]key="([^"{]+)"')
WRITTEN = {"A": "⇧", "0": "0", "j": "j", "k": "k"}


def test_every_key_stands_in_the_help():
    said = set(re.findall(r"<kbd>([^<]+)</kbd>", (TEMPLATES / "components/frame/shortcuts.html").read_text()))
    found = {key for path in TEMPLATES.rglob("*.html") for key in KEY.findall(path.read_text())}
    assert {WRITTEN.get(key, key.rpartition("+")[2].upper() if "+" in key else key) for key in found} <= said


def test_every_list_with_boxes_marks_all_by_the_same_key():
    for path in TEMPLATES.rglob("*.html"):
        if path.parent.name != "ui":  # the gallery has several lists on one page
            for box in re.findall(r"<input[^>]*data-check-all[^>]*>", path.read_text()):
                assert 'data-key="A"' in box, path
