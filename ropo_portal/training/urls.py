"""Room: the addresses of practice."""

from django.urls import path

from ropo_portal.training import views

app_name = "training"
urlpatterns = [
    path("", views.practice, name="practice"),
    path("<uuid:pk>/end", views.end, name="end"),
    path("<uuid:pk>/account", views.account, name="account"),
    path("<uuid:pk>/papers", views.papers, name="papers"),
    path("<uuid:pk>/<slug:lesson>", views.switch_on, name="switch-on"),
]
