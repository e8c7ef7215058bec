"""Room: what clerks choose and type about files of invoices."""

from ropo_portal.imports.forms.columns import LayoutForm, UploadForm
from ropo_portal.imports.forms.mending import MendForm

__all__ = ["LayoutForm", "MendForm", "UploadForm"]
