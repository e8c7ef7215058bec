"""The stand-in's memory: an append-only SQLite file that alone decides what "registered" means."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import sqlite3
import threading
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .records import Job, Update

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .clock import Clock
    from .exchange import Request
    from .records import Delivery, NewJob, Settlement

SCHEMA = Path(__file__).with_name("schema.sql")
UNRECORDED = "SELECT * FROM updates WHERE cid = ? AND taken_at = '' AND visible_at <= ? ORDER BY id LIMIT ?"
OF_A_DAY = "SELECT * FROM updates WHERE cid = ? AND statustime LIKE ? AND visible_at <= ? ORDER BY id"
OF_A_JOB = "SELECT * FROM updates WHERE jobid = ? ORDER BY id"
PRIVATE_PATHS = {"/rest/token"}
SETTLED = """(SELECT COALESCE(SUM(amount), 0) FROM
  (SELECT CAST(ROUND(amount * 100) AS INTEGER) AS amount FROM payments WHERE jobid = jobs.jobid
   UNION ALL SELECT CAST(ROUND(amount * 100) AS INTEGER) FROM credits WHERE jobid = jobs.jobid)) AS settled"""


class Ledger:
    """One connection and one lock; what is written is committed before anybody is answered."""

    def __init__(self, path: Path | str, clock: Clock) -> None:
        self.path = str(path)
        self._clock = clock
        self._lock = threading.RLock()
        self._database = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False, timeout=30)
        self._database.row_factory = sqlite3.Row
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = NORMAL")
        self._database.executescript(SCHEMA.read_text(encoding="utf-8"))

    def close(self) -> None:
        with self._lock:
            self._database.close()

    @contextmanager
    def booking(self, *, keep: bool = True) -> Iterator[None]:
        """One transaction; a rehearsal (`keep` false) is rolled back at its end."""
        with self._lock:
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT" if keep else "ROLLBACK")

    def rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        with self._lock:
            return self._database.execute(sql, values).fetchall()

    def insert(self, table: str, **columns: object) -> int:
        names, marks = ", ".join(columns), ", ".join("?" * len(columns))
        with self._lock:
            statement = f"INSERT INTO {table} ({names}) VALUES ({marks})"
            return int(self._database.execute(statement, tuple(columns.values())).lastrowid or 0)

    def times(self) -> dict[str, str]:
        return {"registered_at": real_now(), "clock_at": stamp(self._clock.now())}

    # requests

    def add_request(self, request: Request, *, cid: str, billnum: str, fault: str) -> int:
        """Note the request before anything else happens to it; secrets are left out."""
        private = request.path in PRIVATE_PATHS
        headers = {name: value for name, value in request.headers.items() if name != "authorization"}
        return self.insert(
            "requests",
            received_at=real_now(),
            clock_at=stamp(self._clock.now()),
            method=request.method,
            path=request.path,
            query=json.dumps(request.query),
            headers=json.dumps(headers),
            cid=cid,
            billnum=billnum,
            data_identifier=request.headers.get("dataidentifier", ""),
            sha256=hashlib.sha256(request.body).hexdigest(),
            body=b"" if private else request.body,
            fault=fault,
        )

    def add_answer(self, request_id: int, status: int) -> None:
        self.insert("answers", request_id=request_id, decided_at=real_now(), status=status)

    def times_played(self, fault: str, cid: str, billnum: str) -> int:
        """How often the fault was already chosen for this number."""
        found = self.rows(
            "SELECT COUNT(*) AS n FROM requests WHERE fault = ? AND cid = ? AND billnum = ?",
            fault,
            cid,
            billnum,
        )
        return int(found[0]["n"])

    # jobs

    def add_job(self, job: NewJob, delivery: Delivery, *, visible_at: str, veil: str) -> Job:
        columns = vars(job) | vars(delivery) | self.times()
        columns |= {"amount": str(job.amount), "dataset": json.dumps(job.dataset, ensure_ascii=False)}
        if not job.billnum:
            columns["billnum"] = f"R{self._next_jobid()}"
        return self.job(self.insert("jobs", **columns, visible_at=visible_at, veil=veil))

    def _next_jobid(self) -> int:
        return int(self.rows("SELECT seq + 1 AS n FROM sqlite_sequence WHERE name = 'jobs'")[0]["n"])

    def job(self, jobid: int) -> Job:
        return self.jobs("jobid = ?", jobid)[0]

    def jobs(self, condition: str = "1", *values: object) -> list[Job]:
        """The jobs that meet an SQL condition, oldest first."""
        statement = f"SELECT *, {SETTLED} FROM jobs WHERE {condition} ORDER BY jobid"
        return [_job(row) for row in self.rows(statement, *values)]

    # settlements and status updates

    def add_settlement(self, settlement: Settlement, job: Job, delivery: Delivery) -> Decimal:
        """Book a payment or credit note against the job; gives back what was too much."""
        overpaid = max(Decimal(0), settlement.amount - max(Decimal(0), job.open_amount))
        self.insert(
            "payments" if settlement.kind == "payment" else "credits",
            **vars(delivery),
            **self.times(),
            jobid=job.jobid,
            billnum=job.billnum,
            amount=str(settlement.amount),
            on_date=settlement.on_date,
            details=json.dumps(settlement.details, ensure_ascii=False),
            overpaid=str(overpaid),
        )
        return overpaid

    def add_update(self, job: Job, **columns: str) -> None:
        prefix = "P37" if columns["statustype"] == "payment" else "C48"
        number = int(self.rows("SELECT COALESCE(MAX(id), 0) + 1 AS n FROM updates")[0]["n"])
        blank = {"statuscode": "", "paydate": "", "amount": ""}
        keys = {
            "statusid": f"{prefix}{number:07}",
            "cid": job.cid,
            "jobid": job.jobid,
            "billnum": job.billnum,
        }
        self.insert("updates", **(blank | columns | keys), visible_at=job.visible_at)

    def take_updates(self, cid: str, limit: int) -> list[Update]:
        """The next unrecorded updates of the account; from now on they count as recorded."""
        now = stamp(self._clock.now())
        found = self.rows(UNRECORDED, cid, now, limit)
        for row in found:
            self._database.execute("UPDATE updates SET taken_at = ? WHERE id = ?", (now, row["id"]))
        return [Update.read(row) for row in found]

    def updates_of(self, job: Job) -> list[Update]:
        return [Update.read(row) for row in self.rows(OF_A_JOB, job.jobid)]

    def updates_on(self, cid: str, date: str) -> list[Update]:
        """The updates of one day that are not held back, recorded or not."""
        found = self.rows(OF_A_DAY, cid, f"{date}%", stamp(self._clock.now()))
        return [Update.read(row) for row in found]

    def mark_pushed(self, statusids: list[str]) -> None:
        with self.booking():
            for statusid in statusids:
                self._database.execute(
                    "UPDATE updates SET pushed_at = ? WHERE statusid = ?", (real_now(), statusid)
                )

    # small state that outlives a restart

    def remember(self, name: str, value: str) -> None:
        with self._lock:
            self._database.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (name, value))

    def recall(self, name: str, default: str) -> str:
        found = self.rows("SELECT value FROM state WHERE name = ?", name)
        return str(found[0]["value"]) if found else default


def _job(row: sqlite3.Row) -> Job:
    columns: dict[str, Any] = dict(row)
    columns["amount"] = Decimal(columns["amount"])
    columns["settled"] = Decimal(columns["settled"]) / 100
    columns["dataset"] = json.loads(columns["dataset"])
    return Job(**columns)


def stamp(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="microseconds")


def real_now() -> str:
    return stamp(dt.datetime.now(dt.UTC))
