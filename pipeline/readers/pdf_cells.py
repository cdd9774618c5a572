"""A PDF read from its ruled lines: they divide a table into cells, and a cell holds the characters inside it.

The lines of a table need not close: a page cuts it, its sides are left open. So the lines only part what stands on
either side of them, inside the frame that they span. Cells that no line parts are one cell, however it is merged.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations, groupby, pairwise

from pipeline.readers.document import Document
from pipeline.readers.pdf_columns import Row
from pipeline.readers.pdf_division import Span, are_apart, standing
from pipeline.readers.pdf_lines import (
    LOOSE,
    TIGHT,
    Box,
    Line,
    Piece,
    content,
    gap,
    is_figure,
    is_figure_pair,
    lines_of,
    text_of,
)
from pipeline.readers.pdf_page import UNKNOWN, Glyph, Page, Rule
from pipeline.readers.pdf_text import cells_of, finished, rows_of

SNAP = 3.0
"""Lines this near, in points, are one: double lines, the edges of neighbouring rectangles."""
BROKEN = 4.0
"""A gap up to this many points does not end a line: dashes, corners that do not meet."""
NARROW = 5.0
"""A line must reach this far beyond the last one across it to leave a cell open there."""
COVERED = 0.5
"""The share of a cell's side that must be drawn to part it from its neighbour."""
WITNESSES = 3
"""Figures that stand alone in their cells, before they say how those stand that run on from cell to cell."""
MOST_RULES = 1_500
"""On a page; more is a drawing, and no table."""
MOST_SQUARES = 5_000
"""Of a table's grid; table 3 has 300."""


@dataclass
class _Table:
    """A ruled table of a page: its grid lines, and for each square of the grid the cell it belongs to."""

    page: int
    xs: list[float]
    ys: list[float]
    region: dict[tuple[int, int], tuple[int, int]]
    glyphs: dict[tuple[int, int], list[Glyph]] = field(default_factory=lambda: defaultdict(list))
    doubtful: set[tuple[int, int]] = field(default_factory=set)

    @property
    def area(self) -> float:
        return (self.xs[-1] - self.xs[0]) * (self.ys[-1] - self.ys[0])

    def at(self, glyph: Glyph) -> tuple[int, int] | None:
        """The cell the middle of a character stands in."""
        row = bisect_right(self.ys, glyph.middle) - 1
        column = bisect_right(self.xs, (glyph.left + glyph.right) / 2) - 1
        return self.region.get((row, column))

    def spans(self) -> dict[tuple[int, int], Span]:
        """For each cell where it begins and ends, from left to right."""
        columns: dict[tuple[int, int], list[int]] = defaultdict(list)
        for (_, column), region in self.region.items():
            columns[region].append(column)
        return {region: (self.xs[min(of_cell)], self.xs[max(of_cell) + 1]) for region, of_cell in columns.items()}

    def rows(self) -> list[list[Piece]]:
        """The cells of each row. A cell over several rows is printed in the first of them and blank in the others."""
        squares: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
        for square, region in sorted(self.region.items()):
            squares[region].append(square)
        rows: list[list[Piece]] = []
        for row in range(len(self.ys) - 1):
            regions = dict.fromkeys(self.region[row, column] for column in range(len(self.xs) - 1))
            rows.append([self._piece(region, squares[region], begun=region[0] < row) for region in regions])
        return rows

    def _piece(self, region: tuple[int, int], squares: Sequence[tuple[int, int]], *, begun: bool) -> Piece:
        size = max((glyph.size for glyph in self.glyphs.get(region, ())), default=0.0)
        return Piece("" if begun else self._text(region), self._box(squares), size)

    def _box(self, squares: Sequence[tuple[int, int]]) -> Box:
        rows, columns = [row for row, _ in squares], [column for _, column in squares]
        return self.xs[min(columns)], self.ys[min(rows)], self.xs[max(columns) + 1], self.ys[max(rows) + 1]

    def _text(self, region: tuple[int, int]) -> str:
        text = ""
        for line in lines_of(self.glyphs.get(region, ())):
            more = text_of(line.glyphs, LOOSE)
            text += f" {more}" if text[-1:].isascii() and more[:1].isascii() and text else more
        return text + UNKNOWN if region in self.doubtful else text


def cells_document(pages: Sequence[Page]) -> Document | None:
    """The reading of a PDF from its ruled lines, with the prose around its tables; None when it has no ruled table."""
    tables = [ruled_tables(page) for page in pages]
    if not any(tables):
        return None
    kept = content(
        pages,
        [lines_of(_fill(page.glyphs, of_page)) for page, of_page in zip(pages, tables, strict=True)],
    )
    rows: list[Row] = []
    printed: list[Row] = []  # of the table that may go on, on the next page
    prose: list[Row] = []  # what stands between two tables, over page breaks
    for page, of_page, lines in zip(pages, tables, kept, strict=True):
        for table in [*of_page, None]:
            above = [line for line in lines if table is None or line.middle < table.ys[0]]
            lines = lines[len(above) :]
            prose += rows_of(page, above)
            if table is None:
                continue
            more = [(page.number, row) for row in table.rows()]
            if printed and not prose and printed[-1][0] == page.number - 1:
                printed += _mend(printed, more)
                continue
            rows += [*_with_whole_labels(printed), *finished(prose)]
            printed, prose = more, []
    return Document(list(cells_of([*rows, *_with_whole_labels(printed), *finished(prose)])))


def _with_whole_labels(rows: Sequence[Row]) -> list[Row]:
    """The rows of a table without the blank squares that belong to a label, where a grid parts all squares.

    They lie beside it, left of all figures, where other labels have their words.
    """
    with_figures = [pieces for _, pieces in rows if any(map(is_figure, pieces))]
    words = {piece.box[:3:2] for pieces in with_figures for piece in pieces if piece.text and not is_figure(piece)}
    first = min((piece.box[0] for pieces in with_figures for piece in pieces if is_figure(piece)), default=0.0)
    labels = [(left, right) for left, right in words if right < first + SNAP]

    def is_of_label(piece: Piece) -> bool:
        left, _, right, _ = piece.box
        return not piece.text and any(start < left + SNAP and right < end + SNAP for start, end in labels)

    whole = []
    for page, pieces in rows:
        end = max((place for place, piece in enumerate(pieces) if piece.text and not is_figure(piece)), default=-1)
        kept = [piece for place, piece in enumerate(pieces) if end < 0 or place <= end or not is_of_label(piece)]
        whole.append((page, kept))
    return whole


# Rows cut by a page


def _mend(rows: list[Row], printed: list[Row]) -> list[Row]:
    """Join a row that a page cut in two: its label at the foot of the page, its figures at the head of the next.

    The header may be printed again between them. Changes the last of `rows`, and returns what is left of `printed`.
    """
    seen = {tuple(piece.text for piece in row) for _, row in rows}
    for place, (_, below) in enumerate(printed):
        if tuple(piece.text for piece in below) in seen:
            continue
        page, above = rows[-1]
        whole = _joined(above, below)
        if whole is None:
            break
        rows[-1] = (page, whole)
        return printed[:place] + printed[place + 1 :]
    return printed


def _joined(above: list[Piece], below: list[Piece]) -> list[Piece] | None:
    """One row of two halves: the upper one ends with its label and has no figures, the lower one has no label.

    Before the label both may print a part of a cell over several rows. Anything else may be two rows, and stays so.
    """
    pairs = [(upper, next((lower for lower in below if _is_below(upper, lower)), None)) for upper in above]
    place = max((place for place, (upper, _) in enumerate(pairs) if upper.text), default=None)
    if place is None or any(lower is None for _, lower in pairs[place:]) or any(map(is_figure, above)):
        return None
    label, under = above[place], pairs[place][1]
    figures = [lower for _, lower in pairs[place + 1 :] if lower is not None]
    heads = [(upper, lower) for upper, lower in pairs[:place] if lower is not None and lower.text]
    begun = [piece for piece in below if all(piece is not lower for _, lower in pairs)]
    if under is None or under.text or not any(piece.text for piece in figures):
        return None
    if any(upper.box[1] > label.box[1] - SNAP and lower.box[3] < under.box[3] + SNAP for upper, lower in heads):
        return None
    if any(piece.box[0] > label.box[0] for piece in begun):
        return None
    mended = [
        upper if lower is None else upper._replace(text=upper.text + lower.text) for upper, lower in pairs[: place + 1]
    ]
    return sorted([*begun, *mended, *figures], key=lambda piece: piece.box[0])


def _is_below(upper: Piece, lower: Piece) -> bool:
    return abs(upper.box[0] - lower.box[0]) < SNAP and abs(upper.box[2] - lower.box[2]) < SNAP


# Characters into cells


def _fill(glyphs: Sequence[Glyph], tables: Sequence[_Table]) -> list[Glyph]:
    """Give each character to the smallest table around it; returns those outside all tables."""
    outside: list[Glyph] = []
    inside: dict[int, list[Glyph]] = defaultdict(list)
    for glyph in glyphs:
        around = [number for number, table in enumerate(tables) if table.at(glyph) is not None]
        if around:
            inside[min(around, key=lambda number: tables[number].area)].append(glyph)
        else:
            outside.append(glyph)
    for number, of_table in inside.items():
        table = tables[number]
        for glyph in of_table:
            region = table.at(glyph)
            if region is not None:
                table.glyphs[region].append(glyph)
    lines = lines_of(glyphs)
    for table in tables:
        _doubt(table, [line for line in lines if table.ys[0] < line.middle < table.ys[-1]])
    return outside


def _doubt(table: _Table, lines: Iterable[Line]) -> None:
    """Digits that run on from cell to cell, or out of the table, are in doubt: which are whose, nothing says.

    Unless they were printed apart where a line parts them, and those of each cell stand in it as other figures do.
    """
    runs = [run for line in lines for run in _runs(line) if len({table.at(glyph) for glyph in run}) > 1]
    in_question = {table.at(glyph) for run in runs for glyph in run}
    spans = table.spans()
    sure = [
        ((piece.box[0], piece.box[2]), spans[region])
        for region, of_cell in table.glyphs.items()
        if region not in in_question and len(pieces := _as_pieces(of_cell)) == 1 and is_figure(piece := pieces[0])
    ]
    pairs = [pair for of_cell in table.glyphs.values() for line in lines_of(of_cell) for pair in pairwise(line.glyphs)]
    inner = [gap(*pair) for pair in pairs if is_figure_pair(*pair)]
    stand = standing(sure if len(sure) >= WITNESSES else [])
    for run in runs:
        parts = [(region, list(glyphs)) for region, glyphs in groupby(run, key=table.at)]
        apart = all(are_apart(gap(_last(left), right[0]), inner) for (_, left), (_, right) in pairwise(parts))
        if not apart or not all(
            region is not None and stand.holds((glyphs[0].left, _last(glyphs).right), spans[region])
            for region, glyphs in parts
        ):
            regions = {region for region, _ in parts if region is not None}
            first = min((box[0] for _, box in sure), default=table.xs[-1])
            table.doubtful |= regions
            if any(spans[region][0] < first for region in regions):
                _doubt_row(table, run, regions)


def _doubt_row(table: _Table, run: Sequence[Glyph], regions: Collection[tuple[int, int]]) -> None:
    """Digits that begin left of all figures take a cell of their row's labels, and shift all figures that follow.

    So none of them is certain. A label keeps its words alone.
    """
    for region in regions:
        others = [glyph for glyph in table.glyphs[region] if glyph not in run]
        if any(glyph.text.isalpha() for glyph in others):
            table.glyphs[region] = others
            table.doubtful.discard(region)
    row, column = min(regions, key=lambda region: region[1])
    table.doubtful |= {region for region in table.region.values() if region[0] == row and region[1] > column}


def _runs(line: Line) -> list[list[Glyph]]:
    """Digits so near to each other that they may be of one number."""
    runs = [[line.glyphs[0]]]
    for right in line.glyphs[1:]:
        left = _last(runs[-1])
        if not is_figure_pair(left, right) or right.spaced or gap(left, right) > TIGHT:
            runs.append([])
        runs[-1].append(right)
    return runs


def _last(glyphs: Iterable[Glyph]) -> Glyph:
    """The character that reaches furthest: of figures printed over each other not the one that begins last."""
    return max(glyphs, key=lambda glyph: glyph.right)


# Lines into tables


def ruled_tables(page: Page) -> list[_Table]:
    """The tables that the rules of a page draw, with the characters in their cells, from top to bottom."""
    rules = _merged(page.rules)
    if len(rules) > MOST_RULES:
        return []
    tables = [table for rules_of in _connected(rules) if (table := _grid(page.number, rules_of)) is not None]
    tables = [table for table in tables if len(table.ys) > 2 or _is_row(table, page.glyphs)]
    return sorted(tables, key=lambda table: (table.ys[0], table.xs[0]))


def _is_row(table: _Table, glyphs: Sequence[Glyph]) -> bool:
    """Whether what looks like one row is one: no figures stand under each other. Else nothing parts the rows."""
    columns: dict[tuple[int, int], list[Glyph]] = defaultdict(list)
    for glyph in glyphs:
        if (region := table.at(glyph)) is not None:
            columns[region].append(glyph)
    return all(len(lines) < 2 or not all(map(is_figure, lines)) for lines in map(_as_pieces, columns.values()))


def _as_pieces(glyphs: Iterable[Glyph]) -> list[Piece]:
    return [Piece(text_of(line.glyphs, LOOSE), line.box, 0) for line in lines_of(glyphs)]


def _merged(rules: Iterable[Rule]) -> list[Rule]:
    """Pieces of one line as one line."""
    merged: list[Rule] = []
    for lies, alike in groupby(sorted(rules), key=lambda rule: rule.lies):
        for same in _clustered(list(alike)):
            at = sum(rule.at for rule in same) / len(same)
            same.sort(key=lambda rule: rule.start)
            start, end = same[0].start, same[0].end
            for rule in same[1:]:
                if rule.start > end + BROKEN:
                    merged.append(Rule(lies, at, start, end))
                    start, end = rule.start, rule.end
                end = max(end, rule.end)
            merged.append(Rule(lies, at, start, end))
    return merged


def _clustered(rules: list[Rule]) -> list[list[Rule]]:
    """Rules sorted by their place, divided where the next one is further than `SNAP` from the first."""
    clusters: list[list[Rule]] = []
    for rule in rules:
        if clusters and rule.at - clusters[-1][0].at <= SNAP:
            clusters[-1].append(rule)
        else:
            clusters.append([rule])
    return clusters


def _connected(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Lines that meet, directly or over others; and upright ones of one height, which no line need cross on a page."""
    lying, standing = [rule for rule in rules if rule.lies], [rule for rule in rules if not rule.lies]
    group = {id(rule): [rule] for rule in rules}
    meeting = [(level, upright) for level in lying for upright in standing if _meet(level, upright)]
    for one, other in [*meeting, *combinations(standing, 2)]:
        alike = one.lies or (abs(one.start - other.start) < SNAP and abs(one.end - other.end) < SNAP)
        if alike and group[id(one)] is not group[id(other)]:
            group[id(one)].extend(group[id(other)])
            group.update((id(rule), group[id(one)]) for rule in group[id(other)])
    return list({id(rules_of): rules_of for rules_of in group.values()}.values())


def _meet(level: Rule, upright: Rule) -> bool:
    return (
        level.start - BROKEN <= upright.at <= level.end + BROKEN
        and upright.start - BROKEN <= level.at <= upright.end + BROKEN
    )


def _grid(page: int, rules: Sequence[Rule]) -> _Table | None:
    """The table that connected lines make, or None when they make no more than a box.

    Upright lines alone are one row, the only one on its page of a table that the page cuts.
    """
    lying, standing = [rule for rule in rules if rule.lies], [rule for rule in rules if not rule.lies]
    if not standing:
        return None
    xs = _axis([rule.at for rule in standing], lying)
    ys = _axis([rule.at for rule in lying], standing)
    if len(xs) < 3 or len(ys) < 2 or len(xs) * len(ys) > MOST_SQUARES:
        return None
    parent = {(row, column): (row, column) for row in range(len(ys) - 1) for column in range(len(xs) - 1)}

    def root(square: tuple[int, int]) -> tuple[int, int]:
        while parent[square] != square:
            square = parent[square]
        return square

    def unite(one: tuple[int, int], other: tuple[int, int]) -> None:
        first, second = sorted((root(one), root(other)))
        parent[second] = first

    for row, column in parent:
        if column + 2 < len(xs) and not _parts(standing, xs[column + 1], ys[row], ys[row + 1]):
            unite((row, column), (row, column + 1))
        if row + 2 < len(ys) and not _parts(lying, ys[row + 1], xs[column], xs[column + 1]):
            unite((row, column), (row + 1, column))
    region = {square: root(square) for square in parent}
    return _Table(page, xs, ys, region) if len(set(region.values())) > 1 else None


def _axis(places: Sequence[float], across: Sequence[Rule]) -> list[float]:
    """The grid lines of one direction; where the lines across them reach further, the table is open there."""
    axis = sorted(set(places))
    axis = [place for number, place in enumerate(axis) if number == 0 or place - axis[number - 1] > SNAP / 2]
    if not across:
        return axis
    first, last = min(rule.start for rule in across), max(rule.end for rule in across)
    if not axis:
        return [first, last]
    return [first] * (first < axis[0] - NARROW) + axis + [last] * (last > axis[-1] + NARROW)


def _parts(rules: Sequence[Rule], at: float, start: float, end: float) -> bool:
    """Whether lines at a place are drawn along most of a stretch."""
    drawn = sum(
        max(0.0, min(end, rule.end) - max(start, rule.start)) for rule in rules if abs(rule.at - at) <= SNAP / 2
    )
    return drawn >= COVERED * (end - start)
