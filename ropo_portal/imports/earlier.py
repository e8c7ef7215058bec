"""Room: what the blocks of a file before this one have said, in a few bytes an invoice; the table holds the rest."""

from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from ropo_portal.copying import among
from ropo_portal.imports.judging import Others
from ropo_portal.imports.models import Import, Verdict


class Traces:
    """Which texts were met, in eight bytes each; it may suspect a text that was not met, and misses none."""

    def __init__(self) -> None:
        self._hashes = array("q")

    def suspect(self, text: str) -> bool:
        """Whether a text may have been met."""
        mark = hash(text)
        place = bisect_left(self._hashes, mark)
        return place < len(self._hashes) and self._hashes[place] == mark

    def add(self, texts: Iterable[str]) -> None:
        """Remember texts."""
        self._hashes = array("q", sorted([*self._hashes, *map(hash, texts)]))


@dataclass
class Earlier(Others):
    """What other invoices of a file that is being read claim already; what is suspected is asked of the table."""

    batch: Import | None = None
    keys: Traces = field(default_factory=Traces)
    _references: Traces = field(default_factory=Traces)

    def load(self, references: Collection[str]) -> None:
        """Let go what the last block said, which is stored, and recall what has one of these references."""
        self._references.add(self.references)
        self.references = {}
        suspects = [one for one in references if self._references.suspect(one)]
        if suspects and self.batch:
            claims = self.batch.invoices.filter(among("reference", suspects)).exclude(
                verdict=Verdict.EXISTING
            )
            for reference, key in claims.order_by("position").values_list("reference", "key"):
                self.references.setdefault(reference, key)

    def has(self, key: str) -> bool:
        """Whether an invoice of an earlier block has this key."""
        return (
            self.keys.suspect(key) and self.batch is not None and self.batch.invoices.filter(key=key).exists()
        )
