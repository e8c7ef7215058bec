"""Room: work of the house itself: rates and waiting times that somebody has to check."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.rules.models import KINDS as RULES
from ropo_portal.worklist.kinds.kind import Desk, Kind, Row


def _doubtful(model: Any) -> Callable[[Desk, Sequence[CreditorEnvironment]], QuerySet[Any]]:
    def rows(desk: Desk, environments: Sequence[CreditorEnvironment]) -> QuerySet[Any]:
        countries = {one.country for one in environments}
        found: QuerySet[Any] = model.objects.doubtful(desk.at.date()).filter(country__in=countries)
        return found

    return rows


def _showing(slug: str) -> Callable[[Desk, Iterable[Any]], list[Row]]:
    def show(_desk: Desk, found: Iterable[Any]) -> list[Row]:
        return [
            Row(
                pk=one.pk,
                environment=None,
                number=str(one),
                debtor=one.get_country_display(),
                url=reverse("rules:detail", args=[slug, one.pk]),
                next_step=_("Check it at its source, or write the new one"),
            )
            for one in found
        ]

    return show


KINDS = tuple(
    Kind(
        f"rule-{slug}", "rates", _("Rate to check"), 365 * 24, "valid_from", _doubtful(model), _showing(slug),
        action="rules.edit", can_be_taken=False,
    )
    for slug, model in RULES.items()
)  # fmt: skip
