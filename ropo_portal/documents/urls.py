"""Room: addresses of documents."""

from django.urls import path

from ropo_portal.documents import views

app_name = "documents"
urlpatterns = [path("<uuid:pk>", views.document, name="document")]
