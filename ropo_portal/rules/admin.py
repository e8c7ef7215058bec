"""Room: the screen on which support keeps the rates."""

from django.contrib import admin

from ropo_portal.rules.models import VatRate


@admin.register(VatRate)
class VatRateAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Tax rates; end the old one before adding its follower."""

    list_display = ("country", "rate", "label", "valid_from", "valid_to", "is_confirmed", "checked_on")
    list_filter = ("country", "label", "is_confirmed")
    search_fields = ("source",)
    ordering = ("country", "label", "-valid_from")
