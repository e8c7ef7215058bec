"""Room: workbooks are archives; nothing in them is opened before the archive looks harmless."""

import stat
import zipfile
from pathlib import Path

from ropo_portal.imports.readers.refusals import CannotRead

MOST_FILES = 2_000
MOST_BYTES = 400 << 20
MOST_TIMES = 200
SMALL = 8 << 20
_ENCRYPTED = 1
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"


def kind_of_archive(path: Path) -> str:
    """Return xlsx or ods; refuse every other archive and every trick."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _check(entries, path.stat().st_size)
            names = {entry.filename for entry in entries}
            is_ods = "mimetype" in names and archive.open("mimetype").read(200).strip() == _ODS
            if is_ods:
                _check_manifest(archive, names)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError, EOFError) as error:
        raise CannotRead("broken_workbook") from error
    return "ods" if is_ods else _excel(names)


def _excel(names: set[str]) -> str:
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise CannotRead("macros")
    if "xl/workbook.bin" in names:
        raise CannotRead("binary_excel")
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        raise CannotRead("archive")
    return "xlsx"


def _check(entries: list[zipfile.ZipInfo], size: int) -> None:
    if len(entries) > MOST_FILES or len({entry.filename for entry in entries}) != len(entries):
        raise CannotRead("archive_names")
    if any(_is_trick(entry) for entry in entries):
        raise CannotRead("archive_names")
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise CannotRead("password")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MOST_BYTES or unpacked > max(size * MOST_TIMES, SMALL):
        raise CannotRead("archive_size")
    end = 0
    for entry in sorted(entries, key=lambda each: each.header_offset):
        if entry.header_offset < end:  # the same bytes unpacked many times over
            raise CannotRead("archive_size")
        end = entry.header_offset + entry.compress_size


def _is_trick(entry: zipfile.ZipInfo) -> bool:
    name = entry.filename
    parts = name.replace("\\", "/").split("/")
    is_link = stat.S_ISLNK(entry.external_attr >> 16)
    return (
        is_link or name != entry.orig_filename or ".." in parts or not parts[0] or ":" in name or "\\" in name
    )


def _check_manifest(archive: zipfile.ZipFile, names: set[str]) -> None:
    if "META-INF/manifest.xml" in names:
        with archive.open("META-INF/manifest.xml") as manifest:
            if b"encryption-data" in manifest.read(1 << 20):
                raise CannotRead("password")
    if any(name.startswith(("Basic/", "Scripts/")) for name in names):
        raise CannotRead("macros")
