"""Room: the bytes of a file: taken in as a stream, kept sealed in pieces, written out for a reader, and let go."""

import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from ropo_portal.errors import DomainError, sentence
from ropo_portal.imports.models import Import, ImportedLines, ImportPiece
from ropo_portal.imports.models.batch import PIECE


class FileTooLarge(DomainError):
    """The file is larger than anybody wants to wait for."""

    def __init__(self) -> None:
        most = settings.IMPORT_SIZE_LIMIT // 1_000_000
        message = sentence(
            _("A file may have at most %(most)s MB. Split it, and import the parts."), most=most
        )
        super().__init__(message, field="file", code="file_too_large")


def pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the same bytes in pieces of one size; refuses (`FileTooLarge`) as soon as there are too many."""
    held, size = bytearray(), 0
    for chunk in chunks:
        size += len(chunk)
        if size > settings.IMPORT_SIZE_LIMIT:
            raise FileTooLarge
        held += chunk
        while len(held) >= PIECE:
            yield bytes(held[:PIECE])
            del held[:PIECE]
    if held:
        yield bytes(held)


def keep(batch: Import, chunks: Iterable[bytes]) -> tuple[str, int]:
    """Store the bytes and return their fingerprint and size."""
    digest, size = hashlib.sha256(), 0
    for position, content in enumerate(pieces(chunks)):
        ImportPiece.objects.create(batch=batch, position=position, content=content)
        digest.update(content)
        size += len(content)
    return digest.hexdigest(), size


def fingerprint(chunks: Iterable[bytes]) -> tuple[str, int]:
    """Return fingerprint and size without keeping anything."""
    digest, size = hashlib.sha256(), 0
    for content in pieces(chunks):
        digest.update(content)
        size += len(content)
    return digest.hexdigest(), size


@contextmanager
def written(batch: Import) -> Iterator[Path]:
    """Write the file into a folder that only this process can enter, and remove it afterwards."""
    with tempfile.TemporaryDirectory(prefix="import-") as folder:
        path = Path(folder, "file")
        with path.open("wb") as out:
            for piece in batch.pieces.order_by("position").iterator(chunk_size=4):
                out.write(piece.content)
        yield path


def forget_file(batch: Import) -> None:
    """Let the bytes go: what is needed of them is staged."""
    batch.pieces.all().delete()


def forget_lines(batch: Import) -> None:
    """Let the staged invoices and their lines go; what was created stays, with its history."""
    ImportedLines.objects.filter(imported__batch=batch).delete()
