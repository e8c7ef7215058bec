"""Room: the outbox for support: read, never written; what support may do, it does by the same operations."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ropo_portal.errors import DomainError
from ropo_portal.submissions import operations
from ropo_portal.submissions.models import (
    Attempt,
    Evidence,
    ResendProposal,
    SendingSwitch,
    StatusIncident,
    StatusLine,
    StatusPage,
    StatusUpdate,
    Submission,
    Transition,
)


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows that only operations and the database write."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, _request: Any) -> bool:
        """Nobody writes them by hand."""
        return False

    def has_change_permission(self, _request: Any, _obj: Any = None) -> bool:
        """Nobody changes them."""
        return False

    def has_delete_permission(self, _request: Any, _obj: Any = None) -> bool:
        """They are kept for ever."""
        return False

    def has_support_permission(self, request: HttpRequest) -> bool:
        """Acts are for support alone."""
        return bool(request.user.is_superuser)


@admin.register(Submission)
class SubmissionAdmin(ReadOnlyAdmin):
    """Where everything stands; the message itself is never shown here."""

    list_display = ("number", "kind", "environment", "state", "held_reason", "queued_at", "ropo_job_id")
    list_filter = ("state", "held_reason", "kind", "environment__name")
    list_select_related = ("environment__creditor",)
    search_fields = ("number_key", "=ropo_job_id", "=id")
    ordering = ("-queued_at", "-id")
    exclude = ("payload",)
    actions = ("check_now", "release")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Submission]:
        """Leave the message in the database."""
        return super().get_queryset(request).defer("payload")

    @admin.action(description=gettext_lazy("Check now at Ropo One"), permissions=["support"])
    def check_now(self, request: HttpRequest, queryset: QuerySet[Submission]) -> None:
        """Ask Ropo about each."""
        self._each(request, queryset, operations.look_up_now)

    @admin.action(description=gettext_lazy("Release what certainly never left"), permissions=["support"])
    def release(self, request: HttpRequest, queryset: QuerySet[Submission]) -> None:
        """Queue each again."""
        self._each(request, queryset, operations.release)

    def _each(self, request: HttpRequest, rows: QuerySet[Submission], act: Callable[..., object]) -> None:
        number = 0
        for row in rows:
            try:
                act(submission=row, actor=request.user, at=timezone.now())
                number += 1
            except DomainError as refusal:
                self.message_user(request, f"{row}: {refusal}", messages.WARNING)
        words = ngettext("%(number)d submission done.", "%(number)d submissions done.", number)
        self.message_user(request, words % {"number": number}, messages.INFO)


@admin.register(Attempt)
class AttemptAdmin(ReadOnlyAdmin):
    """Every try at the wire, without its answer's body."""

    list_display = (
        "submission",
        "number",
        "outcome",
        "status",
        "cause",
        "host",
        "worker",
        "started_at",
        "finished_at",
    )
    list_filter = ("outcome", "status")
    list_select_related = ("submission",)
    search_fields = ("=submission__id", "submission__number_key")
    ordering = ("-started_at",)
    exclude = ("body",)


@admin.register(Evidence)
class EvidenceAdmin(ReadOnlyAdmin):
    """What is known of each fate, without raw answers."""

    list_display = ("submission", "kind", "source", "finding", "detail", "at", "actor")
    list_filter = ("kind", "finding")
    list_select_related = ("submission", "actor")
    search_fields = ("=submission__id", "submission__number_key")
    ordering = ("-at", "-id")
    exclude = ("raw",)


@admin.register(Transition)
class TransitionAdmin(ReadOnlyAdmin):
    """Moves, as the database saw them."""

    list_display = ("submission", "from_state", "to_state", "at")
    list_select_related = ("submission",)
    search_fields = ("=submission__id", "submission__number_key")
    ordering = ("-id",)


@admin.register(ResendProposal)
class ResendProposalAdmin(ReadOnlyAdmin):
    """Who wanted to send again, and who agreed."""

    list_display = (
        "submission",
        "proposed_by",
        "proposed_at",
        "confirmed_by",
        "confirmed_at",
        "withdrawn_at",
    )
    list_select_related = ("submission", "proposed_by", "confirmed_by")
    ordering = ("-proposed_at",)


@admin.register(StatusPage)
class StatusPageAdmin(ReadOnlyAdmin):
    """What Ropo told, and what its reading came to; the bytes themselves are never shown here."""

    list_display = ("received_at", "environment", "source", "day", "reading")
    list_filter = ("source", "environment__name")
    list_select_related = ("environment__creditor", "reading")
    exclude = ("body",)


@admin.register(StatusUpdate)
class StatusUpdateAdmin(ReadOnlyAdmin):
    """The journal."""

    list_display = ("at", "environment", "source", "update_id", "kind", "code", "number", "job_id", "amount")
    list_filter = ("source", "is_foreign", "environment__name")
    list_select_related = ("environment__creditor",)
    search_fields = ("number_key", "=job_id", "=update_id")


@admin.register(StatusIncident)
class StatusIncidentAdmin(ReadOnlyAdmin):
    """News that was not believed."""

    list_display = ("at", "environment", "kind", "update_id")
    list_filter = ("kind",)
    list_select_related = ("environment__creditor",)


@admin.register(StatusLine)
class StatusLineAdmin(ReadOnlyAdmin):
    """Where listening stands."""

    list_display = ("environment", "last_drained_at", "replay_from", "lease_until", "trouble", "alarm")
    list_select_related = ("environment__creditor",)
    exclude = ("webhook_hash",)


class ReasonActionForm(ActionForm):
    """The choice of an act, and why."""

    reason = forms.CharField(label=gettext_lazy("Reason"), required=False, max_length=200)


@admin.register(SendingSwitch)
class SendingSwitchAdmin(ReadOnlyAdmin):
    """The switch over everything."""

    list_display = ("__str__", "reason", "resend_wait", "look_up_age", "last_sweep_at")
    action_form = ReasonActionForm
    actions = ("pause_everything", "resume_everything")

    @admin.action(description=gettext_lazy("Pause all sending"), permissions=["support"])
    def pause_everything(self, request: HttpRequest, _queryset: QuerySet[SendingSwitch]) -> None:
        """Stop everything from the next first byte on."""
        reason = request.POST.get("reason", "").strip()
        if not reason:
            self.message_user(
                request, _("Give a reason: everybody whose documents wait reads it."), messages.ERROR
            )
            return
        self._set(request, paused=True, reason=reason)
        self.message_user(request, _("All sending is paused."), messages.WARNING)

    @admin.action(description=gettext_lazy("Resume all sending"), permissions=["support"])
    def resume_everything(self, request: HttpRequest, _queryset: QuerySet[SendingSwitch]) -> None:
        """Open everything again."""
        reason = request.POST.get("reason", "").strip()
        self._set(request, paused=False, reason=reason)
        self.message_user(request, _("Sending goes on."))

    def _set(self, request: HttpRequest, **change: Any) -> None:
        who: dict[str, Any] = {"actor": request.user, "at": timezone.now()}
        operations.set_sending(**change, **who)
