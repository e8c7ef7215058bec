"""What the machine noted, said to a clerk."""

import pytest

from ropo_portal.ropo_one import errors
from ropo_portal.ropo_one.transport import _REASONS
from ropo_portal.submissions.causes import HALF_SAID, NOT_REACHED, said, status_said
from ropo_portal.submissions.templatetags import submissions as templatetags


def test_a_lost_answer_is_said_in_words_and_kept_as_it_was():
    noted = str(errors.Unclear("no complete answer came (ReadTimeout)", phase=errors.Phase.READING))
    assert said(noted).sentence == HALF_SAID
    assert said(noted).noted == noted


@pytest.mark.parametrize("reason", _REASONS.values())
def test_every_reason_of_the_wire_has_a_sentence(reason):
    for kind in (errors.Unclear, errors.NotSent):
        assert said(str(kind(reason, phase=errors.Phase.CONNECTING))).noted


def test_an_unreached_host_is_not_called_a_refusal():
    assert (
        said(str(errors.NotSent("no connection could be made", phase=errors.Phase.CONNECTING))).sentence
        == NOT_REACHED
    )


@pytest.mark.parametrize(
    ("status", "word"), [(401, "access"), (403, "access"), (429, "busy"), (405, "turned")]
)
def test_a_closed_door_says_why(status, word):
    cause = said(f"Refused: Ropo turned the call away (phase answered, status {status})")
    assert word in str(cause.sentence)


def test_words_of_ropo_are_left_alone():
    assert said("Työ hylätty: rivi puuttuu").sentence == "Työ hylätty: rivi puuttuu"
    assert said("Työ hylätty: rivi puuttuu").noted == ""


@pytest.mark.parametrize(
    ("text", "words", "language"),
    [
        ("Ohimaksu 400.00 kirjattu", "Bypass payment booked", "fi"),
        ("Työ hylätty: osoite puuttuu", "Ropo One refused it: the address is missing.", "fi"),
        ("Melding", "Message", "nb"),
        ("Någonting annat", "Någonting annat", ""),
    ],
)
def test_ropos_own_words_are_said_in_ours(text: str, words: str, language: str) -> None:
    cause = said(text)
    assert (str(cause.sentence), cause.language, cause.noted) == (words, language, "")
    assert cause.original == ("" if words == text else text)


def test_a_status_is_said_by_its_number() -> None:
    assert str(status_said("2", "Indrivning").sentence) == "Debt collection"
    assert str(status_said("9", "Jotain").sentence) == "Jotain"
    shown = templatetags.ropo_status("2", "Perintä")
    assert shown == 'Debt collection <small class="noted" lang="fi">Perintä</small>'
    assert templatetags.ropo_status("-1", "") == "-1"
