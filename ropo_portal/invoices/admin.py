"""Room: invoices as support sees them: everything to read, nothing to change."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from ropo_portal.invoices.models import (
    BypassPayment,
    Claim,
    CreditAllocation,
    CreditNote,
    Invoice,
    InvoiceRow,
)


class ReadOnly:
    """Nobody adds, changes or deletes here; operations do, and they leave a line in the history."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 (Django's signature)
        """Refuse."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 (Django's signature)
        """Refuse."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 (Django's signature)
        """Refuse."""
        return False


class RowInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    """Rows of an invoice."""

    model = InvoiceRow
    extra = 0


@admin.register(Invoice)
class InvoiceAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Invoices."""

    list_display = ("number", "creditor", "debtor", "due_date", "total_amount", "state")
    list_select_related = ("creditor", "debtor", "submission")
    list_filter = ("environment__name",)
    search_fields = ("number_key__startswith", "reference__startswith")
    show_full_result_count = False
    ordering = ("-created_at",)
    inlines = (RowInline,)


@admin.register(Claim)
class ClaimAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Claims."""

    list_display = ("number", "creditor", "debtor", "due_date", "principal")
    list_select_related = ("creditor", "debtor")
    list_filter = ("environment__name",)
    search_fields = ("number_key__startswith", "reference__startswith")
    show_full_result_count = False
    ordering = ("-created_at",)


@admin.register(BypassPayment, CreditAllocation)
class SettlementAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Payments and placed credits."""

    list_display = ("claim", "amount", "kind", "state", "created_at")
    list_select_related = ("claim", "submission")
    search_fields = ("claim__number_key__startswith",)
    show_full_result_count = False
    ordering = ("-created_at",)


@admin.register(CreditNote)
class CreditNoteAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Credit notes."""

    list_display = ("number", "creditor", "invoice", "total_amount", "state")
    list_select_related = ("creditor", "invoice", "submission")
    search_fields = ("number_key__startswith",)
    show_full_result_count = False
    ordering = ("-created_at",)
