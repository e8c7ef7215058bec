"""Room: the forms in which a rule is confirmed, or followed by a new one."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from ropo_portal.errors import DomainError
from ropo_portal.rules.models import Country, DatedRule, FeeCap, LegalRule
from ropo_portal.rules.models.waiting import LONGEST_WAIT
from ropo_portal.ui.fields import AmountField, DayField, PlainField

LONGEST_SOURCE = 300
LONGEST_REASON = 500
LONGEST_NAME = 120


class RuleForm(forms.Form):
    """What both forms ask: where it stands, and when to look again."""

    source = PlainField(
        label=_("Source"),
        longest=LONGEST_SOURCE,
        required=True,
        help_text=_("A law, an address, a letter, and its date."),
    )
    check_by = DayField(
        label=_("Check again by"), required=False, help_text=_("Most rates change on 1 January and 1 July.")
    )

    def __init__(self, *args: Any, rule: DatedRule, **options: Any) -> None:
        self.rule = rule
        options["initial"] = {"source": rule.source, **options.get("initial", {})}
        super().__init__(*args, **options)

    def refuse(self, refusal: DomainError) -> None:
        """Show a refusal at its field, or on top of the form."""
        place = refusal.field if refusal.field in self.fields else None
        self.add_error(place, ValidationError(str(refusal), code=refusal.code or None))


class CheckForm(RuleForm):
    """The rule is right as it stands; a missing value is filled in."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.rule.value is None:
            self.fields = {"value": _value_field(self.rule), **self.fields}


class ChangeForm(RuleForm):
    """The rule changes on a day."""

    valid_from = DayField(label=_("Valid from"))
    valid_to = DayField(label=_("Valid to"), required=False, help_text=_("Empty: until it changes again."))
    reason = PlainField(
        label=_("Why"), longest=LONGEST_REASON, required=True, help_text=_("It stays in the history.")
    )
    field_order = ("value", "is_allowed", "valid_from", "valid_to", "source", "check_by", "reason")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["value"] = _value_field(self.rule)
        if isinstance(self.rule, LegalRule):
            initial = self.rule.is_allowed
            label = _("This step is allowed")
            self.fields["is_allowed"] = forms.BooleanField(label=label, required=False, initial=initial)
        self.order_fields(self.field_order)

    def values(self) -> dict[str, Any]:
        """Return the rule's columns that change."""
        data = self.cleaned_data
        also = {name: data[name] for name in self.rule.ALSO}
        return {self.rule.VALUE: data["value"], **also}


def _value_field(rule: DatedRule) -> forms.Field:
    label = str(rule._meta.get_field(rule.VALUE).verbose_name)  # type: ignore[union-attr]
    options: dict[str, Any] = {"label": capfirst(label), "initial": rule.value}
    if isinstance(rule, LegalRule):
        return forms.IntegerField(min_value=0, max_value=LONGEST_WAIT, **options)
    if isinstance(rule, FeeCap):
        return AmountField(**options)
    return AmountField(limit=Decimal(100), **options)


class NewRuleForm(RuleForm):
    """A rule of a kind that the portal does not know yet: what it is about, what it says, and from when."""

    country = forms.ChoiceField(label=_("Country"), choices=Country.choices)
    valid_from = DayField(label=_("Valid from"))
    valid_to = DayField(label=_("Valid to"), required=False, help_text=_("Empty: until it changes again."))
    field_order = ("country", "debtor_kind", "step", "after", "label", "name", "principal_from", "principal_to",
                   "value", "is_allowed", "valid_from", "valid_to", "source", "check_by")  # fmt: skip

    def __init__(self, *args: Any, rule: DatedRule, **options: Any) -> None:
        super().__init__(*args, rule=rule, **options)
        self.fields["value"] = _value_field(rule)
        self.fields["value"].initial = None
        self.fields.update(_about_fields(rule))
        self.order_fields(self.field_order)

    def values(self) -> dict[str, Any]:
        """Return the new row's columns but its days and its source."""
        days = {"valid_from", "valid_to", "source", "check_by", "value"}
        told = {name: value for name, value in self.cleaned_data.items() if name not in days}
        if told.get("principal_from", "") is None:
            told["principal_from"] = Decimal(0)
        return {**told, self.rule.VALUE: self.cleaned_data["value"]}


def _about_fields(rule: DatedRule) -> dict[str, forms.Field]:
    """What a rule of this kind is about, beside its country."""
    names = [name for name in rule.KEY if name != "country"]
    fields = {name: _choice(rule, name) for name in names if name != "principal_from"}
    if isinstance(rule, LegalRule):
        fields["name"] = PlainField(label=_("Name"), longest=LONGEST_NAME, required=True)
        fields["is_allowed"] = forms.BooleanField(
            label=_("This step is allowed"), required=False, initial=True
        )
    if isinstance(rule, FeeCap):
        fields["principal_from"] = AmountField(label=_("Principal above"), required=False)
        fields["principal_to"] = AmountField(label=_("Principal up to"), required=False)
    return fields


def _choice(rule: DatedRule, name: str) -> forms.Field:
    column: Any = rule._meta.get_field(name)
    return forms.ChoiceField(label=capfirst(str(column.verbose_name)), choices=column.flatchoices)
