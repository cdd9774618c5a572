"""Which figures belong to which row: from aligned labels to the cells of the form.

A row's figures stand between its label and the next one. As many of them as the row has columns are its cells,
whatever the layout. Fewer mean blanks, and a blank has a position only where the source shows one: a row of exactly
the right width, a single way to lay the row's columns over what is printed, or the columns that every complete row of
the same shape uses. What none of these decides is unreadable: better no figure than one in a wrong column.

All of this counts cells, so a row with blanks needs a witness that it has neither lost nor gained one. Where the source
marks its cells none is lost. Just as many as the row has columns are those, unless rows of its kind say that one more
stands before them; and a row as wide as the header's, and as most rows, stands under it. In a text separators do get
lost and doubled. No single such slip goes unseen where one of these speaks for a row:

- rows of its kind beside it are as wide, and so are half or more of its kind on its sheet;
- all rows of its sheet, from one blank line to the next, are equally wide, and there is one way to lay its columns;
- at least three rows of its kind are in the table, and all have just as many cells as columns;
- it has just as many cells as columns, and the first and the last of them hold figures.

In a text the header alone says nothing of a row whose label stands as no other does: labels slide to the left there,
and some take their figures along. Nor does arithmetic: most such rows print noughts and blanks, and a nought adds up
in any column. Where all rows of its sheet are equally wide, its cells stand in order, and the ways to lay its columns
are known: a cell that holds the same in each of them is sure, the others are unreadable.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby, pairwise
from typing import Literal, NamedTuple

from pipeline.forms import Column, TableForm, key
from pipeline.parse.align import LEAST, MOST, PROSE, Alignment, Hit, Words
from pipeline.parse.figures import BLANK, LOST, UNREADABLE, WORDS, Figure, read_figure
from pipeline.readers import Cell, Document

Shape = tuple[int, int, int, int, int]
"""What printed rows of one kind share: columns of the form, depth of the label in it, the label's column, the page they
stand on, and their width."""
_DEPTHS = (re.compile("[一二三四]、"), re.compile("（"), re.compile("[0-9]"))
"""`一、`, `（一）` and `1.` stand in cells of different width, so their rows begin their figures in other columns."""
_NOT_NOUGHT = re.compile("[1-9]")
"""Noughts stand beside noughts in most tables: two of them are no sign that one was printed twice."""
ANY_PAGE = -1
WITNESSES = 3
"""As many rows of a kind, all of just the right width, did not lose or gain a separator each."""
MANY = 3
"""More labels than this printed twice are a second table, not a slip."""


Origin = Literal["printed", "solved"]


class FormCell(NamedTuple):
    """A cell of the form as it was read: the figure, the text as printed, and the number of the document's cell.

    `origin`: read as it stands, or solved by arithmetic where separators were lost.
    """

    figure: Figure
    text: str | None = None
    cell: int | None = None
    origin: Origin = "printed"


class Oddity(NamedTuple):
    """Something seen while reading a table that a person should know; `rule` is a code of `checks/rules.toml`."""

    rule: str
    row: str | None
    observed: str
    cell: int | None


@dataclass
class TableReading:
    """A table of a document: its cells in the order of `form.cells`, and what was odd about it."""

    alignment: Alignment
    cells: list[FormCell]
    oddities: list[Oddity] = field(default_factory=list)
    is_twice: bool = False
    """Whether the document prints so many of its rows again, with figures, that it must hold another such table."""

    @property
    def form(self) -> TableForm:
        """The table of the edition it was read against."""
        return self.alignment.form

    @property
    def is_there(self) -> bool:
        """Whether this is a table: figures after some of its labels, or most of its labels."""
        states = {cell.figure.state for cell in self.cells}
        share = self.alignment.share
        return share >= MOST or (share >= LEAST and bool(states - {"lost", "blank", "text"}))

    def keep_shared(self, other: TableForm) -> None:
        """Give up the figures of cells that another edition, which explains the table as well, does not have."""
        for number, (keys, cell) in enumerate(zip(self.form.keys, self.cells, strict=True)):
            if keys not in other.keys and cell.figure.state != "lost":
                self.cells[number] = FormCell(UNREADABLE, cell.text, cell.cell)

    @property
    def has_figures(self) -> bool:
        """Whether any figure of it was read."""
        return any(cell.figure.value is not None for cell in self.cells)

    @property
    def last_cell(self) -> int:
        """The last cell of the document that holds a figure of the table, or -1."""
        return max((cell.cell for cell in self.cells if cell.cell is not None), default=-1)

    @property
    def ground(self) -> range:
        """The cells of the document from the first label of the table to its last figure."""
        hits = self.alignment.hits
        return range(hits[0].start, max(hits[-1].end, self.last_cell) + 1)


class Sheets(NamedTuple):
    """How the rows of a document are printed, whatever table they belong to.

    Row -> how wide it is, its page, its sheet; sheet -> how often each width of several cells is seen on it.
    """

    widths: dict[int, int]
    pages: dict[int, int]
    sheets: dict[int, int]
    sheet_widths: dict[int, Counter[int]]

    @classmethod
    def of(cls, cells: Iterable[Cell]) -> "Sheets":
        """The sheets of the cells of a document."""
        widths = _row_widths(cells)
        sheets = _sheets(widths)
        sheet_widths: dict[int, Counter[int]] = {sheet: Counter() for sheet in sheets.values()}
        for row, width in widths.items():
            if width > 1:
                sheet_widths[sheets[row]][width] += 1
        return cls(widths, _pages(widths, sheets), sheets, sheet_widths)


def read_table(document: Document, words: Words, sheets: Sheets, alignment: Alignment) -> TableReading:
    """Every cell of the form of an alignment, read from the document it was found in."""
    return _Table(document, words, sheets, alignment).read()


class _Zone(NamedTuple):
    """Where the figures of a row must be: after its label `hit`, before the next one.

    `own` is the part of its `cells` that stands in the printed row of the label itself.
    """

    hit: Hit
    cells: list[int]
    own: list[int]
    columns: tuple[Column, ...]
    shape: Shape


class _Table:
    """One table being read. Holds what its rows share: their zones, and the shapes of the printed rows.

    How often a width was `seen` among rows of a kind, on a page or on any; the same `on_sheet` by sheet, and `behind`:
    how many cells stand behind the labels of a kind, in the whole table.
    """

    def __init__(self, document: Document, words: Words, sheets: Sheets, alignment: Alignment) -> None:
        self.cells, self.words, self.alignment = [*document.cells], words, alignment
        self.marked = document.marked
        self.form, self.script = alignment.form, alignment.form.script
        self.oddities: list[Oddity] = []
        self.widths, self.pages, self.sheets, self.sheet_widths = sheets
        self.begins: dict[Shape, set[int]] = defaultdict(set)
        self.seen: dict[tuple[int, ...], Counter[int]] = defaultdict(Counter)
        self.on_sheet: dict[tuple[int, ...], Counter[int]] = defaultdict(Counter)
        self.behind: dict[tuple[int, ...], Counter[int]] = defaultdict(Counter)

    def read(self) -> TableReading:
        zones = self._zones()
        for zone in zones.values():
            self._learn_shape(zone)
        taken = {row: self._take(zone) for row, zone in zones.items()}
        self._take_unlabelled(zones, taken)
        self._leftovers(zones, taken)
        in_order, is_twice = self._labels_in_order(), self._is_twice(zones)
        if not in_order:
            self.oddities.append(Oddity("T4", None, "", None))
        doubtful = {*zones} if is_twice else self._doubtful_rows(zones)
        for row in doubtful if in_order else taken:
            taken[row] = self._unreadable(zones[row].cells if row in zones else [], len(taken[row]))
        columns = {ACROSS: _columns_across(self.form)} if self.form.across else self.form.rows
        cells = [cell for row in columns for cell in taken.get(row, [FormCell(LOST)] * len(columns[row]))]
        return TableReading(self.alignment, cells, self.oddities, is_twice)

    # Zones and shapes

    def _zones(self) -> dict[str, _Zone]:
        """Row -> its zone; a table that lies across has one row, after the last of its labels."""
        hits = self.alignment.hits
        if self.form.across:
            return {ACROSS: self._zone_across(hits[-1])} if hits else {}
        zones = {}
        for hit in hits:
            label = self.script[hit.position]
            if label.kind == "row" and label.code:
                zones[label.code] = self._zone(hit, self.form.rows[label.code])
                if not hit.exact:
                    self.oddities.append(Oddity("T3", label.code, self.cells[hit.start].text, hit.start))
        return zones

    def _zone_across(self, last: Hit) -> _Zone:
        """After the last label, or after the last of the labels when the header is printed again on a new page."""
        spelled = {self.script[hit.position].code for hit in self.alignment.hits if hit.exact}
        self.oddities += [Oddity("T3", row, "", last.start) for row in self.form.rows if row not in spelled]
        again = [Hit(cell, cell, last.position) for cell in self.alignment.starts if cell > last.end]
        hit = next((hit for hit in (last, *again) if self._figures(self._after(hit))), last)
        return self._zone(hit, _columns_across(self.form))

    def _zone(self, hit: Hit, columns: tuple[Column, ...]) -> _Zone:
        cells, row = self._after(hit), self.cells[hit.end].row
        own = [cell for cell in cells if self.cells[cell].row == row]
        return _Zone(hit, cells, own, columns, self._shape(hit, len(columns)))

    def _shape(self, hit: Hit, width: int) -> Shape:
        label, end = self.script[hit.position].text, self.cells[hit.end]
        depth = next((depth for depth, mark in enumerate(_DEPTHS) if mark.match(label)), len(_DEPTHS))
        return width, depth, end.column, self.pages[end.row], self.widths[end.row]

    def _after(self, hit: Hit) -> list[int]:
        end = self.alignment.until(hit.end)
        return [cell for cell in range(hit.end + 1, end) if cell not in self.alignment.rests]

    def _figures(self, cells: Iterable[int]) -> list[int]:
        return [cell for cell in cells if self.words[cell] is None]

    def _printed(self, cells: Iterable[int]) -> list[int]:
        return [cell for cell in cells if self.words[cell] != ""]

    def _learn_shape(self, zone: _Zone) -> None:
        """Remember how wide rows of a kind are, and where a complete one begins its figures."""
        if not zone.own:
            return
        *kind, page, width = zone.shape
        self.seen[*kind, page][width] += 1
        self.seen[*kind, ANY_PAGE][width] += 1
        self.seen[len(zone.columns),][width] += 1
        self.on_sheet[*kind, self.sheets[self.cells[zone.own[0]].row]][width] += 1
        self.behind[tuple(kind)][len(zone.own)] += 1
        figures = self._figures(zone.own)
        if _is_run(figures, len(zone.columns)):
            self.begins[zone.shape].add(self.cells[figures[0]].column)

    def _is_regular(self, zone: _Zone, row: list[int]) -> bool:
        """Whether a printed row is as wide as most rows of its kind, or as the header above: no cell lost or gained.

        Rows of the same kind elsewhere in the table are evidence only where cells cannot run into one another.
        """
        *kind, page, width = zone.shape
        pages = (page, ANY_PAGE) if self.marked and len(row) == len(zone.columns) else (page,)
        if any(_is_usual(width, self.seen[*kind, alike]) for alike in pages):
            return self.marked or not self._is_denied(zone, row)
        number = self.cells[row[0]].row
        above = {self.cells[cell].row for cell in self.alignment.columns}
        return number - 1 in above and self.widths[number - 1] == self.widths[number]

    def _is_denied(self, zone: _Zone, row: list[int]) -> bool:
        """Whether fewer than half its kind on its sheet are as wide, or some are as wide as most rows of the sheet."""
        *kind, _, width = zone.shape
        sheet = self.sheets[self.cells[row[0]].row]
        alike = self.on_sheet[*kind, sheet]
        others = (other for other in alike if other != width)
        is_rare = 2 * alike[width] < alike.total()
        return is_rare or any(_is_usual(other, self.sheet_widths[sheet]) for other in others)

    def _is_exact(self, zone: _Zone, row: list[int]) -> bool:
        """Whether a printed row surely has just as many cells behind its label as it has columns, and these are it."""
        last = self.cells[row[-1]]
        if len(row) != len(zone.columns) or last.column != self.widths[last.row] - 1:
            return False
        peers = self.behind[zone.shape[:3]]
        if self.marked:
            return not any(_is_usual(other, peers) for other in peers if other != len(row))
        alike = peers.keys() == {len(row)} and peers.total() >= WITNESSES
        return alike or self._figures([row[0], row[-1]]) == [row[0], row[-1]]

    def _is_uniform(self, row: list[int]) -> bool:
        """Whether all rows of cells on the sheet of a printed row are as wide as it is, and it is not alone."""
        widths = self.sheet_widths[self.sheets[self.cells[row[0]].row]]
        return len(widths) == 1 < widths.total()

    def _begin_of_header(self, zone: _Zone) -> set[int]:
        """Where the first column's label stands, in the headers of the row's own page."""
        first, page = zone.columns[0].code, self.pages[self.cells[zone.hit.end].row]
        headers = (self.cells[cell] for cell, code in self.alignment.columns.items() if code == first)
        return {header.column for header in headers if self.pages[header.row] == page}

    def _under_header(self, zone: _Zone, row: list[int]) -> list[int]:
        """The cells of a printed row that stand under the labels of their columns, if the header above is as wide.

        A column whose label is in a header row of another width stands beside those that are known. None where a
        complete row of that width begins its figures elsewhere.
        """
        width = self.widths[self.cells[row[0]].row]
        labels = [cell for cell in self.alignment.columns if cell in self.alignment.span and cell < row[0]]
        before = [cell for cell in self.alignment.rows if cell < max(labels, default=0)]
        header = {
            self.alignment.columns[cell]: self.cells[cell].column
            for cell in sorted(labels)
            if cell > max(before, default=-1) and self.widths[self.cells[cell].row] == width
        }
        known = [header.get(column.code) for column in zone.columns]
        begins = {place - number for number, place in enumerate(known) if place is not None}
        if None in known and len(begins) == 1:
            known = [*range(min(begins), min(begins) + len(known))]
        places = {self.cells[cell].column: cell for cell in row}
        under = [places[place] for place in known if place in places]
        complete = {
            begin
            for (columns, *_, wide), found in self.begins.items()
            if (columns, wide) == (len(known), width)
            for begin in found
        }
        is_whole = len(under) == len(known) and under == sorted(under) and {*under} >= {*self._printed(row)}
        usual = _is_usual(width, self.seen[len(known),])
        return under if is_whole and usual and complete <= {known[0]} else []

    # The figures of a row

    def _take(self, zone: _Zone) -> list[FormCell]:
        """The cells of a row: from the printed row of its label, else from what follows before any other words."""
        row = self.cells[zone.hit.end].row
        below = [cell for cell in zone.cells if self.cells[cell].row != row]
        below = below[: next((place for place, cell in enumerate(below) if self.words[cell]), len(below))]
        return self._taken(zone, below) or self._unreadable([*zone.own, *below], len(zone.columns))

    def _taken(self, zone: _Zone, below: list[int]) -> list[FormCell] | None:
        """The cells of a row, `below` it what is no words; None where nothing says which they are."""
        width, own = len(zone.columns), zone.own
        if self._has_intruder([zone.hit.end, *own]) or self._has_intruder(below) or self._has_stuck(zone.hit):
            return None  # a figure that sticks to the label is missing from the row
        figures, further = self._figures(own), self._figures(below)
        if figures:
            if len(figures) == width or len(own) == width or not further:
                return self._lay(own, zone)
            return self._join([*own, *below], zone)
        if self._printed(own):
            return self._lay(own, zone) if not further else None
        if not further and self._is_rest(zone.hit):
            return [FormCell(LOST)] * width
        if len(own) >= width:  # a blank row; figures below it have no label, and nothing says whose they are
            return None if further else self._blank(zone)
        if not further and self._figures(zone.cells):
            return None  # figures, but behind other words
        if not further:
            return self._blank(zone) if self._is_bounded(zone, below) else [FormCell(LOST)] * width
        return self._join(below, zone)

    def _is_rest(self, hit: Hit) -> bool:
        """Whether only the end of a label is printed: its beginning, and figures beside that, stood before it."""
        printed = "".join(self.words[cell] or "" for cell in range(hit.start, hit.end + 1))
        return not hit.exact and self.script[hit.position].key.endswith(printed)

    def _has_stuck(self, hit: Hit) -> bool:
        """Whether a digit sticks to the last cell of a label, or to a later line of it."""
        end = self.alignment.until(hit.end)
        rests = (cell for cell in self.alignment.rests if hit.end < cell < end)
        return any(self.cells[cell].text[-1:].isdecimal() for cell in (hit.end, *rests))

    def _has_intruder(self, row: list[int]) -> bool:
        """Whether a line without its tab stands inside the row: a page number, or the rest of a broken cell."""
        pairs = pairwise(self.cells[cell] for cell in row)
        return any(right.text and (left.row, left.column) == (right.row, right.column) for left, right in pairs)

    def _is_bounded(self, zone: _Zone, below: list[int]) -> bool:
        """Whether a row without figures is surely printed blank: a label follows, or its blank cells are there."""
        rows = Counter(self.cells[cell].row for cell in below)
        if max(rows.values(), default=0) >= len(zone.columns):
            return True
        return not self.form.across and self.alignment.until(zone.hit.end) < len(self.cells)

    def _blank(self, zone: _Zone) -> list[FormCell]:
        if len(zone.own) == len(zone.columns):
            return self._read(zone.own, zone.columns)
        return [FormCell(BLANK, "", zone.hit.end)] * len(zone.columns)

    def _lay(self, row: list[int], zone: _Zone) -> list[FormCell]:
        """Lay the columns of the form over a printed row that holds all that is printed of them."""
        figures, width = self._figures(row), len(zone.columns)
        if _is_run(figures, width):
            doubtful = self._holds_twin(zone, row)
            return self._unreadable(row, width) if doubtful else self._read(figures, zone.columns)
        printed = self._printed(row)
        ways = [
            row[start : start + width]
            for start in range(len(row) - width + 1)
            if row[start] <= printed[0] and printed[-1] <= row[start + width - 1]
        ]
        if len(row) > width and len(figures) < len(printed):
            ways = []  # words beside the figures: a unit, the second half of a label
        elif self.marked and not self.form.across and (under := self._under_header(zone, row)):
            return self._read(under, zone.columns)
        if len(ways) == 1 and self._is_exact(zone, row):
            return self._read(ways[0], zone.columns)
        if self._is_regular(zone, row):
            begins = self.begins.get(zone.shape) or self._begin_of_header(zone)
            known = ways if len(ways) == 1 else [way for way in ways if begins == {self.cells[way[0]].column}]
            if known:
                return self._read(known[0], zone.columns)
        if ways and not self.marked and self._is_uniform(row):
            return self._read_alike(ways, row, zone)
        return self._unreadable(row, width)

    def _read_alike(self, ways: Sequence[Sequence[int]], row: list[int], zone: _Zone) -> list[FormCell]:
        """The cells that hold the same whichever way the columns lie; nothing says what the others hold."""
        texts = [{self.cells[place].text for place in places} for places in zip(*ways, strict=True)]
        read, unclear = self._read(ways[0], zone.columns), self._unreadable(row, len(zone.columns))
        return [cell if len(alike) == 1 else doubt for cell, doubt, alike in zip(read, unclear, texts, strict=True)]

    def _holds_twin(self, zone: _Zone, row: list[int]) -> bool:
        """Whether a row with one cell more than others of its kind may print a figure twice, and so hide a blank.

        Twice is a figure printed whose line is doubled, or of twice the same digit one that was cut in two. On one line
        the cell more is a sign of that only where the rows of the sheet end where they should.
        """
        if self.marked or len(row) <= len(zone.columns):
            return False
        *kind, _, width = zone.shape
        sheet = self.sheets[self.cells[row[0]].row]
        if self.on_sheet[*kind, sheet].keys() - {width} != {width - 1}:
            return False
        texts = [self.cells[cell].text for cell in row]
        lines = {self.cells[cell].place.partition(" cell ")[0] for cell in row}
        twins = any(left == right and _NOT_NOUGHT.search(left) for left, right in pairwise(texts))
        return twins and (len(lines) > 1 or self.sheet_widths[sheet].keys() == {width - 1, width})

    def _join(self, cells: list[int], zone: _Zone) -> list[FormCell] | None:
        """Figures on several lines: one cell a line, or a row cut by a page. A blank among them could be any."""
        figures, width = self._figures(cells), len(zone.columns)
        first = [cell for cell in cells if self.cells[cell].row == self.cells[figures[0]].row]
        if len(figures) == width and not any(self.words[cell] == "" for cell in cells if cell < figures[-1]):
            return self._read(figures, zone.columns)
        if _is_run(self._figures(first), width):
            return self._read(self._figures(first), zone.columns)
        if len(first) >= width > len(figures):
            return self._lay(first, zone)
        return None

    def _take_unlabelled(self, zones: dict[str, _Zone], taken: dict[str, list[FormCell]]) -> None:
        """A row whose label was lost, its figures standing where the form has it, between two labels that were found.

        Only where exactly one row is missing there, and exactly its number of figures is left over, with no blank.
        """
        for left, right in pairwise(self.alignment.hits):
            missing = [label.code for label in self.script[left.position + 1 : right.position] if label.kind == "row"]
            if self.form.across or len(missing) != 1 or missing[0] is None:
                continue
            before, columns = self.script[left.position].code or "", self.form.rows[missing[0]]
            own = len(zones[before].columns) if before in zones else 0
            rows = [list(row) for _, row in groupby(self._after(left), key=lambda cell: self.cells[cell].row)]
            rows = [row for row in rows if self._printed(row)]
            printed = [cell for row in rows for cell in self._printed(row)]
            if len(printed) != own + len(columns) or self._figures(printed) != printed:
                continue
            if own:
                taken[before] = self._read(printed[:own], zones[before].columns)
            taken[missing[0]] = self._read(printed[own:], columns)
            self.oddities.append(Oddity("T5", missing[0], self._text(printed[own:]), printed[own]))

    # What makes a reading doubtful

    def _leftovers(self, zones: dict[str, _Zone], taken: dict[str, list[FormCell]]) -> None:
        """Figures inside the table that belong to no row of the form: an added local row, a page number."""
        used = {cell.cell for read in taken.values() for cell in read}
        for row, zone in zones.items():
            if any(cell.figure.state == "unreadable" for cell in taken[row]):
                continue
            left = [cell for cell in self._printed(zone.cells) if cell not in used]
            end = next((place for place, cell in enumerate(left) if len(self.words[cell] or "") > PROSE), len(left))
            if self._figures(left[:end]):
                self.oddities.append(Oddity("T6", row or None, self._text(left[:end]), left[0]))

    def _doubtful_rows(self, zones: dict[str, _Zone]) -> set[str]:
        """Rows whose figures may be another row's: those that stand above their labels, those printed twice."""
        if self.form.across:
            return set()
        twice = {row for row, zone in zones.items() if self._is_printed_again(zone, self.alignment.span)}
        return self._rows_below_figures(zones) | twice

    def _rows_below_figures(self, zones: dict[str, _Zone]) -> set[str]:
        """Rows of a block that has figures between its header and its first label: each may stand above its label."""
        doubtful, below = False, set()
        for left, right in pairwise(self.alignment.hits):
            kinds = self.script[left.position].kind, self.script[right.position].kind
            if kinds[0] != "row" and kinds[1] == "row":
                missing = any(label.kind == "row" for label in self.script[left.position + 1 : right.position])
                stray = not missing and bool(self._figures(range(left.end + 1, right.start)))
                doubtful = stray or (doubtful and kinds[0] == "head")
            code = self.script[right.position].code
            if doubtful and kinds[1] == "row" and code in zones:
                below.add(code)
        return below

    def _is_twice(self, zones: dict[str, _Zone]) -> bool:
        return not self.form.across and sum(map(self._is_printed_again, zones.values())) > MANY

    def _is_printed_again(self, zone: _Zone, within: range | None = None) -> bool:
        """Whether the label stands there once more with figures after it: which are its own, nothing says."""
        spelling = key(self.script[zone.hit.position].text)
        return any(
            cell != zone.hit.start and (within is None or cell in within) for cell in self.followed.get(spelling, ())
        )

    @cached_property
    def followed(self) -> dict[str, list[int]]:
        """How labels are spelled that have figures after them -> where they stand."""
        starts, followed = self.alignment.starts, dict[str, list[int]]()
        for cell, following in pairwise([*starts, len(self.cells)]):
            if None in self.words[cell + 1 : following]:
                followed.setdefault(self.words[cell] or "", []).append(cell)
        return followed

    def _labels_in_order(self) -> bool:
        """Whether the column labels, and the channels of a table across, stand in the order the figures are read in.

        Between two row labels the columns must follow the order of some block.
        """
        across = self.form.across
        blocks = [[column.code for column in self.form.rows[rows[0]]] for rows in self.form.grids]
        if across:
            blocks = [[column.code for column in _columns_across(self.form)]]
            channels = [code for cell, code in sorted(self.alignment.rows.items()) if cell in self.alignment.span]
            if not _is_subsequence(list(dict.fromkeys(channels)), list(self.form.rows)):
                return False
        rows = {hit.start for hit in self.alignment.hits if self.script[hit.position].kind == "row"}
        run: list[tuple[str, Cell]] = []
        for cell in self.alignment.starts:
            if cell in rows and not across:
                run = []
            elif cell in self.alignment.columns and cell in self.alignment.span:
                run.append((self.alignment.columns[cell], self.cells[cell]))
                if not across and not _total_is_last(run):
                    return False
                codes = [code for code, _ in run if across or code != "total"]
                if not any(_is_subsequence(codes, block) for block in blocks):
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

    def _unreadable(self, places: Sequence[int], width: int) -> list[FormCell]:
        """A row that is not certain: all that is printed of it in each of its cells, at the place where it begins."""
        printed = self._printed(places)
        return [FormCell(UNREADABLE, self._text(printed), printed[0] if printed else None)] * width

    def _text(self, places: Iterable[int]) -> str:
        return " ".join(self.cells[cell].text for cell in self._printed(places))


COUNT_TABLES = ("applications", "review_litigation")
"""Tables that hold whole numbers by their type: `12.5` is no number of theirs, it stays words."""
ACROSS = ""
"""The key under which the single printed row of a table that lies across is handled."""


def _row_widths(cells: Iterable[Cell]) -> dict[int, int]:
    widths: dict[int, int] = {}
    for _, row, column, _ in cells:
        if column >= widths.get(row, 0):
            widths[row] = column + 1
    return widths


def _pages(widths: dict[int, int], sheets: dict[int, int]) -> dict[int, int]:
    """Row -> the first of the run of rows of equal width it stands in: a page break changes the width."""
    pages, before = dict[int, int](), -1
    for row, width in widths.items():
        goes_on = before >= 0 and widths[before] == width and sheets[before] == sheets[row]
        pages[row] = pages[before] if goes_on else row
        before = row
    return pages


def _sheets(widths: dict[int, int]) -> dict[int, int]:
    """Row -> the first of the rows it stands together with, no blank line between them.

    Where most rows of several cells have a blank line between them it parts nothing.
    """
    pairs = [(above, below) for above, below in pairwise(widths) if min(widths[above], widths[below]) > 1]
    parted = 2 * sum(below - above == 1 for above, below in pairs) >= len(pairs)
    sheets, before = dict[int, int](), -1
    for row in widths:
        goes_on = before >= 0 and (row - before == 1 or not parted)
        sheets[row] = sheets[before] if goes_on else row
        before = row
    return sheets


def _columns_across(form: TableForm) -> tuple[Column, ...]:
    return tuple(column for _, column in form.cells)


def _is_usual(width: int, seen: Counter[int]) -> bool:
    """Whether most rows are so wide, and not just this one."""
    return seen[width] > 1 and 2 * seen[width] > seen.total()


def _is_run(figures: Sequence[int], width: int) -> bool:
    """Whether these are just as many cells as the row has columns, with nothing between them."""
    return len(figures) == width and figures[-1] - figures[0] == width - 1


def _total_is_last(run: Sequence[tuple[str, Cell]]) -> bool:
    """Whether the total's label stands right of the others in its printed row, and of the first column's anywhere.

    It spans header rows, so a text shows it before labels of the rows below.
    """
    totals = [cell for code, cell in run if code == "total"]
    others = [(code, cell) for code, cell in run if code != "total"]
    return not any(
        cell.column > total.column
        for total in totals
        for code, cell in others
        if cell.row == total.row or code == "natural_person"
    )


def _is_subsequence(run: Sequence[str], whole: Sequence[str]) -> bool:
    remaining = iter(whole)
    return all(code in remaining for code in run)
