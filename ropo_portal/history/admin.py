"""Room: the history for support: read, never written."""

from typing import Any

from django.contrib import admin

from ropo_portal.history.models import Entry


@admin.register(Entry)
class EntryAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Read-only, newest first."""

    list_display = ("at", "actor_label", "verb", "subject_label", "sequence")
    list_filter = ("verb", "subject_type")
    search_fields = ("subject_label", "actor_label", "=subject_id")
    ordering = ("-at", "-id")
    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, _request: Any) -> bool:
        """Nobody writes history by hand."""
        return False

    def has_change_permission(self, _request: Any, _obj: Any = None) -> bool:
        """Nobody changes it."""
        return False

    def has_delete_permission(self, _request: Any, _obj: Any = None) -> bool:
        """Nobody deletes it."""
        return False
