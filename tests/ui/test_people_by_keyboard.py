"""The people of a creditor by keyboard alone: invited, given another role, taken away."""

import pytest

from ropo_portal.accounts.models import Membership
from tests import factories
from tests.ui.keyboard import go, press, sign_in, sound

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_people_by_keyboard(page, creditor, settings):
    settings.ALLOWED_HOSTS = ["localhost"]
    sign_in(page, factories.make_user("administrator", creditor))
    page.goto(f"/parties/creditors/{creditor.pk}")
    go(page, "People")
    sound(page, "People")
    assert "Nobody else yet" in page.inner_text("main")
    press(page, "n")
    sound(page, "Invite somebody")
    page.focus("#id_email")
    page.keyboard.type("uusi@example.com")
    press(page, "Control+Enter")
    sound(page, "Invite somebody")
    assert page.input_value("#id_email") == "uusi@example.com"
    page.focus("#id_name")
    page.keyboard.type("Uusi Ihminen")
    press(page, "Control+Enter")
    sound(page, "People")
    page.keyboard.press("j")
    page.keyboard.press("j")
    press(page, "Enter")
    sound(page, "Change the role")
    page.focus("#id_role")
    page.keyboard.type("Sender")
    press(page, "Control+Enter")
    assert Membership.objects.get(user__email="uusi@example.com").role == "sender"
    page.set_viewport_size({"width": 390, "height": 844})
    sound(page, "People")
    go(page, "Uusi Ihminen")
    go(page, "Take the role away")
    sound(page, "Take the role away")
    page.focus("#id_reason")
    page.keyboard.type("moved to another company")
    press(page, "Control+Enter")
    sound(page, "People")
    assert not Membership.objects.filter(user__email="uusi@example.com").exists()
