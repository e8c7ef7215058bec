"""Frame: the addresses of all rooms."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

handler403 = "ropo_portal.ui.views.forbidden"
handler404 = "ropo_portal.ui.views.missing"
handler500 = "ropo_portal.ui.views.broken"
urlpatterns: list[URLPattern | URLResolver] = [
    path("account/second-step/", include("allauth.mfa.urls")),
    path("account/", include("allauth.account.urls")),
    path("ui/", include("ropo_portal.ui.urls")),
    path("parties/", include("ropo_portal.parties.urls")),
    path("history/", include("ropo_portal.history.urls")),
    path("", include("ropo_portal.submissions.doors")),
    path("submissions/", include("ropo_portal.submissions.urls")),
    path("rules/", include("ropo_portal.rules.urls")),
    path("documents/", include("ropo_portal.documents.urls")),
    path("invoices/", include("ropo_portal.invoices.urls")),
    path("imports/", include("ropo_portal.imports.urls")),
    path("collection/", include("ropo_portal.collection.urls")),
    path("find/", include("ropo_portal.finding.urls")),
    path("practice/", include("ropo_portal.training.urls")),
    path("today/", include("ropo_portal.worklist.urls")),
    path("", include("ropo_portal.worklist.doors")),
    path("support/", admin.site.urls),
]
