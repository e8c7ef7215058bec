"""Room: what clerks choose and type about files of invoices."""

from ropo_portal.imports.forms.columns import LayoutForm, UploadForm, read_cell
from ropo_portal.imports.forms.mending import MendForm, offered

__all__ = ["LayoutForm", "MendForm", "UploadForm", "offered", "read_cell"]
