"""Room: people, creditors and roles for support; what operations keep is only read here."""

import uuid
from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from ropo_portal.accounts import operations
from ropo_portal.accounts.models import Creditor, CreditorEnvironment, Membership, User
from ropo_portal.errors import DomainError

SECOND_STEP = "accounts_user_second_step"
# One way in for everybody: the portal's own, which asks for the second step.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
# What a second step rests on is looked at by nobody; support takes it away, and the person sets it up anew.
admin.site.unregister(Authenticator)


class NewUserForm(AdminUserCreationForm):  # type: ignore[type-arg]
    """A new user: address, name and a first password."""

    class Meta:
        model = User
        fields = ("email", "name")


class SecondStepForm(forms.Form):
    """Why a second step is taken away."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("How you made sure that it is really this person who asks. It stands in the history."),
    )


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

    def get_urls(self) -> list[Any]:
        """Add the page that resets a lost second step."""
        own = path("<uuid:pk>/second-step/", self.admin_site.admin_view(self.second_step), name=SECOND_STEP)
        return [own, *super().get_urls()]

    @method_decorator(require_http_methods(["GET", "POST"]))
    def second_step(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """Ask for the reason, and take away what is lost."""
        if not request.user.is_superuser:
            raise PermissionDenied
        user = get_object_or_404(User, pk=pk)
        form = SecondStepForm(request.POST or None)
        if request.method == "POST" and form.is_valid() and self._reset(request, user, form):
            self.message_user(request, _("The second step was reset; a letter tells the person."))
            return redirect("admin:accounts_user_change", pk)
        kinds = [one.get_type_display() for one in Authenticator.objects.filter(user=user).order_by("pk")]
        context = {**self.admin_site.each_context(request), "title": _("Reset the second step"), "form": form}
        status = 422 if request.method == "POST" else 200
        context |= {"person": user, "kinds": kinds}
        return render(request, "admin/accounts/second_step.html", context, status=status)

    def _reset(self, request: Any, user: User, form: SecondStepForm) -> bool:
        """Do it, or put the refusal where it belongs."""
        try:
            operations.reset_second_step(
                user=user, reason=form.cleaned_data["reason"], actor=request.user, at=timezone.now()
            )
        except DomainError as refusal:
            form.add_error(refusal.field, str(refusal))
            return False
        return True


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
        """Nobody takes a role from herself, and a creditor keeps its last administrator."""
        is_free = obj is None or (
            obj.user_id != request.user.pk and not operations.is_last_administrator(obj)
        )
        return super().has_delete_permission(request, obj) and is_free

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
