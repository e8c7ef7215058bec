"""Room: the whole sheet a clerk fills in: head, seldom needed fields, rows."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts.models import LANGUAGES, CreditorEnvironment
from ropo_portal.errors import DomainError
from ropo_portal.invoices.changes import DocumentHasChanged
from ropo_portal.invoices.content import PLAIN, InvoiceContent
from ropo_portal.invoices.doubts import Doubt
from ropo_portal.invoices.extras import SECTIONS, sections_in_use
from ropo_portal.invoices.forms.extras import as_stored, as_typed, extra_fields
from ropo_portal.invoices.forms.fields import NEEDS_A_DAY
from ropo_portal.invoices.forms.rows import Rows, rows_of
from ropo_portal.invoices.models import Invoice
from ropo_portal.invoices.numbering import LONGEST_REFERENCE, reference_for
from ropo_portal.parties.models import Channel, Debtor
from ropo_portal.rules.operations import rates_on
from ropo_portal.ui.fields import DayField, PlainField
from ropo_portal.ui.naming import NamingField

NO_DEBTOR = _("Choose the debtor from the list, or create a new one.")


# What else must be readable before a refusal at a field means anything.
NEEDS = {
    "due_date": ("invoice_date",),
    "channel": ("debtor",),
    "einvoice_payment_id": ("debtor", "channel"),
    "debtor": ("invoice_date",),
}
EXTRA_NAMES = frozenset(extra.name for section in SECTIONS for extra in section.fields)


class HeadForm(forms.Form):
    """Everything but the rows."""

    debtor = NamingField(label=_("Debtor"), queryset=Debtor.objects.none(), words=NO_DEBTOR)
    number = PlainField(label=_("Number"), longest=40)
    reference = PlainField(label=_("Reference"), longest=LONGEST_REFERENCE)
    invoice_date = DayField(label=_("Invoice date"), error_messages={"required": NEEDS_A_DAY})
    due_date = DayField(label=_("Due date"), error_messages={"required": NEEDS_A_DAY})
    supply_date = DayField(
        label=_("Date of supply"), help_text=_("If other than the invoice date."), required=False
    )
    channel = forms.ChoiceField(
        label=_("Channel"),
        choices=Channel.choices,
        error_messages={"invalid_choice": _("Choose the channel from the list.")},
    )
    free_text = PlainField(label=_("Text on the invoice"), longest=2000, lines=True)
    our_reference = PlainField(label=_("Our reference"), longest=70)
    your_reference = PlainField(label=_("Your reference"), longest=70)
    order_number = PlainField(label=_("Order number"), longest=70)
    revision = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, environment: CreditorEnvironment, **options: Any) -> None:
        super().__init__(*args, **options)
        choices: Any = self.fields["debtor"]
        kept = Debtor.objects.kept().filter(creditor_id=environment.creditor_id)
        choices.queryset = kept.select_related("creditor").order_by("search_name", "id")
        self.fields.update(extra_fields())


class InvoiceSheet:
    """The head and the rows together: what a clerk typed, and the invoice content it means."""

    def __init__(
        self,
        environment: CreditorEnvironment,
        *,
        today: dt.date,
        data: QueryDict | None = None,
        invoice: Invoice | None = None,
        debtor: Debtor | None = None,
    ) -> None:
        self.environment, self.invoice, self.today = environment, invoice, today
        self.refused: list[DomainError] = []
        content = InvoiceContent.of(invoice) if invoice else None
        initial = _typed(content, invoice) if content and invoice else _fresh(environment, today, debtor)
        self.head = HeadForm(data, initial=initial, environment=environment)
        self.rows: Any = Rows(
            data,
            prefix="rows",
            initial=rows_of(content.rows) if content else [],
            form_kwargs={"rate": _usual_rate(environment, today)},
        )

    @property
    def is_bound(self) -> bool:
        """Tell whether something was posted."""
        return self.head.is_bound

    def is_valid(self) -> bool:
        """Tell whether everything could be read."""
        head, rows = self.head.is_valid(), self.rows.is_valid()
        return head and rows

    @property
    def content(self) -> InvoiceContent:
        """Return what was typed; only after `is_valid`."""
        values = self.head.cleaned_data
        return InvoiceContent(
            debtor=values["debtor"],
            number=values["number"],
            reference=values["reference"],
            rows=self.rows.contents(),
            extras=as_stored(values),
            **{name: values[name] for name in PLAIN},
        )

    def rough(self) -> InvoiceContent:
        """Return what can be read already, for a picture of the unfinished invoice."""
        self.is_valid()
        values = self.head.cleaned_data
        number = values.get("number") or (
            self.invoice.number if self.invoice else str(self.environment.next_number)
        )
        start = values.get("invoice_date") or self.today
        plain = {name: values.get(name) or "" for name in PLAIN if not name.endswith("_date")}
        return InvoiceContent(
            debtor=values.get("debtor") or _nobody(self.environment),
            number=number,
            reference=values.get("reference") or _likely_reference(number, self.environment),
            invoice_date=start,
            due_date=values.get("due_date") or start,
            supply_date=values.get("supply_date"),
            rows=self.rows.readable(),
            extras=as_stored(values),
            **plain,
        )

    def is_sure(self, error: DomainError | Doubt) -> bool:
        """Tell whether everything a refusal or doubt speaks of could be read; what stands in for the rest proves nothing."""
        bad, field = set(self.head.errors), error.field or ""
        if field == "rows" and self.rows.total_error_count():
            return False
        if field in EXTRA_NAMES and bad & EXTRA_NAMES:
            return False
        return not bad & {field, *NEEDS.get(field, ())}

    def errors_at(self, names: Iterable[str]) -> list[tuple[str, list[str]]]:
        """Return id and refusals of the named fields; one without any is told too, so that old words go."""
        found = {name: self.head[name] for name in self.head.fields}
        for form in self.rows.forms:
            found |= {form.add_prefix(name): form[name] for name in form.fields}
        return [
            (found[name].id_for_label, [str(error) for error in found[name].errors])
            for name in names
            if name in found
        ]

    def focus(self, name: str) -> str:
        """Let the page open at a field, and return its name."""
        if name in self.head.fields:
            self.head.fields[name].widget.attrs["autofocus"] = True
        elif name == "rows":
            self.rows.forms[0].fields["description"].widget.attrs["autofocus"] = True
        return name

    @property
    def revision(self) -> int:
        """Return the revision the clerk saw."""
        return self.head.cleaned_data.get("revision") or 0

    def refuse(self, errors: Iterable[DomainError]) -> None:
        """Put refusals where they belong."""
        for error in errors:
            self.refused.append(error)
            if isinstance(error, DocumentHasChanged):
                self._look_again(error.invoice.revision)
            field = error.field or ""
            if field.startswith("rows"):
                self.rows.refuse(error)
            else:
                self.head.add_error(field if field in self.head.fields else None, str(error))

    def sections(self) -> list[dict[str, Any]]:
        """Return the folded sections with their fields; one that holds something stands open."""
        kept = (
            self.head.initial
            if not self.head.is_bound
            else {name: self.head[name].value() for name in self.head.fields}
        )
        in_use = sections_in_use(kept)
        return [
            {
                "section": section,
                "fields": [self.head[extra.name] for extra in section.fields],
                "is_open": section.name in in_use
                or any(self.head[extra.name].errors for extra in section.fields),
            }
            for section in SECTIONS
        ]

    def _look_again(self, revision: int) -> None:
        """Let the clerk, who now sees what changed, save over it."""
        data: Any = self.head.data.copy()  # type: ignore[attr-defined]
        data["revision"] = str(revision)
        self.head.data = data

    @property
    def debtor_text(self) -> str:
        """Return the debtor's name, or what was typed in its place."""
        return self.debtor.name if self.debtor else self.head.data.get("debtor_text", "")

    @property
    def debtor(self) -> Debtor | None:
        """Return the debtor as chosen so far."""
        value = self.head["debtor"].value()
        if isinstance(value, Debtor) or not value:
            return value or None
        try:
            return self.head.fields["debtor"].clean(value)  # type: ignore[no-any-return]
        except forms.ValidationError:
            return None


def _nobody(environment: CreditorEnvironment) -> Debtor:
    creditor = environment.creditor
    return Debtor(creditor=creditor, country=environment.country, language=LANGUAGES[environment.country])


def _usual_rate(environment: CreditorEnvironment, today: dt.date) -> Decimal:
    """Return the creditor's usual rate at home, and abroad the country's highest."""
    abroad = None if environment.is_at_home else next(iter(rates_on(environment.country, today)), None)
    return abroad.rate if abroad else environment.creditor.default_vat_rate


def _likely_reference(number: str, environment: CreditorEnvironment) -> str:
    try:
        return reference_for(number, environment)
    except DomainError:
        return ""


def _typed(content: InvoiceContent, invoice: Invoice) -> dict[str, Any]:
    plain = {name: getattr(content, name) for name in PLAIN}
    return {
        **as_typed(content.extras),
        **plain,
        "debtor": invoice.debtor_id,
        "number": content.number,
        "reference": content.reference,
        "revision": invoice.revision,
    }


def _fresh(environment: CreditorEnvironment, today: dt.date, debtor: Debtor | None) -> dict[str, Any]:
    creditor = environment.creditor
    fresh: dict[str, Any] = {
        "invoice_date": today,
        "due_date": today + dt.timedelta(days=creditor.payment_term_days),
        "channel": debtor.channel if debtor else Channel.POST,
        "debtor": debtor.pk if debtor else None,
    }
    return fresh | ({"late_interest": creditor.late_interest} if creditor.late_interest is not None else {})
