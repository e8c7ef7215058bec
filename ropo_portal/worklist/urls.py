"""Room: the addresses of the work list."""

from django.urls import path

from ropo_portal.worklist.views import acts, dashboard, items, notices, today

app_name = "worklist"
urlpatterns = [
    path("", today.today, name="today"),
    path("dashboard", dashboard.dashboard, name="dashboard"),
    path("items", items.items, name="items"),
    path("notices", notices.notices, name="notices"),
    path("next", today.next_row, name="next"),
    path("<slug:kind>/<uuid:pk>/take", acts.take, name="take"),
    path("<slug:kind>/<uuid:pk>/release", acts.release, name="release"),
]
