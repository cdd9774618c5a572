"""Two readings of a page's picture, each as the characters and lines that the readings of a PDF start from.

Both go by the ruled lines where there are any: every cell is cut out, so a blank one is one without ink, and each line
in it is recognised alone. They look at different pixels of different cuttings: the first at the picture without its
ruled lines, close to the ink, the second at the picture as it is, from further off and softer. Where the first finds no
ink the second asks a detector of strings, which looks at the page whole. Words are read once, for they only have to
resemble the form's. Outside of cells both read what the detector finds, and what ink it leaves over.

Both ask the same models, and these drop a point or a repeated digit that is hard to see. So each figure is also held
against its ink and against the looks of its characters, as `picture_figures` says.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple, TypeVar

import numpy as np

from pipeline.readers.pdf_cells import ruled_tables
from pipeline.readers.pdf_page import UNKNOWN, Glyph, Page
from pipeline.readers.picture_figures import Seen, settle
from pipeline.readers.picture_ink import Ink, dashes, is_slash, runs_of, without_dirt
from pipeline.readers.picture_page import Sheet, missed, softened
from pipeline.readers.recognition import Box, Grey, find, read

_Pixels = TypeVar("_Pixels", Grey, Ink)

BAND = 1_600
"""Pixels of a page in which strings are searched at once; a taller page is divided where it is white."""
INSET = 1.2
"""Points from a ruled line within which there is no character."""
WIDER = 1.0, 2.0
"""Points around the ink of a line that each reading is shown with it."""
LINE = 1.3
"""Sizes of a character that a line is high at most: 二 and 三 are one line, not two or three."""
DIRT = 0.4
"""The size of a line at least, in sizes of a character, where another line of its cell has print: a dash has 0.5."""
SOFT = 0.45, 0.6
"""Points by which edges are softened for each reading: the same pixels twice would be one witness."""
HALF_WIDE = str.maketrans("（），：；．－", "(),:;.-")
"""A picture does not tell full and half width apart, and a header that is printed again must read the same."""
RINGS = frozenset("0０〇○Oo。°")
"""What a nought is taken for where it stands alone."""
LETTER = 0.75
"""The height of a character, in heights of the box that the detector draws around a line."""


class _String(NamedTuple):
    """A recognised string and its box, in pixels."""

    text: str
    box: Box


def both_readings(sheet: Sheet) -> tuple[Page, Page]:
    """A page read from its cells and read from its strings."""
    soft, whole = (
        softened(picture, by * sheet.scale) for picture, by in zip((sheet.bare, sheet.grey), SOFT, strict=True)
    )
    cells, found = cells_of(sheet), _found(sheet)
    found += missed(sheet, [*found, *cells])
    letter = LETTER * float(np.median([bottom - top for _, top, _, bottom in found])) if found else 0.0
    lines = [(cell, line) for cell in cells for line in _lines(sheet, cell, letter)]
    close = _read(soft, [line for _, line in lines])
    texts: dict[Box, str] = defaultdict(str)
    for (cell, _), string in zip(lines, close, strict=True):
        texts[cell] += string.text
    words = [string for (cell, _), string in zip(lines, close, strict=True) if _is_words(texts[cell])]

    figures = [number for number, (cell, _) in enumerate(lines) if not _is_words(texts[cell])]
    larger = [
        _grown(_clean(sheet, line), cell, WIDER[1] * sheet.scale)
        for cell, line in (lines[number] for number in figures)
    ]
    far = _nearer(whole, _read(whole, larger), [lines[number][1] for number in figures])
    first, second = _settled(
        sheet, [lines[number][0] for number in figures], [close[number] for number in figures], far, letter
    )
    bare = [cell for cell in cells if cell not in texts]
    second += _read(whole, [_within(box, cell) for cell in bare for box in found if _is_centred(box, cell)])

    prose = _read(whole, [box for box in found if not any(_overlap(box, cell) for cell in cells)])
    again = iter(_read(soft, [string.box for string in prose if _has_digits(string.text)]))
    twice = [next(again) if _has_digits(string.text) else string for string in prose]
    return _page(sheet, [*twice, *words, *first]), _page(sheet, [*prose, *words, *second])


def cells_of(sheet: Sheet) -> list[Box]:
    """The cells that the ruled lines of a page draw, in pixels, without the lines."""
    boxes = [piece.box for table in ruled_tables(_page(sheet, [])) for row in table.rows() for piece in row]
    inset = INSET * sheet.scale
    return [
        (round(left + inset), round(top + inset), round(right - inset), round(bottom - inset))
        for left, top, right, bottom in (tuple(side * sheet.scale for side in box) for box in dict.fromkeys(boxes))
    ]


# Reading by strings


def _found(sheet: Sheet) -> list[Box]:
    """Where strings stand on the page."""
    boxes: list[Box] = []
    for top, bottom in pairwise(_bands(sheet)):
        boxes += [(left, above + top, right, below + top) for left, above, right, below in find(sheet.grey[top:bottom])]
    return boxes


def _bands(sheet: Sheet) -> list[int]:
    """Where a page is divided: at its ends, and where a tall one is white or palest."""
    height = len(sheet.grey)
    dark = sheet.ink.sum(axis=1)
    edges = [0]
    while height - edges[-1] > 1.3 * BAND:
        start = edges[-1] + BAND // 2
        edges.append(start + int(np.argmin(dark[start : start + BAND // 2])))
    return [*edges, height]


def _within(box: Box, cell: Box) -> Box:
    """The part of a box that lies in a cell."""
    return max(box[0], cell[0]), max(box[1], cell[1]), min(box[2], cell[2]), min(box[3], cell[3])


def _overlap(box: Box, cell: Box) -> bool:
    """Whether a string stands in a cell, wholly or in part."""
    left, top, right, bottom = _within(box, cell)
    return right - left > 2 and bottom - top > 0.5 * min(box[3] - box[1], cell[3] - cell[1])


def _is_centred(box: Box, cell: Box) -> bool:
    """Whether a string stands in a cell and hardly elsewhere."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return cell[0] <= x <= cell[2] and cell[1] <= y <= cell[3]


def _is_words(text: str) -> bool:
    """Whether these are words, not a figure: 无 and 持平 are figures as forms are filled in."""
    return sum("\u4e00" <= character <= "\u9fff" for character in text) > 2


def _has_digits(text: str) -> bool:
    return any(map(str.isdecimal, text))


# Reading by cells


def _lines(sheet: Sheet, cell: Box, size: float) -> Iterator[Box]:
    """The lines of print in a cell: runs of rows of pixels with ink."""
    left, top, right, bottom = cell
    ink = sheet.ink[top:bottom, left:right]
    rows = np.flatnonzero(ink.any(axis=1))
    if not len(rows):
        return
    runs: list[list[int]] = []
    for start, end in _runs(rows):
        if runs and end - runs[-1][0] <= LINE * size:
            runs[-1][1] = end
        else:
            runs.append([start, end])
    found = []
    for start, end in runs:
        columns = np.flatnonzero(ink[start:end].any(axis=0))
        found.append((left + int(columns[0]), top + start, left + int(columns[-1]) + 1, top + end))
    printed = [line for line in found if _size(line) >= DIRT * size]
    for line in printed if any(_size(line) >= size / 2 for line in printed) else found:
        yield _grown(line, cell, WIDER[0] * sheet.scale)


def _size(box: Box) -> int:
    """The longer side of a box."""
    left, top, right, bottom = box
    return max(right - left, bottom - top)


def _nearer(picture: Grey, strings: Sequence[_String], lines: Sequence[Box]) -> list[_String]:
    """Strings, where those in which nothing was recognised are looked at once more, close to the ink."""
    unknown = [line for string, line in zip(strings, lines, strict=True) if string.text == UNKNOWN]
    again = iter(_read(picture, unknown))
    return [next(again) if string.text == UNKNOWN else string for string in strings]


def _settled(
    sheet: Sheet, cells: Sequence[Box], close: Sequence[_String], far: Sequence[_String], letter: float
) -> tuple[list[_String], list[_String]]:
    """Both strings of every line of figures as they count: dashes and slashes by their shape, figures by witnesses."""
    inks = [_cut(sheet.ink, string.box) for string in close]
    flat = dashes([_inked(string.box, ink) for string, ink in zip(close, inks, strict=True)], cells, letter)
    marks = ["-" if number in flat else "/" * is_slash(ink, letter) for number, ink in enumerate(inks)]
    many = Counter(cells)
    seen = [
        Seen(mark or one.text, mark or other.text, ink, _cut(sheet.bare, one.box), alone=many[cell] == 1)
        for cell, one, other, ink, mark in zip(cells, close, far, inks, marks, strict=True)
    ]
    both = settle(seen, letter)
    first = [string._replace(text=text) for string, (text, _) in zip(close, both, strict=True)]
    second = [string._replace(text=text) for string, (_, text) in zip(far, both, strict=True)]
    return first, second


def _clean(sheet: Sheet, line: Box) -> Box:
    """The part of a line that has ink, without dirt at its ends."""
    left, top, _, _ = line
    runs = without_dirt(runs_of(_cut(sheet.ink, line)))
    above, below = min(run.top for run in runs), max(run.bottom for run in runs)
    return left + runs[0].left, top + above, left + runs[-1].right, top + below


def _inked(box: Box, ink: Ink) -> Box:
    """The part of a box that has ink."""
    columns, rows = (np.flatnonzero(ink.any(axis=axis)) for axis in (0, 1))
    left, top, _, _ = box
    return left + int(columns[0]), top + int(rows[0]), left + int(columns[-1]) + 1, top + int(rows[-1]) + 1


def _grown(box: Box, cell: Box, by: float) -> Box:
    """A box made larger on every side, as far as its cell goes."""
    left, top, right, bottom = box
    more = round(by)
    return max(left - more, cell[0]), max(top - more, cell[1]), min(right + more, cell[2]), min(bottom + more, cell[3])


def _runs(places: np.ndarray) -> list[tuple[int, int]]:
    breaks = np.flatnonzero(np.diff(places) > 1)
    starts, ends = [0, *(breaks + 1)], [*breaks, len(places) - 1]
    return [(int(places[start]), int(places[end]) + 1) for start, end in zip(starts, ends, strict=True)]


# Both


def _read(picture: Grey, boxes: Sequence[Box]) -> list[_String]:
    """The strings in boxes. Where a box has something that is not recognised, it is unknown, not nothing."""
    texts = (text.translate(HALF_WIDE) for text in read([_on_paper(picture, box) for box in boxes]))
    return [_String("0" if text in RINGS else text or UNKNOWN, box) for text, box in zip(texts, boxes, strict=True)]


def _on_paper(picture: Grey, box: Box) -> Grey:
    """What is in a box, on a piece of white paper that is not taller than wide."""
    part = _cut(picture, box)
    lack = max(len(part) - part.shape[1], 0)
    return np.pad(part, ((0, 0), (lack // 2, lack - lack // 2)), constant_values=255)


def _cut(pixels: _Pixels, box: Box) -> _Pixels:
    left, top, right, bottom = box
    return pixels[top:bottom, left:right]


def _page(sheet: Sheet, strings: Sequence[_String]) -> Page:
    height, width = sheet.grey.shape
    glyphs = [glyph for string in strings for glyph in _glyphs(string, sheet.scale)]
    return Page(sheet.number, width / sheet.scale, height / sheet.scale, glyphs, sheet.rules)


def _glyphs(string: _String, scale: float) -> Iterator[Glyph]:
    """The characters of a string, spread over its box."""
    left, top, right, bottom = (side / scale for side in string.box)
    widths = [0.5 if character.isascii() else 1.0 for character in string.text]
    width = (right - left) / sum(widths)
    at, spaced = left, False
    for character, share in zip(string.text, widths, strict=True):
        if not character.isspace():
            yield Glyph(character, at, at + share * width, (top + bottom) / 2, LETTER * (bottom - top), spaced)
        spaced = character.isspace()
        at += share * width
