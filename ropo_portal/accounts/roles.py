"""Room: which role may do which action; the table of the permission suite."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a member of a creditor's staff is there for."""

    READER = "reader", _("Reader")
    CLERK = "clerk", _("Clerk")
    SENDER = "sender", _("Sender")
    APPROVER = "approver", _("Approver")
    ADMINISTRATOR = "administrator", _("Administrator")
    AUDITOR = "auditor", _("Auditor")


_READ = frozenset(Role)
_WRITE = frozenset({Role.CLERK, Role.SENDER})
_DECIDE = frozenset({Role.SENDER, Role.APPROVER})

MAY: Final[dict[str, frozenset[Role]]] = {
    "document.view": _READ,
    "view.keep": frozenset({Role.CLERK, Role.SENDER, Role.APPROVER, Role.ADMINISTRATOR}),
    "document.pdf": frozenset({Role.READER, Role.CLERK, Role.SENDER, Role.APPROVER, Role.AUDITOR}),
    "debtor.view_national_id": frozenset({Role.CLERK, Role.SENDER, Role.APPROVER}),
    "debtor.edit": _WRITE,
    # Leaving a debtor alone, and ending that; a dead person or a minor is freed by an approver only.
    "debtor.flag": _DECIDE,
    "debtor.free": frozenset({Role.APPROVER}),
    "debtor.merge": _DECIDE,
    "debtor.export": frozenset({Role.SENDER, Role.APPROVER, Role.ADMINISTRATOR}),
    "promise.edit": _WRITE,
    "note.edit": frozenset({Role.CLERK, Role.SENDER, Role.APPROVER}),
    "invoice.edit": _WRITE,
    "invoice.send": frozenset({Role.SENDER}),
    # A second person agrees, where the creditor wants one.
    "invoice.approve": frozenset({Role.APPROVER}),
    "invoice.withdraw": frozenset({Role.SENDER, Role.APPROVER, Role.ADMINISTRATOR}),
    "payment.edit": _WRITE,
    "payment.send": frozenset({Role.SENDER}),
    # A payment that looks like another one.
    "payment.confirm_twin": frozenset({Role.APPROVER}),
    "credit.edit": _WRITE,
    "credit.send": frozenset({Role.SENDER}),
    "collection.edit": _WRITE,
    "reminder.send": frozenset({Role.SENDER}),
    # A debt collection is proposed by one person and approved by another.
    "collection.send": frozenset({Role.SENDER}),
    "collection.approve": frozenset({Role.APPROVER}),
    "collection.withdraw": frozenset({Role.SENDER, Role.APPROVER, Role.ADMINISTRATOR}),
    "override.propose": frozenset({Role.SENDER}),
    "override.confirm": frozenset({Role.APPROVER}),
    "submission.look_up": frozenset({Role.CLERK, Role.SENDER, Role.APPROVER}),
    "submission.confirm_there": _DECIDE,
    "submission.propose_resend": _DECIDE,
    "submission.confirm_resend": frozenset({Role.APPROVER}),
    "submission.release": _DECIDE,
    "submission.write_off": frozenset({Role.APPROVER}),
    # Letting things go wrong in a sandbox, to learn what to do then.
    "practice.use": frozenset({Role.CLERK, Role.SENDER, Role.APPROVER, Role.ADMINISTRATOR}),
    # Told by e-mail without asking for it: work that waits, and alarms (worklist/noticing.py).
    "notice.work": _DECIDE,
    "notice.alarms": frozenset({Role.SENDER, Role.ADMINISTRATOR}),
    "work.take": frozenset({Role.CLERK, Role.SENDER, Role.APPROVER, Role.ADMINISTRATOR}),
    "environment.pause": frozenset({Role.SENDER, Role.APPROVER, Role.ADMINISTRATOR}),
    "environment.resume": frozenset({Role.APPROVER, Role.ADMINISTRATOR}),
    "environment.propose_live": frozenset({Role.ADMINISTRATOR}),
    "environment.confirm_live": frozenset({Role.APPROVER, Role.ADMINISTRATOR}),
    # Closing is as urgent as pausing: one person, at once.
    "environment.switch_off": frozenset({Role.SENDER, Role.APPROVER, Role.ADMINISTRATOR}),
    # These two hold for support as well, which has to begin somewhere (scope.FOUNDING).
    "creditor.list": _READ,
    "creditor.create": frozenset({Role.ADMINISTRATOR}),
    "creditor.edit": frozenset({Role.ADMINISTRATOR}),
    "creditor.credentials": frozenset({Role.ADMINISTRATOR}),
    "member.edit": frozenset({Role.ADMINISTRATOR}),
    "rules.edit": frozenset({Role.ADMINISTRATOR}),
    "history.view": frozenset({Role.APPROVER, Role.ADMINISTRATOR, Role.AUDITOR}),
    # What holds for every creditor: rules, and the switch of all sending.
    "history.view_house": frozenset({Role.ADMINISTRATOR, Role.AUDITOR}),
}
