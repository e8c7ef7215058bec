"""Who gets letters in a test: those it names. Senders who only queued something for it want none."""

from typing import Any

from ropo_portal.accounts.models import User
from ropo_portal.worklist.models import NoticeWish
from tests import factories

TOLD = "Told "


def reader(role: str, creditor: Any) -> User:
    """Return a user whose letters a test looks at."""
    return factories.make_user(role, creditor, name=f"{TOLD}{role}")


def quieten() -> None:
    """Let everybody else want no letters."""
    for user in User.objects.exclude(name__startswith=TOLD).filter(notice_wish=None):
        NoticeWish.objects.create(user=user, when=NoticeWish.When.OFF)
