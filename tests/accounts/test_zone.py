"""Times are shown where the environment is: in Helsinki, Stockholm and Oslo, whatever the portal's own clock says."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from ropo_portal.accounts.middleware import ScopeZone
from ropo_portal.accounts.models import Membership
from ropo_portal.accounts.scope import Scope
from ropo_portal.history.operations import record
from tests.factories import make_creditor, make_debtor, make_environment, make_user

pytestmark = pytest.mark.django_db
EVENING = dt.datetime(2026, 11, 23, 22, 30, tzinfo=dt.UTC)
SUMMER = dt.datetime(2026, 7, 1, 12, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("country", "shown"), [("FI", "24.11.2026 00:30"), ("SE", "2026-11-23 23:30"), ("NO", "23.11.2026 23:30")]
)
def test_a_time_is_shown_in_the_environments_zone(client, country, shown):
    creditor = make_creditor(country)
    make_environment(creditor)
    debtor = make_debtor(creditor)
    auditor = make_user("auditor", creditor, language={"FI": "fi", "SE": "sv", "NO": "nb"}[country])
    facts = {
        "verb": "debtor.changed",
        "subject": debtor,
        "creditor_id": creditor.pk,
        "actor": auditor,
        "at": EVENING,
    }
    record(**facts)
    client.force_login(auditor)
    page = client.get(reverse("history:list")).content.decode()
    zone = {"FI": "EET", "SE": "CET", "NO": "CET"}[country]
    assert zone in page
    assert shown.rpartition(" ")[2] in page
    assert timezone.get_current_timezone_name() == "Europe/Helsinki"


def test_the_zone_is_that_of_the_page_and_asked_for_late(django_assert_num_queries):
    creditor = make_creditor("SE")
    make_environment(creditor)
    user = make_user("clerk", creditor)
    with django_assert_num_queries(0):
        zone = ScopeZone(Scope(user))
    with timezone.override(zone):
        assert timezone.localtime(EVENING).strftime("%H:%M %Z %z") == "23:30 CET +0100"
        assert timezone.localtime(SUMMER).strftime("%H:%M %Z %z") == "14:00 CEST +0200"
        assert timezone.get_current_timezone_name() == "CET" or str(zone) == "Europe/Stockholm"
        made = timezone.make_aware(SUMMER.replace(hour=14, tzinfo=None))
    assert made == SUMMER


def test_without_an_environment_the_house_has_the_word():
    with timezone.override(ScopeZone(Scope(make_user()))):
        assert timezone.localtime(EVENING).strftime("%H:%M") == "00:30"


def test_a_reader_of_several_zones_is_told_which_clock_it_is() -> None:
    from ropo_portal.ui.templatetags.ui import moment  # noqa: PLC0415 (after the settings)

    user, at = make_user(), dt.datetime(2026, 11, 22, 19, 59, tzinfo=dt.UTC)
    swedish = make_environment(make_creditor("SE"))
    Membership.objects.create(user=user, creditor=swedish.creditor, role="reader")
    with timezone.override(ScopeZone(Scope(user, chosen_id=swedish.pk))):
        assert "20:59</time>" in moment(at)
    finnish = make_environment(make_creditor("FI"))
    Membership.objects.create(user=user, creditor=finnish.creditor, role="reader")
    with timezone.override(ScopeZone(Scope(user, chosen_id=swedish.pk))):
        assert "20:59 CET</time>" in moment(at)
    with timezone.override(ScopeZone(Scope(user, chosen_id=finnish.pk))):
        assert "21:59</time>" in moment(at)
