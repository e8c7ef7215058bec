"""Room: the menu of what can go wrong: each in a clerk's words, with what it looks like and what to do then."""

from dataclasses import dataclass
from typing import Final, TypeAlias

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words: TypeAlias = str | Promise
AS_SENT, AFTERWARDS = "sending", "afterwards"
SUBMISSIONS = _("Submissions")
GROUPS: Final[dict[str, Words]] = {
    AS_SENT: _("While you send"),
    AFTERWARDS: _("Afterwards"),
}
# Every account's registering calls, and those alone: a look-up has the same path.
REGISTERING = "POST /jobs"


@dataclass(frozen=True)
class Lesson:
    """One thing that can go wrong: `fault` in the stand-in's words, `path` where it waits for certain calls."""

    name: str
    group: str
    icon: str
    title: Words
    seen: Words
    right: Words
    fault: str
    path: str = ""
    # Where the right thing is done when no submission shows the way: a route, and what its link is called.
    route: str = "submissions:list"
    label: Words = SUBMISSIONS


_ALL: tuple[Lesson, ...] = (
    Lesson(
        "refused", AS_SENT, "circle-x", _("Ropo One refuses it"),
        _("The invoice becomes rejected, and Ropo One's reason stands on it in Ropo One's own words."),
        _("Read the reason, correct the invoice at the place it names, and send it again. Nothing was registered."),
        "refused-before", route="invoices:list", label=_("Invoices"),
    ),
    Lesson(
        "lost", AS_SENT, "unplug", _("Ropo One takes it, but the answer is lost"),
        _("The invoice becomes unconfirmed: nobody can say whether Ropo One has it."),
        _("Wait. The portal asks Ropo One by itself and finds it; “Check now” does so at once. Never write the same "
          "invoice again: the debtor would get two letters."),
        "reset-after",
    ),
    Lesson(
        "vanished", AS_SENT, "cloud-off", _("It is lost on its way, and Ropo One never sees it"),
        _("It looks exactly like a lost answer: unconfirmed. Only the look-ups tell the difference, as none finds it."),
        _("Wait until the look-ups have found nothing for long enough. Then one person proposes to send it again and says "
          "why, and another one agrees."),
        "reset-before",
    ),
    Lesson(
        "down", AS_SENT, "server-crash", _("Ropo One is down"),
        _("Its server answers with an error. What it received before it broke down is unknown, so the invoice becomes "
          "unconfirmed."),
        _("Pause sending for the environment, with a reason, until Ropo One works again; then let it go on. What is "
          "unconfirmed is looked up, and sent again by two people only if it is not there."),
        "503-before", route="submissions:line", label=_("Environments and their lines"),
    ),
    Lesson(
        "nonsense", AS_SENT, "file-question-mark", _("Ropo One answers with nonsense"),
        _("Instead of an answer comes a web page about maintenance. Nobody can read out of it whether the invoice was "
          "taken: it becomes unconfirmed."),
        _("Wait for the look-up. Ropo One did take this one, so it is found and becomes accepted by itself."),
        "html-after",
    ),
    Lesson(
        "duplicate", AS_SENT, "copy-x", _("Ropo One says that the number is there already"),
        _("The portal does not call this rejected: the number may be there because of its own earlier try. It becomes "
          "unconfirmed."),
        _("Look at what the look-ups found. If it is our own letter it is confirmed; if Ropo One has none of ours, two "
          "people decide."),
        "refused-duplicate-before",
    ),
    Lesson(
        "door", AS_SENT, "door-closed", _("Ropo One turns us away at the door"),
        _("The invoice is held: never sent. The environment rests for a minute, and nothing is repeated by a machine."),
        _("Test the connection on the creditor's page. When the credentials work, release the invoice."),
        "401-before",
    ),
    Lesson(
        "busy", AS_SENT, "traffic-cone", _("Ropo One is too busy"),
        _("Ropo One asks to come back later. The invoice is held and the environment rests as long as it asked for."),
        _("Let it rest, then release the invoice. Nothing was registered."),
        "429-retry-before:30",
    ),
    Lesson(
        "slow", AS_SENT, "snail", _("Ropo One answers slowly"),
        _("The invoice is being sent for some seconds, longer than usual."),
        _("Nothing. Do not send it again and do not close the page in worry: the portal waits for the answer and keeps it."),
        "late-after:6",
    ),
    Lesson(
        "paid", AFTERWARDS, "coins", _("The debtor pays while you send a reminder"),
        _("The next thing you send is taken, and in the same moment the debtor pays all of it to Ropo One. The payment "
          "arrives as news a little later, when the letter cannot be recalled."),
        _("Look at the claim: it is paid and nothing more goes out. If the debtor calls about the letter, say that the "
          "payment has arrived and that the two crossed."),
        "debtor-pays", route="collection:list", label=_("Claims"),
    ),
    Lesson(
        "late-news", AFTERWARDS, "hourglass", _("News of it comes late"),
        _("The invoice is accepted, but for five minutes Ropo One's look-ups and news know nothing of it."),
        _("Nothing. “Accepted” is Ropo One's word and stands; news that is late is read when it comes."),
        "lookup-lag:300", path=REGISTERING,
    ),
    Lesson(
        "double-news", AFTERWARDS, "copy", _("The same news comes twice"),
        _("The next time the portal fetches news, it gets all of it, and at the time after once more. It waits for the "
          "portal to ask, not for you to send."),
        _("Nothing. Each piece of news is kept, and read once: a payment told twice is booked once. See it in what "
          "happened to an invoice."),
        "news-again", route="invoices:list", label=_("Invoices"),
    ),
)  # fmt: skip
LESSONS: Final[dict[str, Lesson]] = {lesson.name: lesson for lesson in _ALL}
BY_FAULT: Final[dict[str, Lesson]] = {lesson.fault: lesson for lesson in _ALL}
