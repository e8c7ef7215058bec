"""Room: saying how one wants to be told of work that waits."""

from ropo_portal.accounts.models import User
from ropo_portal.worklist.models import NoticeWish


def wish_notices(*, when: str, actor: User) -> NoticeWish:
    """Remember somebody's own wish; what it was before changes nothing."""
    wish, _is_new = NoticeWish.objects.update_or_create(user=actor, defaults={"when": when})
    return wish
