"""Room: files that prove the creditor's own reminder; they stay here."""

import datetime as dt
import hashlib

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import User
from ropo_portal.collection.models import DebtCollectionCase, Proof
from ropo_portal.collection.operations.guards import locked, refuse_settled, tell
from ropo_portal.collection.operations.writing import touch
from ropo_portal.errors import DomainError, sentence
from ropo_portal.identifiers import check_text

LARGEST = 10 * 1024 * 1024
MOST = 10
HEADS = {
    Proof.Format.PDF: b"%PDF-",
    Proof.Format.PNG: b"\x89PNG\r\n\x1a\n",
    Proof.Format.JPEG: b"\xff\xd8\xff",
}


class ProofRefused(DomainError):
    """The file cannot be kept as proof."""


@transaction.atomic
def add_proof(*, case: DebtCollectionCase, name: str, content: bytes, actor: User, at: dt.datetime) -> Proof:
    """
    Keep a file that proves the creditor's own reminder.

    Refuses what is no PDF, PNG or JPEG, what is larger than 10 MB, the same file twice, and more than ten files.
    """
    case = locked(case)
    refuse_settled(case)
    name = check_text(name, 100, field="proof")
    media_type = _format(content)
    sha256 = hashlib.sha256(content).hexdigest()
    if case.proofs.filter(sha256=sha256).exists():
        raise ProofRefused(_("This file is attached already."), field="proof", code="attached_already")
    if case.proofs.count() >= MOST:
        message = sentence(_("At most %(most)s files can be attached."), most=MOST)
        raise ProofRefused(message, field="proof", code="too_many")
    proof = Proof.objects.create(
        case=case,
        name=name,
        media_type=media_type,
        content=content,
        size=len(content),
        sha256=sha256,
        created_at=at,
    )
    touch(case)
    tell(
        "proof_added",
        case,
        after={"file": name, "sha256": sha256, "revision": case.revision},
        actor=actor,
        at=at,
    )
    return proof


@transaction.atomic
def remove_proof(*, proof: Proof, actor: User, at: dt.datetime) -> None:
    """Take a file off a debt collection that may still change."""
    case = locked(proof.case)
    refuse_settled(case)
    proof.delete()
    touch(case)
    after = {"file": proof.name, "sha256": proof.sha256, "revision": case.revision}
    tell("proof_removed", case, after=after, actor=actor, at=at)


def _format(content: bytes) -> str:
    if len(content) > LARGEST:
        message = sentence(_("The file is larger than %(megabytes)s MB."), megabytes=LARGEST // 1024**2)
        raise ProofRefused(message, field="proof", code="too_large")
    for media_type, head in HEADS.items():
        if content.startswith(head):
            return media_type
    raise ProofRefused(_("Attach a PDF, PNG or JPEG file; this is none."), field="proof", code="not_a_paper")
