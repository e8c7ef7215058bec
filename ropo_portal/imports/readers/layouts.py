"""Room: how a file is laid out, what a look at it found, and one line of it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from ropo_portal.errors import Sentence

KINDS = ("csv", "xlsx", "ods", "finvoice", "ubl")
# For tables the layout says how to read; XML says it itself.
TABLES = frozenset({"csv", "xlsx", "ods"})


@dataclass(frozen=True)
class Layout:
    """How to read one file. An empty `decimal` or `date_order` means: nobody has said, so refuse what has two readings.

    `header_row` is the row a person counts from 1; 0 says that there is none. `columns` counts from 0.
    """

    kind: str
    sheet: str = ""
    encoding: str = "utf-8"
    separator: str = ";"
    decimal: str = ""
    date_order: str = ""
    header_row: int = 1
    columns: Mapping[int, str] = ()  # type: ignore[assignment]

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", dict(self.columns))

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return asdict(self) | {"columns": {str(place): name for place, name in self.columns.items()}}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Return what `to_dict` wrote."""
        columns = {int(place): str(name) for place, name in values["columns"].items()}
        return cls(**{**values, "columns": columns})


@dataclass(frozen=True)
class Doubt:
    """What the file does not prove, for a person to decide; it reads as a sentence."""

    code: str
    values: Mapping[str, str | int]

    def __str__(self) -> str:
        return str(self.sentence)

    @property
    def sentence(self) -> "Sentence":
        """The doubt in words."""
        from ropo_portal.imports.readers import words  # noqa: PLC0415 (the child that reads knows no Django)

        return words.doubt(self.code, self.values)


@dataclass(frozen=True)
class Survey:
    """What the head of a file shows: the best guess, and where it is only a guess."""

    layout: Layout
    doubts: list[Doubt]
    sheets: list[str]
    headers: list[str]
    samples: list[list[str]]
    parsed: list[dict[str, str]]
    line_count_guess: int

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return asdict(self) | {"layout": self.layout.to_dict()}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Return what `to_dict` wrote."""
        doubts = [Doubt(str(each["code"]), dict(each["values"])) for each in values["doubts"]]
        return cls(**{**values, "layout": Layout.from_dict(values["layout"]), "doubts": doubts})


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what could be read by canonical name, blanks left out, and why the rest could not."""

    number: int
    cells: dict[str, str]
    problems: dict[str, str]
    # It is about the invoice of the line before and says the same of it, so that only its own cells are told.
    is_more: bool = False
