"""Room: what stands between an environment and real people."""

import datetime as dt

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import CreditorEnvironment, LiveSwitch


def why_not_live(environment: CreditorEnvironment, *, at: dt.datetime) -> str | Promise:
    """Return why an environment cannot be switched live now, nothing when it can."""
    if environment.stage != "production":
        return _("Only production is locked; tests and the sandbox are open.")
    if not environment.cid or not environment.apicode:
        return _("Set the credentials first.")
    tested = environment.last_checked_at
    if not environment.last_check_ok or tested is None:
        return _("Test the connection first; the last test must have succeeded.")
    if at - tested > LiveSwitch.TEST_AGE:
        return _("Test the connection again; the last successful test is more than a day old.")
    return ""
