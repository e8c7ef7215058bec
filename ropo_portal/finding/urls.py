"""Room: the addresses of finding."""

from django.urls import path

from ropo_portal.finding.views import everywhere, kept, taken

app_name = "finding"
urlpatterns = [
    path("", everywhere.everywhere, name="everywhere"),
    path("suggestions", everywhere.suggestions, name="suggestions"),
    path("lists/<slug:kind>/views", kept.save, name="view-save"),
    path("lists/<slug:kind>/columns", kept.columns, name="columns"),
    path("lists/<slug:kind>/export", taken.export, name="export"),
    path("views/<uuid:pk>", kept.edit, name="view"),
    path("views/<uuid:pk>/delete", kept.drop, name="view-drop"),
    path("views/<uuid:pk>/default", kept.default, name="view-default"),
    path("exports/<uuid:pk>", taken.detail, name="export-detail"),
    path("exports/<uuid:pk>/file", taken.download, name="export-download"),
]
