"""What every reader yields: a `Document`, rows of cells with their places, knowing nothing of the form.

A row is what the source presents as one: a line with tabs, a block of cells between blank lines, a `<tr>`. A plain
line of prose is a row of one cell. Blank cells are kept: in a table a blank is information.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple


class Cell(NamedTuple):
    """A cell: its text without surrounding blanks, its row and column in the document, its place in the source."""

    text: str
    row: int
    column: int
    place: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """The cells of a source in reading order; `units` names what the numbers of a place count (`line`, `cell`)."""

    cells: list[Cell]
    units: tuple[str, ...]

    def locator(self, cell: Cell) -> str:
        """Where a cell stands, for a person: `line 57 cell 3`."""
        return " ".join(f"{unit} {number}" for unit, number in zip(self.units, cell.place, strict=False))

    def rows(self) -> Iterator[list[Cell]]:
        """The cells row by row."""
        return (list(cells) for _, cells in groupby(self.cells, key=lambda cell: cell.row))


class Refused(Exception):
    """A file that cannot be accepted: `code` for machines, `message` and `hint` for people."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint

    def __reduce__(self) -> tuple[type, tuple[str, str, str]]:  # exceptions cross process borders by pickling
        return type(self), (self.code, self.message, self.hint)
