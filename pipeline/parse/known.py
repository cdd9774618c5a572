"""How a pattern is read: where in it each cell of the form is, and what it holds besides tables.

With the figures of a document this is its reading. What is asked for seldom, cells one by one, is made when it is.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import islice
from operator import itemgetter
from typing import Any, NamedTuple

from pipeline.forms import Forms, TableForm
from pipeline.parse.align import Alignment
from pipeline.parse.figures import Figure, State
from pipeline.parse.pattern import Arranged, Frame, Source
from pipeline.parse.reading import Columns, Note, Outline, Reading, metadata_of, reading_of
from pipeline.parse.rows import COUNT_TABLES, FormCell, Oddity, TableReading
from pipeline.parse.sections import Heading, Line, find_title, headings_of, lines_of, prose_of
from pipeline.parse.surroundings import Weight, is_harmless
from pipeline.readers import Cell, CellColumns

STARTS = 64
"""For how many cells and lines in which a pattern may begin its places are kept."""


def picker(places: Sequence[int]) -> Callable[[Sequence[Any]], Sequence[Any]]:
    """What takes the items at some places out of a list."""
    if len(places) > 1:
        return itemgetter(*places)
    return lambda items: [items[place] for place in places]


@dataclass(frozen=True, slots=True)
class KnownTable:
    """Where a table's cells are in a pattern: which of its figures they are, or what stands there instead.

    `order` lays the figures of the table, and after them what is `fixed`, over the cells of the form. `cells` and
    `alignment` count the document's cells from the first one of the pattern.
    """

    alignment: Alignment
    cells: tuple[int | None, ...]
    figures: Callable[[Sequence[str]], Sequence[str]]
    fixed: tuple[FormCell, ...]
    order: Callable[[Sequence[Any]], Sequence[Any]] | None
    state: tuple[State, ...]
    unit: tuple[str | None, ...]
    oddities: tuple[Oddity, ...]

    @property
    def form(self) -> TableForm:
        """The table of the edition it is read against."""
        return self.alignment.form

    def columns(self, figures: Sequence[str], places: Sequence[str | None]) -> Columns:
        """The table of a document with these figures."""
        text: Sequence[Any] = self.figures(figures)
        value: Sequence[Any] = [*map(int if self.form.name in COUNT_TABLES else Decimal, text)]
        if self.order is not None:
            text = self.order([*text, *(cell.text for cell in self.fixed)])
            value = self.order([*value, *(_typed(self.form, cell.figure.value) for cell in self.fixed)])
        return Columns(self.form.edition, value, self.state, text, ("printed",) * len(text), self.unit, places)

    def table(self, figures: Sequence[str], first: int) -> TableReading:
        """The table as the engine reads it from a document in which the pattern begins at cell `first`."""
        own = [FormCell(Figure("number", Decimal(text)), text) for text in self.figures(figures)]
        laid: Sequence[FormCell] = self.order([*own, *self.fixed]) if self.order else own
        places = (None if cell is None else cell + first for cell in self.cells)
        cells = [cell._replace(cell=place) for cell, place in zip(laid, places, strict=True)]
        oddities = [odd(oddity, first) for oddity in self.oddities]
        return TableReading(moved(self.alignment, first), cells, oddities)


def _typed(form: TableForm, value: Decimal | None) -> Decimal | int | None:
    return int(value) if value is not None and form.name in COUNT_TABLES else value


def odd(oddity: Oddity, by: int) -> Oddity:
    """An oddity with its cell counted from another one."""
    return oddity if oddity.cell is None else oddity._replace(cell=oddity.cell + by)


def only_inside(alignment: Alignment, extent: range) -> Alignment:
    """An alignment without the labels around a pattern."""
    return replace(
        alignment,
        starts=tuple(cell for cell in alignment.starts if cell in extent),
        columns={cell: code for cell, code in alignment.columns.items() if cell in extent},
        rows={cell: code for cell, code in alignment.rows.items() if cell in extent},
    )


def moved(alignment: Alignment, by: int) -> Alignment:
    """An alignment with its cells counted from another one."""
    return replace(
        alignment,
        hits=tuple(hit._replace(start=hit.start + by, end=hit.end + by) for hit in alignment.hits),
        starts=tuple(cell + by for cell in alignment.starts),
        columns={cell + by: code for cell, code in alignment.columns.items()},
        rows={cell + by: code for cell, code in alignment.rows.items()},
        rests=frozenset(cell + by for cell in alignment.rests),
        lower=alignment.lower + by,
        upper=alignment.upper + by,
    )


class _Tables(Mapping[str, TableReading]):
    """The tables of a document that was recalled, each made when it is asked for."""

    def __init__(self, known: "Known", figures: Sequence[str], first: int) -> None:
        self.known, self.figures, self.first = known, figures, first
        self.made: dict[str, TableReading] = {}

    def __getitem__(self, name: str) -> TableReading:
        if name not in self.made:
            self.made[name] = self.known.tables[name].table(self.figures, self.first)
        return self.made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.known.tables)

    def __len__(self) -> int:
        return len(self.known.tables)


@dataclass(frozen=True, slots=True)
class Known:
    """How a pattern of `size` cells is read; cells, rows and lines are counted from its first one.

    `inside` are those of its cells that hold no figure, `places` those of its cells in a text: the line, and what
    follows it. `rows` is how far below its first row the next one after it is.
    """

    size: int
    rows: int
    tables: dict[str, KnownTable]
    outline: Outline
    notes: list[tuple[Note, int | None]]
    inside: dict[int, Cell]
    places: list[tuple[int, str]]
    weight: Weight
    located: dict[tuple[int, int], "_Located"] = field(default_factory=dict)

    def framed(self, source: Source, forms: Forms) -> tuple[Frame, "_Located"] | None:
        """The pattern in its place; None where what stands around it may reach into it."""
        frame = source.frame(self.size, self.rows)
        heading, *following = islice(frame.after, 2)
        is_fenced = heading.row not in {cell.row for cell in following} and find_title(heading.text, forms.sections)
        return (frame, self._located(frame, source.line)) if is_fenced and is_harmless(frame, self.weight) else None

    def columns(self, figures: Sequence[str], located: "_Located") -> dict[str, Columns]:
        """The tables with the figures of a document."""
        return {name: table.columns(figures, located.cells[name]) for name, table in self.tables.items()}

    def reading(self, source: Source, figures: Sequence[str], forms: Forms) -> Reading | None:
        """The reading of a document with this pattern; None where what stands around it may reach into it."""
        framed = self.framed(source, forms)
        if framed is None:
            return None
        frame, located = framed
        outline = self._outline(frame, located.outline, forms)
        if isinstance(frame.document.cells, Arranged):
            frame.document.cells.place_inside(self.inside, located.places, frame.row)
        tables, metadata = _Tables(self, figures, frame.first), metadata_of(outline)
        columns = self.columns(figures, located)
        return reading_of(frame.document, tables, columns, located.notes, outline, metadata, forms)

    def _outline(self, frame: Frame, inside: Outline, forms: Forms) -> Outline:
        leading, opening, preface = _around(frame.before, 0, forms)
        following, closing, rest = _around(frame.after, frame.first + self.size, forms)
        return Outline(
            [*leading, *inside.headings, *following],
            [*opening, *inside.prose, *closing],
            [*preface, *inside.lines, *rest],
            len(opening) + inside.opening,
            inside.last,
        )

    def _located(self, frame: Frame, line: int | None) -> "_Located":
        """What is in the pattern, in its place: the same for all texts where it begins in the same cell and line."""
        if line is None:
            places = CellColumns.of(frame.document.cells).places
            return self._at(frame.first, places[frame.first : frame.first + self.size])
        if (located := self.located.get((frame.first, line))) is None:
            if len(self.located) == STARTS:
                self.located.clear()
            places = [f"line {line + below}{rest}" for below, rest in self.places]
            located = self.located[frame.first, line] = self._at(frame.first, places)
        return located

    def _at(self, first: int, places: Sequence[str]) -> "_Located":
        cells = {
            name: tuple([None if cell is None else places[cell] for cell in table.cells])
            for name, table in self.tables.items()
        }
        notes = [note if cell is None else replace(note, locator=places[cell]) for note, cell in self.notes]
        headings = [heading._replace(cell=heading.cell + first) for heading in self.outline.headings]
        prose, lines = (
            [Line(line.cell + first, line.text) for line in lines] for lines in (self.outline.prose, self.outline.lines)
        )
        return _Located(
            places, cells, notes, Outline(headings, prose, lines, self.outline.opening, self.outline.last + first)
        )


class _Located(NamedTuple):
    """The places of all cells and of those of each table, the notes on the tables, and the outline of the pattern."""

    places: Sequence[str]
    cells: dict[str, tuple[str | None, ...]]
    notes: list[Note]
    outline: Outline


def _around(cells: Sequence[Cell], first: int, forms: Forms) -> tuple[list[Heading], list[Line], list[Line]]:
    """The headings among cells, all their lines, and the lines without the headings."""
    if len({cell.row for cell in cells}) < len(cells):
        headings = headings_of(cells, forms.sections, first)
        titles = {heading.cell for heading in headings}
        return headings, prose_of(cells, (), first), lines_of(cells, titles, first)
    headings, lines, left = [], [], []
    for number, cell in enumerate(cells, first):  # each is a row of its own
        if cell.text:
            lines.append(Line(number, cell.text))
            if title := find_title(cell.text, forms.sections):
                headings.append(Heading(number, *title))
            else:
                left.append(lines[-1])
    return headings, lines, left
