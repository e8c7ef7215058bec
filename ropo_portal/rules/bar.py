"""Room: the legal clock as a line of days for the eye, and as a list for everybody."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from ropo_portal.errors import Sentence
from ropo_portal.rules.clock import LegalClock, Milestone
from ropo_portal.rules.models import Step

LEFT, RIGHT, GAP = 5.0, 95.0, 9.0  # percent of the width; marks never come closer than the gap

LABELS = {
    Step.REMINDER: _("Earliest reminder"),
    Step.CHARGEABLE_REMINDER: _("Earliest chargeable reminder"),
    Step.NOTICE: _("Earliest collection notice"),
    Step.COLLECTION: _("Earliest debt collection"),
}
TONES = {
    Step.REMINDER: "queued",
    Step.CHARGEABLE_REMINDER: "sending",
    Step.NOTICE: "held",
    Step.COLLECTION: "rejected",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """What happens on a day; a milestone stands behind the days that a rule sets."""

    label: Sentence
    tone: str
    milestone: Milestone | None = None
    is_open: bool = False  # allowed by today

    @property
    def is_doubtful(self) -> bool:
        """Tell whether a rule behind it still has to be checked."""
        return self.milestone is not None and not self.milestone.is_confirmed


@dataclass(frozen=True, slots=True)
class Point:
    """One day on the line with all its marks; `x` is a percentage, written as CSS writes numbers."""

    number: int
    day: dt.date
    x: str
    marks: tuple[Mark, ...]
    is_today: bool
    is_past: bool

    @property
    def tone(self) -> str:
        """The color of its last mark: the gravest one."""
        return self.marks[-1].tone


@dataclass(frozen=True, slots=True)
class LegalBar:
    """Days in order, and the steps that have no day with the reason."""

    points: tuple[Point, ...]
    missing: tuple[Mark, ...]
    today_x: str


def legal_bar(clock: LegalClock) -> LegalBar:
    """Draw a clock: due date, notice, today and the first day of every step."""
    facts, today = clock.facts, clock.today
    marks: list[tuple[dt.date, Mark]] = [(facts.due_date, Mark(_("Due date"), "draft"))]
    if facts.notice_date:
        marks.append((facts.notice_date, Mark(_("Notice"), "held")))
    marks.append((today, Mark(_("Today"), "accepted")))
    missing = []
    for step, milestone in clock.milestones.items():
        if milestone.day is not None:
            is_open = milestone.day <= today
            marks.append((milestone.day, Mark(LABELS[step], TONES[step], milestone, is_open)))
        elif milestone.rule is not None or step != Step.NOTICE:
            missing.append(Mark(LABELS[step], TONES[step], milestone))
    days = sorted({day for day, _mark in marks})
    places = _places(days)
    points = [
        Point(
            number,
            day,
            f"{place:.1f}",
            tuple(mark for its, mark in marks if its == day),
            day == today,
            day < today,
        )
        for number, (day, place) in enumerate(zip(days, places, strict=True), start=1)
    ]
    return LegalBar(tuple(points), tuple(missing), f"{places[days.index(today)]:.1f}")


def _places(days: Sequence[dt.date]) -> list[float]:
    """Place days by their distance, but never so close that their numbers touch."""
    span = (days[-1] - days[0]).days or 1
    wanted = [LEFT + (RIGHT - LEFT) * (day - days[0]).days / span for day in days]
    for place in range(1, len(wanted)):
        wanted[place] = max(wanted[place], wanted[place - 1] + GAP)
    limit = RIGHT
    for place in reversed(range(len(wanted))):
        wanted[place] = min(wanted[place], limit)
        limit = wanted[place] - GAP
    return wanted
