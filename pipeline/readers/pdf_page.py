"""What is printed on a PDF's pages: characters and ruled lines with their places, before any reading of them.

Both readings of a PDF start here. Places are points from the top left corner of the page as one turns it to read it,
so a page that is stored sideways reads like any other.
"""

import ctypes
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from threading import Lock
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from pipeline.readers.document import Refused

MOST_PAGES = 300
MOST_CHARACTERS = 30_000
"""On one page; a page of small print has 5,000."""
MOST_OBJECTS = 100_000
"""On one page; a page of table 3 has 200 to 2,000 drawn lines."""
THIN = 3.0
"""A filled rectangle of at most this many points is a ruled line."""
UNKNOWN = "\ufffd"
"""Stands for a character whose font does not say what it is: something is printed, and a figure with it is none."""
_DEEPEST = 8
_OVERSIZED = 2.5
_WHITE = 250
_HYPHENS = {"\x02": "-", "\ufffe": "-", "\xad": "-"}
_PASSWORD = 4
LOCK = Lock()  # PDFium is not to be called from two threads at once


class Glyph(NamedTuple):
    """A printed character: its box between origin and advance, its middle line, and the size of its font.

    `spaced` says that the source has a blank before it.
    """

    text: str
    left: float
    right: float
    middle: float
    size: float
    spaced: bool = False


class Rule(NamedTuple):
    """A ruled line: `at` is its y when it lies and its x when it stands; `start` and `end` on the other axis."""

    lies: bool
    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it is turned to be read."""

    number: int
    width: float
    height: float
    glyphs: list[Glyph]
    rules: list[Rule]


class _Turn(NamedTuple):
    """From the page's own coordinates (bottom up) to those of a reader: top down, text upright."""

    quarters: int
    left: float
    bottom: float
    width: float
    height: float

    def point(self, x: float, y: float) -> tuple[float, float]:
        x, y = x - self.left, y - self.bottom
        return {0: (x, self.height - y), 1: (y, x), 2: (self.width - x, y), 3: (self.height - y, self.width - x)}[
            self.quarters
        ]


def read_pages(data: bytes) -> list[Page]:
    """The pages of a PDF with what is printed on them.

    Raises Refused: `encrypted`, `damaged`, `too_large` (more pages or marks than any report has).
    """
    with LOCK:
        try:
            with pdfium.PdfDocument(data) as document:
                if len(document) > MOST_PAGES:
                    raise _too_large(f"It has {len(document):,} pages; a report has at most {MOST_PAGES}.")
                return [_page(document, number) for number in range(len(document))]
        except pdfium.PdfiumError as error:
            raise _refused(error) from error


def _refused(error: pdfium.PdfiumError) -> Refused:
    if getattr(error, "err_code", None) == _PASSWORD:
        return Refused(
            "encrypted", "The PDF is locked with a password.", "Open it with its password and save it without one."
        )
    return Refused(
        "damaged",
        "The PDF cannot be opened: it is damaged, cut short, without pages, or no PDF.",
        "Fetch the file again, and check that it opens in a viewer.",
    )


def _too_large(what: str) -> Refused:
    return Refused("too_large", what, "Check whether it holds something else, or several reports, and split it.")


def _page(document: pdfium.PdfDocument, number: int) -> Page:
    page = document[number]
    try:
        text = page.get_textpage()
        try:
            marks = list(_marks(text))
        finally:
            text.close()
        left, bottom, right, top = page.get_cropbox()
        quarters = Counter(mark.quarters for mark in marks).most_common(1)[0][0] if marks else 0
        turn = _Turn(quarters, left, bottom, right - left, top - bottom)
        width, height = (turn.width, turn.height) if quarters % 2 == 0 else (turn.height, turn.width)
        glyphs = _without_overprint(
            [glyph for mark in marks if (glyph := _glyph(mark, turn)) and _is_on(glyph, width, height)]
        )
        rules = list(_rules(page, turn))
        return Page(number + 1, width, height, glyphs, rules)
    finally:
        page.close()


class _Mark(NamedTuple):
    """A character in the page's own coordinates."""

    text: str
    box: tuple[float, float, float, float]
    origin: tuple[float, float]
    size: float
    quarters: int
    spaced: bool


def _marks(text: pdfium.PdfTextPage) -> Iterator[_Mark]:
    count = raw.FPDFText_CountChars(text)
    if count > MOST_CHARACTERS:
        raise _too_large(f"A page of it has {count:,} characters.")
    box, matrix = raw.FS_RECTF(), raw.FS_MATRIX()
    x, y = ctypes.c_double(), ctypes.c_double()
    spaced = False
    for index in range(count):
        code = raw.FPDFText_GetUnicode(text, index)
        character = chr(code) if code <= 0x10FFFF and not 0xD800 <= code < 0xE000 else UNKNOWN
        character = _HYPHENS.get(character, character)
        generated = raw.FPDFText_IsGenerated(text, index) == 1
        if generated and character != "-":
            continue
        if character.isspace():
            spaced = True
            continue
        if raw.FPDFText_HasUnicodeMapError(text, index) == 1 or not character.isprintable():
            character = UNKNOWN
        if _is_invisible(text, index) or not raw.FPDFText_GetLooseCharBox(text, index, box):
            continue
        raw.FPDFText_GetCharOrigin(text, index, x, y)
        raw.FPDFText_GetMatrix(text, index, matrix)
        size = raw.FPDFText_GetFontSize(text, index) * (math.hypot(matrix.b, matrix.d) or 1.0)
        sides = box.left, box.bottom, box.right, box.top
        if max(sides[2] - sides[0], sides[3] - sides[1]) > _OVERSIZED * size:  # so it comes for fonts set vertically
            left, bottom, right, top = text.get_charbox(index)
            sides = left, bottom, right, top
        yield _Mark(
            character,
            sides,
            (x.value, y.value),
            size,
            round(math.atan2(matrix.b, matrix.a) / (math.pi / 2)) % 4,
            spaced,
        )
        spaced = False


def _is_invisible(text: pdfium.PdfTextPage, index: int) -> bool:
    """Text that is not painted is no print: most often a machine's guess laid over a scan."""
    textobject = raw.FPDFText_GetTextObject(text, index)
    return bool(textobject) and raw.FPDFTextObj_GetTextRenderMode(textobject) == raw.FPDF_TEXTRENDERMODE_INVISIBLE


def _glyph(mark: _Mark, turn: _Turn) -> Glyph | None:
    left, bottom, right, top = mark.box
    (one, _), (other, _) = turn.point(left, bottom), turn.point(right, top)
    _, baseline = turn.point(*mark.origin)
    if mark.size <= 0:
        return None
    # The middle of a digit and of a Chinese character lie about as high above the line they stand on.
    return Glyph(mark.text, min(one, other), max(one, other), baseline - 0.36 * mark.size, mark.size, mark.spaced)


def _is_on(glyph: Glyph, width: float, height: float) -> bool:
    return 0 <= (glyph.left + glyph.right) / 2 <= width and 0 <= glyph.middle <= height


def _without_overprint(glyphs: list[Glyph]) -> list[Glyph]:
    """A character printed twice a hair apart is printed bold, not twice.

    Of digits it is a finer hair: those of two figures that run over each other may be alike.
    """
    kept: list[Glyph] = []
    near: dict[tuple[str, int, int], list[Glyph]] = {}
    for glyph in glyphs:
        column, line = int(glyph.left // 10), int(glyph.middle // 10)
        around = [(glyph.text, column + i, line + j) for i in (-1, 0, 1) for j in (-1, 0, 1)]
        reach = (0.1 if glyph.text.isdecimal() else 0.2) * glyph.size
        if not any(
            abs(other.left - glyph.left) < reach and abs(other.middle - glyph.middle) < reach
            for place in around
            for other in near.get(place, ())
        ):
            kept.append(glyph)
            near.setdefault((glyph.text, column, line), []).append(glyph)
    return kept


def _rules(page: pdfium.PdfPage, turn: _Turn) -> Iterator[Rule]:
    """The ruled lines of a page: drawn lines, the edges of drawn rectangles, and thin filled rectangles."""
    for count, (path, matrix) in enumerate(_paths(page.raw, (1, 0, 0, 1, 0, 0), 0, page=True)):
        if count > MOST_OBJECTS:
            raise _too_large("A page of it has more drawings than a report has.")
        filled, stroked = _is_painted(path)
        if not filled and not stroked:
            continue
        for lines in _polylines(path, matrix):
            points = [turn.point(x, y) for x, y in lines]
            xs, ys = [x for x, _ in points], [y for _, y in points]
            left, right, top, bottom = min(xs), max(xs), min(ys), max(ys)
            if filled and bottom - top <= THIN < right - left:
                yield Rule(True, (top + bottom) / 2, left, right)
            elif filled and right - left <= THIN < bottom - top:
                yield Rule(False, (left + right) / 2, top, bottom)
            elif stroked:
                for (x, y), (to_x, to_y) in pairwise(points):
                    if abs(y - to_y) < 1 < abs(x - to_x):
                        yield Rule(True, (y + to_y) / 2, min(x, to_x), max(x, to_x))
                    elif abs(x - to_x) < 1 < abs(y - to_y):
                        yield Rule(False, (x + to_x) / 2, min(y, to_y), max(y, to_y))


Matrix = tuple[float, float, float, float, float, float]


def _paths(holder: object, outer: Matrix, depth: int, *, page: bool = False) -> Iterator[tuple[object, Matrix]]:
    count, get = (
        (raw.FPDFPage_CountObjects, raw.FPDFPage_GetObject)
        if page
        else (raw.FPDFFormObj_CountObjects, raw.FPDFFormObj_GetObject)
    )
    for index in range(count(holder)):
        thing = get(holder, index)
        kind = raw.FPDFPageObj_GetType(thing)
        if kind == raw.FPDF_PAGEOBJ_PATH:
            yield thing, _product(_matrix(thing), outer)
        elif kind == raw.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
            yield from _paths(thing, _product(_matrix(thing), outer), depth + 1)


def _matrix(thing: object) -> Matrix:
    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(thing, matrix)
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _product(one: Matrix, two: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = two
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _is_painted(path: object) -> tuple[bool, bool]:
    """Whether a path is filled, and whether it is stroked, in a colour that shows on white paper."""
    fill, stroke = ctypes.c_int(), raw.FPDF_BOOL()
    raw.FPDFPath_GetDrawMode(path, fill, stroke)
    return (
        bool(fill.value) and _shows(raw.FPDFPageObj_GetFillColor, path),
        bool(stroke.value) and _shows(raw.FPDFPageObj_GetStrokeColor, path),
    )


def _shows(get: object, path: object) -> bool:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not get(path, red, green, blue, alpha):  # type: ignore[operator]
        return True
    return alpha.value > 0 and min(red.value, green.value, blue.value) < _WHITE


def _polylines(path: object, matrix: Matrix) -> Iterator[list[tuple[float, float]]]:
    """The straight parts of a path, in the page's own coordinates; a closed one ends where it began."""
    a, b, c, d, e, f = matrix
    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[tuple[float, float]] = []
    for index in range(raw.FPDFPath_CountSegments(path)):
        segment = raw.FPDFPath_GetPathSegment(path, index)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = a * x.value + c * y.value + e, b * x.value + d * y.value + f
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_LINETO and points:
            points.append(point)
        else:
            if len(points) > 1:
                yield points
            points = [point]
        if raw.FPDFPathSegment_GetClose(segment) and len(points) > 1:
            points.append(points[0])
    if len(points) > 1:
        yield points
