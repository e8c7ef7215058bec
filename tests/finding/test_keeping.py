"""What is kept of lists, by the operations alone."""

import pytest

from ropo_portal.finding import operations
from ropo_portal.finding.models import ColumnChoice, DefaultView, SavedView
from ropo_portal.finding.views.desk import listing_of
from ropo_portal.history.models import Entry
from tests.factories import AT, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def listing(client):
    client.get("/")  # the first page loads the screens, which tell of their lists
    return listing_of("invoices")


@pytest.fixture
def view(environment, listing):
    facts = {"creditor": environment.creditor, "listing": listing, "query": "late=1", "is_shared": False}
    return operations.save_view(name="Late", actor=make_user(), at=AT, **facts)


def test_a_view_has_a_name_of_its_own_and_goes_with_what_hangs_on_it(view, environment, listing):
    with pytest.raises(operations.CannotKeep):
        operations.save_view(
            creditor=environment.creditor,
            listing=listing,
            name=" late ",
            query="late=2",
            is_shared=False,
            actor=view.owner,
            at=AT,
        )
    assert operations.rename_view(view=view, name="Older", is_shared=True).name_key == "older"
    operations.choose_default(view=view, actor=view.owner, is_default=True)
    operations.choose_default(view=view, actor=view.owner, is_default=True)
    assert DefaultView.objects.get().view == view
    operations.drop_view(view=view)
    assert (SavedView.objects.count(), DefaultView.objects.count()) == (0, 0)


def test_columns_are_kept_in_the_order_of_the_list(listing):
    user = make_user()
    for names in (["reference"], ["due", "date", "total", "nothing"]):
        operations.choose_columns(listing=listing, names=names, actor=user)
    assert ColumnChoice.objects.get().names == ["date", "due"]


def test_taking_a_list_leaves_its_filter_and_its_count(environment, listing):
    operations.take_list(
        listing=listing,
        environment=environment,
        query="q=131052-308T&late=1",
        kind="csv",
        count=7,
        actor=make_user(),
        at=AT,
    )
    entry = Entry.objects.get(verb="list.exported")
    assert entry.after == {"list": "invoices", "filter": "q=%E2%80%A6&late=1", "rows": 7, "file": "csv"}
