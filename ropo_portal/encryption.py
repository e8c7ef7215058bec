"""Encryption: columns that are unreadable in a dump, each value bound to its own row."""

import base64
import hashlib
import hmac
import os
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import models
from django.db.models.expressions import BaseExpression

VERSION = "v1"
NONCE_BYTES = 12
KEY_BYTES = 32
MASK = "•"


class CannotDecrypt(Exception):
    """A stored value does not open; never says what the value or the key was."""


@lru_cache(maxsize=8)
def key_ring(text: str) -> dict[str, bytes]:
    """Read "k2:base64,k1:base64"; the first key writes, every key reads."""
    ring: dict[str, bytes] = {}
    for position, part in enumerate(filter(None, text.split(",")), start=1):
        key_id, _colon, encoded = part.strip().partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except ValueError:
            key = b""
        if not key_id.isalnum() or len(key) != KEY_BYTES or key_id in ring:
            raise ImproperlyConfigured(
                f"ENCRYPTION_KEYS: entry {position} is not <unique id>:<base64 of {KEY_BYTES} bytes>."
            )
        ring[key_id] = key
    if not ring:
        raise ImproperlyConfigured("ENCRYPTION_KEYS is empty.")
    return ring


def encrypt(content: bytes, context: str) -> str:
    """Seal bytes with the first key; they open again only under the same context."""
    key_id, key = next(iter(key_ring(settings.ENCRYPTION_KEYS).items()))
    nonce = os.urandom(NONCE_BYTES)
    sealed = nonce + AESGCM(key).encrypt(nonce, content, context.encode())
    return f"{VERSION}.{key_id}.{base64.b64encode(sealed).decode()}"


def decrypt(stored: str, context: str) -> bytes:
    """Open what `encrypt` sealed, or raise CannotDecrypt."""
    version, _dot, rest = stored.partition(".")
    key_id, _dot, encoded = rest.partition(".")
    key = key_ring(settings.ENCRYPTION_KEYS).get(key_id)
    if version != VERSION or not encoded:
        raise CannotDecrypt(f"{context}: not an encrypted value.")
    if key is None:
        raise CannotDecrypt(f"{context}: its key is not in ENCRYPTION_KEYS.")
    try:
        sealed = base64.b64decode(encoded, validate=True)
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context.encode())
    except (InvalidTag, ValueError):
        raise CannotDecrypt(
            f"{context}: changed, moved from another row, or sealed with another key."
        ) from None


def is_current(stored: str) -> bool:
    """Tell whether a stored value was sealed with the key that writes now."""
    return stored.startswith(f"{VERSION}.{next(iter(key_ring(settings.ENCRYPTION_KEYS)))}.")


class Sealed(str):
    """A value as it lies in the database; it opens when its row asks for it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<sealed>"


class _Opener:
    """The attribute of a row: plain when set, opened on the first read when loaded."""

    def __init__(self, field: "_EncryptedField") -> None:
        self.field = field

    def __get__(self, row: models.Model | None, owner: type | None = None) -> Any:
        if row is None:
            return self
        name = self.field.attname
        if name not in row.__dict__:
            row.refresh_from_db(fields=[name])
        value = row.__dict__[name]
        if isinstance(value, Sealed):
            value = self.field.opened(value, row)
            row.__dict__[name] = value
        return value

    def __set__(self, row: models.Model, value: Any) -> None:
        row.__dict__[self.field.attname] = value


if TYPE_CHECKING:
    _TextField = models.Field[Any, Any]
else:
    _TextField = models.TextField


class _EncryptedField(_TextField):
    """Common part: stored as text, bound to model, field and primary key."""

    descriptor_class = _Opener

    def context(self, pk: object) -> str:
        return f"{self.model._meta.label_lower}:{self.name}:{pk}"

    def opened(self, stored: str, row: models.Model) -> Any:
        return self.from_bytes(decrypt(stored, self.context(row.pk)))

    def to_bytes(self, value: Any) -> bytes:
        return str(value).encode()

    def from_bytes(self, content: bytes) -> Any:
        return content.decode()

    def from_db_value(self, value: str | None, _expression: Any, _connection: Any) -> str | None:
        return Sealed(value) if value else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:  # noqa: FBT001 (Django's signature)
        value = model_instance.__dict__.get(self.attname)
        if isinstance(value, Sealed) and add:
            value = self.opened(value, model_instance)
        if value is None or isinstance(value, Sealed):
            return value
        if isinstance(value, BaseExpression):
            raise FieldError(f"{self.name} is encrypted and cannot be computed by the database.")
        return self.sealed(value, model_instance.pk)

    def sealed(self, value: Any, pk: object) -> str | None:
        """Return a plain value as it lies in the database, bound to the key of its row."""
        content = b"" if value is None else self.to_bytes(value)
        if not content:
            return None if value is None else ""
        if pk is None:
            raise FieldError(f"{self.name} is encrypted: its row needs a primary key before it is saved.")
        return Sealed(encrypt(content, self.context(pk)))

    def get_prep_value(self, value: Any) -> Any:
        """Only sealed values pass, so `update()` can never write plain text."""
        if value is None:
            return None
        if isinstance(value, Sealed) or value == "":
            return str(value)
        raise FieldError(f"{self.name} is encrypted: set it on the row and save the row.")

    def value_to_string(self, _obj: models.Model) -> str:
        """Serializers get nothing: a fixture is no place for a secret."""
        return ""

    def get_lookup(self, lookup_name: str) -> Any:
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None


class EncryptedTextField(_EncryptedField):
    """Text that is unreadable in the database; search it by a `keyed_hash` column."""


class EncryptedBinaryField(_EncryptedField):
    """Bytes that are unreadable in the database."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def to_bytes(self, value: Any) -> bytes:
        return bytes(value)

    def from_bytes(self, content: bytes) -> bytes:
        return content


def keyed_hash(purpose: str, text: str) -> str:
    """Return a hash to search by: the same text gives the same hash, but only with our key."""
    if len(settings.SEARCH_KEY) < KEY_BYTES:
        raise ImproperlyConfigured(f"SEARCH_KEY needs at least {KEY_BYTES} characters.")
    message = purpose.encode() + b"\0" + text.encode()
    return hmac.new(settings.SEARCH_KEY.encode(), message, hashlib.sha256).hexdigest()


def masked(text: str, shown: int = 4) -> str:
    """Hide all but the last characters; a short text is hidden whole."""
    if len(text) <= shown * 2:
        return MASK * len(text)
    return MASK * (len(text) - shown) + text[-shown:]
