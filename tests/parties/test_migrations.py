"""The index that finds a name by any part of it, where the database can make one."""

import pytest
from django.db import connection

from ropo_portal.parties.models import Debtor


@pytest.mark.pg
@pytest.mark.django_db
def test_the_trigram_index_is_there_exactly_when_the_extension_is():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_extension WHERE extname = 'pg_trgm'")
        has_extension = cursor.fetchone()[0]
        cursor.execute("SELECT count(*) FROM pg_indexes WHERE indexname = 'debtor_name_trigrams'")
        assert cursor.fetchone()[0] == has_extension


@pytest.mark.django_db
def test_trigrams_are_never_needed_for_an_answer():

    assert list(Debtor.objects.matching("any part")) == []
