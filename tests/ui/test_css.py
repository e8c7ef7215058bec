"""Colors can be read by everybody: every pair of text and ground reaches 4.5 to 1, controls 3 to 1."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CSS = ROOT / "static" / "css"
TOKEN = re.compile(r"--([\w-]+):\s*(?:light-dark\((#\w{6}), (#\w{6})\)|(#\w{6}));")
TONES = [
    "draft",
    "queued",
    "sending",
    "accepted",
    "rejected",
    "unconfirmed",
    "held",
    "sandbox",
    "test",
    "production",
]
GROUNDS = ["canvas", "surface", "raised", "sunken", "hover", "marked"]
PAIRS = [
    *[(ink, ground) for ink in ("text", "muted", "accent") for ground in GROUNDS],
    *[("rejected", ground) for ground in GROUNDS],
    *[(tone, f"{tone}-tint") for tone in TONES],
    *[(tone, "surface") for tone in TONES],
    *[("text", f"{tone}-tint") for tone in TONES],
    *[("on-accent", ground) for ground in ("accent", "accent-strong")],
    ("on-danger", "danger"),
    *[
        (ink, ground)
        for ink in ("side-text", "side-strong")
        for ground in ("side", "side-hover", "side-current")
    ],
]
EDGES = [("edge", ground) for ground in ("surface", "canvas", "raised", "sunken")] + [
    ("focus", "surface"),
    ("focus", "canvas"),
]


def tokens() -> dict[str, tuple[str, str]]:
    found = TOKEN.findall((CSS / "tokens.css").read_text())
    return {name: (light or plain, dark or plain) for name, light, dark, plain in found}


def luminance(color: str) -> float:
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("look", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_text_can_be_read(ink: str, ground: str, look: int) -> None:
    found = tokens()
    assert contrast(found[ink][look], found[ground][look]) >= 4.5


@pytest.mark.parametrize("look", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_edges_of_inputs_and_focus_can_be_seen(edge: str, ground: str, look: int) -> None:
    found = tokens()
    assert contrast(found[edge][look], found[ground][look]) >= 3


def test_colors_live_in_tokens_only() -> None:
    """Other sheets name colors by meaning; a handful on always-dark ground and white paper are exceptions."""
    allowed = {"tokens.css", "sidebar.css", "entrance.css", "print.css", "grid.css"}
    for sheet in CSS.glob("*.css"):
        text = re.sub(r'url\("data:.*?"\)', "", sheet.read_text())
        assert sheet.name in allowed or not re.search(r"#[0-9a-fA-F]{3,8}\b", text), sheet.name


def test_every_sheet_is_imported_into_a_declared_layer() -> None:
    text = (CSS / "app.css").read_text()
    order = re.search(r"@layer ([\w, ]+);", text)
    assert order
    imported = re.findall(r'@import url\("([\w-]+\.css)"\) layer\((\w+)\);', text)
    assert {name for name, _layer in imported} == {sheet.name for sheet in CSS.glob("*.css")} - {"app.css"}
    assert {layer for _name, layer in imported} <= set(order[1].split(", "))


def test_templates_hold_no_inline_style_or_script() -> None:
    for template in (ROOT / "templates").rglob("*.html"):
        text = template.read_text()
        assert " style=" not in text, template
        assert "<style" not in text, template
        assert "hx-on" not in text, template
        assert not re.search(r"\son\w+=", text), template
        assert not re.search(r"<script(?![^>]*\b(src=|type=\"application/json\"))", text), template
