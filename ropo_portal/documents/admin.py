"""Room: support may see that a file exists, never what is in it."""

from typing import Any

from django.contrib import admin

from ropo_portal.documents.models import StoredDocument

_SHOWN = (
    "id",
    "kind",
    "subject_type",
    "subject_id",
    "creditor_id",
    "environment_id",
    "size",
    "sha256",
    "created_at",
    "source",
)


@admin.register(StoredDocument)
class StoredDocumentAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Stored documents, to look at."""

    list_display = ("id", "kind", "subject_type", "size", "created_at", "source")
    list_filter = ("kind",)
    fields = _SHOWN
    readonly_fields = _SHOWN

    def get_queryset(self, request: Any) -> Any:
        """Leave the bytes in the database."""
        return super().get_queryset(request).defer("content")

    def has_add_permission(self, _request: Any) -> bool:
        """Nobody adds files here."""
        return False

    def has_change_permission(self, _request: Any, _obj: Any = None) -> bool:
        """Files never change."""
        return False

    def has_delete_permission(self, _request: Any, _obj: Any = None) -> bool:
        """Retention deletes, people do not."""
        return False
