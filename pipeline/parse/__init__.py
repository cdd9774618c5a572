"""A document becomes a reading: alignment with the form, figures, sections, metadata."""

from pipeline.parse.reading import Columns, Note, Reading, parse
from pipeline.parse.recall import read
from pipeline.parse.rows import COUNT_TABLES

__all__ = ["COUNT_TABLES", "Columns", "Note", "Reading", "parse", "read"]
