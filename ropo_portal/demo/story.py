"""Room: what the demonstration tells in the terminal."""

from collections import Counter
from collections.abc import Iterator

from django.conf import settings

from ropo_portal.demo.cast import CAST, PASSWORD
from ropo_portal.demo.claims import CLAIMS, TALES, number_of
from ropo_portal.invoices.models import Claim, Invoice
from ropo_portal.submissions.models import Submission

State = Submission.State
COLUMNS = ("accepted", "rejected", "unconfirmed", "held", "queued", "draft")
# What a mark in a debtor's name made of its invoice, for whoever wants to look.
MARKS = {
    "refused-before": "Ropo One refuses it and says why; correct it and send it again",
    "reset-after": "booked, but the answer was lost; the portal looked it up and found it",
    "never-before": "no answer at all; nobody knows, so two people decide",
    "401-before": "turned away at the door; release it when the look-up has found nothing",
    "late-after": "answered slowly, and accepted",
}


def welcome(web: str, *, only_support: bool = False) -> str:
    """Say where to look and how to come in."""
    cast = [one for one in CAST if one.is_support or not only_support]
    width = max(len(one.email) for one in cast)
    people = "\n".join(f"    {one.email:<{width}}  {one.title}" for one in cast)
    return (
        f"\n  The portal            {web}/\n"
        f"  The stand-in Ropo One {settings.SANDBOX_URL}/control\n\n"
        f"  Sign in as one of these, password {PASSWORD}\n{people}\n"
    )


def table() -> str:
    """Count the invoices of each creditor by state."""
    counts: dict[str, Counter[str]] = {}
    for invoice in _invoices():
        counts.setdefault(f"{invoice.creditor.name} ({invoice.creditor.country})", Counter())[
            invoice.state
        ] += 1
    width = max((len(name) for name in counts), default=0)
    lines = [" ".join([f"  {'':<{width}}", *(f"{word:>11}" for word in COLUMNS)])]
    for name, states in sorted(counts.items()):
        lines.append(" ".join([f"  {name:<{width}}", *(f"{states[word]:>11}" for word in COLUMNS)]))
    return "\n".join(lines)


def tales(web: str) -> str:
    """List the invoices with a story, each with its address."""
    return (
        "  Worth a look (the mark in a name tells the stand-in how to go wrong):\n"
        + "\n".join(
            f"  {invoice.number} {invoice.debtor.name}: {state}\n    {tale}\n    {web}/invoices/{invoice.pk}"
            for invoice, state, tale in _with_tales()
        )
        + "".join(
            f"\n  {claim.number} {claim.debtor.name}, a claim\n    {tale}\n    {web}/collection/claim/{claim.pk}"
            for claim, tale in _claims()
        )
    )


def pages_with_tales() -> list[str]:
    """Return the paths of those invoices and claims."""
    claims = [f"/collection/claim/{claim.pk}" for claim, _ in _claims()]
    return [f"/invoices/{invoice.pk}" for invoice, _, _ in _with_tales()] + claims


def _claims() -> Iterator[tuple[Claim, str]]:
    tales = {number_of(place): TALES[name] for place, name in enumerate(CLAIMS)}
    for claim in Claim.objects.filter(number__in=tales).select_related("debtor").order_by("number"):
        yield claim, tales[claim.number]


def _with_tales() -> Iterator[tuple[Invoice, str, str]]:
    for invoice in _invoices():
        submission = invoice.submission
        if submission is None:
            continue
        state = str(submission.get_state_display()).lower()
        if submission.state == State.HELD:
            state += f", {submission.get_held_reason_display()}"
        if submission.state == State.QUEUED:
            yield invoice, state, "still in its hold; it can be taken back or let go at once"
        for mark, tale in MARKS.items():
            if f"[{mark}" in invoice.debtor.name:
                yield invoice, state, tale


def _invoices() -> Iterator[Invoice]:
    rows = Invoice.objects.filter(discarded_at=None).select_related("creditor", "debtor", "submission")
    return rows.order_by("creditor__country", "created_at", "id").iterator()
