"""Room: a whole file that is refused, by a code; the sentence is found where somebody reads it."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ropo_portal.errors import Sentence


class CannotRead(Exception):
    """A file is refused as a whole."""

    def __init__(self, code: str, **values: str | int) -> None:
        super().__init__(code, values)
        self.code = code
        self.values = values

    def __str__(self) -> str:
        return str(self.sentence)

    @property
    def sentence(self) -> "Sentence":
        """What the person who brought the file can do about it."""
        from ropo_portal.imports.readers import words  # noqa: PLC0415 (the child that reads knows no Django)

        return words.refusal(self.code, self.values)
