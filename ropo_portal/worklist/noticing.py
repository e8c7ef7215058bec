"""Room: writing down whom to tell of what waits; nobody is told of one row twice, and a letter holds numbers alone."""

import datetime as dt
import logging
import uuid
from collections import Counter
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef

from ropo_portal.accounts.scope import Scope
from ropo_portal.worklist.kinds import KINDS, TOLD, Desk, Kind
from ropo_portal.worklist.models import Notice, NoticeSent, NoticeWish

logger = logging.getLogger(__name__)
When = NoticeWish.When
MORNING = 7
# Rows of one kind that one letter counts; more are told of by the next one.
MOST = 5_000


def write_notices(*, at: dt.datetime) -> int:
    """Write a notice for everybody who wants one now and has not been told of something; return how many."""
    wishes = NoticeWish.objects.exclude(when=When.OFF).filter(user__is_active=True).select_related("user")
    return sum(1 for wish in wishes if _is_time(wish, at) and write_notice(wish, at=at))


def write_notice(wish: NoticeWish, *, at: dt.datetime) -> Notice | None:
    """Write one: the letter and all the rows it tells of, or nothing when there is nothing new."""
    scope = Scope(wish.user)
    desk = Desk(scope, tuple(scope.environments), at)
    fresh = {kind: keys for kind in KINDS if kind.group in TOLD and (keys := _untold(desk, kind))}
    if not fresh:
        return None
    numbers: Counter[str] = Counter()
    for kind, keys in fresh.items():
        numbers[kind.group] += len(keys)
    try:
        with transaction.atomic():
            notice = Notice.objects.create(user=wish.user, written_at=at, numbers=dict(numbers))
            NoticeSent.objects.bulk_create(
                NoticeSent(notice=notice, user=wish.user, kind=kind.name, subject_id=key)
                for kind, keys in fresh.items()
                for key in keys
            )
    except IntegrityError:  # another worker was quicker by a moment and tells of it
        logger.info("user %s is told by another worker", wish.user_id)
        return None
    return notice


def _untold(desk: Desk, kind: Kind) -> list[uuid.UUID]:
    """Return the rows of one kind that the reader was never told of."""
    if not desk.where(kind.action):
        return []
    told = NoticeSent.objects.filter(user=desk.user_id, kind=kind.name, subject_id=OuterRef("pk"))
    waiting = kind.waiting(desk).filter(~Exists(told)).order_by(kind.since, "pk")
    return list(waiting.values_list("pk", flat=True)[:MOST])


def _is_time(wish: NoticeWish, at: dt.datetime) -> bool:
    """Whether a letter may be written now: at once means now, daily means once a day from the morning on."""
    if wish.when == When.AT_ONCE:
        return True
    local = at.astimezone(ZoneInfo(settings.TIME_ZONE))
    if local.hour < MORNING:
        return False
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return not Notice.objects.filter(user=wish.user_id, written_at__gte=midnight).exists()
