"""Which figures belong to which row: from aligned labels to the cells of the form.

A row's figures stand between its label and the next one. As many of them as the row has columns are its cells,
whatever the layout. Fewer mean blanks, and a blank has a position only where the source shows one: a row of exactly
the right width, a single way to lay the row's columns over what is printed, or the columns that every complete row of
the same shape uses. Where none of these decides, the row is unreadable: better no figure than one in a wrong column.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import NamedTuple

from pipeline.forms import Column, TableForm
from pipeline.parse.align import PROSE, Alignment, Hit, Words
from pipeline.parse.figures import BLANK, LOST, UNREADABLE, WORDS, Figure, read_figure
from pipeline.readers import Cell

Shape = tuple[int, int, int]
"""What rows of one kind share: columns of the form, the label's column, the width of the printed row."""


class FormCell(NamedTuple):
    """A cell of the form as it was read: the figure, the text as printed, and the number of the document's cell."""

    figure: Figure
    text: str | None = None
    cell: int | None = None


class Oddity(NamedTuple):
    """Something seen while reading a table that a person should know; `rule` is a code of `checks/rules.toml`."""

    rule: str
    row: str | None
    observed: str
    cell: int | None


@dataclass
class TableReading:
    """A table of a document: its cells in the order of `form.cells`, and what was odd about it."""

    form: TableForm
    cells: list[FormCell]
    oddities: list[Oddity] = field(default_factory=list)

    @property
    def last_cell(self) -> int:
        """The last cell of the document that holds a figure of the table, or -1."""
        return max((cell.cell for cell in self.cells if cell.cell is not None), default=-1)


def read_table(cells: Sequence[Cell], words: Words, alignment: Alignment) -> TableReading:
    """Every cell of the form of an alignment, read from the cells of the document it was found in."""
    return _Table(cells, words, alignment).read()


class _Zone(NamedTuple):
    """Where the figures of a row must be: after its label `hit`, before the next one."""

    hit: Hit
    cells: list[int]
    columns: tuple[Column, ...]


class _Table:
    """One table being read. Holds what its rows share: their zones, and the shapes of complete rows."""

    def __init__(self, cells: Sequence[Cell], words: Words, alignment: Alignment) -> None:
        self.cells, self.words, self.alignment = cells, words, alignment
        self.form = alignment.form
        self.oddities: list[Oddity] = []
        self.shapes: dict[Shape, set[int]] = defaultdict(set)

    def read(self) -> TableReading:
        zones = self._zones()
        for zone in zones.values():
            self._learn_shape(zone)
        taken = {row: self._take(zone) for row, zone in zones.items()}
        self._take_unlabelled(zones, taken)
        self._leftovers(zones, taken)
        if not self._columns_in_order():
            self.oddities.append(Oddity("T4", None, "", None))
            taken = {row: _unreadable(self._text(zones[row].cells), len(read)) for row, read in taken.items()}
        columns = {ACROSS: _columns_across(self.form)} if self.form.across else self.form.rows
        cells = [cell for row in columns for cell in taken.get(row, [FormCell(LOST)] * len(columns[row]))]
        return TableReading(self.form, cells, self.oddities)

    def _zones(self) -> dict[str, _Zone]:
        """Row -> its zone; a table that lies across has one row, after the last of its labels."""
        hits = self.alignment.hits
        if self.form.across:
            return {ACROSS: _Zone(hits[-1], self._after(hits[-1]), _columns_across(self.form))}
        zones = {}
        for hit in hits:
            label = self.form.script[hit.position]
            if label.kind == "row" and label.code:
                zones[label.code] = _Zone(hit, self._after(hit), self.form.rows[label.code])
                if not hit.exact:
                    self.oddities.append(Oddity("T3", label.code, self.cells[hit.start].text, hit.start))
        return zones

    def _after(self, hit: Hit) -> list[int]:
        end = self.alignment.until(hit.end)
        return [cell for cell in range(hit.end + 1, end) if cell not in self.alignment.rests]

    def _own_row(self, zone: _Zone) -> list[int]:
        """The part of a zone that stands in the printed row of the label itself."""
        row = self.cells[zone.hit.end].row
        return [cell for cell in zone.cells if self.cells[cell].row == row]

    def _figures(self, cells: Sequence[int]) -> list[int]:
        return [cell for cell in cells if self.words[cell] is None]

    def _printed(self, cells: Sequence[int]) -> list[int]:
        return [cell for cell in cells if self.words[cell] != ""]

    def _learn_shape(self, zone: _Zone) -> None:
        """Remember where a complete row begins its figures, for rows of the same shape that have blanks."""
        own, width = self._own_row(zone), len(zone.columns)
        figures = self._figures(own)
        if len(figures) == width and figures[-1] - figures[0] == width - 1:
            self.shapes[self._shape(own, width)].add(self.cells[figures[0]].column)

    def _shape(self, row: list[int], width: int) -> Shape:
        last = row[-1]
        while last + 1 < len(self.cells) and self.cells[last + 1].row == self.cells[last].row:
            last += 1
        return width, self.cells[row[0]].column, self.cells[last].column

    def _take(self, zone: _Zone) -> list[FormCell]:
        """The cells of a row, from the printed row of its label, the next one, or several lines."""
        if not zone.cells and self.alignment.upper == len(self.cells):
            return [FormCell(LOST)] * len(zone.columns)
        groups = [list(group) for _, group in groupby(zone.cells, key=lambda cell: self.cells[cell].row)]
        filled = [group for group in groups if self._figures(group)]
        if not filled:
            return self._without_figures(self._own_row(zone) or zone.cells, zone)
        if len(filled) == 1 or len(self._figures(filled[0])) == len(zone.columns):
            return self._lay(filled[0], zone.columns)
        return self._across_rows(self._printed(zone.cells), zone.columns)

    def _lay(self, row: list[int], columns: tuple[Column, ...]) -> list[FormCell]:
        """Lay the columns of the form over the one printed row that holds all the figures."""
        figures, printed, width = self._figures(row), self._printed(row), len(columns)
        if len(figures) == width and not any(self.words[cell] for cell in range(figures[0], figures[-1])):
            return self._read(figures, columns)
        for candidate in (printed, row):
            if len(candidate) == width:
                return self._read(candidate, columns)
        ways = [
            row[start : start + width]
            for start in range(len(row) - width + 1)
            if row[start] <= printed[0] and printed[-1] <= row[start + width - 1]
        ]
        if len(ways) > 1:
            begin = self.shapes.get(self._shape(row, width), set())
            ways = [way for way in ways if begin == {self.cells[way[0]].column}]
        return self._read(ways[0], columns) if ways else _unreadable(self._text(row), width)

    def _without_figures(self, row: list[int], zone: _Zone) -> list[FormCell]:
        """A row in which no figure is printed: blank, or words in the place of figures."""
        printed = self._printed(row)
        for candidate in (printed, row):
            if len(candidate) == len(zone.columns):
                return self._read(candidate, zone.columns)
        return [FormCell(BLANK, "", zone.hit.end)] * len(zone.columns)

    def _across_rows(self, printed: list[int], columns: tuple[Column, ...]) -> list[FormCell]:
        """Figures of one row on several lines: one cell a line, or a row cut by a page."""
        figures = self._figures(printed)
        until_words = [
            cell for cell in figures if not any(figures[0] < word < cell for word in printed if self.words[word])
        ]
        for candidate in (until_words, printed, figures):
            if len(candidate) == len(columns):
                return self._read(candidate, columns)
        return _unreadable(self._text(printed), len(columns))

    def _take_unlabelled(self, zones: dict[str, _Zone], taken: dict[str, list[FormCell]]) -> None:
        """A row whose label was lost, its figures standing where the form has it, between two labels that were found.

        Only where exactly one row is missing there, and exactly its number of figures is left over.
        """
        script = self.form.script
        for left, right in pairwise(self.alignment.hits):
            missing = [label.code for label in script[left.position + 1 : right.position] if label.kind == "row"]
            if self.form.across or len(missing) != 1 or missing[0] is None:
                continue
            before, columns = script[left.position].code or "", self.form.rows[missing[0]]
            own = len(zones[before].columns) if before in zones else 0
            printed = self._printed(self._after(left))
            if len(printed) != own + len(columns) or self._figures(printed) != printed:
                continue
            if own:
                taken[before] = self._read(printed[:own], zones[before].columns)
            taken[missing[0]] = self._read(printed[own:], columns)
            self.oddities.append(Oddity("T5", missing[0], self._text(printed[own:]), printed[own]))

    def _leftovers(self, zones: dict[str, _Zone], taken: dict[str, list[FormCell]]) -> None:
        """Figures inside the table that belong to no row of the form: an added local row, a page number."""
        used = {cell.cell for read in taken.values() for cell in read}
        for row, zone in zones.items():
            if any(cell.figure.state == "unreadable" for cell in taken[row]):
                continue
            printed = self._printed(zone.cells)
            left = [cell for cell in printed if cell not in used]
            end = next(
                (cell for cell in left if len(self.words[cell] or "") > PROSE), zone.cells[-1] + 1 if left else 0
            )
            left = [cell for cell in left if cell < end]
            if self._figures(left):
                self.oddities.append(Oddity("T6", row or None, self._text(left), left[0]))

    def _columns_in_order(self) -> bool:
        """Whether the column labels stand in the order in which the figures are read.

        Between two row labels they must follow the order of some block. The total's label is left out: it spans
        header rows, so a text shows it before the labels below it.
        """
        blocks = [[column.code for column in columns] for columns in self.form.rows.values()]
        if self.form.across:
            blocks = [[column.code for column in _columns_across(self.form)]]
        rows = {hit.start for hit in self.alignment.hits if self.form.script[hit.position].kind == "row"}
        run: list[str] = []
        for cell in self.alignment.starts:
            if not self.alignment.hits[0].start <= cell <= self.alignment.hits[-1].start:
                continue
            code = self.alignment.columns.get(cell)
            if cell in rows and not self.form.across:
                run = []
            elif code and code != "total":
                run.append(code)
                if not any(_is_subsequence(run, block) for block in blocks):
                    return False
        return True

    def _read(self, places: Sequence[int], columns: tuple[Column, ...]) -> list[FormCell]:
        return [
            FormCell(self._figure(self.cells[cell].text, column), self.cells[cell].text, cell)
            for cell, column in zip(places, columns, strict=True)
        ]

    def _figure(self, text: str, column: Column) -> Figure:
        figure = read_figure(text, column.kind)
        broken = figure.value is not None and figure.value % 1 != 0
        return WORDS if broken and self.form.name in COUNT_TABLES else figure

    def _text(self, places: Sequence[int]) -> str:
        return " ".join(self.cells[cell].text for cell in self._printed(places))


COUNT_TABLES = ("applications", "review_litigation")
"""Tables that hold whole numbers by their type: `12.5` is no number of theirs, it stays words."""
ACROSS = ""
"""The key under which the single printed row of a table that lies across is handled."""


def _columns_across(form: TableForm) -> tuple[Column, ...]:
    return tuple(column for _, column in form.cells)


def _unreadable(text: str, width: int) -> list[FormCell]:
    return [FormCell(UNREADABLE, text)] * width


def _is_subsequence(run: Sequence[str], whole: Sequence[str]) -> bool:
    remaining = iter(whole)
    return all(code in remaining for code in run)
