"""Room: documents, as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    """The documents app."""

    name = "ropo_portal.documents"
    label = "documents"
    verbose_name = _("Documents")
