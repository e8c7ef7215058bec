"""Room: the columns a file may have: every field a clerk can type, and the sums a file states."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ropo_portal.imports.readers.synonyms import SYNONYMS, WEAK

if TYPE_CHECKING:
    from ropo_portal.errors import Sentence

LONG = 500  # a field this long takes line breaks


@dataclass(frozen=True)
class Field:
    """One canonical column. `kind` is text, amount, date, rate or quantity."""

    name: str
    kind: str = "text"
    longest: int = 70

    @property
    def label(self) -> "Sentence":
        """The column in the reader's words."""
        from ropo_portal.imports.readers import words  # noqa: PLC0415 (the child that reads knows no Django)

        return words.LABELS[self.name]

    @property
    def synonyms(self) -> tuple[str, ...]:
        """Headers that mean this column, in four languages."""
        return SYNONYMS.get(self.name, ()) + WEAK.get(self.name, ())

    @property
    def takes_lines(self) -> bool:
        """Tell whether a text may have several lines."""
        return self.longest >= LONG


def _texts(longest: int, names: str) -> tuple[Field, ...]:
    return tuple(Field(name, longest=longest) for name in names.split())


def _numbers(kind: str, names: str) -> tuple[Field, ...]:
    return tuple(Field(name, kind, longest=40) for name in names.split())


_ALL = (
    *_texts(40, "invoice_number"),
    *_numbers("date", "invoice_date due_date delivery_date"),
    *_texts(40, "reference debtor_number"),
    *_texts(70, "debtor_name"),
    *_texts(20, "debtor_id debtor_kind debtor_vat_id"),
    *_texts(50, "extra_line_1 extra_line_2"),
    *_texts(70, "street"),
    *_texts(20, "post_code"),
    *_texts(50, "city debtor_country"),
    *_texts(254, "email"),
    *_texts(40, "phone einvoice_address einvoice_operator"),
    *_texts(40, "language channel currency document_type"),
    *_texts(40, "credits_number"),
    *_texts(70, "our_reference your_reference order_number"),
    *_texts(2000, "message"),
    *_texts(200, "row_description"),
    *_numbers("quantity", "row_quantity"),
    *_texts(10, "row_unit"),
    *_numbers("amount", "row_price"),
    *_numbers("rate", "row_vat_rate row_discount"),
    *_texts(40, "row_product_number"),
    *_texts(200, "row_message"),
    *_numbers("date", "row_start_date row_end_date"),
    *_numbers("amount", "row_net row_vat row_total"),
    *_numbers("amount", "stated_net stated_vat stated_total"),
    *_texts(70, "internal_reference seller seller_code contact_person delivery_method delivery_term"),
    *_texts(50, "delivery_extra_line_1 delivery_extra_line_2"),
    *_texts(70, "delivery_street"),
    *_texts(20, "delivery_postcode"),
    *_texts(50, "delivery_city delivery_country billing_extra_line_1 billing_extra_line_2"),
    *_texts(70, "billing_street"),
    *_texts(20, "billing_postcode"),
    *_texts(50, "billing_city billing_country"),
    *_numbers("rate", "late_interest"),
    *_texts(40, "no_automatic_reminders collection_process"),
    *_numbers("date", "cash_discount_1_date"),
    *_numbers("rate", "cash_discount_1_percent"),
    *_numbers("amount", "cash_discount_1_amount"),
    *_texts(70, "cash_discount_1_text"),
    *_numbers("date", "cash_discount_2_date"),
    *_numbers("rate", "cash_discount_2_percent"),
    *_numbers("amount", "cash_discount_2_amount"),
    *_texts(70, "cash_discount_2_text"),
    *_numbers("quantity", "plan_months plan_count"),
    *_numbers("amount", "plan_amount"),
    *_texts(4000, "plan_instalments"),
    *_texts(40, "fixed_fee finance"),
    *_texts(50, "country_of_registration"),
    *_texts(254, "second_email"),
    *_texts(70, "einvoice_payment_id"),
    *_numbers("date", "accounting_date"),
    *_texts(20, "period vat_period voucher_batch voucher_number"),
    *_texts(20_000, "accounting_rows"),
    *_texts(40, "post_class color reverse_charge cash_receipt print_operator template template_model"),
)

FIELDS: dict[str, Field] = {field.name: field for field in _ALL}
