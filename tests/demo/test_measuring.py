"""The town behind the measured pages: its pages answer, and it is counted as the database itself would count."""

import pytest
from django.db import connection

from ropo_portal.demo.measuring import book, pages
from ropo_portal.demo.measuring.town import Town
from ropo_portal.worklist.models import BookEntry, OpenItem

pytestmark = [pytest.mark.django_db, pytest.mark.pg]


def test_every_page_answers_and_the_sums_are_those_of_the_triggers():
    reader = Town(300).build(lambda _text: None)
    book.count_everything()
    sums = "SELECT environment_id, kind, day, SUM(amount), SUM(items), SUM(late_days) FROM worklist_bookentry"
    counted = f"{sums} WHERE kind <> 'accepted' AND kind <> 'rejected' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
    with connection.cursor() as cursor:
        cursor.execute(counted)
        told = cursor.fetchall()
        BookEntry.objects.filter(kind__in=["open", "invoiced", "closed"]).delete()
        cursor.execute(
            "CREATE TEMP TABLE kept AS SELECT * FROM worklist_openitem; "
            "SET LOCAL session_replication_role = replica; DELETE FROM worklist_openitem; "
            "SET LOCAL session_replication_role = DEFAULT; INSERT INTO worklist_openitem SELECT * FROM kept"
        )
        cursor.execute(counted)
        assert cursor.fetchall() == told != []
    assert not OpenItem.objects.filter(debtor_kind=None).exists()
    assert {
        page.name: page.size > 0 or page.name.startswith("find") for page in pages.measured(reader, rounds=1)
    } == {page.name: True for page in pages.pages(reader)}
