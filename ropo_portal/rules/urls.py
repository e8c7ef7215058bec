"""Room: the addresses of the rules."""

from django.urls import path

from ropo_portal.rules.views import new, pages

app_name = "rules"
urlpatterns = [
    path("", pages.rules, name="list"),
    path("<slug:kind>/new", new.new, name="new"),
    path("<slug:kind>/<uuid:pk>", pages.detail, name="detail"),
    path("<slug:kind>/<uuid:pk>/check", pages.check, name="check"),
    path("<slug:kind>/<uuid:pk>/change", pages.change, name="change"),
]
