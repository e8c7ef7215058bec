"""Room: what kept a document from arriving, said to a clerk; the machine's own words stand behind, and smaller."""

import hashlib
import re
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Cause:
    """A sentence, and what the machine noted; or Ropo's own text, as the `original` where we have words for it."""

    sentence: str | Promise
    noted: str = ""
    original: str = ""
    language: str = ""


NOT_REACHED = _("Ropo One could not be reached.")
HALF_SAID = _("Ropo One gave no complete answer in time.")
# The first pattern that is found decides; the notes are those of the client and of the sweep.
SENTENCES: tuple[tuple[str, str | Promise], ...] = (
    (r"^LoginRefused\b", _("Ropo One did not accept the customer id and the API code.")),
    (
        r"^Refused\b.*\bstatus 429\b",
        _("Ropo One was too busy and turned the portal away; it took nothing."),
    ),
    (
        r"^Refused\b.*\bstatus 40[13]\b",
        _("Ropo One did not let the portal in: the access was refused; it took nothing."),
    ),
    (r"^Refused\b", _("Ropo One turned the portal away; it took nothing.")),
    (r"^NotSent\b.*\bcould not be resolved\b", _("Ropo One's address was not found on the network.")),
    (r"^NotSent\b.*\bno secure connection\b", _("No safe connection to Ropo One could be made.")),
    (r"^NotSent\b", NOT_REACHED),
    (r"^Unclear\b.*\bwhile we were writing\b", _("The connection broke while the document was on its way.")),
    (r"^Unclear\b.*\bno complete answer\b", HALF_SAID),
    (r"^Unclear\b", _("Ropo One's answer could not be understood.")),
    (r"^flag:", _("A flag on the debtor stopped it before it left.")),
    (r"^it could not leave in time$", _("It could not leave in time, and nothing old leaves by itself.")),
    (r"^no word from the worker$", _("The portal was interrupted while it was sending.")),
)
# What Ropo's own texts are known to mean; the language is the one they are written in.
ROPO_SAID: tuple[tuple[str, str, str | Promise], ...] = (
    (r"^Työ hylätty: osoite puuttuu\.?$", "fi", _("Ropo One refused it: the address is missing.")),
    (r"^Ohimaksu .+ kirjattu$", "fi", _("Bypass payment booked")),
    (r"^Direktbetalning .+ har bokförts$", "sv", _("Bypass payment booked")),
    (r"^Direktebetaling .+ er bokført", "nb", _("Bypass payment booked")),
    (r"^Hyvitys .+ kohdistettu$", "fi", _("Credit booked")),
    (r"^Kreditering .+ har bokförts$", "sv", _("Credit booked")),
    (r"^Kreditering .+ er bokført", "nb", _("Credit booked")),
    (r"^Viesti$", "fi", _("Message")),
    (r"^Meddelande$", "sv", _("Message")),
    (r"^Melding$", "nb", _("Message")),
    (r"^Laskutus$", "fi", _("Invoicing")),
    (r"^Muistutus$", "fi", _("Reminder")),
    (r"^Perintä$", "fi", _("Debt collection")),
    (r"^Fakturering$", "", _("Invoicing")),
    (r"^Påminnelse$", "sv", _("Reminder")),
    (r"^Purring$", "nb", _("Reminder")),
    (r"^Inkasso$", "", _("Debt collection")),
)
# The scale of a job's status, whatever words stand beside it.
STATUSES: dict[str, str | Promise] = {"0": _("Invoicing"), "1": _("Reminder"), "2": _("Debt collection")}
ROPO_PATTERNS = tuple((re.compile(pattern), language, words) for pattern, language, words in ROPO_SAID)
PATTERNS = tuple((re.compile(pattern), sentence) for pattern, sentence in SENTENCES)


def key_of(text: str) -> str:
    """Return a short name of what is said of a text; texts that are said alike share it, and it tells nothing."""
    sentence = next((known for pattern, known in PATTERNS if pattern.search(text)), None)
    place = None if sentence is None else [known for _pattern, known in PATTERNS].index(sentence)
    return hashlib.sha256(f"{place}|{'' if place is not None else text}".encode()).hexdigest()[:12]


def said(text: str) -> Cause:
    """Say what was noted; whatever no pattern knows is said as it is."""
    for pattern, sentence in PATTERNS:
        if pattern.search(text):
            return Cause(sentence, text)
    return ropo_said(text)


def ropo_said(text: str) -> Cause:
    """Say what a text of Ropo's is known to mean; whatever nobody knows is said as it is."""
    for pattern, language, words in ROPO_PATTERNS:
        if pattern.search(text.strip()):
            return Cause(words, original=text, language=language)
    return Cause(text)


def status_said(code: str, text: str) -> Cause:
    """Say where a job stands or goes: by its number where that is known, else by Ropo's words."""
    found = ropo_said(text)
    words = STATUSES.get(code.strip(), found.sentence)
    return Cause(words or code, original=text, language=found.language)
