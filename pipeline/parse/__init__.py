"""A document becomes a reading: alignment with the form, figures, sections, metadata."""

from pipeline.parse.reading import Note, Reading, parse
from pipeline.parse.rows import COUNT_TABLES

__all__ = ["COUNT_TABLES", "Note", "Reading", "parse"]
