"""Pages of a PDF that are pictures: scans, and pages whose fonts do not say which characters they print.

Each page decides for itself. Beside pages of text only a picture with a ruled table is read: the others are
photographs and seals. Text that a scanner's own recognition laid under its picture is no print, and not used.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw

from pipeline.readers import recognition
from pipeline.readers.document import Refused
from pipeline.readers.pdf_page import LOCK, UNKNOWN, Page
from pipeline.readers.picture import read_page
from pipeline.readers.recognition import Grey

FEW = 60
"""Characters that a page has at most if its picture is the page: stamps, a page number, a running title."""
LARGE = 0.4
"""The share of a page that a picture of it covers at least."""
COARSEST, FINEST = 150 / 72, 220 / 72
"""Pixels a point between which a page is drawn."""
MOST_SCANS = 40
"""Pages; a report has four to twenty."""
MOST_IMAGES = 1_000
"""On one page: some scanners cut it into strips."""


def drawn_pages(data: bytes, pages: Sequence[Page], *, whole: bool) -> dict[int, Grey]:
    """The pages that are pictures, drawn, by page number. `whole`: the PDF has no text to go by, so all pages are.

    Raises Refused: `no_text_layer` when there is no text and the extra that reads pictures is not there, `too_large`.
    """
    if whole:
        unknown = any(glyph.text == UNKNOWN for page in pages for glyph in page.glyphs)
        what = "its fonts do not say which characters they print" if unknown else "its pages are pictures"
        recognition.refuse_without(f"The PDF has no text that can be read: {what}.")
    wordless = [page for page in pages if whole or _known(page) <= FEW]
    if not wordless or not recognition.installed():
        return {}
    with LOCK, pdfium.PdfDocument(data) as document:
        drawn = {
            page.number: _draw(document[page.number - 1], always=whole or _is_unreadable(page)) for page in wordless
        }
    scans = {number: picture for number, picture in drawn.items() if picture is not None}
    if len(scans) > MOST_SCANS:
        raise Refused("too_large", f"More than {MOST_SCANS} pages of the PDF are pictures.", "Split it.")
    return scans


def recognised_pages(pages: Sequence[Page], drawn: Mapping[int, Grey], *, whole: bool) -> list[tuple[Page, Page]]:
    """The two readings of every page, drawn ones recognised; empty where no drawn page has anything to be read."""
    read = {
        page.number: readings
        for page in pages
        if page.number in drawn
        and (readings := read_page(page.number, drawn[page.number], page.width, only_tables=not whole))
    }
    return [read.get(page.number, (page, page)) for page in pages] if read else []


def _known(page: Page) -> int:
    return sum(glyph.text != UNKNOWN for glyph in page.glyphs)


def _is_unreadable(page: Page) -> bool:
    """Whether a page prints characters, and its fonts say of few of them which."""
    return 2 * _known(page) < len(page.glyphs)


def _draw(sheet: pdfium.PdfPage, *, always: bool) -> Grey | None:
    """A page as a picture, as fine as the pictures on it; None when it is not to be drawn always and is none."""
    try:
        images = list(islice(_images(sheet), MOST_IMAGES + 1))
        if len(images) > MOST_IMAGES:
            raise Refused("too_large", "A page of it has more pictures than a report has.", "Print it into a new PDF.")
        scales = [scale for share, scale in images if share >= LARGE]
        if not always and not scales:
            return None
        scale = min(max(scales, default=FINEST), FINEST)
        return np.array(sheet.render(scale=max(scale, COARSEST), grayscale=True).to_numpy())
    finally:
        sheet.close()


def _images(sheet: pdfium.PdfPage) -> Iterator[tuple[float, float]]:
    """The share of the page each picture on it covers, and its pixels a point."""
    width, height = sheet.get_size()
    for image in sheet.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = image.get_bounds()
        pixels = np.sqrt(np.prod(image.get_px_size(), dtype=np.float64))
        area = max((right - left) * (top - bottom), 1.0)
        yield area / (width * height), float(pixels / np.sqrt(area))
