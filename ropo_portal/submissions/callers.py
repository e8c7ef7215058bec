"""Room: who may push events to us: one name and one long secret per environment, as Basic or as OAuth2 client."""

import base64
import binascii
import datetime as dt
import hmac
import secrets
from dataclasses import dataclass

from django.core.cache import cache

from ropo_portal.encryption import keyed_hash
from ropo_portal.submissions.models import StatusLine, WebhookToken

SECRET, TOKEN = "webhook secret", "webhook token"
TOKEN_SECONDS = 3600
# Wrong calls from one address, and the seconds for which they count.
WRONG_CALLS, WRONG_SECONDS = 20, 60
NOBODY = "0" * 64


@dataclass(frozen=True)
class NewSecret:
    """A fresh pair, to be shown once."""

    name: str
    secret: str


def new_pair(line: StatusLine) -> NewSecret:
    """Make a pair for a line that is not saved yet: the name stays, the secret is always new."""
    pair = NewSecret(line.webhook_name or f"ropo-{secrets.token_hex(8)}", secrets.token_urlsafe(36))
    line.webhook_name, line.webhook_hash = pair.name, keyed_hash(SECRET, pair.secret)
    return pair


def by_secret(name: str, secret: str) -> StatusLine | None:
    """Return the line this pair belongs to; an unknown name costs as much time as a wrong secret."""
    found = (
        StatusLine.objects.filter(webhook_name=name[:40]).exclude(webhook_hash="").first() if name else None
    )
    given = keyed_hash(SECRET, secret)
    is_right = hmac.compare_digest(given, found.webhook_hash if found else NOBODY)
    return found if found and is_right and found.environment.creditor.is_active else None


def by_header(authorization: str, *, at: dt.datetime) -> StatusLine | None:
    """Return the line that a header `Basic …` or `Bearer …` speaks for."""
    scheme, _space, value = authorization.strip().partition(" ")
    if scheme.lower() == "bearer":
        return _by_token(value.strip(), at)
    if scheme.lower() != "basic":
        return None
    try:
        name, colon, secret = base64.b64decode(value.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return None
    return by_secret(name, secret) if colon else None


def _by_token(token: str, at: dt.datetime) -> StatusLine | None:
    rows = WebhookToken.objects.select_related("line__environment__creditor")
    found = rows.filter(token_hash=keyed_hash(TOKEN, token), expires_at__gt=at).first()
    return found.line if found and found.line.environment.creditor.is_active else None


def new_token(line: StatusLine, *, at: dt.datetime) -> str:
    """Give out a token for an hour, and forget those that have expired."""
    WebhookToken.objects.filter(expires_at__lte=at).delete()
    token = secrets.token_urlsafe(32)
    WebhookToken.objects.create(
        token_hash=keyed_hash(TOKEN, token), line=line, expires_at=at + dt.timedelta(seconds=TOKEN_SECONDS)
    )
    return token


def is_tiresome(address: str) -> bool:
    """Whether an address has called wrongly too often of late."""
    return int(cache.get(_tally(address), 0)) >= WRONG_CALLS


def note_wrong_call(address: str) -> None:
    """Count a call with wrong credentials."""
    cache.add(_tally(address), 0, timeout=WRONG_SECONDS)
    try:
        cache.incr(_tally(address))
    except ValueError:  # it ran out between the two lines
        cache.set(_tally(address), 1, timeout=WRONG_SECONDS)


def _tally(address: str) -> str:
    return f"wrong-event-calls:{keyed_hash('address', address)}"
