"""The command line: the same import, errors by line and column, and an exit code that tells."""

import io
from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from ropo_portal.invoices.models import Invoice
from ropo_portal.submissions.models import Submission
from tests.imports.conftest import Rows, line, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(tmp_path, environment, user_as) -> Callable[..., tuple[str, str]]:
    """Run the command on lines, and return what it prints and what it ends with."""
    user_as("sender")

    def call(rows: Rows, *options: str) -> tuple[str, str]:
        path, out = tmp_path / "laskut.csv", io.StringIO()
        path.write_bytes(written(rows))
        try:
            call_command(
                "import_invoices", str(path), "--creditor", str(environment.creditor_id), *options, stdout=out
            )
        except CommandError as error:
            return out.getvalue(), f"{error.returncode} {error}"
        return out.getvalue(), ""

    return call


def test_a_file_in_order_becomes_drafts(run):
    assert run([line(), line(invoice_number="A-1001")]) == ("new 2, existing 0, errors 0, created 2\n", "")
    assert Invoice.objects.count() == 2


def test_errors_are_printed_by_line_and_column(run):
    printed, end = run([line(), line(invoice_number="A-1001", row_price="x")])
    assert printed.splitlines() == [
        "line 3, Row: price without VAT: This is no number.",
        "new 1, existing 0, errors 1, created 1",
    ]
    assert end.startswith("1 ")


def test_sending_queues_what_raises_no_question(run):
    printed, _end = run([line()], "--send")
    assert Submission.objects.count() == 1, printed


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--user", "stranger@example.com"), "Name one user"),
        (("--environment", "fi-production"), "no such creditor"),
    ],
)
def test_strangers_are_refused(run, options, words):
    printed, end = run([line()], *options)
    assert (printed, words in end, Invoice.objects.count()) == ("", True, 0)


def test_a_missing_file_is_told(environment, user_as):
    user_as("clerk")
    with pytest.raises(CommandError, match="no such file"):
        call_command("import_invoices", "/nowhere.csv", "--creditor", str(environment.creditor_id))
