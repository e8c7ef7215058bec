"""Room: the addresses that machines call: Ropo One itself, and whatever watches over the servers."""

from django.urls import path

from ropo_portal.submissions.views import events, health

app_name = "doors"
urlpatterns = [
    path("events", events.receive, name="events"),
    path("events/token", events.token, name="token"),
    path("health/", health.health, name="health"),
]
