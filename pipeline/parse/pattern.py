"""A source divided into the figures of its tables and their pattern: all that those tables show besides the figures.

The tables stand between the heading of section two and that of section five. A figure is a number with nothing beside
it between two separators; all else is pattern, to the letter: labels, blanks, dashes, page numbers, and the rows and
columns of a source that marks its cells. So two patterns are the same where two texts are.
"""

import re
from array import array
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple, Protocol, Self, overload

import numpy as np

from pipeline.readers import Cell, CellColumns, Document
from pipeline.readers import text as plain

_BLANKS = "[ \u3000\xa0]*"
_TITLE = "主动公开"
_START = re.compile(rf"\n{_BLANKS}(?:[二2][、.．]?{_BLANKS})?{_TITLE}(?:政府)?(?:信息)?情况[^\n\t|｜│]*\n")
_END = re.compile(rf"\n{_BLANKS}(?:五[、.．，]|(?:5[、.．]?{_BLANKS})?(?:政府信息公开工作)?存在)[^\n\t|｜│]*(?=\n|\Z)")
FIGURE = re.compile(
    rf"(?<=[\t\n|｜│]){_BLANKS}([+-]?(?:0|[1-9][0-9]{{0,11}})(?:\.[0-9]{{1,6}})?)(?={_BLANKS}[\t\n|｜│])"
)
NUMBER = re.compile(r"[0-9.+-]+")
_ALL_NOUGHTS = bytes.maketrans(b"123456789", b"000000000")
_NUMBERS_ALONE = bytes(byte if byte in b"0123456789.+-" else ord(" ") for byte in range(256))
_NOUGHT = ord("0")
_TOO_LONG, _TOO_FINE = b"0" * 13, b".0000000"
_PADDED = re.compile(rb"0(?<![0-9.]0)[0-9]")
_SIGNED = tuple((mark + sign + b"0", mark + b"0") for mark in (b"\t", b"\n", b"|") for sign in (b"-", b"+"))
RUN_TOGETHER = re.compile(r"[0０][0-9０-９]{2,}")
"""Digits that may be several figures: with them in a document arithmetic over its figures decides."""


class Ground(NamedTuple):
    """The part of a source with the tables: its pattern, and all numbers in it, of which some are figures.

    `shape` are the rows and columns of its cells, where the source marks them.
    """

    text: str
    pattern: bytes
    shape: Hashable
    numbers: list[str]

    @classmethod
    def of(cls, text: str, shape: Hashable) -> Self | None:
        """None where a number is longer than any figure or padded with noughts: it may not be read as one."""
        data = text.encode("utf-8", "surrogatepass")
        noughts = data.translate(_ALL_NOUGHTS)
        if _TOO_LONG in noughts or _TOO_FINE in noughts or _PADDED.search(data):
            return None
        pattern = _one_for_each_run(noughts)
        if b"-" in data or b"+" in data:
            for signed, unsigned in _SIGNED:
                pattern = pattern.replace(signed, unsigned)
        return cls(text, pattern, shape, data.translate(_NUMBERS_ALONE).decode("ascii").split())


def _one_for_each_run(noughts: bytes) -> bytes:
    """A text with one nought for each run of them."""
    letters = np.frombuffer(noughts, dtype=np.uint8)
    kept = letters != _NOUGHT
    kept[1:] |= kept[:-1].copy()
    return bytes(letters[kept])


class Frame(NamedTuple):
    """What stands around a pattern of known size: the whole document, the cell and the row where the pattern begins."""

    document: Document
    first: int
    row: int
    before: Sequence[Cell]
    after: Sequence[Cell]


class Source(Protocol):
    """A source divided; `line` is the one on which the pattern of a text begins, None where cells have other places."""

    ground: Ground
    line: int | None

    def planted(self, figures: Sequence[str]) -> Document:
        """The document with other figures."""

    def extent(self, document: Document) -> range:
        """The cells of the whole document that are the pattern's."""

    def frame(self, size: int, rows: int) -> Frame:
        """What stands around a pattern of `size` cells; the first row after it is `rows` below its first."""


class TextSource:
    """A plain text, not yet arranged."""

    def __init__(self, text: str, ground: Ground, begin: int, end: int) -> None:
        self.text, self.ground, self.begin, self.end = text, ground, begin, end
        self.line: int | None = text.count("\n", 0, begin) + 1

    @classmethod
    def of(cls, text: str) -> Self | None:
        """None where the text has no such part."""
        start = _last_start(text)
        end = start and _END.search(text, start.end() - 1)
        if not start or not end:
            return None
        ground = Ground.of(text[start.start() : end.start() + 1], ())
        return ground and cls(text, ground, start.start() + 1, end.start() + 1)

    def planted(self, figures: Sequence[str]) -> Document:
        """The document with other figures."""
        (document,) = plain.arrange(
            self.text[: self.begin - 1] + _planted(self.ground.text, figures) + self.text[self.end :]
        )
        return document

    def extent(self, document: Document) -> range:
        """The cells of the whole document that are the pattern's."""
        before, after = plain.cells_of(self.text[: self.begin]), plain.cells_of(self.text[self.end :])
        return range(len(before), len(document.cells) - len(after))

    def frame(self, size: int, rows: int) -> Frame:
        """What stands around the pattern."""
        heading_ends = self.text.index("\n", self.begin)
        before = plain.cells_of(self.text[:heading_ends])
        first, row = len(before) - 1, before[-1].row
        after = plain.cells_of(self.text[self.end :], (self.line or 1) + self.ground.text.count("\n") - 1, row + rows)
        cells = Arranged(self.text, before[:-1], size, after)
        return Frame(Document(cells), first, row, before[:-1], after)


class Arranged(Sequence[Cell]):
    """The cells of a text of which those between `before` and `after` are only arranged when asked for.

    `place_inside` gives the cells among them that are the same in every text of the pattern.
    """

    def __init__(self, text: str, before: list[Cell], size: int, after: list[Cell]) -> None:
        self.text, self.before, self.after = text, before, after
        self.resume = len(before) + size
        self.inside: Mapping[int, Cell] = {}
        self.places: Sequence[str] = ()
        self.row = 0

    def place_inside(self, inside: Mapping[int, Cell], places: Sequence[str], row: int) -> None:
        """Let cells be known: by number and row from the first one on, which stands in `row`, and their places."""
        self.inside, self.places, self.row = inside, places, row

    @cached_property
    def whole(self) -> list[Cell]:
        """All cells of the text."""
        return plain.cells_of(self.text)

    def __len__(self) -> int:
        return self.resume + len(self.after)

    @overload
    def __getitem__(self, place: int) -> Cell: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Cell]: ...
    def __getitem__(self, place: int | slice) -> Cell | Sequence[Cell]:
        if isinstance(place, slice) or place < 0:
            return self.whole[place]
        if place >= self.resume:
            return self.after[place - self.resume]
        number = place - len(self.before)
        if number < 0:
            return self.before[place]
        if number in self.inside:
            text, row, column, _ = self.inside[number]
            return Cell(text, self.row + row, column, self.places[number])
        return self.whole[place]

    def __iter__(self) -> Iterator[Cell]:
        return iter(self.whole)


class MarkedSource:
    """A document whose source marks its cells."""

    def __init__(self, document: Document, ground: Ground, first: int, end: int) -> None:
        self.document, self.ground, self.first, self.end = document, ground, first, end
        self.line: int | None = None

    @classmethod
    def of(cls, documents: Sequence[Document]) -> Self | None:
        """None where it has no such part, or another reading that must agree with it."""
        document, *others = documents
        if others or document.recognised or not document.marked:
            return None
        columns = CellColumns.of(document.cells)
        text = "\n".join(columns.texts)
        start = _last_start(text)
        end = start and _END.search(text, start.end() - 1)
        if not start or not end or text.count("\n") != len(columns) - 1:
            return None
        first = text.count("\n", 0, start.start() + 1)
        after = first + text.count("\n", start.start() + 1, end.start() + 1)
        top = columns.rows[first]
        rows = array("l", [row - top for row in columns.rows[first : after + 1]])
        shape = rows.tobytes(), array("l", columns.columns[first:after]).tobytes()
        ground = Ground.of(text[start.start() : end.start() + 1], shape)
        return ground and cls(replace(document, cells=columns), ground, first, after)

    def planted(self, figures: Sequence[str]) -> Document:
        """The document with other figures."""
        texts = _planted(self.ground.text, figures).split("\n")[1:-1]
        cells = self.document.cells[self.first : self.end]
        planted = [cell._replace(text=text) for cell, text in zip(cells, texts, strict=True)]
        cells = [*self.document.cells[: self.first], *planted, *self.document.cells[self.end :]]
        return replace(self.document, cells=cells)

    def extent(self, document: Document) -> range:
        """The cells of the whole document that are the pattern's."""
        return range(self.first, self.end)

    def frame(self, size: int, rows: int) -> Frame:
        """What stands around the pattern."""
        cells = CellColumns.of(self.document.cells)
        return Frame(self.document, self.first, cells.rows[self.first], cells[: self.first], cells[self.end :])


def _last_start(text: str) -> re.Match[str] | None:
    """The last line that may be the heading of section two: navigation and contents have such lines, too."""
    start, at = None, text.find(_TITLE)
    while at >= 0:
        line = text.rfind("\n", 0, at)
        start = (_START.match(text, line) if line >= 0 else None) or start
        at = text.find(_TITLE, at + 1)
    return start


def _planted(text: str, figures: Sequence[str]) -> str:
    """A text with other figures in the place of its own."""
    parts, at = [], 0
    for match, figure in zip(FIGURE.finditer(text), figures, strict=True):
        parts += [text[at : match.start(1)], figure]
        at = match.end(1)
    return "".join([*parts, text[at:]])
