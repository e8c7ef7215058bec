"""Room: everything a submission's page shows, gathered in a fixed number of queries."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from ropo_portal.accounts.hooks import is_address_hidden
from ropo_portal.submissions import messages
from ropo_portal.submissions.conditions import WHOLE_ROUND
from ropo_portal.submissions.forms import ProofForm, ReasonForm, ShortReasonForm
from ropo_portal.submissions.models import Attempt, Evidence, SendingSwitch, Submission
from ropo_portal.submissions.standing import Standing, standing
from ropo_portal.submissions.views import options

State = Submission.State
SAME_HOUR = dt.timedelta(hours=1)
MOST_SIMILAR = 10


@dataclass(frozen=True)
class Round:
    """One round of look-ups: what all sources together prove, and what each of them said."""

    whole: Evidence | None
    parts: list[Evidence]

    @property
    def newest(self) -> Evidence:
        """The fact by which the round is dated."""
        return self.whole or self.parts[-1]


@dataclass(frozen=True)
class Earlier:
    """The rounds before the newest, folded away under one line."""

    rounds: list[Round]

    @property
    def number(self) -> int:
        """How many there are."""
        return len(self.rounds)

    @property
    def all_found(self) -> str:
        """What every one of them found, in words; nothing when they differ."""
        found = {one.newest.get_finding_display() for one in self.rounds}
        return found.pop() if len(found) == 1 else ""


def panel(request: HttpRequest, row: Submission) -> dict[str, Any]:
    """Give what the panel shows: where it stands, what to do, and a mark by which a change is noticed."""
    at = timezone.now()
    switch = SendingSwitch.objects.filter(pk=1).first() or SendingSwitch()
    attempt = row.attempts.defer("body").order_by("-number").first()
    stands = standing(row, attempt=attempt, all_paused=switch.paused, at=at)
    return {
        "submission": row,
        "standing": stands,
        "acts": options.acts(_scope(request), row),
        "mark": mark(row, stands),
        "attempt": attempt,
    }


def mark(row: Submission, stands: Standing) -> str:
    """Return a short text that changes exactly when the panel would say something else."""
    said = f"{row.state}|{stands.sentence}|{stands.advice}|{stands.quote}|{stands.until}"
    return hashlib.sha256(said.encode()).hexdigest()[:12]


def page(request: HttpRequest, row: Submission, **forms: Any) -> dict[str, Any]:
    """Give the whole page; `forms` are those that came back with errors."""
    attempts, found = list(row.attempts.order_by("number")), rounds(row)
    return {
        **panel(request, row),
        "attempts": attempts,
        "moves": list(row.transitions.all()),
        "rounds": found,
        "earlier": Earlier(found[1:]) if found[1:] else None,
        "words": list(row.evidence.filter(kind=Evidence.Kind.PERSON).select_related("actor")),
        "decisions": options.decisions(_scope(request), row, user_id=_user_id(request), at=timezone.now()),
        "similar": similar(row),
        "question": question(row, attempts[-1] if attempts else None),
        "identifier": identifier(row, attempts[-1] if attempts else None),
        "may_propose": _scope(request).may("submission.propose_resend", row.creditor_id),
        "may_reveal": _scope(request).may("debtor.view_national_id", row.creditor_id),
        **_said(request, row, attempts, forms.get("everything")),
        **_empty_forms(),
        **forms,
    }


def _said(
    request: HttpRequest, row: Submission, attempts: list[Attempt], everything: bytes | None
) -> dict[str, Any]:
    """Give the message, the answers, and what changed since the posting before, as this reader may see them."""
    hides = is_address_hidden(request, row.document_id)
    return {
        "answers": [
            (attempt, messages.shown(attempt.body, hides_address=hides) if attempt.body else "")
            for attempt in attempts
        ],
        "message": messages.shown(
            everything or row.payload, everything=bool(everything), hides_address=hides
        ),
        **_former(row, hides_address=hides),
    }


def _empty_forms() -> dict[str, Any]:
    return {
        "proof_form": ProofForm(auto_id="there_%s"),
        "resend_form": ReasonForm(auto_id="resend_%s"),
        "write_off_form": ReasonForm(auto_id="write_off_%s"),
        "reveal_form": ShortReasonForm(auto_id="reveal_%s"),
    }


def rounds(row: Submission) -> list[Round]:
    """Return the look-ups by round, newest first; a round whose sources failed has its whole beside it."""
    facts = (
        row.evidence.filter(kind=Evidence.Kind.LOOK_UP)
        .defer("raw")
        .select_related("actor")
        .order_by("at", "id")
    )
    found = []
    for _moment, group in groupby(facts, key=lambda fact: (fact.round, fact.at)):
        members = list(group)
        whole = next((fact for fact in members if fact.source == WHOLE_ROUND), None)
        found.append(Round(whole, [fact for fact in members if fact is not whole]))
    return found[::-1]


def similar(row: Submission) -> list[Submission]:
    """Return other cases without a clear end in the same hour: one outage usually explains them all."""
    if row.state not in {State.UNCONFIRMED, State.HELD}:
        return []
    span = (row.last_activity_at - SAME_HOUR, row.last_activity_at + SAME_HOUR)
    others = Submission.objects.filter(
        environment_id=row.environment_id,
        state__in=[State.UNCONFIRMED, State.HELD],
        last_activity_at__range=span,
    )
    return list(others.exclude(pk=row.pk).defer("payload").order_by("last_activity_at", "id")[:MOST_SIMILAR])


def identifier(row: Submission, attempt: Attempt | None) -> str:
    """Return the DataIdentifier that Ropo got with the newest try."""
    return f"{row.pk}/{attempt.number}" if attempt else ""


def question(row: Submission, attempt: Attempt | None) -> str:
    """Write the question to Ropo's support, with every number they can search by and no personal data."""
    if attempt is None or not row.may_have_arrived:
        return ""
    sent = attempt.started_at.astimezone(dt.UTC)
    lines = [
        _("Hello, we did not get a clear answer to the request below. Did you register it?"),
        _("If so, what is its job number? We do not send it again before you answer."),
        "",
        f"cid: {row.environment.cid}",
        f"{_('Kind')}: {row.get_kind_display()}",
        f"{_('Invoice number')}: {row.number}",
        f"DataIdentifier: {identifier(row, attempt)}",
        f"{_('Sent')}: {sent:%Y-%m-%d %H:%M:%S} UTC",
        f"{_('Host')}: {attempt.host}",
        f"SHA-256: {row.payload_hash}",
    ]
    return "\n".join(str(line) for line in lines)


def _former(row: Submission, *, hides_address: bool) -> dict[str, Any]:
    """Compare with the posting before, field by field."""
    former = row.previous
    if former is None:
        return {"former": None}
    return {
        "former": former,
        "changes": messages.differences(former.payload, row.payload, hides_address=hides_address),
        "has_hidden_change": messages.has_hidden_change(former.payload, row.payload),
    }


def _scope(request: HttpRequest) -> Any:
    return request.scope  # type: ignore[attr-defined]


def _user_id(request: HttpRequest) -> Any:
    return request.user.pk
