"""Room: the addresses of finding."""

from django.urls import path

from ropo_portal.finding.views import everywhere

app_name = "finding"
urlpatterns = [
    path("", everywhere.everywhere, name="everywhere"),
    path("suggestions", everywhere.suggestions, name="suggestions"),
]
