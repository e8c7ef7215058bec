"""Room: writing down whom to tell of what waits; nobody is told of one row twice, and a letter holds numbers alone."""

import datetime as dt
import logging
import uuid
from collections import Counter
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from ropo_portal.accounts.models import CreditorEnvironment, Membership, User
from ropo_portal.accounts.roles import MAY
from ropo_portal.accounts.scope import Scope
from ropo_portal.worklist.alarms import ALARM, Alarm, standing_alarms
from ropo_portal.worklist.kinds import KINDS, TOLD, Desk, Kind
from ropo_portal.worklist.models import Notice, NoticeSent, NoticeWish

logger = logging.getLogger(__name__)
When = NoticeWish.When
MORNING = 7
# Rows of one kind that one letter counts; more are told of by the next one.
MOST = 5_000


def write_notices(*, at: dt.datetime) -> int:
    """Write a notice for everybody who is to be told of something now and has not been; return how many."""
    environments = list(
        CreditorEnvironment.objects.filter(creditor__is_active=True).select_related("creditor")
    )
    standing = standing_alarms(environments, at=at)
    return sum(1 for user in _readers() if write_notice(user, standing, at=at))


def write_notice(user: User, standing: Sequence[Alarm], *, at: dt.datetime) -> Notice | None:
    """Write one: the letter and all it tells of, or nothing when there is nothing new. Alarms wait for no morning."""
    scope = Scope(user)
    desk = Desk(scope, tuple(scope.environments), at)
    fresh = [*_new_alarms(desk, standing), *_new_work(desk, at)]
    if not fresh:
        return None
    numbers = Counter(group for group, _name, _key in fresh)
    try:
        with transaction.atomic():
            notice = Notice.objects.create(user=user, written_at=at, numbers=dict(numbers))
            NoticeSent.objects.bulk_create(
                NoticeSent(notice=notice, user=user, kind=name, subject_id=key) for _group, name, key in fresh
            )
    except IntegrityError:  # another worker was quicker by a moment and tells of it
        logger.info("user %s is told by another worker", user.pk)
        return None
    return notice


def wish_of(user: User) -> str:
    """Return how somebody is told of work: as she said, else daily where her roles decide or answer for alarms."""
    wish = NoticeWish.objects.filter(user=user).first()
    if wish is not None:
        return wish.when
    scope = Scope(user)
    return When.DAILY if scope.may("notice.work") or scope.may("notice.alarms") else When.OFF


def _readers() -> QuerySet[User]:
    """Return everybody who did not switch notices off and either wished for them or has a role that is told."""
    told = MAY["notice.work"] | MAY["notice.alarms"]
    asked = Q(notice_wish__isnull=False) | Exists(
        Membership.objects.filter(user=OuterRef("pk"), role__in=told)
    )
    return User.objects.filter(asked, is_active=True).exclude(notice_wish__when=When.OFF).order_by("pk")


Fresh = tuple[str, str, uuid.UUID]


def _new_alarms(desk: Desk, standing: Sequence[Alarm]) -> list[Fresh]:
    """Give the alarms of the reader's own creditors that she was not told of today."""
    own = {one.pk for one in desk.where("notice.alarms")}
    mine = [one for one in standing if own and (one.environment_id is None or one.environment_id in own)]
    keys = [one.subject_id for one in mine]
    told = (
        NoticeSent.objects.filter(user=desk.user_id, subject_id__in=keys)
        if keys
        else NoticeSent.objects.none()
    )
    known = set(told.values_list("subject_id", flat=True))
    return [
        (f"{ALARM}{one.name}", f"{ALARM}{one.name}", one.subject_id)
        for one in mine
        if one.subject_id not in known
    ]


def _new_work(desk: Desk, at: dt.datetime) -> list[Fresh]:
    """Give the rows that are new to the reader, where the hour is hers and her role or her wish asks for them."""
    wish = NoticeWish.objects.filter(user=desk.user_id).first()
    if (wish is None and not desk.scope.may("notice.work")) or not _is_time(desk.user_id, wish, at):
        return []
    kinds = [kind for kind in KINDS if kind.group in TOLD]
    return [(kind.group, kind.name, key) for kind in kinds for key in _untold(desk, kind)]


def _untold(desk: Desk, kind: Kind) -> list[uuid.UUID]:
    """Return the rows of one kind that the reader was never told of."""
    if not desk.where(kind.action):
        return []
    told = NoticeSent.objects.filter(user=desk.user_id, kind=kind.name, subject_id=OuterRef("pk"))
    waiting = kind.waiting(desk).filter(~Exists(told)).order_by(kind.since, "pk")
    return list(waiting.values_list("pk", flat=True)[:MOST])


def _is_time(user_id: uuid.UUID, wish: NoticeWish | None, at: dt.datetime) -> bool:
    """Whether work may be told of now: at once means now, daily means once a day from the morning on."""
    if wish is not None and wish.when == When.AT_ONCE:
        return True
    local = at.astimezone(ZoneInfo(settings.TIME_ZONE))
    if local.hour < MORNING:
        return False
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    today = NoticeSent.objects.filter(user=user_id, notice__written_at__gte=midnight)
    return not today.exclude(kind__startswith=ALARM).exists()
