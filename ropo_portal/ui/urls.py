"""Addresses of the reader's switches and of the gallery."""

from django.urls import path

from ropo_portal.ui import views

app_name = "ui"
urlpatterns = [
    path("theme", views.theme, name="theme"),
    path("language", views.language, name="language"),
    path("focus", views.focus, name="focus"),
    path("gallery", views.gallery, name="gallery"),
    path("gallery/options", views.gallery_options, name="gallery_options"),
]
