"""Room: what clerks choose and type about files of invoices."""

from ropo_portal.imports.forms.columns import LayoutForm, UploadForm, read_cell
from ropo_portal.imports.forms.mending import MendForm

__all__ = ["LayoutForm", "MendForm", "UploadForm", "read_cell"]
