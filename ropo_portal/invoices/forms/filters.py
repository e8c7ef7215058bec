"""Room: what narrows the list."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ropo_portal.ui.fields import DayField

STATES = (
    ("draft", _("Draft")),
    ("queued", _("Queued")),
    ("sending", _("Sending")),
    ("accepted", _("Accepted")),
    ("rejected", _("Rejected")),
    ("unconfirmed", _("Unconfirmed")),
    ("held", _("Held")),
)
LONGEST_SEARCH = 100


class FilterForm(forms.Form):
    """Search words, state, due range; what cannot be read narrows nothing and says so."""

    q = forms.CharField(required=False, strip=True)
    state = forms.ChoiceField(required=False, choices=[("", _("Any state")), *STATES])
    due_from = DayField(label=_("Due from"), required=False)
    due_to = DayField(label=_("Due to"), required=False)

    def clean_q(self) -> str:
        """Bound the search, and drop what no database stores."""
        return "".join(character for character in self.cleaned_data["q"] if character.isprintable())[
            :LONGEST_SEARCH
        ]

    def filters(self) -> dict[str, Any]:
        """Return what could be read."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def due(self) -> tuple[dt.date | None, dt.date | None]:
        """Return the due range."""
        values = self.filters()
        return values.get("due_from"), values.get("due_to")
