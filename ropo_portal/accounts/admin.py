"""Room: people, creditors and roles for support; what operations keep is only read here."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ropo_portal.accounts import operations
from ropo_portal.accounts.models import Creditor, CreditorEnvironment, Membership, User


class NewUserForm(AdminUserCreationForm):  # type: ignore[type-arg]
    """A new user: address, name and a first password."""

    class Meta:
        model = User
        fields = ("email", "name")


@admin.register(User)
class UserAdmin(DjangoUserAdmin):  # type: ignore[type-arg]
    """People who may sign in."""

    add_form = NewUserForm
    list_display = ("email", "name", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("email", "name")
    ordering = ("email",)
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("email", "name", "password")}),
        (_("Preferences"), {"fields": ("language", "theme")}),
        (_("Rights"), {"fields": ("is_active", "is_staff", "is_superuser")}),
        (_("Times"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "name", "usable_password", "password1", "password2")}),)


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows that only operations write."""

    def has_add_permission(self, _request: Any, _obj: Any = None) -> bool:
        """Nothing is added by hand."""
        return False

    def has_change_permission(self, _request: Any, _obj: Any = None) -> bool:
        """Nothing is changed by hand."""
        return False

    def has_delete_permission(self, _request: Any, _obj: Any = None) -> bool:
        """Nothing is deleted by hand."""
        return False


@admin.register(Creditor)
class CreditorAdmin(ReadOnlyAdmin):
    """Creditors; they are changed on their own pages, where history is written."""

    list_display = ("name", "business_id", "country", "is_active")
    list_filter = ("country", "is_active")
    search_fields = ("name", "business_id")
    ordering = ("name",)


@admin.register(CreditorEnvironment)
class CreditorEnvironmentAdmin(ReadOnlyAdmin):
    """Environments and whether they work; the API code is nowhere to be seen."""

    list_display = (
        "creditor",
        "name",
        "cid",
        "is_live",
        "sending_paused",
        "last_check_ok",
        "last_checked_at",
    )
    list_filter = ("name", "is_live", "sending_paused")
    list_select_related = ("creditor",)
    search_fields = ("creditor__name", "=cid")
    exclude = ("apicode",)
    ordering = ("creditor__name", "name")


class MembershipForm(forms.ModelForm):  # type: ignore[type-arg]
    """A role of a user at a creditor; refuses what the operation would refuse."""

    class Meta:
        model = Membership
        fields = ("user", "creditor", "role")


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Roles: given and taken by the same operations as everywhere, never changed in place."""

    form = MembershipForm
    list_display = ("user", "creditor", "role")
    list_filter = ("role",)
    list_select_related = ("user", "creditor")
    search_fields = ("user__email", "user__name", "creditor__name")
    autocomplete_fields = ("user", "creditor")
    actions = None

    def has_change_permission(self, _request: Any, _obj: Any = None) -> bool:
        """Take a role and give another instead."""
        return False

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        """Nobody takes a role from herself."""
        return super().has_delete_permission(request, obj) and (obj is None or obj.user_id != request.user.pk)

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **options: Any) -> Any:  # noqa: FBT001, FBT002 (Django's signature)
        """Offer everybody but oneself."""
        form: Any = super().get_form(request, obj, change, **options)
        if "user" in form.base_fields:
            form.base_fields["user"].queryset = User.objects.exclude(pk=request.user.pk)
        return form

    def save_model(self, request: Any, obj: Membership, _form: Any, _change: Any) -> None:
        """Give the role by its operation."""
        granted = operations.grant_role(
            user=obj.user, creditor=obj.creditor, role=obj.role, actor=request.user, at=timezone.now()
        )
        obj.pk = granted.pk

    def delete_model(self, request: Any, obj: Membership) -> None:
        """Take the role by its operation."""
        operations.revoke_role(membership=obj, actor=request.user, at=timezone.now())
