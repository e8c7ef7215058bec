"""Room: the encoding of a text file, by what its bytes prove."""

import codecs
import re
from dataclasses import dataclass, field
from pathlib import Path

from ropo_portal.imports.readers.layouts import Doubt
from ropo_portal.imports.readers.refusals import CannotRead

ENCODINGS = (
    "utf-8",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "windows-1252",
    "iso-8859-1",
    "iso-8859-15",
    "cp850",
    "mac-roman",
)
HEAD = 1 << 18
_CHUNK = 1 << 20
_ONE_BYTE = ("windows-1252", "iso-8859-15", "cp850", "mac-roman")
# Letters and signs that people of the four languages write; the rest of a code page speaks against it.
_USUAL = frozenset("åäöÅÄÖæøÆØéÉüÜ€§°½–—’”“•\u00a0")
_RARE = frozenset("èàáóíñçß´×²³…")
# Signs of Windows, such as the euro's, stand alone; letters of older code pages in the same place do not.
_BESIDE_LETTERS = re.compile(rb"[A-Za-z][\x80-\x9f]|[\x80-\x9f][A-Za-z]")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, ""),
    (codecs.BOM_UTF32_BE, ""),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True)
class Evidence:
    """What was found out about the text of a file."""

    encoding: str
    head: str
    line_count: int
    doubts: list[Doubt] = field(default_factory=list)


def look(path: Path) -> Evidence:
    """Read the bytes once: count lines, and prove or disprove UTF-8."""
    is_utf8, breaks, high, last = True, 0, bytearray(256), b""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        head = file.read(HEAD)
        file.seek(0)
        while chunk := file.read(_CHUNK):
            breaks += chunk.count(b"\n") or chunk.count(b"\r")
            last = chunk[-1:]
            if is_utf8 and not chunk.isascii():
                is_utf8 = _decodes(decoder, chunk)
            if not is_utf8:
                for byte in set(chunk):
                    high[byte] = 1
    is_utf8 = is_utf8 and _decodes(decoder, b"", final=True)
    encoding, doubts = _judged(head, bytes(byte for byte in range(128, 256) if high[byte]), is_utf8=is_utf8)
    text = codecs.getincrementaldecoder(encoding)("replace").decode(head).removeprefix("\ufeff")
    return Evidence(encoding, text, breaks + (last not in {b"\n", b"\r", b""}), doubts)


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _judged(head: bytes, high: bytes, *, is_utf8: bool) -> tuple[str, list[Doubt]]:
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            if not encoding:
                raise CannotRead("nul")
            return encoding, []
    if b"\0" in head:
        return _wide(head), []
    return ("utf-8", []) if is_utf8 else _one_byte(head, high)


def _wide(head: bytes) -> str:
    """Tell UTF-16 without a mark by where its NUL bytes are; NUL bytes anywhere else are no text."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if not half or len(head) % 2 or min(even, odd) > 0 or max(even, odd) < half * 0.7:
        raise CannotRead("nul")
    return "utf-16-le" if odd else "utf-16-be"


def _one_byte(head: bytes, high: bytes) -> tuple[str, list[Doubt]]:
    """Choose the code page whose letters are the usual ones; ask when another reads differently as well."""
    scored = sorted(((_strange(high, name), place, name) for place, name in enumerate(_ONE_BYTE)))
    (least, _place, best), rivals = (
        scored[0],
        [name for score, _at, name in scored[1:] if score == scored[0][0]],
    )
    example = _example(head, high)
    if best == "windows-1252" and not least and not _BESIDE_LETTERS.search(head):
        rivals = [rival for rival in rivals if rival == "iso-8859-15"]
    for rival in rivals:
        if (texts := _both(example, best, rival))[0] != texts[1]:
            return best, [_asked(best, rival, texts)]
    if best == "windows-1252" and not least:
        return best, []
    rival = "windows-1252" if best != "windows-1252" else scored[1][2]
    texts = _both(example, best, rival)
    return best, [_asked(best, rival, texts)] if texts[0] != texts[1] else []


def _asked(first: str, second: str, texts: tuple[str, str]) -> Doubt:
    return Doubt(
        "encoding", {"first": first, "second": second, "first_text": texts[0], "second_text": texts[1]}
    )


def _strange(high: bytes, encoding: str) -> int:
    text = high.decode(encoding, "replace")
    return sum(letter not in _USUAL for letter in text) * 4 - sum(letter in _RARE for letter in text) * 3


def _both(example: bytes, first: str, second: str) -> tuple[str, str]:
    return example.decode(first, "replace"), example.decode(second, "replace")


def _example(head: bytes, high: bytes) -> bytes:
    """Return a word of the file with a letter that is in question, else the letters themselves."""
    for place, byte in enumerate(head):
        if byte >= 128:
            return head[max(place - 10, 0) : place + 10].strip(b"\r\n;,\t")
    return high[:20]
