"""Room: the pages of one debtor."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from ropo_portal.errors import DomainError
from ropo_portal.parties import operations
from ropo_portal.parties.forms.debtors import DebtorForm, RevealForm
from ropo_portal.parties.models import Debtor
from ropo_portal.parties.views.scoping import (
    allows_test_ids,
    done,
    home_of,
    posted,
    scope_of,
    working_creditor,
)
from ropo_portal.ui import htmx
from ropo_portal.ui.access import requires, scoped_object

UNPROCESSABLE = 422
LONGEST_NAME = 70
MOST_FLAGS = 50


@requires("document.view")
@require_GET
def detail(request: HttpRequest, pk: Any) -> HttpResponse:
    """Show a debtor; the claims and the history come by their own addresses."""
    debtor = scoped_object(request, Debtor, pk, "document.view")
    return render(request, "parties/debtor_detail.html", _detail_context(request, debtor))


@requires("debtor.edit")
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Create a debtor, on a page of its own or in the side panel of another (`?panel=1`)."""
    creditor = working_creditor(request, "debtor.edit")
    allow_test = allows_test_ids(request, creditor)
    start = {"name": request.GET.get("name", "")[:LONGEST_NAME], **home_of(request)}
    form = DebtorForm(posted(request), creditor=creditor, allow_test=allow_test, initial=start)
    if form.is_bound and form.is_valid() and not _asks_about_doubles(request, form):
        values, at = form.values(), timezone.now()
        debtor = done(
            form,
            lambda: operations.create_debtor(
                creditor=creditor, values=values, actor=scope_of(request).user, at=at
            ),
        )
        if debtor:
            return _created(request, debtor)
    return _form(request, form, {"title": _("New debtor"), "creditor": creditor})


@requires("debtor.edit")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: Any) -> HttpResponse:
    """Change a debtor, opened at `?field=` and going back to our page `?next=`; shows what others changed meanwhile."""
    debtor = scoped_object(request, Debtor, pk, "debtor.edit")
    allow_test = allows_test_ids(request, debtor.creditor)
    form = DebtorForm(posted(request), creditor=debtor.creditor, allow_test=allow_test, debtor=debtor)
    if (
        form.is_bound
        and form.is_valid()
        and not _asks_about_doubles(request, form)
        and _change(request, form, debtor)
    ):
        response = htmx.redirect(request, _back(request) or _page(debtor))
        return htmx.tell(request, response, _("The debtor was saved."))
    if not form.is_bound:
        form.open_at(request.GET.get("field", ""))
    context = {"title": debtor.name, "debtor": debtor, "creditor": debtor.creditor, "back": _back(request)}
    return _form(request, form, context)


@requires("debtor.view_national_id")
@require_POST
def reveal(request: HttpRequest, pk: Any) -> HttpResponse:
    """Show the identity code in full, once, to somebody who said why."""
    debtor = scoped_object(request, Debtor, pk, "debtor.view_national_id")
    form = RevealForm(request.POST)
    number = None
    if form.is_valid():
        reason, at = form.cleaned_data["reason"], timezone.now()
        number = done(
            form,
            lambda: operations.reveal_national_id(
                debtor=debtor, reason=reason, actor=scope_of(request).user, at=at
            ),
        )
    context = {**_detail_context(request, debtor), "reveal": form, "number": number}
    status = 200 if number is not None else UNPROCESSABLE
    return htmx.render(request, "parties/debtor_detail.html", "parties/_national_id.html", context, status)


def _detail_context(request: HttpRequest, debtor: Debtor) -> dict[str, Any]:
    scope = scope_of(request)
    today = scope.environment.today(timezone.now())
    flags = list(debtor.flags.select_related("set_by", "lifted_by")[:MOST_FLAGS])
    is_kept = debtor.merged_into_id is None
    return {
        "today": today,
        "flags": [(flag, flag.standing_on(today)) for flag in flags],
        "standing_flags": [flag for flag in flags if flag.standing_on(today) == "flagged"],
        "doubles": list(Debtor.objects.like(debtor)[:3]) if is_kept else [],
        "may_merge": is_kept and scope.may("debtor.merge", debtor.creditor_id),
        "may_flag": is_kept and scope.may("debtor.flag", debtor.creditor_id),
        "may_free": scope.may("debtor.free", debtor.creditor_id),
        "debtor": debtor,
        "reveal": RevealForm(),
        "may_edit": is_kept and scope.may("debtor.edit", debtor.creditor_id),
        "may_reveal": scope.may("debtor.view_national_id", debtor.creditor_id),
        "may_invoice": is_kept and scope.may("invoice.edit", debtor.creditor_id),
    }


def _created(request: HttpRequest, debtor: Debtor) -> HttpResponse:
    if "panel" in request.GET:
        response = render(request, "parties/_debtor_created.html", {"debtor": debtor})
        return trigger_client_event(response, "debtor-created", {"id": str(debtor.pk), "label": debtor.name})
    response = htmx.redirect(request, "parties:debtor-detail", debtor.pk)
    return htmx.tell(request, response, _("The debtor was created."))


def _page(debtor: Debtor) -> str:
    return reverse("parties:debtor-detail", args=[debtor.pk])


def _back(request: HttpRequest) -> str:
    """Return the page of ours that asked for the change; nothing for any other."""
    wish = request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wish, None)
    return wish if is_ours and wish.startswith("/") else ""


def _change(request: HttpRequest, form: DebtorForm, debtor: Debtor) -> Debtor | None:
    revision = form.cleaned_data["revision"] or 0
    values, at = form.values(), timezone.now()
    try:
        return operations.change_debtor(
            debtor=debtor, revision=revision, values=values, actor=scope_of(request).user, at=at
        )
    except operations.DebtorChanged as changed:
        form.refuse(changed)
        form.overtake(changed.entries, changed.revision)
    except DomainError as refusal:
        form.refuse(refusal)
    return None


def _asks_about_doubles(request: HttpRequest, form: DebtorForm) -> bool:
    """Stop once at debtors who may be the same one; the clerk may save anyway."""
    if "save_anyway" in request.POST:
        return False
    form.found_doubles = list(form.doubles()[:3])
    return bool(form.found_doubles)


def _form(request: HttpRequest, form: DebtorForm, context: dict[str, Any]) -> HttpResponse:
    panel = "panel" in request.GET
    template = "parties/_debtor_form.html" if panel else "parties/debtor_form.html"
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, template, {**context, "form": form, "panel": panel}, status=status)
