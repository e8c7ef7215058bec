"""Room: the forms of a creditor and of its environments."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import (
    REFERENCE_KINDS,
    ApprovalRule,
    Country,
    Creditor,
    EnvironmentName,
    ReferenceKind,
)
from ropo_portal.identifiers import check_bic, check_business_id, check_iban, check_postcode
from ropo_portal.parties.forms.fields import (
    CheckedForm,
    HoldField,
    PercentField,
    TextField,
    email_field,
    phone_field,
    secret_field,
    vat_id_field,
)
from ropo_portal.ui.fields import AmountField

LONGEST_TERM_DAYS = 180
LONGEST_HOLD = 86_400


class CreditorForm(CheckedForm):
    """Facts of a creditor."""

    name = TextField(label=_("Name"), longest=70)
    country = forms.ChoiceField(label=_("Country"), choices=Country.choices)
    business_id = TextField(label=_("Business id"), longest=20)
    vat_id = vat_id_field()
    street = TextField(label=_("Street address"), longest=70)
    postcode = TextField(label=_("Post code"), longest=10)
    city = TextField(label=_("City"), longest=50)
    email = email_field()
    phone = phone_field()
    iban = TextField(label=_("IBAN"), longest=42)
    bic = TextField(label=_("BIC"), longest=11)
    reference_kind = forms.ChoiceField(label=_("Kind of reference"), choices=ReferenceKind.choices)
    reference_length = forms.IntegerField(
        label=_("Length of reference"),
        help_text=_("Only if your bank agreement fixes it."),
        min_value=3,
        max_value=25,
        required=False,
    )
    payment_term_days = forms.IntegerField(
        label=_("Payment term"), min_value=0, max_value=LONGEST_TERM_DAYS, initial=14
    )
    default_vat_rate = PercentField(label=_("Usual VAT rate"))
    late_interest = PercentField(
        label=_("Late interest"), required=False, help_text=_("Empty: as the law says.")
    )
    hold = HoldField(
        label=_("Hold before sending"),
        help_text=_("So long a posted document can still be withdrawn: minutes, or seconds as in 30 s."),
        longest=LONGEST_HOLD,
        initial=600,
    )

    sending_time = forms.TimeField(
        label=_("Sending time"),
        help_text=_("At this time documents leave that were given a day."),
        initial="09:00",
        input_formats=["%H:%M", "%H.%M", "%H:%M:%S"],
        widget=forms.TimeInput(format="%H:%M", attrs={"inputmode": "numeric"}),
    )
    approval_rule = forms.ChoiceField(
        label=_("Invoices a second person approves"), choices=ApprovalRule.choices, initial="off"
    )
    approval_limit = AmountField(
        label=_("Above"), required=False, help_text=_("In the creditor's own currency.")
    )

    doubt_limit = AmountField(
        label=_("A second look above"),
        required=False,
        help_text=_(
            "Whoever sends an invoice above this confirms its total. Empty: only unusual totals are asked about."
        ),
    )

    def __init__(self, *args: Any, creditor: Creditor | None = None, **options: Any) -> None:
        self.creditor = creditor
        if creditor:
            shown = {name: getattr(creditor, name) for name in self.base_fields if hasattr(creditor, name)}
            options["initial"] = {**shown, "hold": creditor.hold_seconds}
        super().__init__(*args, **options)
        if creditor and creditor.environments.exists():
            self.fields["country"].disabled = True
            self.fields["country"].help_text = _("Fixed, because environments belong to it.")

    def clean(self) -> dict[str, Any]:
        """Check what belongs together: everything follows the country."""
        data = self.cleaned_data
        country = data.get("country", "")
        self.check("business_id", lambda: check_business_id(country, data["business_id"]))
        self.check("postcode", lambda: check_postcode(country, data["postcode"]))
        self.check("iban", lambda: check_iban(data["iban"]))
        self.check("bic", lambda: check_bic(data["bic"]))
        if country and data.get("reference_kind") and data["reference_kind"] not in REFERENCE_KINDS[country]:
            self.add_error(
                "reference_kind", _("This kind of reference is not used in the creditor's country.")
            )
        self._check_approval(data)
        if data.get("doubt_limit") is not None and data["doubt_limit"] <= 0:
            self.add_error("doubt_limit", _("Write an amount above zero, or leave it empty."))
        return data

    def _check_approval(self, data: dict[str, Any]) -> None:
        """An amount belongs to the rule that has one, and to no other."""
        if data.get("approval_rule") != ApprovalRule.ABOVE:
            data["approval_limit"] = None
        elif "approval_limit" in data and (data["approval_limit"] is None or data["approval_limit"] < 0):
            self.add_error("approval_limit", _("Write the amount above which a second person approves."))

    def values(self) -> dict[str, Any]:
        """Return the creditor's columns."""
        values = dict(self.cleaned_data)
        values["hold_seconds"] = values.pop("hold")
        return values


class EnvironmentForm(CheckedForm):
    """One of the fixed environments; nobody types an address."""

    name = forms.ChoiceField(label=_("Environment"))

    def __init__(self, *args: Any, creditor: Creditor, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["name"].choices = [  # type: ignore[attr-defined]
            (name, EnvironmentName(name).label) for name in creditor.environment_names_left()
        ]


class LockForm(CheckedForm):
    """Why production is opened, or closed."""

    reason = TextField(label=_("Reason"), longest=200)


class CredentialsForm(CheckedForm):
    """A pair of credentials; the code goes in and never comes out."""

    cid = secret_field(label=_("Customer number (cid)"), longest=40)
    apicode = secret_field(
        label=_("API code"),
        longest=200,
        widget=forms.PasswordInput(
            render_value=False, attrs={"autocomplete": "new-password", "spellcheck": "false"}
        ),
        help_text=_("It is stored sealed and never shown again, not even to you."),
    )
