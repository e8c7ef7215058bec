"""Room: the addresses that Ropo One itself calls."""

from django.urls import path

from ropo_portal.submissions.views import events

app_name = "doors"
urlpatterns = [
    path("events", events.receive, name="events"),
    path("events/token", events.token, name="token"),
]
