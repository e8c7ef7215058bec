"""Text from people: what may be stored, and when two numbers are the same."""

import re
import unicodedata

from django.utils.translation import gettext_lazy as _

from ropo_portal.errors import DomainError, sentence

# Control, format (bidi marks, zero width), lone surrogate, private use, unassigned.
_FORBIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_LINE_BREAKS = "\n\r"
_LAST_PRINTABLE = 0xFFFF
_INVOICE_NUMBER = re.compile(r"[0-9A-Za-zÅÄÖÆØåäöæø][0-9A-Za-zÅÄÖÆØåäöæø ./_#-]*")
LONGEST_INVOICE_NUMBER = 40


class TextRefused(DomainError):
    """The text holds something that cannot be printed, or too much of it."""


def check_text(text: str, max_length: int, *, lines: bool = False, field: str | None = None) -> str:
    """Return the text composed and trimmed; refuse what cannot be printed, naming the position.

    `lines` allows line breaks, which come back as line feeds.
    """
    text = text.strip(" \t\r\n\u00a0")
    if not (text.isascii() and text.isprintable()):
        _refuse_unprintable(text, field, lines=lines)
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > max_length:
        message = sentence(
            _("At most %(max_length)s characters are allowed here; this has %(length)s."),
            max_length=max_length,
            length=len(text),
        )
        raise TextRefused(message, field=field, code="too_long")
    return text


def _refuse_unprintable(text: str, field: str | None, *, lines: bool) -> None:
    for position, character in enumerate(text, start=1):
        is_break = lines and character in _LINE_BREAKS
        if not is_break and (
            unicodedata.category(character) in _FORBIDDEN or ord(character) > _LAST_PRINTABLE
        ):
            raise _forbidden(character, position, field)


def _forbidden(character: str, position: int, field: str | None) -> TextRefused:
    name = unicodedata.name(character, f"U+{ord(character):04X}")
    message = sentence(
        _("The character %(name)s at position %(position)s is not allowed."),
        name=name,
        position=position,
    )
    return TextRefused(message, field=field, code="forbidden_character")


def normalized_number(text: str) -> str:
    """Return the form two invoice numbers are compared by."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split()).casefold()
    text = unicodedata.normalize("NFKC", text)
    text = "".join(character for character in text if unicodedata.category(character) not in _FORBIDDEN)
    return unicodedata.normalize("NFKC", " ".join(text.split()).casefold())


def check_invoice_number(text: str, *, field: str | None = None) -> str:
    """Return an invoice number fit for Ropo; look-alike letters of other alphabets are refused."""
    text = check_text(unicodedata.normalize("NFKC", text), LONGEST_INVOICE_NUMBER, field=field)
    if _INVOICE_NUMBER.fullmatch(text):
        return text
    message = _("An invoice number has digits, Nordic letters and the signs - / . _ # only.")
    raise TextRefused(message, field=field, code="invoice_number")
