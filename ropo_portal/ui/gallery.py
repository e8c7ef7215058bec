"""Samples for the gallery: every component in every state, with made-up values."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.http import JsonResponse
from django.urls import reverse_lazy
from django.utils import timezone

from ropo_portal.ui import states
from ropo_portal.ui.fields import AmountField, DayField
from ropo_portal.ui.paging import Page
from ropo_portal.ui.widgets import Combobox

NAMES = [
    "Aalto Rakennus Oy",
    "Lahtinen Sähkö Oy",
    "Pohjolan Kala Ab",
    "Mäkelä Anni",
    "Ståhlberg Erik",
    "Nordic Timber AB",
]
TOWNS = ["Turku", "Tampere", "Vaasa", "Turku", "Umeå", "Vaasa"]
NUMBERS = ["1998095-9", "2087809-8", "0737546-2", "•••• 123A", "•••• 4567", "556703-7485"]
STATES = ["rejected", "accepted", "queued", "sending", "unconfirmed", "held"]


class SampleForm(forms.Form):
    """Every kind of field."""

    debtor = forms.Field(widget=Combobox(url=reverse_lazy("ui:gallery_options"), create_label="New debtor"))
    kind = forms.ChoiceField(choices=[("0", "Paper and e-invoice"), ("300", "Only e-invoice")])
    number = forms.CharField(max_length=20, initial="20260141")
    invoice_date = DayField(initial=date(2026, 11, 22))
    due_date = DayField(initial=date(2026, 12, 6), help_text="14 days, as agreed with this creditor")
    amount = AmountField(initial=Decimal("1234.56"))
    message = forms.CharField(widget=forms.Textarea, required=False)
    is_urgent = forms.BooleanField(
        required=False, label="Send without waiting", help_text="The ten minutes' grace is skipped"
    )
    channel = forms.ChoiceField(
        widget=forms.RadioSelect, choices=[("paper", "Letter"), ("einvoice", "E-invoice")]
    )

    def clean_debtor(self) -> tuple[str, str]:
        """Insist on a chosen debtor."""
        key, text = self.cleaned_data["debtor"]
        if not key:
            raise forms.ValidationError("Choose a debtor from the list." if text else "A debtor is needed.")
        return key, text


class RowForm(forms.Form):
    """One row of the grid."""

    description = forms.CharField()
    quantity = AmountField(places=4, initial=Decimal(1))
    unit = forms.CharField(required=False)
    unit_price = AmountField(places=4)
    discount = AmountField(required=False)
    vat_rate = forms.ChoiceField(choices=[("25.5", "25,5 %"), ("14", "14 %"), ("10", "10 %"), ("0", "0 %")])


ROWS = [
    {
        "description": "Konsultointi, marraskuu",
        "quantity": Decimal(12),
        "unit": "h",
        "unit_price": Decimal(95),
    },
    {
        "description": "Käsikirja “Perintä & maksaminen”",
        "quantity": Decimal(3),
        "unit_price": Decimal("24.90"),
        "vat_rate": "10",
    },
]


def context(data: Any = None) -> dict[str, Any]:
    """Give the gallery all it shows; posted data shows the forms with their errors."""
    rows = forms.formset_factory(RowForm, extra=0, can_delete=True)
    return {
        "form": SampleForm(data),
        "rows": rows(initial=ROWS, prefix="rows"),
        "list": [_sample(number) for number in range(6)],
        "page": Page(rows=[*range(6)], next="cursor-after", previous="cursor-before", size=6),
        "states": list(states.LOOKS),
        "chips": _chips(),
        "facts": [
            ("Reference", "RF21 6637 2091"),
            ("Due", "6.12.2026"),
            ("Business ID", "1998095-9"),
            ("Channel", "E-invoice"),
        ],
        "events": _events(),
        "steps": _steps(),
        "keys": ["g", "i"],
        "until": timezone.now() + timedelta(minutes=9, seconds=41),
        "amounts": [Decimal("1234567.8"), Decimal("-0.5"), Decimal(0)],
    }


def options(words: str) -> JsonResponse:
    """Suggest debtors whose name has the words."""
    found = [place for place, name in enumerate(NAMES) if words.casefold() in name.casefold()]
    return JsonResponse(
        {
            "options": [
                {"value": str(p), "label": NAMES[p], "hint": f"{NUMBERS[p]} · {TOWNS[p]}"} for p in found
            ]
        }
    )


def _sample(number: int) -> dict[str, Any]:
    return {
        "number": 20260140 - number,
        "debtor": NAMES[number],
        "town": TOWNS[number],
        "due": date(2026, 11, 1) - timedelta(days=number),
        "state": STATES[number],
        "total": Decimal("260.97") * (number * 7 + 1),
    }


def _chips() -> list[dict[str, Any]]:
    tones = ["draft", "queued", "sending", "accepted", "rejected", "unconfirmed", "held"]
    return [
        {
            "label": tone.capitalize(),
            "href": f"?state={tone}",
            "tone": tone,
            "count": place * 3,
            "is_on": place in {3, 5},
        }
        for place, tone in enumerate(tones)
    ]


def _events() -> list[dict[str, Any]]:
    start = datetime(2026, 11, 22, 7, 30, tzinfo=UTC)
    told = [
        ("Posted", "queued", "Aino Virtanen", "Waits ten minutes, then leaves."),
        ("Sent to Ropo One", "sending", "system", "Attempt 1, answered in 0.8 s"),
        ("No answer was read", "unconfirmed", "system", "The line broke after the last byte was written."),
        ("Ropo One has it", "accepted", "Erik Ståhlberg", "Job 4711002, found by its number."),
    ]
    return [
        {"title": title, "state": state, "by": by, "text": text, "at": start + timedelta(minutes=11 * place)}
        for place, (title, state, by, text) in enumerate(told)
    ]


def _steps() -> list[dict[str, str]]:
    return [
        {"label": "Saved", "state": "done"},
        {"label": "Queued", "state": "done", "note": "7.41"},
        {"label": "Sending", "state": "current"},
        {"label": "Accepted", "state": "todo"},
    ]
