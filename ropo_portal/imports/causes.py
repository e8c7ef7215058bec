"""Room: what is wrong with the invoices of a file, grouped by cause: one column, one kind of error."""

import json
from dataclasses import dataclass
from typing import Any, Final, Self

from django.db import connection
from django.db.models import BooleanField, F, Func
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ropo_portal.errors import Sentence, sentence
from ropo_portal.imports.models import Import, ImportedInvoice, ImportedInvoiceQuerySet, Verdict
from ropo_portal.imports.readers import FIELDS

MOST = 24
LONGEST = 80
MISSING = pgettext_lazy("cause of errors", "missing")
UNREADABLE = pgettext_lazy("cause of errors", "cannot be read")
TWO_WAYS = pgettext_lazy("cause of errors", "can be read in two ways")
TOO_LONG = pgettext_lazy("cause of errors", "too long")
OUTSIDE = pgettext_lazy("cause of errors", "outside what is accepted")
USED = pgettext_lazy("cause of errors", "used already")
CHECK = pgettext_lazy("cause of errors", "check digit or form does not fit")
WRONG = pgettext_lazy("cause of errors", "not accepted")
SUMS = pgettext_lazy("cause of errors", "does not agree with the rows")
DISAGREE = pgettext_lazy("cause of errors", "lines say different things")
WORDS: Final = {
    **dict.fromkeys(("required", "row_without_description", "kind_unknown", "no_email", "no_einvoice_address",
                     "einvoice_pair", "no_payment_id", "too_few_cells"), MISSING),
    **dict.fromkeys(("not_a_date", "no_such_day", "not_a_number", "not_an_amount", "spoiled_number"), UNREADABLE),
    **dict.fromkeys(("ambiguous_date", "ambiguous_number", "ambiguous", "ambiguous_percent", "other_decimal_sign"), TWO_WAYS),
    **dict.fromkeys(("too_long", "too_many_decimals", "too_many_cells", "too_many_rows"), TOO_LONG),
    **dict.fromkeys(("date_range", "out_of_range", "above_limit", "due_before_date", "due_too_late", "period_backwards",
                     "not_a_percentage", "vat_rate_impossible", "discount_impossible", "not_positive",
                     "row_without_quantity", "grows", "above_row", "above_open", "before_invoice", "future"), OUTSIDE),
    **dict.fromkeys(("number_taken", "reference_taken", "reference_twice"), USED),
    **dict.fromkeys(("not_an_id", "check_digit", "form", "individual", "day", "postcode", "ovt", "einvoice_address",
                     "no_check_digit", "too_short", "test_only"), CHECK),
    **dict.fromkeys(("sums_differ", "payable_differs", "document_charge"), SUMS),
    **dict.fromkeys(("differs", "debtor_told_twice"), DISAGREE),
    "several_debtors": pgettext_lazy("cause of errors", "several debtors fit"),
    "debtor_contradicts": pgettext_lazy("cause of errors", "the debtor found has another"),
    **dict.fromkeys(("not_found", "not_on_invoice"), pgettext_lazy("cause of errors", "not found")),
    "nothing_to_credit": pgettext_lazy("cause of errors", "not at Ropo One yet"),
    "currency": pgettext_lazy("cause of errors", "another currency"),
}  # fmt: skip
_COUNT: Final = {
    "postgresql": """
        SELECT fault ->> 'column', fault ->> 'code', count(DISTINCT one.id) AS times
        FROM imports_importedinvoice AS one, jsonb_array_elements(one.errors) AS fault
        WHERE one.batch_id = %s AND one.verdict = 'error' AND one.is_included
        GROUP BY 1, 2 ORDER BY times DESC, 1, 2 LIMIT %s""",
    "sqlite": """
        SELECT fault.value ->> 'column', fault.value ->> 'code', count(DISTINCT one.id) AS times
        FROM imports_importedinvoice AS one, json_each(one.errors) AS fault
        WHERE one.batch_id = %s AND one.verdict = 'error' AND one.is_included
        GROUP BY 1, 2 ORDER BY times DESC, 1, 2 LIMIT %s""",
}


@dataclass(frozen=True, slots=True)
class Cause:
    """One kind of error in one column, and how many invoices have it where that was counted."""

    column: str
    code: str
    count: int = 0

    @classmethod
    def of(cls, key: str) -> Self | None:
        """Read a cause out of an address; nothing where it names none."""
        column, point, code = key[:LONGEST].partition(".")
        return cls(column, code) if point and code and (column in FIELDS or not column) else None

    @property
    def key(self) -> str:
        """How an address names it."""
        return f"{self.column}.{self.code}"

    @property
    def label(self) -> Sentence:
        """Column and kind of error in words."""
        column = FIELDS[self.column].label if self.column in FIELDS else _("Line")
        return sentence(_("%(column)s: %(cause)s"), column=column, cause=WORDS.get(self.code, WRONG))

    def __str__(self) -> str:
        return str(self.label)


class _Has(Func):
    """Whether the stored errors hold one of this column and code."""

    output_field = BooleanField()

    def __init__(self, column: str, code: str) -> None:
        super().__init__(F("errors"))
        self.column, self.code = column, code

    def as_postgresql(self, compiler: Any, connection: Any, **_context: Any) -> Any:  # noqa: ARG002 (Django names it)
        sql, params = compiler.compile(self.source_expressions[0])
        return f"({sql} @> %s::jsonb)", [*params, json.dumps([{"column": self.column, "code": self.code}])]

    def as_sqlite(self, compiler: Any, connection: Any, **_context: Any) -> Any:  # noqa: ARG002 (Django names it)
        sql, params = compiler.compile(self.source_expressions[0])
        found = f"SELECT 1 FROM json_each({sql}) AS fault"  # noqa: S608 (a column Django has quoted)
        both = "fault.value ->> 'column' = %s AND fault.value ->> 'code' = %s"
        return f"EXISTS ({found} WHERE {both})", [*params, self.column, self.code]


def counted(batch: Import) -> list[Cause]:
    """Return the causes of the included invoices with errors, the most frequent first."""
    key = ImportedInvoice._meta.get_field("batch").get_db_prep_value(batch.pk, connection)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT[connection.vendor], [key, MOST])
        return [Cause(column, code, count) for column, code, count in cursor.fetchall()]


def wrong(batch: Import, cause: Cause | None = None) -> ImportedInvoiceQuerySet:
    """Return the included invoices with errors, all or those with one cause."""
    found = ImportedInvoice.objects.filter(batch=batch, verdict=Verdict.ERROR, is_included=True)
    return found.filter(_Has(cause.column, cause.code)) if cause else found
