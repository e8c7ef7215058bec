"""The same stage as the permission suite's, and a colleague who may do everything at home."""

from typing import Any

import pytest
from django.conf import settings as portal
from django.test import Client

from ropo_portal.accounts.models import Membership
from ropo_portal.accounts.roles import Role
from tests import factories
from tests.permissions.conftest import built, stage
from tests.permissions.stage import Person, Stage

__all__ = ["built", "stage"]


def person_with(stage: Stage, *roles: Role) -> Person:
    """Return somebody with these roles at home, signed in."""
    user = factories.make_user()
    for role in roles:
        Membership.objects.create(user=user, creditor=stage.home.creditor, role=role)
    client = Client()
    client.force_login(user)
    return Person(
        "colleague", user, frozenset(roles), session=client.cookies[portal.SESSION_COOKIE_NAME].value
    )


@pytest.fixture
def allrounder(stage: Stage) -> Any:
    """Somebody with every role at home."""
    return person_with(stage, *Role)
