"""A picture of a report, or of a page of it: a scan, a screenshot, a page of a PDF that has no text.

A recognised character is a guess, so a page is read twice, as `picture_cells` says, and both documents are marked as
recognised. What counts of them is decided where the form is known. Nothing is guessed without the extra `ocr`.
"""

import io
import json
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from pipeline.readers import recognition
from pipeline.readers.document import Cell, CellColumns, Document, Refused
from pipeline.readers.pdf_cells import cells_document
from pipeline.readers.pdf_page import UNKNOWN, Page
from pipeline.readers.pdf_text import text_document
from pipeline.readers.recognition import Grey

EXTENSIONS = (".png", ".jpg", ".jpeg")
READING = "picture"
MAX_BYTES = 64 * 2**20
MOST_PIXELS = 60_000_000
"""A page of A4 at 600 dpi has 35 million."""
HEAD = 6
"""Rows at the head of a page among which a row may go on: the header of table 3 has three to four."""
WIDE = 595.0
"""Points an upright page is wide; a picture that does not say how large it is, is taken for one of A4."""


def extract(data: bytes) -> str:
    """Both readings of a picture, as JSON.

    Raises Refused: `empty`, `damaged`, `too_large`, `no_text_layer` without the extra that reads pictures or a text.
    """
    if not data.strip():
        raise Refused("empty", "The file is empty.", "Fetch the report again.")
    recognition.refuse_without("The file is a picture: its text has to be recognised.")
    readings = read_page(1, _pixels(data))
    return dump([readings] if readings else [])


def arrange(text: str) -> tuple[Document, ...]:
    """The document read from cells and the one read from strings."""
    return tuple(
        Document(CellColumns(*columns), marked=marked, recognised=True) for columns, marked in json.loads(text)[READING]
    )


def is_dump(text: str) -> bool:
    """Whether `arrange` can read it: the landed text of a PDF may be that of its pictures."""
    return text.startswith(f'{{"{READING}"')


def read_page(number: int, picture: Grey, width: float = 0.0, *, only_tables: bool = False) -> tuple[Page, Page] | None:
    """The two readings of a picture of a page; `width` in points where it is known.

    None where `only_tables` are asked for and the picture has none that is ruled.
    """
    from pipeline.readers.picture_cells import both_readings, cells_of
    from pipeline.readers.picture_page import sheet

    page = sheet(number, picture, picture.shape[1] / (width or WIDE))
    return None if only_tables and not cells_of(page) else both_readings(page)


def dump(pages: Sequence[tuple[Page, Page]]) -> str:
    """The text to land of pages that were read twice; `arrange` is its inverse.

    Raises Refused `no_text_layer` when nothing was recognised on them.
    """
    readings = [[page for page, _ in pages], [page for _, page in pages]]
    ruled = [cells_document(reading) for reading in readings]
    documents = [document or text_document(reading) for document, reading in zip(ruled, readings, strict=True)]
    if not any(cell.text for cell in documents[0].cells):
        raise Refused(
            "no_text_layer",
            "In the picture no text was recognised.",
            "Check that it shows a report; scan it upright, with 150 to 300 dots an inch.",
        )
    landed = [CellColumns.of(_cut_off(document)).as_lists() for document in documents]
    return json.dumps(
        {READING: [(columns, whole is not None) for columns, whole in zip(landed, ruled, strict=True)]},
        ensure_ascii=False,
        separators=(",", ":"),
    )


def _cut_off(document: Document) -> list[Cell]:
    """The cells of a document, where a row that may go on over the page has unknown cells instead of blank ones.

    It is the last of its page and has a label alone, while near the head of the next page figures have none.
    """
    rows = list(document.rows())
    for number, (row, below) in enumerate(pairwise(rows)):
        if _page(row) == _page(below) or sum(bool(cell.text) for cell in row) != 1 or len(row) == 1:
            continue
        head = rows[number + 1 : number + 1 + HEAD]
        if any(_page(near) == _page(below) and _is_orphan(near) for near in head):
            rows[number] = [cell if cell.text else cell._replace(text=UNKNOWN) for cell in row]
    return [cell for row in rows for cell in row]


def _page(row: Sequence[Cell]) -> str:
    return row[0].place.partition(" box")[0]


def _is_orphan(row: Sequence[Cell]) -> bool:
    """Whether a row has figures and no words."""
    texts = [cell.text for cell in row if cell.text]
    return bool(texts) and not any(character.isalpha() for text in texts for character in text)


def _pixels(data: bytes) -> Grey:
    """A picture file as grey pixels, turned as its camera says."""
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(data)) as image:
            if image.width * image.height > MOST_PIXELS:
                raise Refused(
                    "too_large",
                    f"The picture has {image.width:,} by {image.height:,} pixels.",
                    "Save it with 150 to 300 dots an inch.",
                )
            upright = ImageOps.exif_transpose(image).convert("RGBA")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Refused("damaged", f"The picture cannot be opened: {error}.", "Fetch the file again.") from error
    paper = Image.new("RGBA", upright.size, "white")
    return np.asarray(Image.alpha_composite(paper, upright).convert("L"))
