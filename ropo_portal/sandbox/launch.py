"""The stand-in as a process: its arguments, its announcement, its polite end."""

from __future__ import annotations

import signal
import sys
import threading
from argparse import ArgumentParser
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from .events import Receiver
from .faults import FAULTS
from .options import DUPLICATES, ERROR_SHAPES, PROFILES, VAT_ROUNDINGS, Account, Options, accounts_from
from .server import Sandbox

if TYPE_CHECKING:
    from argparse import Namespace

SWITCHES = tuple(each.name for each in fields(Options) if each.name not in {"accounts", "opened"})


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument(
        "--ledger", default="sandbox.sqlite3", help="the file that decides what is registered"
    )
    parser.add_argument("--announce", help="write the address into this file once it is served")
    parser.add_argument("--account", action="append", default=[], metavar="CID:APICODE:COUNTRY")
    parser.add_argument("--accounts", help="JSON file with a list of cid, apicode, country")
    parser.add_argument("--profile", choices=PROFILES)
    parser.add_argument("--error-shape", choices=ERROR_SHAPES)
    parser.add_argument("--rejected-status", type=int, choices=(201, 400))
    parser.add_argument("--vat-rounding", choices=VAT_ROUNDINGS)
    parser.add_argument("--duplicates", choices=DUPLICATES)
    parser.add_argument("--pdf-delay", type=float, help="seconds until a document exists")
    parser.add_argument("--lookup-lag", type=float, help="seconds until look-ups find a job")
    parser.add_argument("--token-seconds", type=int)
    parser.add_argument("--max-datasets", type=int)
    parser.add_argument("--max-body", type=int)
    parser.add_argument("--unknown-codes", action="store_const", const=True)
    words = "tell no invented fees and interest"
    parser.add_argument("--no-costs", dest="costs", action="store_const", const=False, help=words)
    parser.add_argument("--seed", type=int, help="of the random faults")
    parser.add_argument("--rate", type=float, help="share of registering calls that get a random fault")
    parser.add_argument("--pool", type=_pool, help="comma-separated faults to draw from")
    parser.add_argument("--push", help="address that receives events")
    words = "seconds between pushes; 1 with --push, else only when the control page says so"
    parser.add_argument("--push-every", type=float, default=None, help=words)
    parser.add_argument("--push-basic", metavar="USER:PASSWORD", default=":")


def run(options: Namespace, out: TextIO) -> None:
    """Serve until told to stop by SIGTERM or SIGINT."""
    sandbox = _sandbox(options)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    sandbox.start()
    out.write(f"{sandbox.url}\n")
    out.flush()
    if options.announce:
        _announce(Path(options.announce), sandbox.url)
    stopping.wait()
    sandbox.stop()


def _sandbox(options: Namespace) -> Sandbox:
    values: dict[str, Any] = {
        name: getattr(options, name) for name in SWITCHES if getattr(options, name) is not None
    }
    accounts = [Account(*each.split(":", 2)) for each in options.account]
    if options.accounts:
        accounts += accounts_from(Path(options.accounts))
    if accounts:
        values["accounts"] = tuple(accounts)
    if options.push or options.push_every:
        values["push_every"] = options.push_every or 1.0
    sandbox = Sandbox(options.ledger, host=options.host, port=options.port, **values)
    if options.push:
        username, _, password = options.push_basic.partition(":")
        sandbox.push_to(Receiver(options.push, username, password))
    return sandbox


def _announce(path: Path, url: str) -> None:
    """Appears whole or not at all, so that whoever waits for it never reads half an address."""
    scratch = path.with_name(path.name + ".new")
    scratch.write_text(url + "\n", encoding="utf-8")
    scratch.replace(path)


def _pool(value: str) -> tuple[str, ...]:
    names = tuple(filter(None, value.split(",")))
    if unknown := [name for name in names if name.partition(":")[0] not in FAULTS]:
        raise ValueError(f"no such fault: {', '.join(unknown)}")
    return names


def main() -> None:
    parser = ArgumentParser(prog="sandbox", description="A stand-in for Ropo One.")
    add_arguments(parser)
    run(parser.parse_args(), sys.stdout)
