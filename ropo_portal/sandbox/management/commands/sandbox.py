"""`manage.py sandbox`: the stand-in Ropo One as a process of its own."""

from argparse import Namespace
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ropo_portal.sandbox.launch import add_arguments, run


class Command(BaseCommand):
    help = "Serve a stand-in Ropo One until it is told to stop."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        add_arguments(parser)

    def handle(self, *_args: Any, **options: Any) -> None:
        run(Namespace(**options), self.stdout)  # type: ignore[arg-type]
