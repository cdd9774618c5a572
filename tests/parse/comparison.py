"""Read a text the way the pipeline does, and hold what was read against what was planted."""

from collections.abc import Mapping
from decimal import Decimal

from pipeline.forms import Forms
from pipeline.parse import Reading, parse
from pipeline.parse.rows import FormCell
from pipeline.readers.text import arrange
from tests.planted.form import Cell
from tests.planted.render import LAYOUTS, ODDITIES

EDITION_PAIRS = (("2019", "2019"), ("2021", "2021"), ("2021", "2019"), ("2019", "2021"))
"""Editions of table 2 and of table 3: reports mix them."""

ODD = {"clean": {}, **ODDITIES}

Figures = Mapping[Cell, str | None]


def read(text: str, forms: Forms | None = None) -> Reading:
    return parse(arrange(text), forms)


def cells(reading: Reading) -> dict[Cell, FormCell]:
    """Every cell of the form that was read, by table, row and column."""
    return {
        (name, *keys): cell
        for name, table in reading.tables.items()
        for keys, cell in zip(table.form.keys, table.cells, strict=True)
    }


def row(reading: Reading, table: str, code: str) -> list[FormCell]:
    return [cell for keys, cell in cells(reading).items() if keys[:2] == (table, code)]


def mismatches(reading: Reading, figures: Figures) -> list[str]:
    """Every cell that is not what was planted: a number as printed, a blank for None, `lost` where nothing was."""
    found = cells(reading)
    return [
        f"{'/'.join(keys)}: planted {figures.get(keys, '(not printed)')!r}, read {_shown(found.get(keys))}"
        for keys in sorted({*figures, *found})
        if not _agrees(found.get(keys), figures.get(keys, _NOT_PRINTED))
    ]


def wrong_numbers(reading: Reading, figures: Figures) -> list[str]:
    """Every cell with a value that was not planted in it: what must never happen, whatever the damage."""
    return [
        f"{'/'.join(keys)}: planted {figures.get(keys, '(not printed)')!r}, read {_shown(cell)}"
        for keys, cell in cells(reading).items()
        if cell.figure.value is not None and (figures.get(keys) is None or cell.figure.value != Decimal(figures[keys]))
    ]


def without(figures: Figures, *, rows: tuple[str, ...] = (), tables: tuple[str, ...] = ()) -> Figures:
    """The figures without those of some rows or tables: what a report that does not print them has."""
    return {keys: figure for keys, figure in figures.items() if keys[0] not in tables and keys[1] not in rows}


_NOT_PRINTED = object()


def _agrees(cell: FormCell | None, planted: object) -> bool:
    if cell is None:
        return False
    state, value, _ = cell.figure
    if planted is _NOT_PRINTED:
        return state == "lost" and value is None
    if planted is None:
        return state == "blank" and value is None
    return state == "number" and value == Decimal(str(planted)) and cell.text == planted


def _shown(cell: FormCell | None) -> str:
    return "no such cell" if cell is None else f"{cell.figure.state} {cell.figure.value} {cell.text!r}"


__all__ = ["EDITION_PAIRS", "LAYOUTS", "ODD", "cells", "mismatches", "read", "row", "without", "wrong_numbers"]
