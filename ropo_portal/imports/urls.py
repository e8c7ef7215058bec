"""Room: the addresses of imports."""

from django.urls import path

from ropo_portal.imports.views import acts, grid, lists, steps

app_name = "imports"
urlpatterns = [
    path("", lists.imports, name="list"),
    path("upload", lists.upload, name="upload"),
    path("example/<slug:kind>", lists.example, name="example"),
    path("<uuid:pk>", steps.detail, name="detail"),
    path("<uuid:pk>/columns", steps.columns, name="columns"),
    path("<uuid:pk>/progress", steps.progress, name="progress"),
    path("<uuid:pk>/stop", acts.stop, name="stop"),
    path("<uuid:pk>/go-on", acts.go_on, name="go-on"),
    path("<uuid:pk>/create", acts.create, name="create"),
    path("<uuid:pk>/send", acts.send, name="send"),
    path("<uuid:pk>/withdraw", acts.withdraw, name="withdraw"),
    path("<uuid:pk>/failed-rows", acts.failed_rows, name="failed-rows"),
    path("<uuid:pk>/same", grid.same, name="same"),
    path("<uuid:pk>/next-error", grid.next_error, name="next-error"),
    path("invoice/<uuid:pk>", grid.invoice, name="invoice"),
    path("invoice/<uuid:pk>/choose", grid.choose, name="choose"),
]
