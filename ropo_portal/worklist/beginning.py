"""Room: the first steps of a new creditor, each ticked by what the database holds, until something was accepted."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ropo_portal.accounts.models import CreditorEnvironment, Membership, User
from ropo_portal.accounts.roles import MAY, Role
from ropo_portal.accounts.scope import Scope
from ropo_portal.history.models import Entry
from ropo_portal.invoices.models import Invoice
from ropo_portal.parties.models import Debtor
from ropo_portal.submissions.models import Submission
from ropo_portal.worklist.kinds import Words

# Colleagues named in one sentence.
NAMED = 3


@dataclass(frozen=True)
class FirstStep:
    """One step as one reader sees it: a link where she may do it, else whom to ask."""

    name: str
    label: Words
    is_done: bool
    is_next: bool
    is_ready: bool
    url: str
    ask: str


@dataclass(frozen=True)
class Beginning:
    """All first steps as one reader sees them; none once it is over."""

    steps: list[FirstStep]

    @property
    def is_open(self) -> bool:
        """Whether nothing was accepted yet."""
        return bool(self.steps)

    @property
    def next(self) -> FirstStep | None:
        """The first step that she can do now, whatever others still owe."""
        return next((step for step in self.steps if step.url and step.is_ready), None)

    @property
    def waits_for(self) -> FirstStep | None:
        """The first step that somebody else has to do."""
        return next((step for step in self.steps if step.ask), None)


# Not a role: whoever gives roles to others.
SUPPORT = "support"
# Steps without which another makes no sense.
NEEDS = {
    "connection": ("credentials",),
    "invoice": ("debtor",),
    "preview": ("credentials", "invoice"),
    "send": ("credentials", "invoice"),
}
# What it is called, and who may do it.
STEPS: dict[str, tuple[Words, str]] = {
    "facts": (gettext_lazy("Write down the creditor's facts"), "creditor.edit"),
    "people": (gettext_lazy("Give a colleague the role of a sender"), SUPPORT),
    "credentials": (gettext_lazy("Enter the credentials of Ropo One"), "creditor.credentials"),
    "connection": (gettext_lazy("Test the connection"), "creditor.credentials"),
    "debtor": (gettext_lazy("Write down the first debtor"), "debtor.edit"),
    "invoice": (gettext_lazy("Write the first invoice"), "invoice.edit"),
    "preview": (gettext_lazy("Look at Ropo One's preview of it"), "invoice.edit"),
    "send": (gettext_lazy("Send it"), "invoice.send"),
}


def first_steps(scope: Scope) -> list[FirstStep]:
    """Return the steps of the chosen environment, or nothing once Ropo One has accepted anything from it."""
    environment = scope.environment
    if environment is None or _sent(environment, state=Submission.State.ACCEPTED):
        return []
    draft = Invoice.objects.filter(environment=environment, discarded_at=None).order_by("pk").first()
    done = _done(environment, draft)
    links = _links(environment, draft)
    ask = _asking(environment)
    first = next((name for name in STEPS if not done[name]), "")
    steps = []
    for name, (label, action) in STEPS.items():
        is_open, is_ready = not done[name], all(done[need] for need in NEEDS.get(name, ()))
        may = scope.is_support if action == SUPPORT else scope.may(action, environment.creditor_id)
        url = links[name] if may and is_open else ""
        words = ask(action) if is_open and not may else ""
        steps.append(FirstStep(name, label, done[name], name == first, is_ready, url, words))
    return steps


def _done(environment: CreditorEnvironment, draft: Invoice | None) -> dict[str, bool]:
    creditor = environment.creditor
    wanted = (
        creditor.name,
        creditor.business_id,
        creditor.street,
        creditor.postcode,
        creditor.city,
        creditor.iban,
    )
    drafts = Invoice.objects.filter(environment=environment).values("pk")
    seen = Entry.objects.filter(
        creditor_id=creditor.pk,
        verb="invoice.previewed",
        subject_type="invoices.invoice",
        subject_id__in=drafts,
    )
    return {
        "facts": all(wanted),
        "people": Membership.objects.filter(
            creditor=creditor, role=Role.SENDER, user__is_active=True
        ).exists(),
        "credentials": bool(environment.cid and environment.apicode),
        "connection": bool(environment.last_check_ok),
        "debtor": Debtor.objects.filter(creditor=creditor).exists(),
        "invoice": draft is not None,
        "preview": seen.exists(),
        "send": _sent(environment),
    }


def _sent(environment: CreditorEnvironment, **wanted: str) -> bool:
    return Submission.objects.filter(environment=environment, **wanted).exists()


def _links(environment: CreditorEnvironment, draft: Invoice | None) -> dict[str, str]:
    paper = reverse("invoices:detail", args=[draft.pk]) if draft else ""
    return {
        "facts": reverse("parties:creditor-edit", args=[environment.creditor_id]),
        "people": f"{reverse('admin:accounts_membership_add')}?creditor={environment.creditor_id}&role={Role.SENDER}",
        "credentials": reverse("parties:environment-credentials", args=[environment.pk]),
        "connection": reverse("parties:creditor-detail", args=[environment.creditor_id]),
        "debtor": reverse("parties:debtor-create"),
        "invoice": reverse("invoices:create"),
        "preview": paper,
        "send": paper,
    }


def _asking(environment: CreditorEnvironment) -> Callable[[str], str]:
    """Return what says whom to ask for an action; the colleagues are read once."""
    people: dict[str, list[str]] = defaultdict(list)
    rows = Membership.objects.filter(creditor=environment.creditor_id, user__is_active=True)
    for member in rows.select_related("user").order_by("user__name", "pk"):
        people[member.role].append(str(member.user))
    support = User.objects.filter(is_superuser=True, is_active=True).order_by("name", "pk")[:NAMED]

    def ask(action: str) -> str:
        if action == SUPPORT:
            names = [str(user) for user in support]
        else:
            names = list(dict.fromkeys(name for role in sorted(MAY[action]) for name in people[role]))[:NAMED]
        if not names:
            return _("Nobody here may do this yet: ask support.")
        return _("You may not do this. Ask %(names)s.") % {"names": ", ".join(names)}

    return ask
