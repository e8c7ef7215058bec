"""How a line of the log looks: it names the request, stays one line, and holds no row of the database."""

import logging
import re
from typing import Any

from ropo_portal.ui import request_context

# PostgreSQL repeats the whole row that a rule refused, and drivers pass it on.
_ROW = re.compile(r"(?m)^(\s*(?:DETAIL|CONTEXT):).*$")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


class LineFormatter(logging.Formatter):
    """Adds the id of the request, and takes out what must not be written down."""

    def format(self, record: logging.LogRecord) -> str:
        """Write the line."""
        record.request_id = request_context.current().request_id or "-"
        return _ROW.sub(r"\1 (left out)", super().format(record))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (logging's own name)
        """Keep the message on one line, so that nobody writes a second one by a line break."""
        record.message = _CONTROL.sub("?", record.message.replace("\n", "\\n"))
        return super().formatMessage(record)

    def formatException(self, ei: Any) -> str:  # noqa: N802 (logging's own name)
        """Give the traceback, with the details of database errors left out."""
        return _ROW.sub(r"\1 (left out)", super().formatException(ei))


def configuration(level: str) -> dict[str, Any]:
    """Return the settings of Django's logging: one handler, one kind of line."""
    form = "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": f"{__name__}.LineFormatter", "format": form}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
    }
