"""Room: what is told of at once, because nothing else shows it: a silent day, a pause, a worker unheard of, a race."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.accounts.scope import Scope
from ropo_portal.worklist.kinds import Desk, Words
from ropo_portal.worklist.kinds.claims import RACING
from ropo_portal.worklist.pulse import pulse

SILENT, PAUSED, WORKER, RACE = "silent", "paused", "worker", "race"
# What a letter calls each, and the page it leads to.
ALARMS: dict[str, tuple[Words, str]] = {
    WORKER: (_("The worker was not heard from: nothing leaves until it runs"), "submissions:line"),
    SILENT: (_("Nothing was sent today although something should have left"), "submissions:line"),
    PAUSED: (_("Sending is paused"), "submissions:line"),
    RACE: (_("Race alarm"), "worklist:today"),
}
# What the group and the kind of an alarm begin with, beside those of work.
ALARM = "alarm-"
HOUSE = uuid.UUID(int=0)


@dataclass(frozen=True)
class Alarm:
    """One alarm of one day; `environment_id` is the line it is about, nothing when it is about the whole house."""

    name: str
    environment_id: uuid.UUID | None
    day: dt.date

    @property
    def subject_id(self) -> uuid.UUID:
        """The same all day long and another tomorrow, so that nobody is told twice in a day."""
        return uuid.uuid5(self.environment_id or HOUSE, f"{self.name} {self.day.isoformat()}")


def standing_alarms(environments: Sequence[CreditorEnvironment], *, at: dt.datetime) -> list[Alarm]:
    """Return the alarms that stand now; the number of questions does not depend on how many lines there are."""
    if not environments:
        return []
    found = pulse(environments, at=at)
    names: list[tuple[str, CreditorEnvironment]] = []
    for contact in found.contacts:
        names += [(SILENT, contact.environment)] if contact.is_silent else []
        is_paused = found.is_paused or contact.environment.sending_paused
        names += [(PAUSED, contact.environment)] if is_paused else []
    racing = _racing(environments, at)
    names += [(RACE, one) for one in environments if one.pk in racing]
    alarms = [Alarm(name, one.pk, one.today(at)) for name, one in names]
    own_day = at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    return [*([Alarm(WORKER, None, own_day)] if found.is_asleep else []), *alarms]


def _racing(environments: Sequence[CreditorEnvironment], at: dt.datetime) -> set[uuid.UUID]:
    desk = Desk(Scope(AnonymousUser()), tuple(environments), at)
    rows = RACING.rows(desk, environments).order_by()
    return set(rows.values_list("environment_id", flat=True).distinct())
