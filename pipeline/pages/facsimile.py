"""Pictures of a source's pages, with the places of cells as frames on them: what a PDF or a scan looks like."""

import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import NamedTuple

import pypdfium2 as pdfium

SHARPNESS = 1.4
"""Pixels a point: small figures can be read, and a page stays under 200 kB."""
FORMATS = ("pdf",)
"""The formats whose pages can be shown."""
MOST_PAGES = 30
"""Pages that are shown; a report has fewer."""
_BOX = re.compile(r"page (\d+) box (-?\d+),(-?\d+),(-?\d+),(-?\d+)")


class Frame(NamedTuple):
    """A frame on a page, in percent of its width and height, and the cell of a table that was read in it."""

    left: float
    top: float
    width: float
    height: float
    cell: str
    source: int


@dataclass(frozen=True)
class Facsimile:
    """A page: its number from 1, its width and height in the units of places, and its picture as a data address."""

    number: int
    width: float
    height: float
    address: str

    def frame(self, place: str, cell: str, source: int) -> Frame | None:
        """The frame of a place, or None where it is on another page or has no box."""
        match = _BOX.fullmatch(place)
        if match is None or int(match[1]) != self.number:
            return None
        left, top, right, bottom = (int(side) for side in match.groups()[1:])
        across, down = 100 / self.width, 100 / self.height
        return Frame(left * across, top * down, (right - left) * across, (bottom - top) * down, cell, source)


def facsimiles(data: bytes, source_format: str) -> list[Facsimile]:
    """The pages of a file: of a PDF as it prints, of other formats none."""
    return list(_pdf_pages(data)) if source_format in FORMATS else []


def _pdf_pages(data: bytes) -> Iterator[Facsimile]:
    with pdfium.PdfDocument(data) as document:
        for number in range(min(len(document), MOST_PAGES)):
            page = document[number]
            width, height = page.get_size()
            picture = BytesIO()
            page.render(scale=SHARPNESS).to_pil().convert("L").save(picture, "PNG", optimize=True)
            address = f"data:image/png;base64,{b64encode(picture.getvalue()).decode()}"
            yield Facsimile(number + 1, width, height, address)
