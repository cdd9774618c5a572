"""What every reader yields: a `Document`, rows of cells with their places, knowing nothing of the form.

A row is what the source presents as one: a line with tabs, a block of cells between blank lines, a `<tr>`. A plain
line of prose is a row of one cell. Blank cells are kept: in a table a blank is information.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple, Self, overload


class Cell(NamedTuple):
    """A cell: its text without surrounding blanks, its row and column, its place in words (`line 57 cell 3`)."""

    text: str
    row: int
    column: int
    place: str


class CellColumns(Sequence[Cell]):
    """Cells as they are landed: all texts, all rows, all columns, all places. They are made when they are asked for."""

    def __init__(self, texts: list[str], rows: list[int], columns: list[int], places: list[str]) -> None:
        self.texts, self.rows, self.columns, self.places = texts, rows, columns, places

    @classmethod
    def of(cls, cells: Sequence[Cell]) -> Self:
        """Cells that may be so already."""
        if isinstance(cells, cls):
            return cells
        texts, rows, columns, places = zip(*cells, strict=True) if cells else ((), (), (), ())
        return cls([*texts], [*rows], [*columns], [*places])

    def as_lists(self) -> list[list[str] | list[int]]:
        """What they are made of."""
        return [self.texts, self.rows, self.columns, self.places]

    @cached_property
    def whole(self) -> list[Cell]:
        """All of the cells."""
        return [*map(Cell._make, zip(*self.as_lists(), strict=True))]

    def __len__(self) -> int:
        return len(self.texts)

    @overload
    def __getitem__(self, place: int) -> Cell: ...
    @overload
    def __getitem__(self, place: slice) -> list[Cell]: ...
    def __getitem__(self, place: int | slice) -> Cell | list[Cell]:
        if isinstance(place, slice):
            return [*map(Cell._make, zip(*(column[place] for column in self.as_lists()), strict=True))]
        if "whole" in vars(self):
            return self.whole[place]
        return Cell(self.texts[place], self.rows[place], self.columns[place], self.places[place])

    def __iter__(self) -> Iterator[Cell]:
        return iter(self.whole)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self.whole == [*other]

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class Document:
    """The cells of a source in reading order; `marked` where the source itself says where each begins and ends.

    `recognised` where its characters were seen in a picture, not printed in the file: each is a guess, and a figure of
    them stands only where something else says the same. What is blank in it is blank in the picture.
    """

    cells: Sequence[Cell]
    marked: bool = False
    recognised: bool = False

    def rows(self) -> Iterator[list[Cell]]:
        """The cells row by row."""
        return rows_of(self.cells)

    def dump(self) -> str:
        """The document as text, for readers whose source is no text; `load` is its inverse."""
        return json.dumps(CellColumns.of(self.cells).as_lists(), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def load(cls, text: str) -> "Document":
        """The document that `dump` wrote."""
        return cls(CellColumns(*json.loads(text)), marked=True)


def rows_of(cells: Iterable[Cell]) -> Iterator[list[Cell]]:
    """Cells row by row."""
    return (list(row) for _, row in groupby(cells, key=attrgetter("row")))


class Refused(Exception):
    """A file that cannot be accepted: `code` for machines, `message` and `hint` for people."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint

    def __reduce__(self) -> tuple[type, tuple[str, str, str]]:  # exceptions cross process borders by pickling
        return type(self), (self.code, self.message, self.hint)
