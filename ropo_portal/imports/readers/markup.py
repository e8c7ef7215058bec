"""Room: XML read as a stream, with every door of XML to the outside shut."""

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from lxml import etree

from ropo_portal.imports.readers.refusals import CannotRead

UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
DOCUMENTS = {
    "Finvoice": "finvoice",
    f"{{{UBL}Invoice-2}}Invoice": "ubl",
    f"{{{UBL}CreditNote-2}}CreditNote": "ubl",
}
_CHUNK = 1 << 16
# Finvoice puts an envelope and an invoice behind one another, each a document of its own.
_START = b"<?xml "
_DECLARATION = 300
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_ENCODINGS = {"utf-8", "us-ascii", "ascii", "iso-8859-1", "iso-8859-15", "windows-1252", "latin1"}

# What one row of a document says, by canonical name, and what is wrong with it.
Raw = tuple[dict[str, str], list[tuple[str, str]]]


def documents(path: Path) -> Iterator[tuple[str, Any]]:
    """Yield the kind and the element of every invoice and credit note, one at a time."""
    parser, outer = None, _Outer()
    with path.open("rb") as file:
        for piece in _pieces(iter(lambda: file.read(_CHUNK), b"")):
            if piece.startswith(_START) or parser is None:
                yield from outer.finish(parser)
                parser = _parser(piece)
            yield from outer.feed(parser, piece)
    yield from outer.finish(parser)
    if not outer.has_found:
        raise CannotRead("namespace", found=outer.root or "?")


class _Outer:
    """Where in the file the reading stands: outside an invoice, or in one."""

    def __init__(self) -> None:
        self.root = ""
        self.inside: Any = None
        self.has_found = False

    def feed(self, parser: Any, piece: bytes) -> Iterator[tuple[str, Any]]:
        """Hand bytes to the parser and yield what is complete."""
        try:
            parser.feed(piece)
        except etree.XMLSyntaxError as error:
            raise CannotRead("xml", line=error.lineno or 1) from error
        yield from self.events(parser)

    def finish(self, parser: Any) -> Iterator[tuple[str, Any]]:
        """End a document."""
        if parser is not None:
            try:
                parser.close()
            except etree.XMLSyntaxError as error:
                raise CannotRead("xml", line=error.lineno or 1) from error
            yield from self.events(parser)

    def events(self, parser: Any) -> Iterator[tuple[str, Any]]:
        """Follow the parser; what was yielded is forgotten when it has been read."""
        for event, element in parser.read_events():
            if event == "start":
                self._entered(element)
            elif element is self.inside:
                self.inside, self.has_found = None, True
                yield DOCUMENTS[element.tag], element
                _forget(element)
            elif self.inside is None:
                _forget(element)

    def _entered(self, element: Any) -> None:
        if element.getparent() is None:
            if element.getroottree().docinfo.doctype:
                raise CannotRead("doctype")
            self.root = self.root or str(element.tag)[:80]
        if self.inside is None and element.tag in DOCUMENTS:
            self.inside = element


def _forget(element: Any) -> None:
    element.clear()
    while element.getprevious() is not None and element.getparent() is not None:
        del element.getparent()[0]


def _parser(piece: bytes) -> Any:
    declared = _DECLARED.match(piece.removeprefix(b"\xef\xbb\xbf").lstrip())
    encoding = declared[1].decode() if declared else "utf-8"
    if encoding.lower() not in _ENCODINGS:
        raise CannotRead("xml_encoding", encoding=encoding)
    return etree.XMLPullParser(
        events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip


def _pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Cut the bytes where an XML declaration begins, and refuse a document type wherever it is declared."""
    rest, is_first = b"", True
    for chunk in chunks:
        text = rest + chunk
        if is_first:
            text, is_first = text.removeprefix(b"\xef\xbb\xbf").lstrip(), False
        if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
            raise CannotRead("doctype")
        before, *others = text.split(_START)
        *whole, last = [before, *(_START + each for each in others)]
        yield from (each for each in whole if each)
        # A declaration is handed on in one piece, and none is cut in two.
        kept = (
            len(last)
            if last.startswith(_START) and len(last) < _DECLARATION
            else min(len(last), len(_START) * 2)
        )
        rest = last[len(last) - kept :]
        if kept < len(last):
            yield last[: len(last) - kept]
    if rest:
        yield rest


def first(element: Any, paths: str, namespaces: Mapping[str, str] | None = None) -> str:
    """Return the text of the first of several places that has one."""
    for path in paths.split("|"):
        place, _at, attribute = path.partition("@")
        found = element.find(place, namespaces)
        text = (found.get(attribute) if attribute else found.text) if found is not None else None
        if text and text.strip():
            return str(text).strip()
    return ""


def joined(element: Any, path: str, namespaces: Mapping[str, str] | None = None) -> str:
    """Return the texts of all places, one a line."""
    texts = (found.text for found in element.iterfind(path, namespaces))
    return "\n".join(text.strip() for text in texts if text and text.strip())


def number(text: str) -> Decimal | None:
    """Return a number of a document, which has no grouping."""
    try:
        value = Decimal(text.replace(",", ".")) if text and len(text) <= 40 else None
    except InvalidOperation:
        return None
    return value if value is not None and value.is_finite() else None


def single_price(price: str, several: str) -> tuple[str, bool]:
    """Return the price of one unit, and whether it is even."""
    amount, base = number(price), number(several)
    if amount is None or base is None or base in {0, 1}:
        return price, base != 0
    one = (amount / base).quantize(Decimal("0.0001"))
    return (f"{one:f}", True) if one * base == amount else (price, False)
