"""A PDF read from where its characters stand, whatever is drawn around them: lines by height, cells by gaps.

This is the whole reading of a PDF without ruled lines, the second one of a PDF with them, and it reads the prose
between ruled tables.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from pipeline.readers.document import Cell, Document
from pipeline.readers.pdf_lines import ALIGNED, Box, Line, Piece, content, is_figure, lines_in_pieces, lines_of
from pipeline.readers.pdf_page import Page
from pipeline.readers.pdf_stacks import whole_words

PROSE_LINE = 20
"""Characters a line of prose has at least when the width of the text is measured."""

MOST_GRIDS = 20
"""Sets of columns in what should be one table; more are none."""
HEADING = 9
"""Characters of a line that stands alone, from which on it divides tables; the heads of groups of rows have seven."""

Row = tuple[int, list[Piece]]
"""The number of a page, and the pieces on one line of it."""


def text_document(pages: Sequence[Page]) -> Document:
    """The reading of a PDF from its characters alone."""
    kept = content(pages, [lines_of(page.glyphs) for page in pages])
    rows = [row for page, lines in zip(pages, kept, strict=True) for row in rows_of(page, lines)]
    return Document(list(cells_of(finished(rows))))


def rows_of(page: Page, lines: Sequence[Line]) -> list[Row]:
    """Lines of a page as rows of cells."""
    return [(page.number, pieces) for pieces in whole_words(lines_in_pieces(lines))]


def finished(rows: Sequence[Row]) -> list[Row]:
    """Rows with their blank cells, and paragraphs whole."""
    return with_paragraphs(with_blanks(rows))


def cells_of(rows: Iterable[Row]) -> Iterator[Cell]:
    """Rows as the cells of a document."""
    for row, (page, pieces) in enumerate(rows):
        for column, (text, box, _) in enumerate(pieces):
            left, top, right, bottom = (round(side) for side in box)
            yield Cell(text, row, column, f"page {page} box {left},{top},{right},{bottom}")


def with_blanks(rows: Sequence[Row]) -> list[Row]:
    """Rows with their blank cells: where the figures of a row stand under some columns of one fuller row, not all.

    Both stand in one table, which no line of words alone divides. A row whose figures fit no fuller row, or the
    columns of two, stays.
    """
    padded: list[Row] = []
    for divides, run in groupby(rows, key=_divides):
        table = list(run)
        grids = [] if divides else _grids(table)
        padded += [_padded(row, grids) for row in table]
    return padded


def _divides(row: Row) -> bool:
    """Whether a row is a heading, a paragraph, or a bar across a table: one piece of some length, and no figure."""
    [first, *others] = row[1]
    return not others and len(first.text) >= HEADING and not is_figure(first)


Grid = tuple[Box, ...]
"""The figures of a full row: where its columns are."""


def _figures_at_end(pieces: Sequence[Piece]) -> int:
    """How many figures end a row; none where a blank inside one says that it may be two."""
    count = 0
    for piece in reversed(pieces):
        if not is_figure(piece):
            break
        if " " in piece.text:
            return 0
        count += 1
    return count


def _grids(rows: Sequence[Row]) -> list[Grid]:
    """The columns of full rows: those that are no part of wider ones."""
    tails = [
        tuple(piece.box for piece in pieces[-count:]) for _, pieces in rows if (count := _figures_at_end(pieces)) > 1
    ]
    grids: list[Grid] = []
    for tail in sorted(tails, key=len, reverse=True):
        if len(grids) == MOST_GRIDS:
            return []
        if all(_fit(tail, grid) is None for grid in grids):
            grids.append(tail)
    return grids


def _fit(boxes: Sequence[Box], grid: Grid) -> list[int] | None:
    """Which column each box stands in, if all are aligned with columns in the same way: left, right or centred."""
    for edge in (_left, _right, _centre):
        places = [
            [place for place, column in enumerate(grid) if abs(edge(box) - edge(column)) < ALIGNED] for box in boxes
        ]
        if all(len(under) == 1 for under in places) and len({under[0] for under in places}) == len(boxes):
            return [under[0] for under in places]
    return None


def _left(box: Box) -> float:
    return box[0]


def _right(box: Box) -> float:
    return box[2]


def _centre(box: Box) -> float:
    return (box[0] + box[2]) / 2


def _padded(row: Row, grids: Sequence[Grid]) -> Row:
    page, pieces = row
    count = _figures_at_end(pieces)
    if not count:
        return row
    head, tail = pieces[:-count], pieces[-count:]
    fits = [(places, grid) for grid in grids if (places := _fit([piece.box for piece in tail], grid)) is not None]
    if len(fits) != 1 or len(fits[0][1]) == count:
        return row
    places, grid = fits[0]
    if head and head[-1].box[2] > grid[0][0]:  # words stand where a column is
        return row
    _, top, _, bottom = tail[0].box
    cells = [Piece("", (left, top, right, bottom), tail[0].size) for left, _, right, _ in grid]
    for place, piece in zip(places, tail, strict=True):
        cells[place] = piece
    return page, [*head, *cells]


def with_paragraphs(rows: Sequence[Row]) -> list[Row]:
    """Rows with the lines of a paragraph joined: a full line goes on with the next one that begins at the margin."""
    prose = [pieces[0].box for _, pieces in rows if len(pieces) == 1 and len(pieces[0].text) >= PROSE_LINE]
    if not prose:
        return list(rows)
    left, right = min(box[0] for box in prose), max(box[2] for box in prose)
    joined: list[Row] = []
    open_end = False
    for page, pieces in rows:
        text, box, size = pieces[0]
        single = len(pieces) == 1
        if open_end and single and box[0] < left + size and 0.9 < size / joined[-1][1][0].size < 1.1:
            of_page, [before] = joined[-1]
            joined[-1] = (of_page, [before._replace(text=_continued(before.text, text))])
        else:
            joined.append((page, pieces))
        open_end = single and box[2] > right - 1.5 * size and len(text) >= PROSE_LINE / 2
    return joined


def _continued(text: str, more: str) -> str:
    return f"{text} {more}" if text[-1:].isascii() and more[:1].isascii() else text + more
