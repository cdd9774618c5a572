"""Where the cells of a table stand: the columns of its grid, if its spans agree with each other."""

from collections.abc import Sequence
from typing import NamedTuple

_WIDEST = 200
"""Spans that make a row wider than this are not believed."""


class Spanned(NamedTuple):
    """A cell of a table, and how many columns and rows it covers."""

    text: str
    columns: int = 1
    rows: int = 1


class Placed(NamedTuple):
    """A cell in a row of a grid: its column and text, and the row and number under which it is written."""

    column: int
    text: str
    of_row: int
    of_cell: int


def placed(rows: Sequence[Sequence[Spanned]]) -> list[list[Placed]]:
    """The cells of each row in the columns of the grid; where there is none, in those in which they are written."""
    return _grid(rows) or [as_written(row, number) for number, row in enumerate(rows)]


def as_written(row: Sequence[Spanned], number: int) -> list[Placed]:
    """The cells of a row one after the other."""
    return [Placed(column, cell.text, number, column) for column, cell in enumerate(row)]


def _grid(rows: Sequence[Sequence[Spanned]]) -> list[list[Placed]] | None:
    """The cells of each row in their columns, if the spans of a table make its rows equally wide.

    A span below its last row is nothing.
    """
    covered: dict[int, tuple[int, Placed]] = {}  # column -> rows it is still covered from above, and what covers it
    grid: list[list[Placed]] = []
    widths: set[int] = set()
    for number, row in enumerate(rows):
        begun: dict[int, tuple[int, Placed]] = {}
        firsts: set[int] = set()  # a text stands once, where its cell begins
        column = 0
        for of_cell, cell in enumerate(row):
            while column in covered:
                column += 1
            columns = range(column, column + cell.columns)
            if cell.columns > _WIDEST - column or covered.keys() & columns:
                return None
            firsts.add(column)
            begun |= {place: (cell.rows, Placed(place, cell.text, number, of_cell)) for place in columns}
            column += cell.columns
        whole = covered | begun
        widths.add(len(whole))
        if len(widths) > 1 or max(whole) >= max(widths):
            return None
        grid.append([whole[place][1] for place in sorted(whole) if place in firsts or not whole[place][1].text])
        if begun and (edge := max(whole)) in begun and grid[-1][-1].column != edge:
            grid[-1].append(Placed(edge, "", number, grid[-1][-1].of_cell))
        covered = {place: (left - 1, each) for place, (left, each) in whole.items() if left > 1}
    return grid
