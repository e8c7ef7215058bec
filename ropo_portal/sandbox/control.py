"""The control page: what the ledger holds, what the clock says, and which fault comes next."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import asdict, fields
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from . import board, settlements
from .events import BROKEN, Disorder, Receiver
from .exchange import NotJson, Reply, Request, json_reply
from .faults import FAULTS
from .ledger import stamp
from .options import WrongOption
from .plan import UnknownFault
from .pricing import money
from .records import Delivery
from .world import Visit

if TYPE_CHECKING:
    from .events import Pusher
    from .plan import Plan
    from .world import World

Answer = Callable[[Request], Reply]
LONGEST_PLAY = 366
MOST_PLAYED = 50
PLAYED = """SELECT fault, billnum, method, path, received_at FROM requests
  WHERE fault <> '' AND cid = ? ORDER BY id DESC LIMIT ?"""
BACK = Reply(303, headers=(("Location", "/control"),))


class Control:
    """Answers everything under /control; forms are sent back to the page, JSON gets JSON."""

    def __init__(self, world: World, plan: Plan, pusher: Pusher) -> None:
        self._world, self._plan, self._pusher = world, plan, pusher
        self._answers: dict[tuple[str, str], Answer] = {
            ("GET", "/control"): self._page,
            ("GET", "/control/control.css"): lambda _: board.style(),
            ("GET", "/control/ledger"): lambda _: json_reply(200, board.ledger(world)),
            ("GET", "/control/clock"): lambda _: json_reply(200, self._clock()),
            ("POST", "/control/clock"): self._set_clock,
            ("POST", "/control/play"): self._play,
            ("GET", "/control/faults"): lambda request: json_reply(200, self._faults(request)),
            ("POST", "/control/faults"): self._order_fault,
            ("DELETE", "/control/faults"): self._clear_faults,
            ("GET", "/control/options"): lambda _: json_reply(200, self._options()),
            ("POST", "/control/options"): self._set_options,
            ("POST", "/control/events"): self._push_events,
            ("POST", "/control/pay"): self._pay,
            ("POST", "/control/accounts"): self._open_account,
        }

    def __call__(self, request: Request) -> Reply:
        answer = self._answers.get((request.method, request.path.rstrip("/") or "/"))
        if answer is None:
            return json_reply(404, {"error": f"{request.method} {request.path} is not served here"})
        try:
            return answer(request)
        except (
            UnknownFault,
            WrongOption,
            NotJson,
            ValueError,
            TypeError,
            LookupError,
            ArithmeticError,
        ) as error:
            return json_reply(400, {"error": str(error)})

    def _page(self, _: Request) -> Reply:
        return board.page(self._world, self._plan.waiting())

    def _done(self, request: Request, content: object) -> Reply:
        return BACK if "form" in request.headers.get("content-type", "") else json_reply(200, content)

    def _clock(self) -> dict[str, object]:
        clock = self._world.clock
        return {"now": stamp(clock.now()), "offset_seconds": clock.offset.total_seconds()}

    def _set_clock(self, request: Request) -> Reply:
        """`now` sets it, `reset` undoes everything, days, hours, minutes and seconds move it."""
        asked, clock = request.fields(), self._world.clock
        if asked.pop("reset", None):
            clock.reset()
        if now := asked.pop("now", None):
            moment = dt.datetime.fromisoformat(str(now))
            clock.set(moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC))
        clock.advance(**{name: float(value) for name, value in asked.items()})
        return self._done(request, self._time_passed())

    def _time_passed(self) -> dict[str, object]:
        """Remember the clock, and let happen what is due by now."""
        self._world.ledger.remember("clock offset", str(self._world.clock.offset.total_seconds()))
        self._world.catch_up_all()
        return self._clock()

    def _play(self, request: Request) -> Reply:
        """Let days go by one after the other, each with its updates and events."""
        days = int(request.fields()["days"])
        if not 1 <= days <= LONGEST_PLAY:
            raise ValueError(f"between 1 and {LONGEST_PLAY} days")
        reached = True
        for _ in range(days):
            self._world.clock.advance(days=1)
            self._time_passed()
            # A receiver that is away would cost seconds every day; what waits is pushed later.
            if reached:
                reached = all(0 < status < BROKEN for status in self._pusher.push())
        return self._done(request, self._clock())

    def _faults(self, request: Request) -> dict[str, object]:
        """What waits and what there is; of one account also what played there, the newest first."""
        cid = request.query.get("cid", "")
        table = [
            {"name": each.name, "sentence": each.sentence, "when": each.when} for each in FAULTS.values()
        ]
        played = [dict(row) for row in self._world.ledger.rows(PLAYED, cid, MOST_PLAYED)]
        return {"queue": self._plan.waiting(cid), "faults": table} | ({"played": played} if cid else {})

    def _order_fault(self, request: Request) -> Reply:
        asked = request.fields()
        cid = str(asked.get("cid") or "")
        if asked.get("clear"):
            self._plan.clear(cid)
        else:
            order = ":".join(filter(None, (str(asked["name"]), str(asked.get("argument") or ""))))
            times, path = int(asked.get("times") or 1), str(asked.get("path") or "")
            self._plan.order(order, times=times, path=path, cid=cid)
        return self._done(request, {"queue": self._plan.waiting(cid)})

    def _clear_faults(self, request: Request) -> Reply:
        cid = request.query.get("cid", "")
        self._plan.clear(cid)
        return json_reply(200, {"queue": self._plan.waiting(cid)})

    def _options(self) -> dict[str, Any]:
        told = asdict(self._world.options)
        del told["opened"]
        told["accounts"] = [
            {"cid": each.cid, "country": each.country} for each in self._world.options.all_accounts
        ]
        return told

    def _set_options(self, request: Request) -> Reply:
        self._world.options.change(request.fields())
        return self._done(request, self._options())

    def _open_account(self, request: Request) -> Reply:
        """A further account of a country, with credentials that are told here and nowhere else again."""
        account = self._world.options.open_account(str(request.fields()["country"]).upper())
        self._world.ledger.remember("accounts", json.dumps(list(map(asdict, self._world.options.opened))))
        return json_reply(201, asdict(account))

    def _pay(self, request: Request) -> Reply:
        """The debtor pays the job to Ropo One: all that is open, or the amount given."""
        asked, world = request.fields(), self._world
        job = world.ledger.job(int(asked["jobid"]))
        account = world.options.account(job.cid)
        amount = money(Decimal(str(asked.get("amount") or job.open_amount)))
        if account is None or amount <= 0:
            raise ValueError("there is nothing to pay")
        visit = Visit(world, request, account, Delivery(0, job.cid, "", ""))
        settlements.receive(visit, job, amount, visit.today.isoformat())
        return self._done(request, world.ledger.job(job.jobid).summary())

    def _push_events(self, request: Request) -> Reply:
        """Set the receiver, if one is named, and push what waits, in the disorder asked for."""
        asked = request.fields()
        if asked.get("url"):
            self._pusher.receiver = Receiver(**_only(Receiver, asked))
        statuses = self._pusher.push(Disorder(**_only(Disorder, asked)))
        return self._done(request, {"statuses": statuses})


def _only(kind: type[Receiver | Disorder], asked: dict[str, Any]) -> dict[str, Any]:
    return {each.name: asked[each.name] for each in fields(kind) if each.name in asked}
