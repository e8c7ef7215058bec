"""Room: collection as support sees it: everything to read, nothing to change."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from ropo_portal.collection.models import DebtCollectionCase, Override, Proof, Reminder


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]
    """Nobody adds, changes or deletes here; operations do, and they leave a line in the history."""

    show_full_result_count = False
    search_fields = ("claim__number_key__startswith",)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 (Django's signature)
        """Refuse."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 (Django's signature)
        """Refuse."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 (Django's signature)
        """Refuse."""
        return False


@admin.register(Reminder, DebtCollectionCase)
class StepAdmin(ReadOnly):
    """Reminders and debt collections."""

    list_display = ("claim", "amount", "state", "created_at")
    list_select_related = ("claim", "submission")
    ordering = ("-created_at",)


@admin.register(Proof)
class ProofAdmin(ReadOnly):
    """Proofs of notices; of the file only that it is there."""

    list_display = ("case", "name", "media_type", "size", "created_at")
    list_select_related = ("case__claim",)
    search_fields = ("case__claim__number_key__startswith",)
    ordering = ("-created_at",)
    exclude = ("content",)


@admin.register(Override)
class OverrideAdmin(ReadOnly):
    """Overrides of the legal day."""

    list_display = ("claim", "step", "proposed_by", "confirmed_by", "withdrawn_at")
    list_select_related = ("claim", "proposed_by", "confirmed_by")
    ordering = ("-proposed_at",)
