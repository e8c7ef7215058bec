"""Room: reading a whole file into the table, judged and counted; begins afresh however the last try ended."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from ropo_portal.accounts.models import CreditorEnvironment
from ropo_portal.copying import among, unhurried, write_rows
from ropo_portal.identifiers import new_id, new_keys
from ropo_portal.imports import lines, readers, standing
from ropo_portal.imports.columns import OF_ROW, Group, Staged
from ropo_portal.imports.earlier import Earlier
from ropo_portal.imports.files import forget_lines, written
from ropo_portal.imports.judging import Judge, Judgement
from ropo_portal.imports.models import Import, ImportedInvoice, Verdict

Clock = Callable[[], dt.datetime]
State = Import.State
BLOCK = 1000


class Overtaken(Exception):
    """The import was stopped, or another worker has taken it over."""


@dataclass
class Stager:
    """One run over one file."""

    batch: Import
    run: uuid.UUID
    clock: Clock
    judge: Judge
    earlier: Earlier
    size: int = BLOCK
    stored: int = 0
    # New debtors whose facts stand with an invoice already.
    told: set[str] = field(default_factory=set)
    late: dict[str, list[Staged]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    lines: int = 0

    def read(self, found: Iterator[readers.Line]) -> None:
        """Read all lines; invoices whose lines stand apart are put together at the end."""
        block: dict[str, Group] = {}
        group, whole = None, None
        for line in found:
            self.lines += 1
            if line.is_more and group:
                group.lines.append(Staged(line.number, line.cells, line.problems))
                continue
            whole = lines.completed(line, whole)
            key = lines.key_of(whole)
            if key in self.late or self.earlier.has(key):
                self.late.setdefault(key, []).append(lines.staged(whole, None))
                group = None
                continue
            if len(block) >= self.size and key not in block:
                self.flush(block)
                block = {}
            group = block.setdefault(key, Group(key, is_plain=True))
            group.is_plain = not group.lines
            group.lines.append(lines.staged(whole, group.lines[0] if group.lines else None))
        self.flush(block)

    @transaction.atomic
    def flush(self, block: dict[str, Group]) -> None:
        """Judge and store one block, and say how far the run is."""
        documents: list[list[Any]] = []
        keys, judged = list(block), self.judge.each(list(block.values()))
        block.clear()
        # The database stores one invoice while the next is judged.
        write_rows(ImportedInvoice, lines.COLUMNS, self._rows(judged, documents))
        lines.write_lines(documents)
        self.earlier.keys.add(keys)
        self.stored += len(keys)
        self.beat()

    def _rows(self, judged: Iterator[Judgement], documents: list[list[Any]]) -> Iterator[list[Any]]:
        """Yield the rows of a block, and gather those of its lines."""
        country, keys = self.judge.environment.creditor.country, new_keys(self.size)
        batch = str(self.batch.pk)
        for position, one in enumerate(judged, start=self.stored + 1):
            pk = next(keys)
            self.counts[one.verdict] += 1
            ready, hidden = standing.noted(one, one.who, self.told)
            documents.append(lines.document(pk, one.group.lines, country, ready=ready, debtor_id=hidden))
            yield [pk, batch, position, *lines.stored(one).values(), True, 1, None]

    @transaction.atomic
    def join_late(self) -> None:
        """Add the lines that stood apart to their invoices, and judge those again."""
        country = self.judge.environment.creditor.country
        keys = list(self.late)
        for start in range(0, len(keys), self.size):
            some = keys[start : start + self.size]
            chosen = list(self.batch.invoices.filter(among("key", some)).order_by("position"))
            self.counts.subtract(one.verdict for one in chosen)
            lines.rewrite(
                {
                    one.pk: [*group.lines, *self.late[group.key]]
                    for one, group in zip(chosen, lines.groups(chosen), strict=True)
                },
                country,
            )
            recheck(self.batch, chosen, at=self.clock())
            self.counts.update(one.verdict for one in chosen)
        self.beat()

    def beat(self) -> None:
        """Say how far the run is, or learn that it is nobody's any more."""
        is_ours = self.batch.beat(
            run=self.run,
            at=self.clock(),
            line_count=self.lines,
            new_count=self.counts[Verdict.NEW],
            existing_count=self.counts[Verdict.EXISTING],
            error_count=self.counts[Verdict.ERROR],
        )
        if not is_ours:
            raise Overtaken


def stage(batch_id: uuid.UUID, *, clock: Clock, size: int = BLOCK) -> None:
    """Read the file of an import that waits for it; does nothing when somebody has stopped it."""
    run = new_id()
    waiting = Import.objects.filter(pk=batch_id, state=State.STAGING)
    if not waiting.update(
        run=run, moved_at=clock(), line_count=0, new_count=0, existing_count=0, error_count=0
    ):
        return
    batch = Import.objects.get(pk=batch_id)
    try:
        _staged(batch, run, clock, size)
    except Overtaken:
        return
    except readers.CannotRead as error:
        Import.objects.filter(pk=batch.pk, state=State.STAGING, run=run).update(
            state=State.FAILED, failure=str(error), moved_at=clock()
        )


def _staged(batch: Import, run: uuid.UUID, clock: Clock, size: int) -> None:
    forget_lines(batch)
    batch.invoices.all().delete()
    environment = CreditorEnvironment.objects.select_related("creditor").get(pk=batch.environment_id)
    earlier = Earlier(batch=batch)
    judge = Judge(environment, at=clock(), has_numbers=lines.has_numbers(batch), others=earlier)
    Import.objects.filter(pk=batch.pk, run=run).update(judged_under=standing.basis(environment, judge.today))
    stager = Stager(batch, run, clock, judge, earlier, size)
    with written(batch) as path, unhurried():
        layout = readers.Layout.from_dict(batch.layout)
        stager.read(readers.run_limited(path, layout=layout, key="invoice_number", own=OF_ROW))
    if stager.late:
        stager.join_late()
    at = clock()
    Import.objects.filter(pk=batch.pk, state=State.STAGING, run=run).update(
        state=State.STAGED, staged_at=at, moved_at=at
    )


def recheck(batch: Import, imported: list[ImportedInvoice], *, at: dt.datetime) -> list[Judgement]:
    """Judge staged invoices again and store what came of it."""
    found = lines.judge(batch, imported, at=at)
    changed = (
        "number",
        "debtor_name",
        "reference",
        "debtor_key",
        "debtor_print",
        "total_amount",
        "verdict",
        "errors",
    )
    for one, judgement in zip(imported, found, strict=True):
        kept = lines.stored(judgement)
        for name in changed:
            setattr(one, name, kept[name])
    ImportedInvoice.objects.bulk_update(imported, changed, batch_size=200)
    return found
