"""The comparison of portal and ledger: it finds what was lost and what was doubled, and closes with the numbers."""

import uuid

import pytest

from ropo_portal.demo.report import LEDGER, Promise, compared
from ropo_portal.submissions.models import Kind

CID, PRINTED = "1099001", "300"


def promise(number: str, state: str = "accepted", held_reason: str = "") -> Promise:
    return Promise(uuid.uuid4(), CID, number, state, held_reason)


def comparison(promises, booked, promised=None):
    ids = [one.id for one in promises] if promised is None else promised
    return compared(promises, promised=ids, booked=[(CID, number, PRINTED) for number in booked])


@pytest.fixture
def promises():
    return [
        promise("1"),
        promise("2"),
        promise("3", "rejected"),
        promise("4", "held", "maybe-sent"),
        promise("5", "held", "never-sent"),
        promise("6", "unconfirmed"),
    ]


def test_a_true_ledger_is_clean(promises):
    found = comparison(promises, ["1", "2"])
    assert found.is_clean
    assert found.closing_line == ("demo: 2 accepted, 1 rejected, 1 unconfirmed, 2 held, 0 lost, 0 duplicated")


@pytest.mark.parametrize("number", ["4", "6"])
def test_what_may_have_arrived_may_stand_in_the_ledger(promises, number):
    assert comparison(promises, ["1", "2", number]).is_clean


def test_accepted_without_a_row_is_lost(promises):
    found = comparison(promises, ["1"])
    assert found.lost == ("2",)
    assert not found.is_clean
    assert found.closing_line.endswith("1 lost, 0 duplicated")


def test_a_submission_that_is_gone_is_lost(promises):
    gone = uuid.uuid4()
    found = comparison(promises, ["1", "2"], promised=[*(one.id for one in promises), gone])
    assert found.lost == (str(gone),)


def test_every_row_beyond_the_first_is_a_duplicate(promises):
    found = comparison(promises, ["1", "2", "2", "2"])
    assert found.duplicated == ("2", "2")
    assert not found.is_clean
    assert found.closing_line.endswith("0 lost, 2 duplicated")


def test_the_same_number_at_two_accounts_is_no_duplicate():
    one, other = promise("1"), Promise(uuid.uuid4(), "2099001", "1", "accepted")
    found = compared([one, other], promised=[one.id, other.id], booked=[one.address, other.address])
    assert found.is_clean


@pytest.mark.parametrize("number", ["3", "5"])
def test_what_the_portal_denies_must_not_be_booked(promises, number):
    found = comparison(promises, ["1", "2", number])
    assert [text.split()[0] for text in found.contradictions] == [number]
    assert not found.is_clean


def test_a_number_that_nobody_posted_is_found(promises):
    found = comparison(promises, ["1", "2", "77"])
    assert "77" in found.contradictions[0]


def test_a_corrected_document_that_was_refused_before_is_no_contradiction():
    assert comparison([promise("3", "rejected"), promise("3")], ["3"]).is_clean


def test_one_number_may_stand_there_once_for_each_kind():
    kinds = {"invoice": "300", "reminder": "1", "bypass-payment": "payment"}
    whole = [Promise(uuid.uuid4(), CID, "1", "accepted", kind=kind) for kind in kinds]
    booked = [(CID, "1", word) for word in kinds.values()]
    ids = [one.id for one in whole]
    assert compared(whole, promised=ids, booked=booked).is_clean
    assert compared(whole, promised=ids, booked=booked[1:]).lost == ("1",)
    assert compared(whole, promised=ids, booked=[*booked, booked[1]]).duplicated == ("1",)


def test_two_payments_that_were_promised_are_no_duplicate():
    both = [Promise(uuid.uuid4(), CID, "1", "accepted", kind="bypass-payment") for _ in range(2)]
    ids, row = [one.id for one in both], (CID, "1", "payment")
    assert compared(both, promised=ids, booked=[row, row]).is_clean
    assert compared(both, promised=ids, booked=[row]).lost == ("1",)
    assert compared(both, promised=ids, booked=[row] * 3).duplicated == ("1",)


def test_every_kind_has_its_word_in_the_ledger():
    assert set(LEDGER) == set(Kind)
