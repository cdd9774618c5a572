"""A file becomes a `Document`. One module a format; a reader knows its format and nothing of the form.

A reader module has `EXTENSIONS`, `MAX_BYTES`, `READING` (how its tables are read, as `reports.reading` says it),
`extract(bytes) -> str`, whose result is landed so that parsing can run again without the file, and
`arrange(str) -> tuple[Document, ...]`: the document, and after it any independent reading of the same source, which
must agree with it. Registering the module below is all there is to adding a format.
"""

from pathlib import PurePath
from types import ModuleType

from pipeline.readers import doc, docx, html, odt, pdf, picture, rtf, text
from pipeline.readers.document import Cell, CellColumns, Document, Refused, rows_of

__all__ = ["READERS", "Cell", "CellColumns", "Document", "Refused", "format_of", "reader_of", "rows_of"]

READERS: tuple[ModuleType, ...] = (text, html, docx, odt, rtf, doc, pdf, picture)

_BY_EXTENSION = {extension: module for module in READERS for extension in module.EXTENSIONS}


def format_of(path: str) -> str:
    """The format a file's name claims: its ending in lower case without the dot, or an empty string."""
    return PurePath(path).suffix.lower().removeprefix(".")


def reader_of(source_format: str) -> ModuleType:
    """The reader of a format; raises Refused `unsupported_format` when there is none."""
    try:
        return _BY_EXTENSION["." + source_format]
    except KeyError:
        readable = ", ".join(sorted(_BY_EXTENSION))
        what = f"Files of the format .{source_format}" if source_format else "Files without an ending"
        raise Refused(
            "unsupported_format", f"{what} cannot be read yet.", f"Save the report in a format that can: {readable}."
        ) from None
