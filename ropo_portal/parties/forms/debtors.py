"""Room: the form of a debtor, and the question before an identity code is shown."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import LANGUAGES, Creditor
from ropo_portal.errors import DomainError
from ropo_portal.identifiers import (
    check_business_id,
    check_einvoice_address,
    check_einvoice_operator,
    check_personal_id,
    check_postcode,
)
from ropo_portal.parties.forms.fields import CheckedForm, TextField, email_field, phone_field, vat_id_field
from ropo_portal.parties.models import COUNTRIES, Channel, Debtor, DebtorQuerySet

LETTER_LANGUAGES = [("fi", _("Finnish")), ("sv", _("Swedish")), ("nb", _("Norwegian")), ("en", _("English"))]
# What belongs to one kind of debtor only.
OF_KIND = {"business_id": "company", "vat_id": "company", "national_id": "person"}
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
        if not (debtor and debtor.national_id_hash):
            del self.fields["forget_national_id"]
        else:
            self.fields["national_id"].widget.attrs["placeholder"] = debtor.shown_id
            self.fields["national_id"].help_text = _("Leave it empty to keep the stored code.")

    def overtake(self, entries: Sequence[Any], revision: int) -> None:
        """Keep what others changed in the meantime; who saves now, having seen it, saves over it."""
        self.overtaken = entries
        self.data = {**{name: self.data.get(name) for name in self.data}, "revision": revision}

    def clean(self) -> dict[str, Any]:
        """Check what belongs together: ids and post code follow the country, the channel has what it needs."""
        data = self.cleaned_data
        country = data.get("country", "")
        self._check_kind(data)
        self.check("postcode", lambda: check_postcode(country, data["postcode"]))
        if country in LANGUAGES:
            self.check("business_id", lambda: check_business_id(country, data["business_id"]))
        self.check("national_id", lambda: self._personal_id(data["national_id"], country))
        self.check("einvoice_address", lambda: check_einvoice_address(data["einvoice_address"]))
        self.check("einvoice_operator", lambda: check_einvoice_operator(data["einvoice_operator"]))
        self._check_channel(data)
        return data

    def _personal_id(self, text: str, country: str) -> str:
        """Read the code by the rules of the debtor's country, else of the creditor's."""
        countries = dict.fromkeys(code for code in (country, self.creditor.country) if code in LANGUAGES)
        refusals = []
        for code in countries:
            try:
                return check_personal_id(code, text, allow_test=self.allow_test)
            except DomainError as refusal:
                refusals.append(refusal)
        raise refusals[0]

    def _check_kind(self, data: dict[str, Any]) -> None:
        sentences = {
            "company": _("A private person has no business id. Choose company, or remove the number."),
            "person": _(
                "A company has no personal identity code. Choose private person, or remove the code."
            ),
        }
        for name, kind in OF_KIND.items():
            if data.get("kind") and data["kind"] != kind and data.get(name):
                self.add_error(name, sentences[kind])

    def _check_channel(self, data: dict[str, Any]) -> None:
        channel, email = data.get("channel"), data.get("email")
        if channel == Channel.EMAIL and not email and not self.has_error("email"):
            self.add_error("email", _("The channel e-mail needs an address."))
        pair = ("einvoice_address", "einvoice_operator")
        is_wanted = channel in {Channel.EINVOICE, Channel.CONSUMER_EINVOICE} or any(
            data.get(name) for name in pair
        )
        for name in pair:
            if is_wanted and not data.get(name) and not self.has_error(name):
                self.add_error(name, _("An e-invoice needs both an address and an operator."))

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
