"""Room: the people of a creditor, as its administrator sees them: invite, change a role, end it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from ropo_portal.accounts import operations
from ropo_portal.accounts.models import Creditor, Membership
from ropo_portal.parties.forms.fields import CheckedForm
from ropo_portal.parties.forms.people import EndForm, InvitationForm, RoleForm
from ropo_portal.parties.views.scoping import confirmed_lately, done, posted, scope_of
from ropo_portal.ui import htmx
from ropo_portal.ui.access import requires, scoped_object

UNPROCESSABLE = 422


@requires("member.edit")
@require_GET
def people(request: HttpRequest, pk: Any) -> HttpResponse:
    """List who has which role at a creditor."""
    creditor = scoped_object(request, Creditor, pk, "member.edit")
    rows = creditor.memberships.select_related("user").order_by("user__name", "user__email", "role")
    reader = scope_of(request).user
    others = [row for row in rows if row.user_id != reader.pk]
    own = [row for row in rows if row.user_id == reader.pk]
    return render(request, "parties/people.html", {"creditor": creditor, "own": own, "others": others})


@requires("member.edit")
@require_http_methods(["GET", "POST"])
@confirmed_lately
def invite(request: HttpRequest, pk: Any) -> HttpResponse:
    """Give a role to somebody by her address."""
    creditor = scoped_object(request, Creditor, pk, "member.edit")
    form, at = InvitationForm(posted(request)), timezone.now()
    if form.is_bound and form.is_valid():
        wish, actor = form.cleaned_data, scope_of(request).user
        if done(form, lambda: operations.invite_person(creditor=creditor, **wish, actor=actor, at=at)):
            return _back(request, creditor.pk, _("Invited. A letter is on its way."))
    return _form(request, "person_invite", form, {"creditor": creditor})


@requires("member.edit")
@require_http_methods(["GET", "POST"])
@confirmed_lately
def change_role(request: HttpRequest, pk: Any) -> HttpResponse:
    """Give somebody another role instead of this one."""
    membership = _member(request, pk)
    form = RoleForm(posted(request), initial={"role": membership.role})
    if form.is_bound and form.is_valid():
        role, actor, at = form.cleaned_data["role"], scope_of(request).user, timezone.now()
        if done(form, lambda: operations.change_role(membership=membership, role=role, actor=actor, at=at)):
            return _back(request, membership.creditor_id, _("The role was changed; it holds at once."))
    return _form(request, "person_role", form, {"membership": membership, "creditor": membership.creditor})


@requires("member.edit")
@require_http_methods(["GET", "POST"])
@confirmed_lately
def end(request: HttpRequest, pk: Any) -> HttpResponse:
    """Take a role away, with a reason."""
    membership = _member(request, pk)
    form = EndForm(posted(request))
    if form.is_bound and form.is_valid():
        reason, actor, at = form.cleaned_data["reason"], scope_of(request).user, timezone.now()

        def act() -> bool:
            operations.revoke_role(membership=membership, reason=reason, actor=actor, at=at)
            return True

        if done(form, act):
            return _back(request, membership.creditor_id, _("The role was taken away; it holds at once."))
    return _form(request, "person_end", form, {"membership": membership, "creditor": membership.creditor})


def _member(request: HttpRequest, pk: Any) -> Membership:
    return scoped_object(request, Membership, pk, "member.edit")


def _back(request: HttpRequest, creditor_id: Any, words: str) -> HttpResponse:
    return htmx.tell(request, htmx.redirect(request, "parties:people", creditor_id), words)


def _form(request: HttpRequest, template: str, form: CheckedForm, context: dict[str, Any]) -> HttpResponse:
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, f"parties/{template}.html", {**context, "form": form}, status=status)
