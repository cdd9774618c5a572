"""A PDF read from where its characters stand, whatever is drawn around them: lines by height, cells by gaps.

This is the whole reading of a PDF without ruled lines, the second one of a PDF with them, and it reads the prose
between ruled tables.
"""

from collections.abc import Iterable, Iterator, Sequence

from pipeline.readers.document import Cell, Document
from pipeline.readers.pdf_columns import Row, with_columns
from pipeline.readers.pdf_lines import Line, content, lines_in_pieces, lines_of
from pipeline.readers.pdf_page import Page
from pipeline.readers.pdf_stacks import whole_words

PROSE_LINE = 20
"""Characters a line of prose has at least when the width of the text is measured."""


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
    return with_paragraphs(with_columns(rows))


def cells_of(rows: Iterable[Row]) -> Iterator[Cell]:
    """Rows as the cells of a document."""
    for row, (page, pieces) in enumerate(rows):
        for column, piece in enumerate(pieces):
            left, top, right, bottom = (round(side) for side in piece.box)
            yield Cell(piece.text, row, column, f"page {page} box {left},{top},{right},{bottom}")


def with_paragraphs(rows: Sequence[Row]) -> list[Row]:
    """Rows with the lines of a paragraph joined: a full line goes on with the next one that begins at the margin."""
    prose = [pieces[0].box for _, pieces in rows if len(pieces) == 1 and len(pieces[0].text) >= PROSE_LINE]
    if not prose:
        return list(rows)
    left, right = min(box[0] for box in prose), max(box[2] for box in prose)
    joined: list[Row] = []
    open_end = False
    for page, pieces in rows:
        text, box, size, _ = pieces[0]
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
