"""Room: protected addresses, hidden from those who have no need of them."""

import uuid
from typing import Any

from django.utils import timezone

from ropo_portal.parties.models import Debtor, Flag


def hides_address(request: Any, debtor: Debtor) -> bool:
    """Tell whether the reader may not see where a debtor lives; a page asks the database once, whatever it lists."""
    scope = request.scope
    if scope.may("debtor.view_national_id", debtor.creditor_id):
        return False
    told: bool | None = debtor.__dict__.get("is_protected_now")
    if told is not None:
        return told
    known: dict[uuid.UUID, frozenset[uuid.UUID]] = request.__dict__.setdefault("_protected", {})
    if debtor.creditor_id not in known:
        today = scope.environment.today(timezone.now())
        flags = Flag.objects.filter(debtor__creditor=debtor.creditor_id, kind=Flag.Kind.PROTECTED_ADDRESS)
        standing = flags.standing(on=today).values_list("debtor_id", "debtor__doubles__pk")
        known[debtor.creditor_id] = frozenset(pk for pair in standing for pk in pair if pk)
    return debtor.pk in known[debtor.creditor_id]
