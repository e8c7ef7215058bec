"""Room: what a file is, by its content; its name decides nothing."""

from pathlib import Path

from ropo_portal.imports.readers.archives import kind_of_archive
from ropo_portal.imports.readers.encodings import HEAD
from ropo_portal.imports.readers.refusals import CannotRead

MOST_MEGABYTES = 200
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PASSWORD = "EncryptedPackage".encode("utf-16-le")
_ARCHIVES = (b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf\x27\x1c", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x7fELF", b"MZ\x90", b"{\\rtf")
_WEB = (b"<!doctype html", b"<html", b"<head", b"<body", b"<table", b"<meta", b"<script")


def kind_of(path: Path) -> str:
    """Return csv, xlsx, ods or xml; refuse the rest with its name."""
    size = path.stat().st_size
    if not size:
        raise CannotRead("empty")
    if size > MOST_MEGABYTES << 20:
        raise CannotRead("too_big", most=MOST_MEGABYTES)
    with path.open("rb") as file:
        head = file.read(HEAD)
    if head.startswith(b"PK\x03\x04"):
        return kind_of_archive(path)
    _refuse_others(head)
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start:
        raise CannotRead("empty")
    if start.startswith(b"<"):
        return _markup(start)
    if _is_wide_markup(head):
        raise CannotRead("xml_encoding", encoding="UTF-16")
    return "csv"


def _refuse_others(head: bytes) -> None:
    if head.startswith(_OLE):
        raise CannotRead("password" if _PASSWORD in head else "old_excel")
    if b"%PDF-" in head[:1024]:
        raise CannotRead("pdf")
    if head.startswith((*_ARCHIVES, b"PK")) or head[257:262] == b"ustar":
        raise CannotRead("archive")
    if head.startswith(_PICTURES):
        raise CannotRead("unknown")


def _markup(start: bytes) -> str:
    lowered = start[:4096].lower()
    if lowered.startswith(_WEB) or any(word in lowered for word in _WEB[:2]):
        raise CannotRead("html")
    return "xml"


def _is_wide_markup(head: bytes) -> bool:
    return head[:4] in {b"\xff\xfe<\0", b"\xfe\xff\0<", b"<\0?\0", b"\0<\0?"}
