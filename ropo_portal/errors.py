"""Refusals: the one exception whose words a clerk may read."""

from collections.abc import Mapping
from typing import TypeAlias

from django.utils.functional import Promise, lazy

Sentence: TypeAlias = str | Promise


def _fill(message: Sentence, values: Mapping[str, object]) -> str:
    return str(message) % values


_filled = lazy(_fill, str)


def sentence(message: Sentence, **values: object) -> Sentence:
    """Return a translatable sentence with values in it, translated and filled in only when it is shown."""
    return _filled(message, values)


class DomainError(Exception):
    """A refusal: `message` may be shown, `field` says where, `code` is for programs."""

    def __init__(self, message: Sentence, *, field: str | None = None, code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.code = code

    def __str__(self) -> str:
        return str(self.message)
