"""Room: sending notices by e-mail. One may be lost or come twice, which harms nobody: the work list is the truth."""

import datetime as dt
import logging
import uuid
from collections.abc import Callable

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ropo_portal.worklist.alarms import ALARM, ALARMS, WORKER
from ropo_portal.worklist.kinds import GROUPS
from ropo_portal.worklist.models import Notice

logger = logging.getLogger(__name__)
MOST = 200


def send_notices(*, clock: Callable[[], dt.datetime]) -> int:
    """Send what was written and has not left; one that fails keeps none of the others. Return how many left."""
    waiting = Notice.objects.to_send(at=clock()).order_by("written_at").values_list("pk", "tries")[:MOST]
    return sum(1 for pk, tries in list(waiting) if _send(pk, tries, clock))


def _send(pk: uuid.UUID, tries: int, clock: Callable[[], dt.datetime]) -> bool:
    """Take a try, which only one worker gets; then speak to the mail server, with no transaction open."""
    mine = Notice.objects.filter(pk=pk, tries=tries, sent_at=None)
    if not mine.update(tries=F("tries") + 1, tried_at=clock()):
        return False
    notice = Notice.objects.select_related("user").get(pk=pk)
    if not notice.user.is_active:
        return False
    try:
        letter(notice).send()
    except Exception as error:  # noqa: BLE001 (whatever the mail server does, the others are sent)
        # The words of a mail server may hold the address; the kind of error does not.
        logger.warning("notice %s was not sent: %s", pk, type(error).__name__)
        return False
    Notice.objects.filter(pk=pk).update(sent_at=clock())
    return True


def letter(notice: Notice) -> EmailMessage:
    """Return what is sent: numbers and links, in the reader's language; no name, no sum, nothing of a debtor."""
    with translation.override(notice.user.language):
        alarms = _alarms(notice)
        lines = [*alarms, *([""] if alarms else []), *_work(notice),
                 _("You are told because of your roles, or because you asked for it. Change it here:"),
                 _address(reverse("worklist:notices"))]  # fmt: skip
        return EmailMessage(_subject(notice), "\n".join(lines), to=[notice.user.email])


def _subject(notice: Notice) -> str:
    """Say how many alarms and how much work."""
    alarms = sum(number for group, number in notice.numbers.items() if group.startswith(ALARM))
    total = sum(notice.numbers.values()) - alarms
    words = []
    if alarms:
        words.append(ngettext("%(number)s alarm", "%(number)s alarms", alarms) % {"number": alarms})
    if total:
        work = ngettext("%(number)s new row of work waits", "%(number)s new rows of work wait", total)
        words.append(work % {"number": total})
    return ", ".join(words)


def _alarms(notice: Notice) -> list[str]:
    found = []
    for name, (label, page) in ALARMS.items():
        if number := notice.numbers.get(f"{ALARM}{name}"):
            query = {"all": "1", "group": name} if page == "worklist:today" else {}
            count = "" if name == WORKER else f": {number}"
            found.append(f"{label}{count}\n{_address(reverse(page), **query)}")
    return found


def _work(notice: Notice) -> list[str]:
    found = []
    for group, (label, _tone) in GROUPS.items():
        if number := notice.numbers.get(group):
            link = _address(reverse("worklist:today"), all="1", group=group)
            found.append(f"{label}: {number}\n{link}")
    return (
        [_("New in Today:"), "", *found, "", _address(reverse("worklist:today"), all="1"), ""]
        if found
        else []
    )


def _address(path: str, **query: str) -> str:
    """Return a link, or only the path where nobody has said under which address the portal is reached."""
    return f"{settings.PORTAL_URL.rstrip('/')}{path}{'?' if query else ''}{urlencode(query)}"
