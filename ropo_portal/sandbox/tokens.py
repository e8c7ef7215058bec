"""Tokens of the stand-in: signed with HMAC, two hours long on the adjustable clock."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .clock import Clock


class Tokens:
    """Issues tokens and tells whose they are."""

    def __init__(self, secret: bytes, clock: Clock) -> None:
        self._secret = secret
        self._clock = clock

    def issue(self, cid: str, seconds: int) -> str:
        now = int(self._clock.now().timestamp())
        head = _packed({"alg": "HS256", "typ": "JWT"})
        claims = _packed({"sub": cid, "iat": now, "exp": now + seconds, "iss": "sandbox"})
        return f"{head}.{claims}.{self._signature(f'{head}.{claims}')}"

    def owner(self, authorization: str) -> str | None:
        """The customer number behind an Authorization header, or nothing if it is not good any more."""
        kind, _, token = authorization.partition(" ")
        signed, _, signature = token.strip().rpartition(".")
        if kind.lower() != "bearer" or not hmac.compare_digest(
            signature.encode(), self._signature(signed).encode()
        ):
            return None
        claims = _unpacked(signed.partition(".")[2])
        now = self._clock.now().timestamp()
        return str(claims["sub"]) if float(claims.get("exp", 0)) > now else None

    def _signature(self, signed: str) -> str:
        return _base64(hmac.new(self._secret, signed.encode(), hashlib.sha256).digest())


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _packed(content: dict[str, object]) -> str:
    return _base64(json.dumps(content, separators=(",", ":")).encode())


def _unpacked(part: str) -> dict[str, float | str]:
    try:
        content: dict[str, float | str] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, binascii.Error):
        return {"exp": 0}
    return content
