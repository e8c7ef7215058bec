"""The table of faults: each name, its sentence for people, and whether the call is booked before it plays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import lies, wires
from .stage import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator

BEFORE, AFTER, SPECIAL = "before", "after", "special"
Play = Callable[[Stage], None]

WIRE: tuple[tuple[str, str, Play], ...] = (
    ("reset", "drop the connection hard", wires.reset),
    ("close", "close the connection without a word", wires.close),
    ("never", "never answer (argument: seconds)", wires.never),
    ("late", "answer late (argument: seconds)", wires.late),
    ("drip", "answer one byte at a time (argument: seconds between bytes)", wires.drip),
    ("blanks", "send a blank now and then instead of the answer (argument: seconds)", wires.blanks),
    ("cut", "break the answer off after some bytes (argument: how many)", wires.cut),
    ("cut-body", "break the answer off within its body", wires.cut_body),
    (
        "keep-then-close",
        "answer, promise to keep the connection, close it all the same",
        wires.keep_then_close,
    ),
    ("garbage", "answer with something that is not HTTP", wires.garbage),
)

STATUSES: tuple[tuple[str, str, int], ...] = (
    ("200", "answer 200 with the right body", 200),
    ("202", "answer 202 with the right body", 202),
    ("204", "answer 204 without a body", 204),
    ("400", "answer 400 with an error text", 400),
    ("401", "answer 401 without a body", 401),
    ("403", "answer 403", 403),
    ("404", "answer 404", 404),
    ("408", "answer 408", 408),
    ("409", "answer 409", 409),
    ("413", "answer 413", 413),
    ("415", "answer 415", 415),
    ("418", "answer 418", 418),
    ("422", "answer 422 with an error text", 422),
    ("429", "answer 429 without saying when to come back", 429),
    ("500", "answer 500", 500),
    ("502", "answer 502 as a gateway does", 502),
    ("503", "answer 503", 503),
    ("504", "answer 504 as a gateway does", 504),
)

WAITS: tuple[tuple[str, str, Play], ...] = (
    ("429-retry", "answer 429 with Retry-After (argument: seconds)", lies.wait(429)),
    ("429-date", "answer 429 with Retry-After as a date", lies.wait_until(429)),
    ("429-absurd", "answer 429 with an absurd Retry-After (argument: what)", lies.wait_absurdly(429)),
    ("503-retry", "answer 503 with Retry-After (argument: seconds)", lies.wait(503)),
    ("503-date", "answer 503 with Retry-After as a date", lies.wait_until(503)),
)

BODIES: tuple[tuple[str, str, Play], ...] = (
    ("malformed", "answer with broken JSON", lies.malformed),
    ("empty", "answer with an empty body", lies.empty),
    ("html", "answer with a web page", lies.html),
    ("truncated", "answer with the first half of the JSON, its length stated accordingly", lies.truncated),
    ("huge", "answer with a very large body (argument: megabytes)", lies.huge),
    ("gzip-bomb", "answer with a small body that unpacks to a gigabyte", lies.gzip_bomb),
    ("deep", "answer with JSON nested a hundred thousand deep", lies.deep),
    ("nan", "answer with NaN for a number", lies.nan),
    ("bom", "answer with a byte order mark before the JSON", lies.bom),
    ("latin", "answer in Latin-1 without saying so", lies.latin),
    ("twice-keys", "answer with the count twice, first 0 and then 1", lies.twice_keys),
    ("array", "answer with a JSON list instead of an object", lies.array),
    ("count-zero", "answer that nothing was accepted, without any job or error", lies.count_zero),
    ("count-two", "answer that two jobs were accepted", lies.count(2)),
    ("count-negative", "answer that minus one job was accepted", lies.count(-1)),
    ("count-string", 'answer with the count as the string "1"', lies.count("1")),
    ("count-true", "answer with true for the count", lies.count(True)),
    ("count-float", "answer with 1.5 for the count", lies.count(1.5)),
    ("count-missing", "answer without the count", lies.count_missing),
    ("accepted-with-error", "answer with one job accepted and an error text", lies.accepted_with_error),
    ("zero-without-text", "answer with one job refused, without a reason", lies.zero_without_text),
    ("foreign-number", "answer with somebody else's invoice number", lies.foreign_number),
    ("refused", "answer that the job was refused, with a reason", lies.refused),
    ("refused-duplicate", "answer that the number is there already", lies.refused_duplicate),
)

ALONE: tuple[tuple[str, str, Play], ...] = (
    ("reset-unread", "drop the connection hard before reading the body", wires.reset),
    ("close-unread", "close the connection before reading the body", wires.close),
    ("never-unread", "neither read the body nor answer", wires.never),
    ("slow-read", "read the body slowly (argument: bytes per second), then behave", wires.behave),
    ("double-booking", "book it twice and answer as if once", wires.behave),
    ("event-first", "push the events about it before answering", wires.event_first),
    ("debtor-pays", "book it, and let the debtor pay it in full before anybody knows", wires.behave),
    ("news-again", "tell the same news once more at the next time of asking", wires.behave),
    ("lookup-lag", "look-ups find it only later (argument: seconds)", wires.behave),
    ("lookup-not-found", "look-ups say it is not there", wires.behave),
    ("lookup-fails", "look-ups about it fail", wires.behave),
)
OF_NEWS = ("news-again",)
UNREAD = ("reset-unread", "close-unread", "never-unread")
LOOKUPS = ("lookup-lag", "lookup-not-found", "lookup-fails")


@dataclass(frozen=True)
class Fault:
    """One way to go wrong."""

    name: str
    sentence: str
    when: str
    play: Play

    @property
    def keeps(self) -> bool:
        """Whether the call is booked although it goes wrong."""
        return self.when == AFTER or (self.name not in UNREAD and self.when == SPECIAL)

    @property
    def is_unread(self) -> bool:
        return self.name in UNREAD

    @property
    def is_of_news(self) -> bool:
        """Whether it waits for somebody who fetches the news."""
        return self.name in OF_NEWS

    @property
    def veils(self) -> bool:
        return self.name in LOOKUPS


def _pairs() -> Iterator[Fault]:
    statuses = [(name, sentence, lies.status(number)) for name, sentence, number in STATUSES]
    redirects = [
        (
            str(number),
            f"answer {number}, sending the caller elsewhere (argument: address)",
            lies.redirect(number),
        )
        for number in (301, 302, 303, 307, 308)
    ]
    for name, sentence, play in [*WIRE, *statuses, *redirects, *WAITS, *BODIES]:
        yield Fault(
            f"{name}-before", f"{sentence[:1].upper()}{sentence[1:]}; nothing is booked.", BEFORE, play
        )
        yield Fault(f"{name}-after", f"Accept, then {sentence}.", AFTER, play)


def _alone() -> Iterator[Fault]:
    for name, sentence, play in ALONE:
        yield Fault(name, f"{sentence[:1].upper()}{sentence[1:]}.", SPECIAL, play)


FAULTS: dict[str, Fault] = {fault.name: fault for fault in [*_pairs(), *_alone()]}
