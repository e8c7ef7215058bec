"""Time passing: tells by status updates what became of which job, each on the day on which it happened."""

from __future__ import annotations

import datetime as dt
import threading
from typing import TYPE_CHECKING

from . import costs, life
from .texts import text

if TYPE_CHECKING:
    from .options import Account
    from .records import Job
    from .world import World

MOVING = """jobtype IN ('0', '1') AND jobid NOT IN (SELECT jobid FROM stages WHERE status = 2) AND cid = ?"""
STAGE_WORDS = {life.INVOICING: "overdue", life.REMINDER: "stage-1", life.COLLECTION: "stage-2"}
# When on its day a step is told, unless that moment has not come yet.
MORNING = dt.time(6, 30)


class Progress:
    """Looks once per account and day of the stand-in's clock; more would find nothing new."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._looked: dict[str, dt.date] = {}
        self._lock = threading.Lock()

    def catch_up(self, account: Account) -> None:
        moment = self._world.clock.now().astimezone(account.zone)
        with self._lock:
            if self._looked.get(account.cid) == moment.date():
                return
            with self._world.ledger.booking():
                for job in self._world.ledger.jobs(MOVING, account.cid):
                    self._move(job, account, moment)
            self._looked[account.cid] = moment.date()

    def catch_up_all(self) -> None:
        for account in self._world.options.all_accounts:
            self.catch_up(account)

    def _move(self, job: Job, account: Account, moment: dt.datetime) -> None:
        told = self._told(job)
        for step in life.steps(job, moment.date(), account.zone):
            if step.status not in told:
                self._world.ledger.insert("stages", jobid=job.jobid, status=step.status)
                self._tell(job, step, account, moment)

    def _tell(self, job: Job, step: life.Step, account: Account, moment: dt.datetime) -> None:
        local = min(dt.datetime.combine(step.on, MORNING), moment.replace(tzinfo=None))
        common = {
            "statustime": local.strftime("%Y-%m-%d %H:%M:%S"),
            "statusref": text(account.country, "log"),
        }
        ledger = self._world.ledger
        words = text(account.country, STAGE_WORDS[step.status])
        ledger.add_update(job, statustype="comment", statuscode="98", statustext=words, **common)
        if self._world.options.costs:
            for cost in costs.costs(job, step):
                words = text(account.country, cost.kind, cost.amount)
                ledger.add_update(
                    job, statustype=cost.kind, statustext=words, amount=str(cost.amount), **common
                )

    def _told(self, job: Job) -> set[int]:
        found = self._world.ledger.rows("SELECT status FROM stages WHERE jobid = ?", job.jobid)
        return {int(row["status"]) for row in found}
