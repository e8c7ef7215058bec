"""Practice: faults reach the sandbox they were set for and nothing else, and each lesson says what to do."""

import datetime as dt

import pytest
from django.urls import reverse

from ropo_portal.history.models import Entry
from ropo_portal.invoices.models import Invoice
from ropo_portal.sandbox.faults import FAULTS
from ropo_portal.submissions import gateway
from ropo_portal.submissions.delivery import deliver
from ropo_portal.submissions.models import SendingSwitch, Submission
from ropo_portal.submissions.operations import look_up_now
from ropo_portal.training import operations
from ropo_portal.training.lessons import LESSONS
from ropo_portal.training.operations import CannotPractice, NotForPractice
from ropo_portal.ui import navigation
from tests import factories

CID, APICODE = "1099001", "Pihlaja-7421"
PRACTICE = "/practice/"
REAL = ("fi-test", "fi-production", "se-production", "no-test")


@pytest.fixture
def environment(sandbox, transactional_db, settings):
    settings.SANDBOX_URL = sandbox.url
    settings.SEND_DEADLINE = 3.0
    SendingSwitch.objects.get_or_create(pk=1)
    creditor = factories.make_creditor("FI")
    yield factories.make_environment(creditor, cid=CID, apicode=APICODE)
    gateway.forget()


@pytest.fixture
def creditor(environment):
    return environment.creditor


def switch(environment, lesson, actor, **changes):
    facts = {"environment": environment, "lesson": lesson, "times": 1, "actor": actor, "at": factories.AT}
    operations.set_fault(**facts | changes)


def send(environment):
    row = factories.queue(environment)
    deliver(row.pk, clock=lambda: factories.AT)
    return Submission.objects.get(pk=row.pk)


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_lesson_is_something_the_stand_in_can_do(lesson):
    assert LESSONS[lesson].fault.partition(":")[0] in FAULTS
    assert reverse(LESSONS[lesson].route)


@pytest.mark.parametrize(
    ("lesson", "state"),
    [
        ("refused", "rejected"), ("lost", "unconfirmed"), ("vanished", "unconfirmed"), ("down", "unconfirmed"),
        ("nonsense", "unconfirmed"), ("duplicate", "unconfirmed"), ("door", "held"), ("busy", "held"),
        ("paid", "accepted"), ("late-news", "accepted"),
    ],
)  # fmt: skip
def test_what_goes_wrong_is_what_was_said(environment, user_as, lesson, state):
    clerk = user_as("clerk")
    switch(environment, lesson, clerk)
    assert send(environment).state == state
    entry = Entry.objects.get(verb="practice.fault_set")
    assert (entry.subject_id, entry.actor, entry.after) == (
        environment.pk, clerk, {"lesson": lesson, "times": 1},
    )  # fmt: skip


@pytest.mark.parametrize("name", REAL)
def test_no_other_environment_is_ever_touched(environment, sandbox, user_as, name):
    real = factories.make_environment(environment.creditor, name=name, cid=CID, apicode=APICODE)
    for act in (
        lambda: switch(real, "refused", user_as("clerk")),
        lambda: operations.end_faults(environment=real, actor=user_as("clerk"), at=factories.AT),
        lambda: operations.open_account(environment=real, actor=user_as("clerk"), at=factories.AT),
        lambda: operations.write_practice(environment=real, actor=user_as("clerk"), at=factories.AT),
    ):
        with pytest.raises(NotForPractice):
            act()
    assert (sandbox.faults.waiting(), Entry.objects.count()) == ([], 0)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SANDBOX_URL", "https://ropo24.fi"), ("SANDBOX_URL", "https://rc.ropo24.se"), ("SANDBOX_CONTROL_LINK", False),
        ("SANDBOX_URL", "{}/"),
    ],
)  # fmt: skip
def test_what_listens_at_a_real_address_is_no_stand_in(environment, sandbox, settings, user_as, name, value):
    # An address that is not, letter by letter, the one documents go to is another place.
    setattr(settings, name, value.format(sandbox.url) if isinstance(value, str) else value)
    with pytest.raises(NotForPractice):
        switch(environment, "refused", user_as("clerk"))
    assert sandbox.faults.waiting() == []


def test_a_fault_stays_with_the_account_it_was_set_for(environment, sandbox, user_as):
    neighbor = factories.make_environment(
        factories.make_creditor("SE"), cid="2099001", apicode="Lavskrika-5530"
    )
    switch(environment, "refused", user_as("clerk"), times=2)
    assert send(neighbor).state == "accepted"
    assert sandbox.faults.waiting(CID) == [
        {"name": "refused-before", "times": 2, "path": "", "cid": CID},
    ]
    sandbox.faults.order("500-before", cid="2099001")
    operations.end_faults(environment=environment, actor=user_as("clerk"), at=factories.AT)
    assert [one["cid"] for one in sandbox.faults.waiting()] == ["2099001"]


@pytest.mark.parametrize(("lesson", "times"), [("earthquake", 1), ("refused", 0), ("refused", 21)])
def test_what_is_not_on_the_menu_is_refused(environment, sandbox, user_as, lesson, times):
    with pytest.raises(CannotPractice):
        switch(environment, lesson, user_as("clerk"), times=times)
    assert (sandbox.faults.waiting(), Entry.objects.count()) == ([], 0)


def test_without_an_account_nothing_is_switched(environment, sandbox, user_as):
    environment.cid = ""
    for act in (
        switch,
        lambda *_: operations.end_faults(environment=environment, actor=None, at=factories.AT),
    ):
        with pytest.raises(CannotPractice):
            act(environment, "refused", user_as("clerk"))
    assert sandbox.faults.waiting() == []


def test_a_stand_in_that_is_away_changes_nothing(environment, sandbox, settings, signed_in):
    settings.SANDBOX_URL = "http://127.0.0.1:9"
    browser = signed_in("clerk")
    answer = browser.post(f"{PRACTICE}{environment.pk}/refused", {"times": "1"}, follow=True)
    assert "The stand-in does not answer. Nothing was changed" in answer.content.decode()
    assert "nothing can be switched on or off now" in answer.content.decode()
    assert Entry.objects.count() == 0


def test_the_page_leads_through_a_lesson(environment, sandbox, signed_in):
    browser = signed_in("clerk")
    page = browser.get(PRACTICE).content.decode()
    assert "nothing leaves the house" in page
    assert "The right thing to do" not in page
    page = browser.post(f"{PRACTICE}{environment.pk}/lost", {"times": "1"}, follow=True).content.decode()
    assert page.count("The right thing to do") == 1
    assert "on, once" in page
    row = send(environment)
    page = browser.get(PRACTICE).content.decode()
    assert f"It happened to {row.number}" in page
    assert reverse("submissions:detail", args=[row.pk]) in page
    assert "you have done this" not in page
    assert look_up_now(submission=row, actor=browser.user, at=factories.AT) == "accepted"
    assert browser.get(PRACTICE).content.decode().count("you have done this") == 1
    assert "you have done this" not in signed_in("sender").get(PRACTICE).content.decode()


def test_everything_is_ended_at_once(environment, sandbox, signed_in):
    browser = signed_in("sender")
    for lesson in ("refused", "slow"):
        browser.post(f"{PRACTICE}{environment.pk}/{lesson}", {"times": "3"})
    assert [one["times"] for one in sandbox.faults.waiting()] == [3, 3]
    page = browser.post(f"{PRACTICE}{environment.pk}/end", follow=True).content.decode()
    assert "Everything works again." in page
    assert sandbox.faults.waiting() == []
    assert Entry.objects.filter(verb="practice.faults_ended").count() == 1


def test_an_account_and_drafts_are_made_for_practice(environment, sandbox, signed_in, settings):
    empty = factories.make_environment(factories.make_creditor("NO"), cid="", apicode="")
    boss = signed_in("administrator")
    for role in ("administrator", "clerk"):
        factories.Membership.objects.create(user=boss.user, creditor=empty.creditor, role=role)
    boss.post("/ui/focus", {"environment": str(empty.pk)})
    assert "Open an account" in boss.get(PRACTICE).content.decode()
    boss.post(f"{PRACTICE}{empty.pk}/account")
    empty.refresh_from_db()
    assert empty.cid == "8000001"
    answer = boss.post(f"{PRACTICE}{empty.pk}/papers", follow=True)
    assert "3 drafts were written." in answer.content.decode()
    drafts = Invoice.objects.filter(environment=empty)
    assert {draft.debtor.customer_number for draft in drafts} == {"PRACTICE-1", "PRACTICE-2"}
    again = boss.post(f"{PRACTICE}{empty.pk}/papers", follow=True)
    assert "3 drafts were written." in again.content.decode()
    assert (drafts.all().count(), empty.creditor.debtors.count()) == (6, 2)
    assert (
        "has an account already" in boss.post(f"{PRACTICE}{empty.pk}/account", follow=True).content.decode()
    )


def test_invented_debtors_do_not_stand_among_real_ones(environment, user_as):
    factories.make_environment(environment.creditor, name="fi-test")
    with pytest.raises(NotForPractice):
        operations.write_practice(environment=environment, actor=user_as("clerk"), at=factories.AT)
    assert Invoice.objects.count() == 0


def test_practice_is_offered_where_there_is_a_sandbox(environment, settings, signed_in, client):
    browser, auditor = signed_in("clerk"), signed_in("auditor")
    assert navigation.ENTRIES
    assert 'data-go="p"' in browser.get("/invoices/").content.decode()
    assert 'data-go="p"' not in auditor.get("/invoices/").content.decode()
    settings.SANDBOX_CONTROL_LINK = False
    assert 'data-go="p"' not in browser.get("/invoices/").content.decode()
    assert browser.get(PRACTICE).status_code == 404


def test_another_environment_leads_to_the_sandbox(environment, signed_in):
    browser = signed_in("clerk")
    test = factories.make_environment(environment.creditor, name="fi-test")
    browser.post("/ui/focus", {"environment": str(test.pk)})
    page = browser.get(PRACTICE).content.decode()
    assert "is not for practice" in page
    assert f'value="{environment.pk}"' in page
    assert "lesson__form" not in page


def test_a_foreign_sandbox_does_not_exist(environment, sandbox, signed_in):
    browser = signed_in("sender")
    foreign = factories.make_environment(cid="77")
    for word in ("refused", "end", "account", "papers"):
        assert browser.post(f"{PRACTICE}{foreign.pk}/{word}", {"times": "1"}).status_code in {403, 404}
    assert sandbox.faults.waiting() == []


def test_hits_before_one_began_are_somebody_elses(environment, user_as):
    clerk = user_as("clerk")
    switch(environment, "late-news", clerk, at=dt.datetime.now(dt.UTC) + dt.timedelta(hours=1))
    assert send(environment).state == "accepted"
    from ropo_portal.training import gateway as desk  # noqa: PLC0415 (two gateways)
    from ropo_portal.training.standing import progress  # noqa: PLC0415 (beside it)

    menu = progress(environment, desk=desk.look(CID), user=clerk)
    [late] = [one for _group, rows in menu for one in rows if one.lesson.name == "late-news"]
    assert (len(late.hits), late.is_done, late.waiting) == (1, False, 0)
