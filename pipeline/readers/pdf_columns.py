"""The columns of a table without rules: which column a figure stands in, and so which cells of its row are blank.

A blank cell leaves nothing in a text, but the box of a figure says where it stands. Between two columns a gap runs
through all rows, so what overlaps, seen from above, is one column: figures with figures, and with the words at the head
of their column. Figures beside those words are theirs where all stand on one side of them, equally far. Columns that
nothing proves are not guessed: their rows stay as they are.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from pipeline.readers.pdf_division import Division, Span, places_of, span_of
from pipeline.readers.pdf_lines import ALIGNED, UNIT, Piece, is_figure

Row = tuple[int, list[Piece]]
"""The number of a page, and the pieces on one line of it."""
LEFT, RIGHT = 0, 1
"""The sides of a span, and of a head on which its figures stand."""

HEADING = 9
"""Characters of a line that stands alone, from which on it heads no column; the words that head groups have seven."""
HEADER = 3.5
"""How far above the lowest line of a header, in sizes, the words that head single columns stand at most."""
EVEN = 0.2
"""By how much, in shares of a column's width, figures may stand nearer to their head than those of other columns."""
ASIDE = 0.1
"""How far, in shares of a column's width, the middle of figures is from that of their head if they stand aside."""
FEWEST_BELOW = 2
"""Columns with figures below their heads, before figures beside theirs can be in line with them."""
SAME_SIZE = 0.9
"""How much smaller than another the characters of a table are at least; a heading's are larger."""


def with_columns(rows: Sequence[Row]) -> list[Row]:
    """Rows with their blank cells, in tables whose columns are proven; all of a table's rows are then equally wide."""
    rows = _mended(rows)
    known: list[_Known] = []
    for together in _together(list(_tables(rows)), rows):
        tables = [(table, table.ways(), _in_strips(lines, rows)) for lines, table in _with_witnesses(together, rows)]
        alone = [ways[0] for table, ways, _ in tables if len(ways) == 1 < len(table.heads)]
        sides = {way.side for way in alone if way.sure or way.even} - {None}
        for table, ways, whole in tables:
            fit = [way for way in ways if way.even and {way.side} == sides] or [way for way in ways if way.sure]
            if whole:
                known.append(whole)
            elif columns := fit[0].columns if len(fit) == 1 else table.filled():
                known.append((table, columns))
    widened = list(rows)
    for alike in _alike(known):
        depth = max(table.depth for table, _ in alike)
        for table, columns in alike:
            for number, pieces in table.widened(columns, depth):
                widened[number] = (rows[number][0], pieces)
    return widened


def _alike(tables: Sequence["_Known"]) -> list[list["_Known"]]:
    """Tables one after the other whose columns stand under each other: mostly one, its header printed again."""
    runs: list[list[_Known]] = []
    for table, columns in tables:
        before = runs[-1][-1][1] if runs else []
        if len(before) == len(columns) and _are_distinct(columns, before):
            runs[-1].append((table, columns))
        else:
            runs.append([(table, columns)])
    return runs


def _tail(pieces: Sequence[Piece]) -> int:
    """How many figures end a row; none where a blank inside one says that it may be two, and nothing where."""
    count = 0
    for piece in reversed(pieces):
        if not is_figure(piece):
            break
        if " " in piece.text and not piece.parts:
            return 0
        count += 1
    return count


# Rows cut by a page


def _mended(rows: Sequence[Row]) -> list[Row]:
    """Rows with those whole that a page cut in two: the label at its foot, the figures at the head of the next one.

    The header may be printed again between them. One figure alone may be a page number: it is put behind the label, but
    not in its row.
    """
    mended: list[Row] = []
    first: dict[tuple[str, ...], int] = {}  # what a row says: the first page that has it
    for page, pieces in rows:
        first.setdefault(_words(pieces), page)
        place = len(mended)
        while place and mended[place - 1][0] == page and first[_words(mended[place - 1][1])] < page:
            place -= 1
        before, above = mended[place - 1] if place else (page, pieces)
        is_cut = before == page - 1 and _is_without_label(pieces) and not any(map(is_figure, above))
        if not is_cut or above[-1].box[2] > pieces[0].box[0]:
            mended.append((page, pieces))
        elif len(pieces) > 1:
            mended[place - 1] = (before, [*above, *pieces])
        else:
            mended.insert(place, (before, pieces))
    return mended


def _is_without_label(pieces: Sequence[Piece]) -> bool:
    """Whether a row is of figures alone, or of figures behind a word as short as a unit."""
    first = pieces[0]
    words = len(pieces) - _tail(pieces)
    return words == 0 or (words == 1 < len(pieces) and first.box[2] - first.box[0] <= UNIT * first.size)


def _words(pieces: Sequence[Piece]) -> tuple[str, ...]:
    return tuple(piece.text for piece in pieces)


# Where tables are


@dataclass
class _Lines:
    """The numbers of the rows of a table: those of its header, those that end with figures, those between, and below.

    What stands below its last figures may be rows of it that are blank, or no more of it.
    """

    header: list[int]
    labels_end: float
    figures: list[int] = field(default_factory=list)
    others: list[int] = field(default_factory=list)
    below: list[int] = field(default_factory=list)


def _tables(rows: Sequence[Row]) -> Iterator[_Lines]:
    """Runs of rows with figures under one header. Words between two of them are a header, or rows without figures."""
    tails = [_tail(pieces) for _, pieces in rows]
    words = [not any(map(is_figure, pieces)) for _, pieces in rows]
    table: _Lines | None = None
    between: list[int] = []
    for number, tail in enumerate(tails):
        if not tail:
            between = [*between, number] if words[number] else []
            continue
        labels_end = _labels_end(rows, tails, number)
        header = _header(rows, between, labels_end, table.labels_end if table else 0.0)
        if header or table is None:
            if table is not None:
                table.below = [other for other in between if other < min(header)]
                yield table
            table = _Lines(header, labels_end)
            between = [other for other in between if header and other > header[-1]]
        table.figures.append(number)
        table.others += between
        between = []
    if table is not None:
        table.below = between
        yield table


def _together(tables: Sequence[_Lines], rows: Sequence[Row]) -> list[list[_Lines]]:
    """Tables with nothing but their own headers between them, in characters of one size: parts of one, set alike."""
    together: list[list[_Lines]] = []
    for table in tables:
        first = table.figures[0]
        before = together[-1][-1].figures[-1] if together else first
        sizes = [piece.size for _, pieces in rows[before : first + 1] for piece in pieces]
        if together and min(sizes) > SAME_SIZE * max(sizes):
            together[-1].append(table)
        else:
            together.append([table])
    return together


def _labels_end(rows: Sequence[Row], tails: Sequence[int], start: int) -> float:
    """Where the labels end, in the rows with figures from `start` on that no heading divides."""
    end = 0.0
    for (_, pieces), tail in zip(rows[start:], tails[start:], strict=True):
        if not tail and _is_heading(pieces):
            break
        if 0 < tail < len(pieces):
            end = max(end, pieces[-tail - 1].box[2])
    return end


def _is_heading(pieces: Sequence[Piece]) -> bool:
    return len(pieces) == 1 and len(pieces[0].text) >= HEADING


def _header(rows: Sequence[Row], between: Sequence[int], labels_end: float, before: float) -> list[int]:
    """Of the rows of words above a row of figures, those of the header: from its lowest line up as far as it reaches.

    The lowest line has words right of where the labels end. What ends left of where those of the table `before` do is
    a label of that one.
    """
    lowest = next(
        (
            place
            for place in reversed(range(len(between)))
            if len(pieces := rows[between[place]][1]) > 1
            and any(piece.box[LEFT] >= labels_end and piece.box[2] > before for piece in pieces)
        ),
        None,
    )
    if lowest is None:
        return []
    header, height = [between[lowest]], 0.0
    for number in between[lowest + 1 :]:  # the rest of a word set on several lines
        if any(piece.box[LEFT] < labels_end for piece in rows[number][1]):
            break
        header.append(number)
    for number, below in zip(reversed(between[:lowest]), reversed(between[1 : lowest + 1]), strict=True):
        (page, pieces), (page_below, pieces_below) = rows[number], rows[below]
        if page == page_below:
            height += pieces_below[-1].middle - pieces[-1].middle
        if height > HEADER * pieces_below[-1].size:
            break
        header.insert(0, number)
    return header


# Where columns are


_Parts = dict[int, tuple[list[Piece], list[Piece]]]
"""By the number of a row its labels and its figures."""


@dataclass(frozen=True)
class _Table:
    """What a table prints: the labels and figures of its rows, its header, where it has words that head a column.

    `doubtful` are rows with figures so near to each other that they may be several: they are no witnesses of columns.
    """

    rows: _Parts
    header: dict[int, list[Piece]]
    words: list[Piece]
    heads: list[Span]
    doubtful: _Parts

    @property
    def figures(self) -> list[list[Span]]:
        """Where the figures of each row stand."""
        return [[span_of(figure) for figure in figures] for _, figures in self.rows.values()]

    def apart(self, columns: Sequence[Span]) -> _Parts:
        """The doubtful rows with figures divided that run on over several columns; without figures where that fails."""
        if not self.doubtful:
            return {}
        heads = self.heads if len(self.heads) == len(columns) else []
        figures = [figures for _, figures in [*self.rows.values(), *self.doubtful.values()]]
        division = Division(figures, columns, heads)
        return {number: (labels, division.divided(row)) for number, (labels, row) in self.doubtful.items()}

    def joined(self, other: "_Table") -> "_Table":
        """This table with one whose rows are all doubtful, its second part."""
        return replace(
            self,
            header=self.header | other.header,
            words=[*self.words, *other.words],
            doubtful=self.doubtful | other.doubtful,
        )

    def full(self) -> "_Table":
        """This table with those rows sure in which each head has a figure of its own."""
        apart = self.apart(self.heads)
        full = {number: row for number, row in apart.items() if len(row[1]) == len(self.heads) > 0}
        rest = {number: row for number, row in self.doubtful.items() if number not in full}
        return replace(self, rows=full, doubtful=rest)

    def ways(self) -> list["_Way"]:
        """The ways to see the columns under the heads: with figures below them, or beside them on either side."""
        united = _united(span for row in self.figures for span in row)
        over = dict(zip(united, _places(united, self.heads), strict=True))
        if any(len(places) > 1 for places in over.values()):
            return []
        below = {span: places[0] for span, places in over.items() if places}
        if len(below) == len(united):
            return self._way(below, below, None)
        ways = []
        for side in (LEFT, RIGHT):
            beside = {span: sum(head < span for head in self.heads) - side for span in united if span not in below}
            places = [*below.values(), *beside.values()]
            if all(place in range(len(self.heads)) and places.count(place) == 1 for place in beside.values()):
                ways += self._way({**below, **beside}, below, side)
        return ways

    def _way(self, places: Mapping[Span, int], below: Collection[Span], side: int | None) -> list["_Way"]:
        """Heads with their figures, some `below` them; none if columns overlap or a row has two figures in one."""
        groups = [[head, *(span for span in places if places[span] == place)] for place, head in enumerate(self.heads)]
        columns = [(min(left for left, _ in group), max(right for _, right in group)) for group in groups]
        apart = all(left[RIGHT] <= right[LEFT] for left, right in pairwise(columns))
        if not apart or not all(_are_distinct(row, columns) for row in self.figures):
            return []
        width = min((right[LEFT] - left[LEFT] for left, right in pairwise(self.heads)), default=0.0)
        pairs = [(span, self.heads[place]) for span, place in places.items()]
        if side is None:
            aside = [(sum(span) - sum(head)) / 2 for span, head in pairs]
            sides = {RIGHT if by > 0 else LEFT for by in aside if abs(by) > ASIDE * width}
            leans = len(sides) == 1 and min(map(abs, aside)) > ASIDE * width
            return [_Way(columns, sides.pop() if leans else None, sure=True)]
        aside = [span[side] - sum(head) / 2 for span, head in pairs]
        spread = max(aside) - min(aside)
        in_line = len(below) >= FEWEST_BELOW and spread < ALIGNED
        return [_Way(columns, side, sure=in_line or len(self.heads) == 1, even=spread <= EVEN * width)]

    def filled(self) -> list[Span]:
        """The columns that the figures alone show: a row has one in each, and there are no more heads."""
        columns = _united(span for row in self.figures for span in row)
        full = len(columns) > 1 and any(len(row) == len(columns) >= len(self.heads) for row in self.figures)
        return columns if full and all(_are_distinct(row, columns) for row in self.figures) else []

    @property
    def depth(self) -> int:
        """How many labels a row has at most."""
        return max(len(labels) for labels, _ in [*self.rows.values(), *self.doubtful.values()])

    def widened(self, columns: Sequence[Span], depth: int) -> Iterator[tuple[int, list[Piece]]]:
        """Each row as wide as all: `depth` labels, then a cell a column; none if a label stands where a column does."""
        begin = columns[0][LEFT]
        if any(piece.box[2] > begin for piece in self.words):
            return
        for number, (labels, figures) in [*self.rows.items(), *self.apart(columns).items()]:
            if figures:
                yield number, [*_blanks_before(labels, depth, figures[0]), *_in_columns(figures, columns)]
        for number, pieces in self.header.items():
            if _is_heading(pieces):
                continue
            stub = [piece for piece in pieces if piece.box[2] <= begin]
            over = pieces[len(stub) :]
            if over and len(stub) <= depth and _are_distinct(map(span_of, over), columns):
                yield number, [*_blanks_before(stub, depth, over[0]), *_in_columns(over, columns)]


def _table(lines: _Lines, rows: Sequence[Row]) -> _Table | None:
    """The table that stands on lines; None where one of them may be a page number, as far as labels tell."""
    parts = {}
    for number in lines.figures:
        pieces = rows[number][1]
        parts[number] = pieces[: -_tail(pieces)], pieces[-_tail(pieces) :]
    if any(labels for labels, _ in parts.values()):
        parts = {number: part for number, part in parts.items() if part[0]}
    elif len(parts) > 1:
        return None
    begin = min(figures[0].box[0] for _, figures in parts.values())
    words = [piece for labels, _ in parts.values() for piece in labels]
    words += [piece for number in lines.others for piece in rows[number][1]]
    labels = [span_of(piece) for piece in words if piece.box[2] <= begin]
    header = {number: rows[number][1] for number in lines.header}
    heads = _heads(list(header.values()), labels)
    sure, doubtful = _told_apart(parts, heads)
    return _Table(sure, header, words, heads, doubtful)


def _with_witnesses(together: Sequence[_Lines], rows: Sequence[Row]) -> list[tuple[_Lines, _Table]]:
    """Tables with rows that are sure. One without any goes with the part before it, if that has its heads just there.

    It may have one more, that of its few labels. Else it may be a single full row: its own figures then tell how they
    stand under the heads.
    """
    found: list[tuple[_Lines, _Table]] = []
    for lines in together:
        table = _table(lines, rows)
        if table is None:
            continue
        before = found[-1][1] if found else table
        if table.rows:
            found.append((lines, table))
        elif before is not table and _are_alike(before.heads, table.heads[-len(before.heads) :]):
            found[-1] = found[-1][0], before.joined(table)
        elif (full := table.full()).rows:
            found.append((lines, full))
    return found


def _are_alike(heads: Sequence[Span], others: Sequence[Span]) -> bool:
    pairs = list(zip(heads, others, strict=False))
    return len(heads) == len(others) and all(
        abs(a - b) <= ALIGNED for pair in pairs for a, b in zip(*pair, strict=True)
    )


def _told_apart(parts: _Parts, heads: Sequence[Span]) -> tuple[_Parts, _Parts]:
    """Rows all of whose figures are certain to be one each, and the others."""
    doubtful = {number for number, (_, figures) in parts.items() if any(_is_doubtful(each, heads) for each in figures)}
    sure = {number: row for number, row in parts.items() if number not in doubtful}
    return sure, {number: parts[number] for number in parts if number in doubtful}


def _is_doubtful(figure: Piece, heads: Sequence[Span]) -> bool:
    """Whether what looks like one figure may be several: printed apart, and with a gap or under several heads."""
    return bool(figure.parts) and (" " in figure.text or len(_places([span_of(figure)], heads)[0]) > 1)


def _in_strips(lines: _Lines, rows: Sequence[Row]) -> "_Known | None":
    """A table whose header has a word over every column, that of the labels too, with what it prints below them.

    So units and running numbers have columns of their own, and rows without figures are as wide as all. None where a
    piece stands in two columns, or a column has not just one head. Figures without a label are no row: one may be a
    page number, several another row's.
    """
    inside = {number: rows[number][1] for number in sorted([*lines.figures, *lines.others])}
    header = {number: rows[number][1] for number in lines.header}
    for heads in reversed(header.values()):
        columns = [span_of(head) for head in heads]
        parts: _Parts = {
            number: ([], line)
            for number, line in inside.items()
            if number in lines.others or (len(line) > 1 and not places_of(span_of(line[0]), columns[1:]))
        }
        sure, doubtful = _told_apart(parts, columns)
        printed = [heads, *(line for _, line in sure.values())]
        strips = _united(span_of(piece) for line in printed for piece in line)
        over = _places([span_of(piece) for pieces in header.values() for piece in pieces], strips)
        if (
            not sure.keys() & {*lines.figures}
            or len(heads) != len(strips)
            or len(heads) == 1
            or not all(_fit(line, strips) for line in printed)
            or not all(over)
        ):
            continue
        fits = [len(rows[other][1]) > 1 and _fit(rows[other][1], strips) for other in lines.below]
        sure |= {other: ([], rows[other][1]) for other in lines.below[: [*fits, False].index(False)]}
        whole = {number: row for number, row in sure.items() if len(row[1]) > 1}
        return _Table(whole, header, [], columns, doubtful), strips
    return None


def _heads(header: Sequence[list[Piece]], labels: Sequence[Span]) -> list[Span]:
    """Where the words are that head a single column each: those of the lowest line, and above it those over none.

    One of a line may head the labels: it begins over them, or is centred over all that is left of the next one. Were
    there more, words of a row would stand in a column.
    """
    begin, end = min(labels, default=(0.0, 0.0))[LEFT], max((right for _, right in labels), default=0.0)
    heads: list[Span] = []
    for line in reversed(header):
        over = [] if _is_heading(line) else [span_of(piece) for piece in line if piece.box[0] >= end]
        if len(over) < len(line) - 1:
            return []
        heads += [span for span in over if not any(_places([span], heads))]
    heads.sort()
    of_labels = len(heads) > 1 and bool(labels) and sum(heads[0]) - begin <= heads[1][LEFT]
    return heads[1:] if of_labels else heads


@dataclass(frozen=True)
class _Way:
    """Columns, as they may be.

    `side`: that of their heads on which figures stand, if they all do. `sure`: they stand below, or just where those do
    that stand below. `even`: all are about as far from their heads.
    """

    columns: list[Span]
    side: int | None
    sure: bool = False
    even: bool = False


_Known = tuple[_Table, list[Span]]


def _united(spans: Iterable[Span]) -> list[Span]:
    """What spans cover, from left to right."""
    united: list[Span] = []
    for left, right in sorted(spans):
        if united and left < united[-1][RIGHT]:
            united[-1] = (united[-1][LEFT], max(united[-1][RIGHT], right))
        else:
            united.append((left, right))
    return united


def _places(spans: Iterable[Span], columns: Sequence[Span]) -> list[list[int]]:
    """For each span the columns it overlaps."""
    return [places_of(span, columns) for span in spans]


def _are_distinct(spans: Iterable[Span], columns: Sequence[Span]) -> bool:
    """Whether each stands in one column, and no two in the same."""
    places = _places(spans, columns)
    return all(len(over) == 1 for over in places) and len({over[0] for over in places}) == len(places)


def _fit(pieces: Iterable[Piece], columns: Sequence[Span]) -> bool:
    return _are_distinct(map(span_of, pieces), columns)


def _in_columns(pieces: Sequence[Piece], columns: Sequence[Span]) -> list[Piece]:
    """A cell for each column: the piece that stands in it, or a blank one."""
    _, top, _, bottom = pieces[0].box
    cells = [Piece("", (left, top, right, bottom), pieces[0].size) for left, right in columns]
    for (place,), piece in zip(_places(map(span_of, pieces), columns), pieces, strict=True):
        cells[place] = piece
    return cells


def _blanks_before(labels: Sequence[Piece], depth: int, beside: Piece) -> list[Piece]:
    """The labels of a row, after as many blank cells as it has fewer than other rows."""
    left, top, _, bottom = (labels[0] if labels else beside).box
    return [*[Piece("", (left, top, left, bottom), beside.size)] * (depth - len(labels)), *labels]
