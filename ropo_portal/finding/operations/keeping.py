"""Room: filters under a name, the one a list opens with, and the columns it shows."""

import datetime as dt
from collections.abc import Collection
from urllib.parse import parse_qsl

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import Creditor, User
from ropo_portal.errors import DomainError
from ropo_portal.finding.models import LONGEST_QUERY, ColumnChoice, DefaultView, SavedView
from ropo_portal.identifiers import is_personal_id, normalized_number
from ropo_portal.listings import Listing


class CannotKeep(DomainError):
    """The view cannot be kept so; the sentence says why."""


def save_view(
    *,
    creditor: Creditor,
    listing: Listing,
    name: str,
    query: str,
    is_shared: bool,
    actor: User,
    at: dt.datetime,
) -> SavedView:
    """Keep a filter under a name; refuses a name that is taken, no filter, and a filter that is too long."""
    if not query:
        raise CannotKeep(_("Choose a filter first; then it can be kept."), code="no_filter")
    if any(is_personal_id(value) for _name, value in parse_qsl(query)):
        raise CannotKeep(_("A personal identity code is not kept in a view."), code="personal_id")
    if len(query) > LONGEST_QUERY:
        raise CannotKeep(_("This filter is too long to be kept."), code="too_long")
    view = SavedView(
        creditor=creditor, owner=actor, listing=listing.name, query=query, is_shared=is_shared, created_at=at
    )
    return _named(view, name)


def rename_view(*, view: SavedView, name: str, is_shared: bool) -> SavedView:
    """Give a view another name, share it or take it back; refuses a name that is taken."""
    view.is_shared = is_shared
    return _named(view, name)


def drop_view(*, view: SavedView) -> None:
    """Let a view go; lists that opened with it open whole again."""
    view.delete()


@transaction.atomic
def choose_default(*, view: SavedView, actor: User, is_default: bool) -> None:
    """Let the list open with this view for one person, or whole again."""
    own = DefaultView.objects.filter(user=actor, creditor_id=view.creditor_id, listing=view.listing)
    if is_default:
        DefaultView.objects.update_or_create(
            user=actor, creditor_id=view.creditor_id, listing=view.listing, defaults={"view": view}
        )
    else:
        own.delete()


def choose_columns(*, listing: Listing, names: Collection[str], actor: User) -> None:
    """Remember which columns somebody wants; names that the list does not have are left aside."""
    known = [column.name for column in listing.choosable if column.name in names]
    ColumnChoice.objects.update_or_create(user=actor, listing=listing.name, defaults={"names": known})


def _named(view: SavedView, name: str) -> SavedView:
    view.name, view.name_key = name, normalized_number(name)[:60]
    if not view.name_key:
        raise CannotKeep(_("Give it a name."), field="name", code="no_name")
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as error:
        raise CannotKeep(_("There is a view of this name already."), field="name", code="taken") from error
    return view
