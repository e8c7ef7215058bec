"""Room: the addresses of the history."""

from django.urls import path

from ropo_portal.history import views

app_name = "history"
urlpatterns = [
    path("", views.entries, name="list"),
    path("verify", views.verify, name="verify"),
    path("of/<uuid:subject_id>", views.of_subject, name="of-subject"),
    path("<uuid:pk>", views.detail, name="detail"),
]
