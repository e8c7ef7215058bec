"""A few views with doors, for the tests of the doors."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from ropo_portal.ui import access, csp, htmx


@access.requires("invoice.send")
def guarded(request: HttpRequest) -> HttpResponse:
    return HttpResponse("inside")


@access.public
def paper(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")


@csp.override(frame_ancestors=["'self'"])
def framed(request: HttpRequest) -> HttpResponse:
    return HttpResponse("framed")


@access.signed_in
def piece(request: HttpRequest) -> HttpResponse:
    answer = htmx.render(request, "404.html", "components/kbd.html", {"keys": ["g", "å"]}, status=422)
    return htmx.tell(request, answer, "Tallennettu – sparat ✓")


def moved(request: HttpRequest) -> HttpResponse:
    return htmx.redirect(request, "/piece")


urlpatterns = [
    path("account/", include("allauth.account.urls")),
    path("ui/", include("ropo_portal.ui.urls")),
    path("guarded", guarded),
    path("paper", paper),
    path("framed", framed),
    path("piece", piece),
    path("moved", moved),
]
