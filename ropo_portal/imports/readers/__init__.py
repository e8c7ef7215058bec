"""Room: readers of files: tables and XML become the same lines. They know no row and no model."""

from ropo_portal.imports.readers.dates import ORDERS
from ropo_portal.imports.readers.encodings import ENCODINGS
from ropo_portal.imports.readers.examples import example_file
from ropo_portal.imports.readers.fields import FIELDS, Field
from ropo_portal.imports.readers.layouts import KINDS, TABLES, Doubt, Layout, Line, Survey
from ropo_portal.imports.readers.limited import Limits, run_limited, survey_limited
from ropo_portal.imports.readers.meanings import meanings
from ropo_portal.imports.readers.reading import lines
from ropo_portal.imports.readers.refusals import CannotRead
from ropo_portal.imports.readers.separated import SEPARATORS
from ropo_portal.imports.readers.surveying import survey
from ropo_portal.imports.readers.words import problem

__all__ = [
    "ENCODINGS",
    "FIELDS",
    "KINDS",
    "ORDERS",
    "SEPARATORS",
    "TABLES",
    "CannotRead",
    "Doubt",
    "Field",
    "Layout",
    "Limits",
    "Line",
    "Survey",
    "example_file",
    "lines",
    "meanings",
    "problem",
    "run_limited",
    "survey",
    "survey_limited",
]
