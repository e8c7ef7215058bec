"""Flags as a test sets them, and documents that wait to leave."""

from typing import Any

from ropo_portal.collection.operations import flag_debtor, post_reminder
from ropo_portal.invoices.operations import post_invoice
from ropo_portal.parties.models import Debtor
from ropo_portal.submissions.models import Submission
from tests.collection.conftest import TODAY, make_claim
from tests.collection.writing import let_reminders_go, started
from tests.factories import AT, make_invoice, make_user


def flagged(debtor: Debtor, kind: str = "deceased", **fields: Any) -> Any:
    """Set a flag on the debtor and return what came of it."""
    facts = {
        "reason": "a letter from the register",
        "begin_date": TODAY,
        "end_date": None,
        "today": TODAY,
        **fields,
    }
    facts = {"actor": make_user(), "at": AT, **facts}
    return flag_debtor(debtor=debtor, kind=kind, **facts)


def queued_invoice(environment: Any, **fields: Any) -> Submission:
    """Return the submission of an invoice that waits."""
    return post_invoice(invoice=make_invoice(environment, **fields), revision=1, actor=make_user(), at=AT)


def queued_reminder(environment: Any, **fields: Any) -> Submission:
    """Return the submission of a reminder that waits."""
    let_reminders_go(environment.creditor.country)
    reminder = started(make_claim(environment, **fields))
    return post_reminder(reminder=reminder, revision=reminder.revision, actor=make_user(), at=AT)
