"""Room: bars as SVG, drawn in percent and pixels so that they fit any width; the template writes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ropo_portal.worklist.kinds import Words

ROW, BAR_AT, BAR = 42, 24, 9


@dataclass(frozen=True)
class Datum:
    """One value with its words: what it is, how it is written, and the list it stands for."""

    label: Words
    value: Decimal
    text: str
    href: str = ""
    tone: str = "queued"
    items: int | None = None


@dataclass(frozen=True)
class Bar:
    """One drawn bar; lengths in pixels, the width in percent, written as SVG writes numbers."""

    datum: Datum
    text_y: int
    bar_y: int
    width: str


@dataclass(frozen=True)
class Chart:
    """Bars under each other, and the same numbers for the table beside them."""

    name: str
    title: Words
    unit: Words
    bars: tuple[Bar, ...]
    total: str = ""
    currency: str = ""

    @property
    def height(self) -> int:
        """Pixels from top to bottom."""
        return ROW * len(self.bars)

    @property
    def bar_height(self) -> int:
        """Pixels of one bar."""
        return BAR


def chart(
    name: str, title: Words, unit: Words, data: Sequence[Datum], *, total: str = "", currency: str = ""
) -> Chart:
    """Draw bars as long as their values; the longest takes the whole width."""
    most = max((datum.value for datum in data), default=Decimal(0))
    bars = tuple(
        Bar(datum, place * ROW + 16, place * ROW + BAR_AT, _percent(datum.value, most))
        for place, datum in enumerate(data)
    )
    return Chart(name, title, unit, bars, total, currency)


def _percent(value: Decimal, most: Decimal) -> str:
    if most <= 0 or value <= 0:
        return "0"
    return f"{max(100 * value / most, Decimal('0.5')):.2f}"
