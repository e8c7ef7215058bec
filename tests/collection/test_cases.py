"""Debt collections: two people, the notice before, its proof, and what makes an approval void."""

import datetime as dt
import json

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from ropo_portal.accounts.operations import grant_role
from ropo_portal.collection.models import DebtCollectionCase, Proof
from ropo_portal.collection.operations import (
    ApprovalVoid,
    CannotChange,
    NotApproved,
    ProofRefused,
    SamePerson,
    StepIncomplete,
    TooEarly,
    add_proof,
    approve_case,
    change_case,
    discard_case,
    fingerprint_of,
    post_case,
    propose_case,
    remove_proof,
    return_case,
    start_case,
    withdraw_case,
)
from ropo_portal.errors import DomainError
from ropo_portal.history.models import Entry
from ropo_portal.submissions.models import Submission
from ropo_portal.submissions.operations import AlreadyPosted
from tests import factories
from tests.collection.conftest import DUE, TODAY, make_claim
from tests.collection.writing import PDF, codes, noticed, proposed, refuses
from tests.factories import AT, make_creditor, make_environment, make_user
from tests.invoices.settling import settle

pytestmark = pytest.mark.django_db
NOTICE = dt.date(2026, 10, 20)


# -------------------------------------------------------------------------------------- two people
def test_a_debt_collection_takes_two_people(claim, people):
    case = proposed(claim, people["sender"])
    assert (case.stage, Submission.objects.exists()) == ("proposed", False)
    submission = approve_case(case=case, fingerprint=case.fingerprint, actor=people["approver"], at=AT)
    case.refresh_from_db()
    assert (case.submission, case.approved_by) == (submission, people["approver"])
    (job,) = json.loads(bytes(submission.payload))["datastream"]["dataset"]
    assert (job["jobtype"], job["noticedate"], job["amount"]) == ("2", "2026-10-20", "250.00")
    verbs = set(Entry.objects.about(case).values_list("verb", flat=True))
    assert {"collection.proposed", "collection.approved", "collection.posted"} <= verbs


def test_nobody_approves_alone(claim, people):
    case = proposed(claim, people["sender"])
    refuses(
        SamePerson,
        "same_person",
        approve_case,
        case=case,
        fingerprint=case.fingerprint,
        actor=people["sender"],
        at=AT,
    )
    grant_role(user=people["sender"], creditor=claim.creditor, role="approver", actor=make_user(), at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        DebtCollectionCase.objects.filter(pk=case.pk).update(approved_by=case.proposed_by)


def test_one_open_debt_collection_a_claim(claim, people):
    proposed(claim, people["sender"])
    with pytest.raises(IntegrityError, match="claim"), transaction.atomic():
        DebtCollectionCase.objects.create(claim=claim, amount=1, created_at=AT)
    assert DebtCollectionCase.objects.create(claim=claim, amount=1, created_at=AT, discarded_at=AT).pk


def test_the_database_wants_the_second_person(environment, claim, people):
    case = proposed(claim, people["sender"])
    own = {"number": claim.number, "document_id": case.pk, "kind": "debt-collection"}
    submission = factories.queue(environment, **own)
    with pytest.raises(DatabaseError, match="a second person has to approve"), transaction.atomic():
        DebtCollectionCase.objects.filter(pk=case.pk).update(submission=submission)


def test_what_was_not_proposed_is_not_approved(claim, people):
    case = noticed(claim, people["sender"])
    fingerprint = fingerprint_of(case)
    who = {"case": case, "actor": people["approver"], "at": AT}
    refuses(NotApproved, "not_proposed", approve_case, fingerprint=fingerprint, **who)
    refuses(NotApproved, "not_proposed", return_case, reason="x", **who)
    with pytest.raises(NotApproved):
        post_case(case=case, revision=case.revision, actor=people["sender"], at=AT)


@pytest.mark.parametrize("change", ["notice", "proof", "debtor", "seen"])
def test_an_approval_is_void_after_a_change(claim, people, change):
    case = proposed(claim, people["sender"])
    seen = case.fingerprint
    if change == "notice":
        facts = {"notice_date": NOTICE, "notice_channel": "email", "notice_address": "x"}
        case = change_case(case=case, revision=case.revision, actor=people["sender"], at=AT, **facts)
    elif change == "proof":
        add_proof(case=case, name="b.pdf", content=PDF + b"2", actor=people["sender"], at=AT)
    elif change == "debtor":
        type(claim.debtor).objects.filter(pk=claim.debtor_id).update(street="Toinen katu 2")
    else:
        seen = "0" * 64
    with pytest.raises((ApprovalVoid, NotApproved)):
        approve_case(case=case, fingerprint=seen, actor=people["approver"], at=AT)
    assert not Submission.objects.exists()


def test_a_proposal_is_given_back_with_the_reason(claim, people):
    case = proposed(claim, people["sender"])
    who = {"case": case, "actor": people["approver"], "at": AT}
    refuses(DomainError, "no_reason", return_case, reason=" ", **who)
    back = return_case(reason="Wrong debtor", **who)
    assert (back.stage, back.returned_reason) == ("draft", "Wrong debtor")
    assert Entry.objects.about(case).get(verb="collection.returned").reason == "Wrong debtor"


def test_an_approval_stands_while_nothing_changes(claim, people):
    case = proposed(claim, people["sender"])
    approve_case(case=case, fingerprint=case.fingerprint, actor=people["approver"], at=AT)
    back = withdraw_case(case=case, actor=people["sender"], at=AT)
    again = post_case(case=back, revision=back.revision, actor=people["sender"], at=AT)
    settle(again, "rejected", trouble="no")
    type(claim.debtor).objects.filter(pk=claim.debtor_id).update(street="Toinen katu 2")
    refuses(
        ApprovalVoid,
        "approval_void",
        post_case,
        case=back,
        revision=back.revision,
        actor=people["sender"],
        at=AT,
    )


# -------------------------------------------------------------------------------------- the notice
@pytest.mark.parametrize(
    ("fields", "reasons"),
    [
        ({"notice_date": None}, [("no_notice", "notice_date")]),
        (
            {"notice_channel": "", "notice_address": " "},
            [("no_notice_channel", "notice_channel"), ("no_notice_address", "notice_address")],
        ),
    ],
)
def test_finland_wants_the_notice_and_its_proof(claim, people, fields, reasons):
    case = noticed(claim, people["sender"], **fields)
    with pytest.raises(StepIncomplete) as caught:
        propose_case(case=case, revision=case.revision, actor=people["sender"], at=AT)
    assert codes(caught) == reasons


def test_a_notice_without_proof_is_none(claim, people):
    case = noticed(claim, people["sender"], proof=False)
    with pytest.raises(StepIncomplete) as caught:
        propose_case(case=case, revision=case.revision, actor=people["sender"], at=AT)
    assert codes(caught) == [("no_proof", "proof")]


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (TODAY + dt.timedelta(days=1), "notice_in_future"),
        (DUE, "notice_before_due"),
        (DUE - dt.timedelta(9), "notice_before_due"),
    ],
)
def test_days_on_which_nobody_can_have_been_reminded(claim, day, code):
    case = start_case(claim=claim, actor=make_user(), at=AT)
    error = refuses(
        DomainError, code, change_case, case=case, notice_date=day, revision=1, actor=make_user(), at=AT
    )
    assert error.field == "notice_date"
    assert "2026" in str(error)


def test_a_young_notice_makes_it_too_early(claim, people):
    case = noticed(claim, people["sender"], notice_date=TODAY - dt.timedelta(days=2))
    refuses(
        TooEarly, "too_early", propose_case, case=case, revision=case.revision, actor=people["sender"], at=AT
    )


def test_in_sweden_the_notice_is_asked_but_not_needed(people):
    claim = make_claim(make_environment(make_creditor("SE")), reference="1230")
    case = start_case(claim=claim, actor=people["sender"], at=AT)
    assert propose_case(case=case, revision=1, actor=people["sender"], at=AT).stage == "proposed"


def test_in_norway_the_clock_counts_from_the_notice(people):
    claim = make_claim(make_environment(make_creditor("NO")), reference="12344")
    case = start_case(claim=claim, actor=people["sender"], at=AT)
    error = refuses(TooEarly, "too_early", propose_case, case=case, revision=1, actor=people["sender"], at=AT)
    assert "notice" in str(error)
    assert proposed(claim, people["sender"]).stage == "proposed"


def test_proofs(claim, people):
    case = start_case(claim=claim, actor=people["sender"], at=AT)
    who = {"actor": people["sender"], "at": AT}
    for content in (b"", b"MZ\x90", b"<html>", b"GIF89a"):
        refuses(ProofRefused, "not_a_paper", add_proof, case=case, name="a.pdf", content=content, **who)
    refuses(
        ProofRefused,
        "too_large",
        add_proof,
        case=case,
        name="a.pdf",
        content=PDF + b"0" * 10 * 1024**2,
        **who,
    )
    proof = add_proof(case=case, name="a.jpg", content=b"\xff\xd8\xff\xe0", **who)
    refuses(
        ProofRefused,
        "attached_already",
        add_proof,
        case=case,
        name="b.jpg",
        content=b"\xff\xd8\xff\xe0",
        **who,
    )
    assert (proof.media_type, bytes(proof.content)) == ("image/jpeg", b"\xff\xd8\xff\xe0")
    remove_proof(proof=proof, **who)
    assert not Proof.objects.exists()
    for place in range(10):
        add_proof(case=case, name="a.pdf", content=PDF + bytes([place]), **who)
    refuses(ProofRefused, "too_many", add_proof, case=case, name="a.pdf", content=PDF + b"x", **who)


def test_a_case_on_its_way_neither_changes_nor_vanishes(claim, people):
    case = proposed(claim, people["sender"])
    approve_case(case=case, fingerprint=case.fingerprint, actor=people["approver"], at=AT)
    who = {"actor": people["sender"], "at": AT}
    facts = {"case": case, "revision": case.revision}
    refuses(CannotChange, "cannot_change", change_case, notice_date=NOTICE, **facts, **who)
    refuses(CannotChange, "cannot_change", discard_case, **facts, **who)
    refuses(CannotChange, "cannot_change", remove_proof, proof=case.proofs.get(), **who)
    with pytest.raises(AlreadyPosted):
        propose_case(**facts, **who)
