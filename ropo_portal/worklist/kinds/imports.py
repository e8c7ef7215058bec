"""Room: work that files leave: invoices that stay behind because a cell of them is wrong."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.imports.models import Import, ImportedInvoice, Verdict
from ropo_portal.worklist.kinds.kind import Desk, Kind, Row

AT_REST = (Import.State.STAGED, Import.State.STOPPED, Import.State.CREATED)


def _wrong(_desk: Desk, environments: Sequence[CreditorEnvironment]) -> QuerySet[Any]:
    """Return imports in which somebody can mend something; what was left out by hand is nobody's work."""
    errors = ImportedInvoice.objects.filter(batch=OuterRef("pk"), verdict=Verdict.ERROR, is_included=True)
    rests = Import.objects.filter(environment__in=environments, state__in=AT_REST, is_cleared=False)
    return rests.filter(Exists(errors), staged_at__isnull=False, error_count__gt=0)


def _shown(desk: Desk, found: Iterable[Any]) -> list[Row]:
    return [
        Row(
            pk=one.pk,
            environment=desk.by_id[one.environment_id],
            number=one.file_name,
            debtor=str(one.created_by),
            url=reverse("imports:next-error", args=[one.pk]),
            next_step=_("Mend the cells, or leave the invoices out"),
            days=(desk.at - one.staged_at).days,
            note=ngettext("%(count)s invoice with errors", "%(count)s invoices with errors", one.error_count)
            % {"count": one.error_count},
        )
        for one in found.select_related("created_by")  # type: ignore[attr-defined]
    ]


WRONG = Kind(
    "import",
    "import",
    _("Import with errors"),
    48,
    "staged_at",
    _wrong,
    _shown,
    action="invoice.edit",
    is_lasting=True,
)
