"""Room: what rooms above know of secrecy; they add to the list when apps are ready."""

import uuid
from collections.abc import Callable
from typing import Any

# Given a request and the row a paper or a message is about, tells whether the reader may not see where somebody lives.
Hides = Callable[[Any, uuid.UUID], bool]
HIDES: list[Hides] = []


def hides_addresses(judge: Hides) -> Hides:
    """Add a judge to the list, once."""
    if judge not in HIDES:
        HIDES.append(judge)
    return judge


def is_address_hidden(request: Any, subject_id: uuid.UUID) -> bool:
    """Tell whether any room hides the address in what is about a row from the reader."""
    return any(judge(request, subject_id) for judge in HIDES)
