"""Room: the form of a debtor, and the question before an identity code is shown."""

import json
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import LANGUAGES, Creditor
from ropo_portal.parties import refusals
from ropo_portal.parties.forms.fields import CheckedForm, TextField, email_field, phone_field, vat_id_field
from ropo_portal.parties.models import COUNTRIES, Channel, Debtor, DebtorQuerySet
from ropo_portal.parties.refusals import LETTER_LANGUAGES
from ropo_portal.parties.wording import OWN_WORDS, id_label

# What makes two debtors look like one.
TELLING = frozenset({"name", "postcode", "business_id", "national_id"})


class DebtorForm(CheckedForm):
    """Facts of a debtor. `allow_test` lets identity codes of the artificial ranges pass."""

    kind = forms.ChoiceField(
        label=_("Type"), choices=Debtor.Kind.choices, widget=forms.RadioSelect, initial=Debtor.Kind.COMPANY
    )
    name = TextField(label=_("Name"), longest=70)
    customer_number = TextField(label=_("Customer number"), longest=40, required=False)
    business_id = TextField(label=_("Business id"), longest=20, required=False)
    vat_id = vat_id_field()
    national_id = TextField(
        label=_("Personal identity code"),
        longest=20,
        required=False,
        help_text=_("Stored sealed, and sent only with the documents that need it."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    forget_national_id = forms.BooleanField(label=_("Remove the stored identity code"), required=False)
    extra_line_1 = TextField(label=_("Line above the name"), longest=50, required=False)
    extra_line_2 = TextField(label=_("Line under the name"), longest=50, required=False)
    street = TextField(label=_("Street address"), longest=70)
    postcode = TextField(label=_("Post code"), longest=12)
    city = TextField(label=_("City"), longest=50)
    country = forms.ChoiceField(label=_("Country"), choices=list(COUNTRIES.items()))
    email = email_field()
    phone = phone_field()
    channel = forms.ChoiceField(label=_("Usual channel"), choices=Channel.choices, initial=Channel.POST)
    einvoice_address = TextField(label=_("E-invoice address"), longest=40, required=False)
    einvoice_operator = TextField(label=_("E-invoice operator"), longest=40, required=False)
    language = forms.ChoiceField(label=_("Language of letters"), choices=LETTER_LANGUAGES)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, creditor: Creditor, allow_test: bool, debtor: Debtor | None = None, **options: Any
    ) -> None:
        self.creditor, self.allow_test, self.debtor = creditor, allow_test, debtor
        self.overtaken: Sequence[Any] = ()
        self.found_doubles: Sequence[Debtor] = ()
        home = {"country": creditor.country, "language": LANGUAGES[creditor.country]}
        options["initial"] = {**(_shown(debtor) if debtor else home), **options.get("initial", {})}
        super().__init__(*args, **options)
        self._name_id()
        if not (debtor and debtor.national_id_hash):
            del self.fields["forget_national_id"]
        else:
            self.fields["national_id"].widget.attrs["placeholder"] = debtor.shown_id
            self.fields["national_id"].help_text = _("Leave it empty to keep the stored code.")

    def _name_id(self) -> None:
        """Call the identity code what its country calls it; a script follows the choice by the same words."""
        self.fields["national_id"].label = id_label(self["country"].value() or "")
        names = {code: id_label(code) for code in ("", *OWN_WORDS)}
        self.fields["country"].widget.attrs |= {
            "data-renames": "national_id",
            "data-names": json.dumps(names),
        }

    def open_at(self, name: str) -> None:
        """Let the page open at a field, where it has one of that name."""
        if name in self.fields:
            self.fields[name].widget.attrs["autofocus"] = True

    def overtake(self, entries: Sequence[Any], revision: int) -> None:
        """Keep what others changed in the meantime; who saves now, having seen it, saves over it."""
        self.overtaken = entries
        self.data = {**{name: self.data.get(name) for name in self.data}, "revision": revision}

    def clean(self) -> dict[str, Any]:
        """Check what belongs together: ids and post code follow the country, the channel has what it needs."""
        found, refused = refusals.together(
            self.cleaned_data, creditor=self.creditor, allow_test=self.allow_test
        )
        self.cleaned_data.update(found)
        for refusal in refused:
            self.refuse(refusal)
        return self.cleaned_data

    def values(self) -> dict[str, Any]:
        """Return the debtor's columns; an identity code that was not typed again stays as it is."""
        values = dict(self.cleaned_data)
        values.pop("revision")
        forget = values.pop("forget_national_id", False)
        is_person = values["kind"] == Debtor.Kind.PERSON
        if self.debtor and is_person and not values["national_id"] and not forget:
            values["national_id"] = self.debtor.national_id
        return values

    def doubles(self) -> DebtorQuerySet:
        """Return the debtors who may be the same one, unless nothing telling was touched."""
        if self.debtor and not TELLING & set(self.changed_data):
            return Debtor.objects.none()
        names = ("name", "postcode", "business_id", "national_id")
        looks = {name: self.cleaned_data[name] for name in names}
        candidate = Debtor(creditor=self.creditor, **looks)
        if self.debtor:
            candidate.pk = self.debtor.pk
        return Debtor.objects.like(candidate)


class RevealForm(CheckedForm):
    """Why an identity code is looked at."""

    reason = TextField(label=_("Why do you need it?"), longest=200)


def _shown(debtor: Debtor) -> dict[str, Any]:
    """Return what a form shows of a debtor; never the identity code."""
    names = set(DebtorForm.base_fields) - {"national_id", "forget_national_id"}
    return {name: getattr(debtor, name) for name in names}
