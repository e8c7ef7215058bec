"""Room: what one text of a column may mean: one value where the file's style is known, each of them where it is not."""

from ropo_portal.imports.readers.dates import read_date, readings
from ropo_portal.imports.readers.fields import FIELDS
from ropo_portal.imports.readers.layouts import Layout
from ropo_portal.imports.readers.numbers import Unreadable, read_number


def meanings(name: str, text: str, layout: Layout) -> list[str]:
    """Return the values a date or a number may stand for; none for other columns and for what cannot be read."""
    kind = FIELDS[name].kind if name in FIELDS else "text"
    try:
        if kind == "text" or not text:
            return []
        if kind != "date":
            signs = layout.decimal or ",."
            return list(dict.fromkeys(read_number(text, sign) for sign in signs))
        if layout.date_order:
            return [read_date(text, layout.date_order)]
    except Unreadable:
        return []
    return list(dict.fromkeys((readings(text) or {}).values()))
