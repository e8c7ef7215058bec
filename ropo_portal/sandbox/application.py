"""The stand-in itself: notes each call, lets its desk book it, and answers, or plays the chosen fault."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import lookups, registration, settlements
from .answers import auth
from .exchange import NotJson, Reply, json_reply
from .plan import NEWS, UnknownFault, billnum
from .records import Delivery
from .stage import Stage
from .texts import text
from .world import LookUpDown, Visit

if TYPE_CHECKING:
    from collections.abc import Callable

    from .connection import Connection
    from .exchange import Request
    from .faults import Fault
    from .options import Account
    from .plan import Chosen, Plan
    from .world import World

SLOW_BYTES_PER_SECOND = 1000.0
DESKS: dict[tuple[str, str], Callable[[Visit], Reply]] = {
    ("POST", "/rest/jobs"): registration.deliver,
    ("POST", "/rest/jobs/preview"): registration.preview,
    ("POST", "/rest/jobs/localprint"): registration.local_print,
    ("POST", "/rest/jobs/payment"): settlements.pay,
    ("POST", "/rest/jobs/creditnote"): settlements.credit,
    ("GET", "/rest/jobs"): lookups.job_info,
    ("GET", "/rest/jobs/pdf"): lookups.document,
    ("GET", "/rest/jobs/statusupdates"): lookups.status_updates,
    ("POST", "/rest/jobs/findbyendcustomer"): lookups.find_by_end_customer,
}
PATHS = {path for _, path in DESKS} | {"/rest/token"}


@dataclass(frozen=True)
class Call:
    """One call with its noted number and the fault chosen for it."""

    request: Request
    number: int
    cid: str
    chosen: Chosen | None

    @property
    def fault(self) -> Fault | None:
        return self.chosen.fault if self.chosen else None

    @property
    def is_kept(self) -> bool:
        """Whether what it changes stays; news that is to come again is not taken."""
        if self.fault is None:
            return True
        return self.fault.keeps and not (self.fault.is_of_news and self.request.path == NEWS)


class Application:
    """Called by the server once per request, with the connection in hand."""

    def __init__(self, world: World, plan: Plan, control: Callable[[Request], Reply]) -> None:
        self.world = world
        self.plan = plan
        self._control = control

    def __call__(self, request: Request, connection: Connection) -> None:
        if request.path.startswith("/control"):
            reply = self._control(connection.complete(request))
            connection.answer(reply, keep_alive=request.keep_alive)
            return
        cid = self.world.tokens.owner(request.headers.get("authorization", "")) or ""
        try:
            chosen = self.plan.early(request, cid)
        except UnknownFault as error:
            connection.answer(json_reply(400, {"error": str(error)}), keep_alive=False)
            return
        self._serve(request, connection, chosen, cid)

    def _serve(self, request: Request, connection: Connection, chosen: Chosen | None, cid: str) -> None:
        if chosen is None or not chosen.fault.is_unread:
            request = connection.complete(request, bytes_per_second=_pace(chosen))
            chosen = chosen or self.plan.late(request, cid)
        call = self._noted(request, cid, chosen)
        reply = self._reply(call)
        stage = Stage(
            connection,
            reply,
            argument=chosen.argument if chosen else "",
            keep_alive=request.keep_alive,
            billnum=billnum(request),
            push_events=self.world.before_answer,
        )
        if chosen:
            chosen.fault.play(stage)
        else:
            stage.answer(reply)

    def _noted(self, request: Request, cid: str, chosen: Chosen | None) -> Call:
        number = self.world.ledger.add_request(
            request, cid=cid, billnum=billnum(request), fault=chosen.order if chosen else ""
        )
        return Call(request, number, cid, chosen)

    def _reply(self, call: Call) -> Reply:
        if call.fault and call.fault.is_unread:
            return Reply(500)
        reply = self._decided(call)
        self.world.ledger.add_answer(call.number, reply.status)
        return reply

    def _decided(self, call: Call) -> Reply:
        request = call.request
        if request.path == "/trap":
            return json_reply(201, {"accepted": 1})
        if request.path not in PATHS:
            return Reply(404)
        if len(request.body) > self.world.options.max_body:
            return json_reply(
                413, {"status": 413, "title": "Payload Too Large", "type": None, "detail": None}
            )
        if request.path == "/rest/token":
            return self._token(request)
        desk = DESKS.get((request.method, request.path))
        if desk is None:
            return Reply(405)
        account = self.world.options.account(call.cid)
        return self._visited(desk, self._visit(call, account), call) if account else Reply(401)

    def _visited(self, desk: Callable[[Visit], Reply], visit: Visit, call: Call) -> Reply:
        try:
            reply = desk(visit)
        except LookUpDown:
            return json_reply(503, {"error": visit.text("look-up-down")})
        if call.fault and call.fault.name == "debtor-pays":
            for job in visit.jobs("billnum = ? AND request_id = ?", billnum(call.request), call.number):
                settlements.receive(visit, job, job.open_amount, visit.today.isoformat())
        return reply

    def _visit(self, call: Call, account: Account) -> Visit:
        identifier = call.request.headers.get("dataidentifier", "")
        return Visit(
            self.world,
            call.request,
            account,
            Delivery(call.number, call.cid, identifier, hashlib.sha256(call.request.body).hexdigest()),
            keep=call.is_kept,
            veil=call.chosen.order if call.chosen and call.chosen.fault.veils else "",
            times=2 if call.fault and call.fault.name == "double-booking" else 1,
        )

    def _token(self, request: Request) -> Reply:
        if request.method != "POST":
            return Reply(405)
        try:
            asked = request.json()
        except NotJson:
            return auth(400, text("FI", "unreadable", "JSON"))
        account = self.world.options.account(str(asked.get("cid", "")))
        if account is None or account.apicode != asked.get("apicode"):
            return auth(400, text(account.country if account else "FI", "no-credentials"))
        return json_reply(
            201, {"token": self.world.tokens.issue(account.cid, self.world.options.token_seconds)}
        )


def _pace(chosen: Chosen | None) -> float:
    if chosen is None or chosen.fault.name != "slow-read":
        return 0
    return float(chosen.argument or SLOW_BYTES_PER_SECOND)
