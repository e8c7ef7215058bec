"""`manage.py import_invoices FILE`: the same import as on the screen, on the command line."""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ropo_portal.accounts.models import CreditorEnvironment, User
from ropo_portal.errors import DomainError
from ropo_portal.imports import creating, lines, readers, staging
from ropo_portal.imports.models import Import, Verdict
from ropo_portal.imports.operations import start_creating, start_staging, upload_import
from ropo_portal.invoices.models import Invoice
from ropo_portal.invoices.operations import post_invoice

PIECE = 1 << 20
BLOCK = 500


class Command(BaseCommand):
    """Bring a file of invoices."""

    help = "Import a file of invoices as drafts; prints errors by line and column."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, whose invoices they are, and who brings them."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--creditor", required=True, help="id of the creditor")
        parser.add_argument(
            "--environment", default="", help="name of the environment; needed where there are several"
        )
        parser.add_argument("--user", default="", help="e-mail of the one in whose name it is done")
        parser.add_argument(
            "--send", action="store_true", help="queue the drafts without open questions at once"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run to the end, or say why not."""
        environment = self._environment(options["creditor"], options["environment"])
        user = self._user(environment, _roles(options), options["user"])
        batch = self._staged(options["file"], environment, user)
        wrong = self._errors(batch)
        if batch.ready_count:
            count = str(batch.ready_count)
            start_creating(batch=batch, typed=count, actor=user, at=timezone.now())
            creating.create(batch.pk, clock=timezone.now)
            batch.refresh_from_db()
        self.stdout.write(
            f"new {batch.new_count}, existing {batch.existing_count}, errors {batch.error_count}, "
            f"created {batch.created_count}"
        )
        wrong += self._send(batch, user) if options["send"] else 0
        if wrong or batch.error_count:
            raise CommandError("Something was wrong; see above.", returncode=1)

    def _user(self, environment: CreditorEnvironment, roles: list[str], email: str) -> User:
        """Return who does it: the one named, or the only one who may."""
        may = User.objects.filter(
            is_active=True, memberships__creditor=environment.creditor_id, memberships__role__in=roles
        ).distinct()
        found = list(may.filter(email__iexact=email) if email else may[:2])
        if len(found) == 1:
            return found[0]
        raise CommandError(f"Name one user with --user who is {' or '.join(roles)} for this creditor.")

    def _environment(self, creditor: str, name: str) -> CreditorEnvironment:
        try:
            found = CreditorEnvironment.objects.select_related("creditor").filter(creditor_id=creditor)
            return found.get(name=name) if name else found.get()
        except (ObjectDoesNotExist, ValidationError):
            raise CommandError("There is no such creditor or environment.") from None
        except CreditorEnvironment.MultipleObjectsReturned:
            raise CommandError("The creditor has several environments; name one.") from None

    def _staged(self, path: Path, environment: CreditorEnvironment, user: User) -> Import:
        if not path.is_file():
            raise CommandError("There is no such file.")
        who: dict[str, Any] = {"actor": user, "at": timezone.now()}
        try:
            batch = upload_import(
                environment=environment, name=path.name, chunks=lambda: _chunks(path), **who
            )
            if batch.state == Import.State.SURVEYED:
                start_staging(batch=batch, **who)
                staging.stage(batch.pk, clock=timezone.now)
                batch.refresh_from_db()
        except DomainError as error:
            raise CommandError(str(error)) from error
        if batch.state != Import.State.STAGED:
            raise CommandError(batch.failure or f"The import is {batch.state}.")
        return batch

    def _errors(self, batch: Import) -> int:
        """Print every error by line and column; values stay where they are, for they may be personal."""
        wrong = list(batch.invoices.filter(verdict=Verdict.ERROR).order_by("position"))
        for start in range(0, len(wrong), BLOCK):
            for judged in lines.judge(batch, wrong[start : start + BLOCK], at=timezone.now()):
                for fault in judged.faults:
                    label = (
                        readers.FIELDS[fault.column].label if fault.column in readers.FIELDS else fault.column
                    )
                    self.stdout.write(f"line {fault.line}, {label}: {fault.message}")
        return len(wrong)

    def _send(self, batch: Import, user: User) -> int:
        """Queue the drafts; one that raises a question stays a draft and counts as wrong."""
        left = 0
        for invoice in Invoice.objects.filter(imported__batch=batch).select_related("environment__creditor"):
            try:
                post_invoice(invoice=invoice, revision=invoice.revision, actor=user, at=timezone.now())
            except DomainError as error:
                left += 1
                self.stdout.write(f"{invoice.number} was not sent: {error}")
        return left


def _roles(options: dict[str, Any]) -> list[str]:
    return ["sender"] if options["send"] else ["clerk", "sender"]


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(PIECE):
            yield chunk
