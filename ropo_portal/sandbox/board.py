"""The control page's looks: small templates filled with what the ledger holds."""

from __future__ import annotations

from html import escape
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

from .exchange import Reply
from .faults import FAULTS, SPECIAL

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .options import Options
    from .world import World

PAGES = Path(__file__).with_name("pages")
SHOWN = 50
POLICY = (
    "Content-Security-Policy",
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'",
)
JOB_COLUMNS = (
    "jobid cid jobtype billnum amount currency open_amount debtor registered_at data_identifier sha256"
)
UPDATE_COLUMNS = "statusid cid billnum statustype statuscode statustext amount taken_at pushed_at"
SETTLEMENT_COLUMNS = "id cid jobid billnum amount on_date overpaid registered_at"
REQUEST_COLUMNS = "id received_at method path cid billnum fault status"
REQUESTS = """SELECT id, received_at, method, path, cid, billnum, fault, data_identifier, sha256,
  (SELECT status FROM answers WHERE request_id = requests.id) AS status FROM requests"""
NEWEST = {
    "payments": "SELECT * FROM payments ORDER BY id DESC LIMIT ?",
    "credits": "SELECT * FROM credits ORDER BY id DESC LIMIT ?",
    "updates": "SELECT * FROM updates ORDER BY id DESC LIMIT ?",
    "requests": REQUESTS + " ORDER BY id DESC LIMIT ?",
}
NEWEST_JOBS = f"jobid > (SELECT COALESCE(MAX(jobid), 0) FROM jobs) - {SHOWN}"
CELL = 40
SECONDS = len("2026-03-02T10:00:00")


def ledger(world: World) -> dict[str, Any]:
    """Everything that is registered, for machines."""
    kept = world.ledger
    return {
        "jobs": [job.summary() for job in kept.jobs()],
        "payments": [dict(row) for row in kept.rows("SELECT * FROM payments ORDER BY id")],
        "credits": [dict(row) for row in kept.rows("SELECT * FROM credits ORDER BY id")],
        "requests": [dict(row) for row in kept.rows(REQUESTS + " ORDER BY id")],
        "updates_waiting": kept.rows("SELECT COUNT(*) AS n FROM updates WHERE taken_at = ''")[0]["n"],
    }


def style() -> Reply:
    return Reply(200, (PAGES / "control.css").read_bytes(), "text/css; charset=utf-8")


def page(world: World, queue: list[dict[str, object]]) -> Reply:
    kept = world.ledger
    newest = {name: [dict(row) for row in kept.rows(statement, SHOWN)] for name, statement in NEWEST.items()}
    filled = _template("control.html").substitute(
        now=escape(world.clock.now().strftime("%Y-%m-%d %H:%M:%S UTC")),
        offset=escape(str(world.clock.offset).partition(".")[0]),
        faults=_fault_options(),
        queue=_table("name times path", queue),
        jobs=_table(JOB_COLUMNS, [job.summary() for job in reversed(kept.jobs(NEWEST_JOBS))]),
        payments=_table(SETTLEMENT_COLUMNS, newest["payments"]),
        credits=_table(SETTLEMENT_COLUMNS, newest["credits"]),
        updates=_table(UPDATE_COLUMNS, newest["updates"]),
        requests=_table(REQUEST_COLUMNS, newest["requests"]),
        switches=_switches(world.options),
        shown=SHOWN,
    )
    headers = (POLICY, ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"))
    return Reply(200, filled.encode(), "text/html; charset=utf-8", headers)


def _template(name: str) -> Template:
    return Template((PAGES / name).read_text(encoding="utf-8"))


def _table(columns: str, rows: Iterable[dict[str, Any]]) -> str:
    names = columns.split()
    body = "".join("<tr>" + "".join(_cell(name, row.get(name)) for name in names) + "</tr>" for row in rows)
    if not body:
        return '<p class="none">Nothing yet.</p>'
    head = "".join(f'<th scope="col">{escape(name.replace("_", " "))}</th>' for name in names)
    return _template("table.html").substitute(head=head, body=body)


def _cell(name: str, value: object) -> str:
    told = "" if value is None else str(value)
    if name.endswith("_at"):
        told = told[:SECONDS].replace("T", " ")
    short = told if len(told) <= CELL else told[:12] + "…"
    return f'<td title="{escape(told)}">{escape(short)}</td>'


def _fault_options() -> str:
    """Those before booking, those after, and the rest, each with its sentence."""
    groups = {"before": "Before booking", "after": "After booking", SPECIAL: "Of their own kind"}
    told = []
    for when, label in groups.items():
        options = "".join(
            f'<option value="{each.name}">{escape(each.name)}: {escape(each.sentence)}</option>'
            for each in FAULTS.values()
            if each.when == when
        )
        told.append(f'<optgroup label="{label}">{options}</optgroup>')
    return "".join(told)


def _switches(options: Options) -> str:
    told = []
    for name, choices in options.CHOICES.items():
        chosen = getattr(options, name)
        listed = "".join(
            f"<option{' selected' if each == chosen else ''}>{each}</option>" for each in choices
        )
        label = escape(name.replace("_", " "))
        told.append(f'<label>{label} <select name="{name}">{listed}</select></label>')
    for name in ("pdf_delay", "lookup_lag", "rate", "seed"):
        label = escape(name.replace("_", " "))
        told.append(f'<label>{label} <input name="{name}" value="{getattr(options, name)}" size="6"></label>')
    return "".join(told)
