"""Room: the way in: where somebody goes who names no page."""

from django.urls import path

from ropo_portal.worklist.views import today

urlpatterns = [path("", today.home, name="home")]
