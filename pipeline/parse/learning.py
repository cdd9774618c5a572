"""How a pattern is read is learned by planting other figures in it.

The engine asks of a figure only whether it is one, whether it is the same as another, and whether it is nought. So a
document is read four times: with figures that all differ, with the same everywhere, with noughts, and with its own. If
each time every cell of the form is taken from the same place, and no figure is left over, it is so for all figures.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import count
from typing import NamedTuple

from pipeline.forms import TABLES, Forms
from pipeline.parse.align import Alignment
from pipeline.parse.figures import Figure
from pipeline.parse.known import Known, KnownTable, moved, odd, only_inside, picker
from pipeline.parse.pattern import RUN_TOGETHER, Source
from pipeline.parse.reading import Note, Outline, parse, table_notes
from pipeline.parse.rows import FormCell, Oddity, TableReading
from pipeline.parse.sections import headings_of, lines_of, prose_of
from pipeline.parse.surroundings import Weight, is_harmless
from pipeline.readers import Document, Refused


class _Taken(NamedTuple):
    """How one planting was read: the outline of the pattern, the alignment of each table, and its cells.

    A cell of the form is the number of a figure and where it stands, or what stands there instead. All is counted from
    the first cell of the pattern.
    """

    outline: Outline
    alignments: dict[str, Alignment]
    cells: dict[str, list[tuple[int, int] | FormCell]]
    oddities: dict[str, tuple[Oddity, ...]]
    notes: list[tuple[Note, int | None]]


def is_fit(source: Source, own: Document, extent: range, weight: Weight) -> bool:
    """Whether a document can show how its pattern is read: nothing around it may have a part in that."""
    if own.cells[extent.stop].row == own.cells[extent.stop - 1].row:
        return False
    frame = source.frame(len(extent), own.cells[extent.stop].row - own.cells[extent.start].row)
    is_framed = [*frame.before, *frame.after] == [*own.cells[: extent.start], *own.cells[extent.stop :]]
    return is_framed and is_harmless(frame, weight)


def learn(
    source: Source, figures: Sequence[str], own: Document, extent: range, weight: Weight, forms: Forms
) -> Known | None:
    """How the pattern of a source is read, whatever its figures; None where that cannot be said."""
    cells = own.cells[extent.start : extent.stop + 1]
    distinct = _distinct(figures, {cell.text for cell in cells})
    planted = {
        cell.text: place for place, cell in enumerate(source.planted(distinct).cells[extent.start : extent.stop])
    }
    places = [planted[figure] for figure in distinct if figure in planted]
    if len(places) < len(figures) or any(cell.text for cell in cells[max(places, default=-1) + 1 : -1]):
        return None  # a figure is no cell of its own, or something stands behind the last one
    if any(RUN_TOGETHER.fullmatch(cell.text) for cell in cells):
        return None
    taken = [
        _take(source.planted(each), own, dict(zip(places, each, strict=True)), extent, forms)
        for each in (figures, distinct, _alike(figures, "7"), _alike(figures, "0"))
    ]
    if taken[0] is None or any(other != taken[0] for other in taken[1:]):
        return None
    return _known(taken[0], own, extent, source.line, weight)


def _alike(figures: Sequence[str], digit: str) -> list[str]:
    """Figures of the same kinds, all of one digit."""
    return [re.sub("[0-9]+", digit, figure.lstrip("+-")) for figure in figures]


def _distinct(figures: Sequence[str], taken: Collection[str]) -> list[str]:
    """Figures of the same kinds, all different, of many lengths."""
    numbers = (number for each in count(1) for number in (each, 10_000 + each, 10**11 + each))
    free = (number for number in numbers if not {str(number), f"-{number}"} & {*taken})
    planted = [
        re.sub("[+-]?[0-9]+", str(number), figure, count=1) for figure, number in zip(figures, free, strict=False)
    ]
    return [f"-{figure}" if number % 2 else figure for number, figure in enumerate(planted)]


def _take(document: Document, own: Document, figures: Mapping[int, str], extent: range, forms: Forms) -> _Taken | None:
    """How a document is read that differs from `own` in the figures of its pattern, which stand in the cells given.

    None unless every cell of the form is certain, and every figure is one of them.
    """
    first = extent.start
    expected = [
        cell if (figure := figures.get(place - first)) is None else cell._replace(text=figure)
        for place, cell in enumerate(own.cells)
    ]
    if [*document.cells] != expected:
        return None
    try:
        reading = parse((document,))
    except Refused:
        return None
    if reading.document is not document or reading.statistics is not None or reading.tables.keys() != {*TABLES}:
        return None
    ground = {cell - first for table in reading.tables.values() for cell in table.ground}
    if min(ground) < 1 or max(ground) >= len(extent):
        return None
    cells = {name: [*_numbered(table, figures, first)] for name, table in reading.tables.items()}
    numbers = [cell[0] for name in cells for cell in cells[name] if not isinstance(cell, FormCell)]
    if sorted(numbers) != [*range(len(figures))] or not all(table.has_figures for table in reading.tables.values()):
        return None
    if any(cell.origin != "printed" for table in reading.tables.values() for cell in table.cells):
        return None
    last = reading.tables[TABLES[-1]]
    if any(table.is_twice for table in reading.tables.values()) or "lost" in reading.columns[TABLES[-1]].state:
        return None
    if last.last_cell < max(table.last_cell for table in reading.tables.values()):
        return None
    alignments = {name: moved(only_inside(table.alignment, extent), -first) for name, table in reading.tables.items()}
    region = document.cells[first : extent.stop]
    headings = headings_of(region, forms.sections)
    if not headings or headings[0].cell != 0:
        return None
    prose, left = prose_of(region, ground), lines_of(region, ground | {heading.cell for heading in headings})
    opening = sum(line.cell < min(ground) for line in prose)
    oddities = {name: tuple(odd(each, -first) for each in table.oddities) for name, table in reading.tables.items()}
    notes = [(note, None if cell is None else cell - first) for note, cell in table_notes(reading.tables)]
    return _Taken(Outline(headings, prose, left, opening, max(ground)), alignments, cells, oddities, notes)


def _numbered(table: TableReading, figures: Mapping[int, str], first: int) -> Iterator[tuple[int, int] | FormCell]:
    number_of = {place: number for number, place in enumerate(figures)}
    for cell in table.cells:
        place = None if cell.cell is None else cell.cell - first
        planted = figures.get(place) if place is not None else None
        if place is not None and planted and cell[:2] == (Figure("number", Decimal(planted)), planted):
            yield number_of[place], place
        else:
            yield cell._replace(cell=place)


def _known(taken: _Taken, own: Document, extent: range, line: int | None, weight: Weight) -> Known:
    region = own.cells[extent.start : extent.stop]
    top, places = region[0].row, list[tuple[int, str]]()
    if line is not None:
        words = (cell.place.split(" ", 2) for cell in region)
        places = [(int(number) - line, "".join(f" {each}" for each in rest)) for _, number, *rest in words]
    tables = {name: _known_table(taken, name) for name in taken.cells}
    figures = {cell[1] for cells in taken.cells.values() for cell in cells if not isinstance(cell, FormCell)}
    inside = {place: cell._replace(row=cell.row - top) for place, cell in enumerate(region) if place not in figures}
    rows = own.cells[extent.stop].row - top
    return Known(len(region), rows, tables, taken.outline, taken.notes, inside, places, weight)


def _known_table(taken: _Taken, name: str) -> KnownTable:
    alignment, cells = taken.alignments[name], taken.cells[name]
    own = [number for number, cell in enumerate(cells) if not isinstance(cell, FormCell)]
    others = [number for number, cell in enumerate(cells) if isinstance(cell, FormCell)]
    figures = [cell for cell in cells if not isinstance(cell, FormCell)]
    fixed = [cell for cell in cells if isinstance(cell, FormCell)]
    units = [column.unit for _, column in alignment.form.cells]
    for number, cell in zip(others, fixed, strict=True):
        units[number] = cell.figure.unit or (units[number] if cell.figure.value is not None else None)
    return KnownTable(
        alignment,
        tuple(cell.cell if isinstance(cell, FormCell) else cell[1] for cell in cells),
        picker([number for number, _ in figures]),
        tuple(fixed),
        picker([*map([*own, *others].index, range(len(cells)))]) if fixed else None,
        tuple(cell.figure.state if isinstance(cell, FormCell) else "number" for cell in cells),
        tuple(units),
        taken.oddities[name],
    )
