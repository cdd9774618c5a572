"""PDF with a text layer, read twice: from its ruled lines and from where its characters stand.

The first reading is exact where lines divide the cells and sees every blank one; the second knows nothing of lines.
Where both read the same figure it is the one printed, and an identity it breaks is the agency's to explain; where they
differ we misread. A PDF without ruled tables has the second reading alone. Pages that are pictures are recognised.
"""

import json
from collections.abc import Callable

from pipeline.readers import picture
from pipeline.readers.document import CellColumns, Document, Refused
from pipeline.readers.pdf_cells import cells_document
from pipeline.readers.pdf_guard import extract_apart, is_heavy
from pipeline.readers.pdf_page import UNKNOWN, Page, read_pages
from pipeline.readers.pdf_scan import drawn_pages, recognised_pages
from pipeline.readers.pdf_text import text_document

EXTENSIONS = (".pdf",)
READING = "cells and text"
MAX_BYTES = 64 * 2**20
"""Reports with photographs have 20 MiB."""
FEWEST = 100
"""Characters that a report has at least: fewer are stamps and page numbers on pictures of its pages."""


def extract(data: bytes) -> str:
    """Both readings, as a JSON list of documents.

    Raises Refused: `empty`, `encrypted`, `damaged`, `too_large`, `no_text_layer`.
    """
    if not data.strip():
        raise Refused("empty", "The file is empty.", "Fetch the report again.")
    return extract_apart(data) if is_heavy(data) else extract_here(data)


def extract_here(data: bytes, opened: Callable[[], None] = lambda: None) -> str:
    """What `extract` gives, in this process, whatever it costs; `opened` is called when the file is no more needed."""
    pages = read_pages(data)
    whole = not _has_text(pages)
    drawn = drawn_pages(data, pages, whole=whole)
    opened()
    recognised = recognised_pages(pages, drawn, whole=whole)
    if recognised:
        return picture.dump(recognised)
    documents = [document for document in (cells_document(pages), text_document(pages)) if document is not None]
    return f"[{','.join(document.dump() for document in documents)}]"


def arrange(text: str) -> tuple[Document, ...]:
    """The document read from ruled cells and the one read from characters; the latter alone without ruled cells.

    In both a blank cell is there only where rules or the places of other cells prove it.
    """
    if picture.is_dump(text):
        return picture.arrange(text)
    return tuple(Document(CellColumns(*columns), marked=True) for columns in json.loads(text))


def _has_text(pages: list[Page]) -> bool:
    characters = [glyph.text for page in pages for glyph in page.glyphs]
    known = sum(character != UNKNOWN for character in characters)
    return known >= FEWEST and 2 * known > len(characters)
