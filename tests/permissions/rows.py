"""One row of every kind that follows an invoice: claims, their steps, money, and the switch of production."""

import uuid
from decimal import Decimal

from django.utils import timezone

from ropo_portal.accounts.models import Creditor, CreditorEnvironment, LiveSwitch, User
from ropo_portal.collection.models import Promise
from ropo_portal.collection.operations import note_promise, propose_override, write_note
from ropo_portal.finding.models import Export, SavedView
from ropo_portal.identifiers import make_reference
from ropo_portal.imports import readers
from ropo_portal.imports.models import Import, ImportedInvoice, ImportedLines
from ropo_portal.invoices.models import Batch, Claim
from ropo_portal.invoices.operations import ask_approval, choose_invoices, note_allocation
from ropo_portal.parties.models import Debtor, Flag
from ropo_portal.parties.operations import set_flag
from ropo_portal.rules.models import LegalRule
from tests import factories
from tests.collection.conftest import make_claim, make_sent_invoice
from tests.collection.writing import proposed, started
from tests.invoices.money import credit, noted, pursued


def claim_rows(creditor: Creditor, environment: CreditorEnvironment, debtor: Debtor) -> dict[str, uuid.UUID]:
    """Build the rows and return their ids by kind."""
    somebody = factories.make_user()
    case = proposed(_claim(environment, debtor, 2), somebody)
    override = propose_override(
        claim=_claim(environment, debtor, 3),
        step="collection",
        reason="moved away",
        actor=somebody,
        at=factories.AT,
    )
    rows = {
        "claim": _claim(environment, debtor, 0),
        "reminder": started(_claim(environment, debtor, 1)),
        "case": case,
        "proof": case.proofs.first(),
        "override": override,
        "payment": noted(_pursued(environment, debtor, 4)),
        "allocation": note_allocation(
            claim=_pursued(environment, debtor, 5), credit_note_number="H1", amount=Decimal(10), date=factories.AT.date(),
            kind="allocated", description="", actor=somebody, at=factories.AT,
        ),
        "credit_note": credit(make_sent_invoice(environment, debtor=debtor)),
        "approval": ask_approval(
            invoice=factories.make_invoice(environment, debtor), revision=1, actor=somebody, at=factories.AT
        ),
        "batch": _batch(environment, debtor),
        "double": factories.make_debtor(creditor, kind="person", name="Twin"),
        "flag": _flag(creditor),
        "promise": _promise(environment, debtor),
        "note": write_note(debtor=debtor, text="Calls back in the morning", actor=somebody, at=factories.AT),
        "switch": _switch(creditor),
        "view": SavedView.objects.create(
            creditor=creditor, owner=somebody, listing="invoices", name="Late", name_key="late", query="late=1",
            is_shared=True, created_at=factories.AT,
        ),
        "export": _export(environment, somebody),
        "rule": LegalRule.objects.order_by("pk").first(),
    }  # fmt: skip
    return {kind: row.pk for kind, row in rows.items()}


def _batch(environment: CreditorEnvironment, debtor: Debtor) -> Batch:
    ids = [factories.make_invoice(environment, debtor).pk]
    return choose_invoices(environment=environment, ids=ids, actor=factories.make_user(), at=factories.AT)


def import_rows(environment: CreditorEnvironment) -> dict[str, uuid.UUID]:
    """Build a file that was read, with one invoice that has an error."""
    batch = Import.objects.create(
        creditor=environment.creditor, environment=environment, file_name="x.csv", sha256="0", size=1, state="staged",
        error_count=1, created_by=factories.make_user(), created_at=factories.AT, moved_at=factories.AT,
        staged_at=factories.AT, layout=readers.Layout("csv", columns={0: "row_price"}).to_dict(),
    )  # fmt: skip
    one = ImportedInvoice.objects.create(batch=batch, position=1, key="line 2", verdict="error")
    ImportedLines.objects.create(imported=one, texts='[[2, {"row_price": "1"}, {}]]')
    return {"import": batch.pk, "imported": one.pk}


def _facts(place: int) -> dict[str, str]:
    return {"number": f"X-{place}", "reference": make_reference("viite", f"77700{place}")}


def _claim(environment: CreditorEnvironment, debtor: Debtor, place: int) -> Claim:
    return make_claim(environment, debtor, **_facts(place))


def _pursued(environment: CreditorEnvironment, debtor: Debtor, place: int) -> Claim:
    return pursued(environment, debtor=debtor, job=f"77{place}", **_facts(place))


def _export(environment: CreditorEnvironment, somebody: User) -> Export:
    now = timezone.now()
    return Export.objects.create(
        creditor=environment.creditor, environment=environment, requested_by=somebody, listing="invoices", kind="csv",
        language="en", state="ready", created_at=now, touched_at=now,
    )  # fmt: skip


def _switch(creditor: Creditor) -> LiveSwitch:
    production = factories.make_environment(creditor, "fi-production")
    return LiveSwitch.objects.create(
        environment=production, cid=production.cid, reason="ready", proposed_by=factories.make_user("administrator", creditor),
        proposed_at=factories.AT,
    )  # fmt: skip


def _flag(creditor: Creditor) -> Flag:
    """Return a flag on somebody whom no other row is about."""
    debtor = factories.make_debtor(creditor, kind="person", national_id="010594Y9032")
    return set_flag(
        debtor=debtor, kind="disputed", reason="never ordered it", begin_date=factories.AT.date(), end_date=None,
        today=factories.AT.date(), actor=factories.make_user(), at=factories.AT,
    )  # fmt: skip


def _promise(environment: CreditorEnvironment, debtor: Debtor) -> Promise:
    return note_promise(
        debtor=debtor, environment=environment, claim=None, date=factories.AT.date(), amount=Decimal(10), note="",
        actor=factories.make_user(), at=factories.AT,
    )  # fmt: skip
