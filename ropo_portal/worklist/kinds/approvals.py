"""Room: work that waits for a second person: never for the one who began it."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import CreditorEnvironment, LiveSwitch
from ropo_portal.collection.models import DebtCollectionCase, Override
from ropo_portal.history.models import Entry
from ropo_portal.invoices.models import Approval, BypassPayment
from ropo_portal.invoices.operations.approving import WRITTEN
from ropo_portal.submissions.models import ResendProposal
from ropo_portal.worklist.kinds.kind import Desk, Kind, Row, Words

GROUP = "approval"
HOURS = 24
Environments = Sequence[CreditorEnvironment]


def _invoices(desk: Desk, environments: Environments) -> QuerySet[Any]:
    """Return the questions about invoices of which the reader has neither written nor asked anything."""
    mine = Entry.objects.filter(
        subject_type="invoices.invoice",
        subject_id=OuterRef("invoice_id"),
        verb__in=WRITTEN,
        actor_id=desk.user_id,
    )
    found: QuerySet[Any] = Approval.objects.waiting().filter(
        ~Exists(mine), invoice__environment__in=environments
    )
    return found.exclude(asked_by=desk.user_id)


def _cases(desk: Desk, environments: Environments) -> QuerySet[Any]:
    found = DebtCollectionCase.objects.kept().filter(claim__environment__in=environments, approved_by=None)
    return found.filter(proposed_by__isnull=False).exclude(proposed_by=desk.user_id)


def _overrides(desk: Desk, environments: Environments) -> QuerySet[Any]:
    found = Override.objects.standing().filter(claim__environment__in=environments, confirmed_by=None)
    return found.exclude(proposed_by=desk.user_id)


def _twins(desk: Desk, environments: Environments) -> QuerySet[Any]:
    found = BypassPayment.objects.kept().filter(claim__environment__in=environments, is_twin=True)
    return found.filter(confirmed_by=None, submission=None).exclude(written_by=desk.user_id)


def _resends(desk: Desk, environments: Environments) -> QuerySet[Any]:
    found = ResendProposal.objects.filter(confirmed_at=None, withdrawn_at=None)
    found = found.filter(submission__environment__in=environments)
    return found.exclude(proposed_by=desk.user_id).exclude(submission__posted_by=desk.user_id)


def _switches(desk: Desk, environments: Environments) -> QuerySet[Any]:
    found: QuerySet[Any] = LiveSwitch.objects.waiting().filter(environment__in=environments)
    return found.exclude(proposed_by=desk.user_id)


def _of_claim(page: str, words: Words, began: str, *, is_of_claim: bool = False) -> Callable[..., list[Row]]:
    """Return how a document of a claim is shown; `began` names when it was begun, and by whom."""

    def show(desk: Desk, found: Iterable[Any]) -> list[Row]:
        rows = []
        for one in found.select_related("claim__debtor"):  # type: ignore[attr-defined]
            claim, environment = one.claim, desk.by_id[one.claim.environment_id]
            rows.append(
                Row(
                    pk=one.pk,
                    environment=environment,
                    number=claim.number,
                    debtor=claim.debtor.name,
                    url=reverse(page, args=[claim.pk if is_of_claim else one.pk]),
                    next_step=words,
                    amount=getattr(one, "amount", claim.principal),
                    currency=environment.currency,
                    days=_days(desk, getattr(one, began)),
                )
            )
        return rows

    return show


def _show_invoices(desk: Desk, found: Iterable[Any]) -> list[Row]:
    rows = []
    for one in found.select_related("invoice__debtor"):  # type: ignore[attr-defined]
        invoice, environment = one.invoice, desk.by_id[one.invoice.environment_id]
        rows.append(
            Row(
                pk=one.pk,
                environment=environment,
                number=invoice.number,
                debtor=invoice.debtor.name,
                url=reverse("invoices:approval", args=[one.pk]),
                next_step=_("Look at the invoice, and approve it or give it back"),
                amount=invoice.total_amount,
                currency=environment.currency,
                days=_days(desk, one.asked_at),
            )
        )
    return rows


def _show_resends(desk: Desk, found: Iterable[Any]) -> list[Row]:
    rows = []
    for one in found.select_related("submission").defer("submission__payload"):  # type: ignore[attr-defined]
        sent = one.submission
        rows.append(
            Row(
                pk=one.pk,
                environment=desk.by_id[sent.environment_id],
                number=sent.number,
                debtor=sent.recipient,
                url=reverse("submissions:detail", args=[sent.pk]),
                next_step=_("Agree, or not, that it is sent again"),
                amount=sent.amount,
                currency=sent.currency,
                days=_days(desk, one.proposed_at),
            )
        )
    return rows


def _show_switches(desk: Desk, found: Iterable[Any]) -> list[Row]:
    return [
        Row(
            pk=one.pk,
            environment=desk.by_id[one.environment_id],
            number=str(desk.by_id[one.environment_id].get_name_display()),
            debtor=desk.by_id[one.environment_id].creditor.name,
            url=reverse("parties:live-confirm", args=[one.pk]),
            next_step=_("Agree, or not, that it writes to real people"),
            days=_days(desk, one.proposed_at),
        )
        for one in found
    ]


def _days(desk: Desk, since: dt.datetime) -> int:
    return (desk.at - since).days


def _kind(name: str, label: Words, action: str, since: str, rows: Any, show: Any) -> Kind:
    return Kind(name, GROUP, label, HOURS, since, rows, show, action=action, is_lasting=True)


KINDS = (
    _kind(
        "case", _("Debt collection to approve"), "collection.approve", "proposed_at", _cases,
        _of_claim("collection:case-approve", _("Approve the debt collection, or give it back"), "proposed_at"),
    ),
    _kind("invoice", _("Invoice to approve"), "invoice.approve", "asked_at", _invoices, _show_invoices),
    _kind("resend", _("To be sent again"), "submission.confirm_resend", "proposed_at", _resends, _show_resends),
    _kind(
        "twin", _("Second payment alike"), "payment.confirm_twin", "created_at", _twins,
        _of_claim("invoices:payment", _("Say whether it is another payment"), "created_at"),
    ),
    _kind(
        "override", _("Before the legal day"), "override.confirm", "proposed_at", _overrides,
        _of_claim("collection:claim", _("Agree, or not, to act before the legal day"), "proposed_at", is_of_claim=True),
    ),
    _kind("live", _("Switch to production"), "environment.confirm_live", "proposed_at", _switches, _show_switches),
)  # fmt: skip
