"""Web pages: their encoding, what of the markup is shown, and where rows and cells are.

Published pages put tables to two uses. A row is *data* when its cells hold text; it is *layout* when a cell of it holds
another table or a whole text, and then its cells are read one after the other as if there were no table. Deciding this
row by row keeps a table whole when a tag that was never closed has swallowed the rest of the page.

Spans are believed only where a whole table agrees with itself. Then a cell has the column of the grid it begins in, so
that rows cut short can be told from rows with merged cells, and a figure stands under the head of its column. A merged
blank cell is a blank one in each row and column that it covers. What a cell with text covers is no cell, but for a
blank one where it ends at the edge of the table: rows stay equally wide. Otherwise a row has just the cells of its
markup, one after the other.

A figure must not grow by what is shown beside it: raised digits stay raised, struck ones stay struck, and digits on two
lines of a cell are kept apart.
"""

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count, islice

from lxml import etree

from pipeline.readers import text as plain
from pipeline.readers.document import Cell, CellColumns, Document, Refused
from pipeline.readers.html_elements import (
    BLOCKS,
    CELLS,
    LONGEST_CELL,
    NO_STYLES,
    PARAGRAPHS,
    TABLES,
    TAG_STYLES,
    WHITE,
    on_one_line,
    span,
    styles_of,
)
from pipeline.readers.html_grid import Spanned, as_written, placed
from pipeline.readers.html_tables import WrittenTable, cut_out, number_of

EXTENSIONS = (".html", ".htm")
READING = "cells"
MAX_BYTES = 16 * 2**20
"""Pages may carry pictures inside them; the text of a long report is a fiftieth of this."""

_DECLARED = re.compile(rb"""<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_BELIEVED = frozenset(("big5", "big5hkscs", "cp950"))
"""Encodings a page is believed to be in. GB18030 reads these too, as nonsense; Latin ones read anything as nonsense."""
_OPENING = 8192
"""How many bytes of a page are searched for its encoding."""

_NO_SPANS: dict[str, str] = {}
_FILLED_IN = frozenset((None, "", "text", "number", "tel"))
_TABBED = re.compile(r"\S\t.*\t")
"""Tabs between the words of one line: a table typed as text, whose tabs a browser does not even show."""
_RAISED_DIGITS = str.maketrans("0123456789０１２３４５６７８９", "⁰¹²³⁴⁵⁶⁷⁸⁹⁰¹²³⁴⁵⁶⁷⁸⁹")
_STROKE = "\u0336"
_PICTURE = "[图]"
"""Stands in a cell that shows nothing but a picture: it is not blank."""
_END_OF_PAGE = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)
"""Sites append to pages what browsers show as well; a strict parser ignores what follows these."""
_MOST_ELEMENTS = 200_000
"""A report saved by Word has some 10,000."""
_ELEMENTS_A_TAG = 4
"""No tag makes so many elements, with those that are understood before it."""
_DEEPEST = 40
"""How many tables may stand in each other."""
_DEEP = 100
"""A table that stands in as many elements is read with them, for a parser may find it too deep."""


def extract(data: bytes) -> str:
    """The rows of a page, dumped.

    Raises Refused: `binary` when the bytes are no text, `not_decodable` when no encoding fits and the damage shows,
    `too_deep` when elements stand in each other so deep that they cannot all be read, `too_large`.
    """
    source, refused = _decode(data)
    cells = _cells(_shown(source))
    if refused and any("\ufffd" in text for text in cells.texts):
        raise refused
    return Document(cells).dump()


def arrange(text: str) -> tuple[Document]:
    """The rows of an extracted page. A place is `table 3 row 5 cell 2`, or `paragraph 12` for lines of prose."""
    return (Document.load(text),)


# Encoding


def _decode(data: bytes) -> tuple[str, Refused | None]:
    """The source of a page; and why it should be refused, if a damaged letter is among what it shows.

    What decodes strictly is right, whatever the page says of itself; its own word counts where UTF-8 fails. Pages cut
    descriptions for their attributes in the middle of a letter: such damage does no harm.
    """
    try:
        return plain.extract(_as_declared(data)), None
    except Refused as refused:
        if refused.code != "not_decodable":
            raise
        mostly_utf8 = len(data.decode("utf-8", "ignore").encode()) >= 0.9 * len(data)
        source = data.decode("utf-8" if mostly_utf8 else "gb18030", "replace")
        return plain.extract(source.encode()), refused


def _as_declared(data: bytes) -> bytes:
    """The bytes in UTF-8 if the page declares an encoding of traditional characters, else as they are."""
    declared = _DECLARED.search(data[:_OPENING])
    if declared is None:
        return data
    try:
        codec = codecs.lookup(declared[1].decode("ascii")).name
        return data if codec not in _BELIEVED or _is_utf8(data) else data.decode(codec).encode()
    except (LookupError, ValueError):
        return data


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


# What is shown


@dataclass(slots=True)
class _Cell:
    """A cell of a table, or the whole page: lines and tables in the order they are shown."""

    content: list["str | _Table | WrittenTable"] = field(default_factory=list)
    columns: int = 1
    rows: int = 1
    open_row: "list[_Cell] | None" = None
    """The row being read inside this cell; None between rows."""

    def lines(self) -> list[str]:
        """The lines that are not blank, of tables inside it too."""
        lines: list[str] = []
        for part in self.content:
            if isinstance(part, str) and "\n" not in part:
                if part := part.strip():
                    lines.append(part)
            elif isinstance(part, WrittenTable):
                lines += filter(None, part.texts)
            elif isinstance(part, _Table):
                lines += [line for row in part.rows for cell in row for line in cell.lines()]
            else:
                lines += filter(None, map(str.strip, part.split("\n")))
        return lines

    def holds_table(self) -> bool:
        """Whether a table stands in this cell; one of a single cell is no more than a frame around its text."""
        tables = [part for part in self.content if not isinstance(part, str)]
        return bool(tables) and any(
            isinstance(part, WrittenTable) or sum(map(len, part.rows)) > 1 or part.rows[0][0].holds_table()
            for part in tables
        )

    def text(self) -> str:
        """The whole text on one line."""
        return on_one_line(self.lines())


@dataclass(slots=True)
class _Table:
    rows: list[list[_Cell]] = field(default_factory=list)
    is_closed: bool = False


class _Page:
    """The page being read: the cells that are open, outermost first, and the line being read in the innermost."""

    def __init__(self) -> None:
        self.cells = [_Cell()]
        self.line: list[str] = []

    def end_line(self) -> bool:
        """End the line being read; says whether anything was on it. A line between cells ends the row."""
        if not self.line:
            return False
        line = "".join(self.line)
        self.line.clear()
        if not line.strip():
            return False
        if self.cells[-1].open_row:
            self.end_row()
        is_typed = "\t" in line or "\n" in line  # its blanks and tabs say where cells are
        self.cells[-1].content.append(line.strip("\n") if is_typed else line.strip())
        return True

    def blank_line(self) -> None:
        """A paragraph without text. Between the cells of a row it is nothing."""
        if not self.cells[-1].open_row:
            self.cells[-1].content.append("")

    def end_row(self) -> None:
        """Put the open row, if it has cells, into the table it belongs to: the last one, unless that is closed."""
        inside = self.cells[-1]
        row, inside.open_row = inside.open_row, None
        if not row:
            return
        last = inside.content[-1] if inside.content else None
        if isinstance(last, _Table) and not last.is_closed:
            last.rows.append(row)
        else:
            inside.content.append(_Table([row]))

    def end_table(self) -> None:
        """Let the next row begin a table of its own."""
        self.end_row()
        last = self.cells[-1].content[-1:]
        if last and isinstance(last[0], _Table):
            last[0].is_closed = True

    def begin_row(self) -> None:
        self.end_row()
        self.cells[-1].open_row = []

    def begin_cell(self, columns: int, rows: int) -> None:
        """Begin a cell, also where no row was begun."""
        if len(self.cells) > _DEEPEST:
            raise _too_deep()
        inside = self.cells[-1]
        cell = _Cell(columns=columns, rows=rows)
        if inside.open_row is None:
            inside.open_row = []
        inside.open_row.append(cell)
        self.cells.append(cell)

    def end_cell(self) -> None:
        self.end_row()
        self.cells.pop()


def _too_deep() -> Refused:
    return Refused(
        "too_deep",
        "The elements of the page stand in each other too deep to be read.",
        "Open the page in a browser and save it again.",
    )


def _shown(source: str) -> _Cell:
    """The lines and tables of a page, without its markup and what it hides."""
    source = _END_OF_PAGE.sub("", source)
    is_small = _ELEMENTS_A_TAG * source.count("<") < _MOST_ELEMENTS
    shorter, written = cut_out(source) if is_small else (source, [])
    page = _walked(_tree(shorter, is_small), written) or _walked(_tree(source, is_small), [])
    return page or _Cell()


def _walked(root: "etree._Element | None", written: Sequence[WrittenTable]) -> _Cell | None:
    """What the elements of a page show; None if it does not have the marks of all tables that were cut out of it."""
    page, met = _Page(), 0
    if root is None:  # there is nothing in it
        return None
    outer = [NO_STYLES]
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if event == "start":
            attributes = element.items()
            own = styles_of(element.tag, dict(attributes)) if attributes else TAG_STYLES.get(element.tag, NO_STYLES)
            outer.append(outer[-1] | own if own else outer[-1])
            if "hidden" in own:
                walk.skip_subtree()
                continue
            _begin(page, element.tag, attributes)
            if element.tag == "table" and met < len(written) and _is_marked(element, met):
                if outer[-1] or len(outer) > _DEEP or len(page.cells) > _DEEPEST:
                    return None
                page.cells[-1].content.append(written[met])
                met += 1
                walk.skip_subtree()
                continue
            if text := element.text:
                page.line.append(_text(text, outer[-1]))
        else:
            if "hidden" not in outer.pop():
                _end(page, element)
            if tail := element.tail:
                page.line.append(_text(tail, outer[-1]))
    page.end_line()
    page.end_row()
    return page.cells[0] if met == len(written) else None


def _is_marked(table: "etree._Element", number: int) -> bool:
    """Whether a table is no more than the mark of the one that was cut out in its place."""
    if len(table) != 1 or table[0].tag != "tr" or len(table[0]) != 1 or table[0][0].tag != "td":
        return False
    return number_of(table[0][0].text) == number


def _tree(source: str, is_small: bool) -> "etree._Element | None":
    """The elements of a page, or None without any."""
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = etree.fromstring(source.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return None
    if root is None:
        return None
    if any(error.type_name == "ERR_RESOURCE_LIMIT" for error in parser.error_log):
        raise _too_deep()
    if not is_small and sum(1 for _ in islice(root.iter(), _MOST_ELEMENTS + 1)) > _MOST_ELEMENTS:
        raise Refused("too_large", "The page has far more elements than any report.", "Check what kind of file it is.")
    return root


def _text(text: str, styles: frozenset[str]) -> str:
    """A piece of text as it is shown. Only where white space counts does it keep its line feeds and tabs."""
    if not styles and text.isprintable() and "  " not in text:
        return text
    if "unseen" in styles:
        return ""
    text = plain.INVISIBLE.sub("", text)
    if "typed" not in styles and not _TABBED.search(text):
        text = WHITE.sub(" ", text)
    if "raised" in styles:
        text = text.translate(_RAISED_DIGITS)
    if "struck" in styles:
        text = "".join(character + _STROKE if character.isalnum() else character for character in text)
    return text


def _begin(page: _Page, tag: str, attributes: Sequence[tuple[str, str]]) -> None:
    if tag == "input":
        given = dict(attributes)
        page.line.append(given.get("value", "") if given.get("type") in _FILLED_IN else "")
    if tag not in BLOCKS:
        return
    page.end_line()
    if tag in CELLS:
        spans = dict(attributes) if attributes else _NO_SPANS
        page.begin_cell(span(spans.get("colspan", "1")), span(spans.get("rowspan", "1")))
    elif tag == "tr":
        page.begin_row()
    elif tag in TABLES:
        page.end_table() if tag == "table" else page.end_row()


def _end(page: _Page, element: "etree._Element") -> None:
    tag = element.tag
    if tag not in BLOCKS:
        return
    has_text = page.end_line()
    if tag in CELLS:
        cell = page.cells[-1]
        if not cell.lines() and element.find(".//img") is not None:
            cell.content.append(_PICTURE)
        page.end_cell()
    elif tag in TABLES or tag == "tr":
        page.end_table() if tag == "table" else page.end_row()
    elif tag in PARAGRAPHS and not has_text and len(element) == 0:
        page.blank_line()


# Rows


def _cells(page: _Cell) -> CellColumns:
    """The cells of a page in reading order: a paragraph is a row, divided as a line of text is."""
    texts, rows, columns, places = list[str](), list[int](), list[int](), list[str]()
    row = paragraph = 0
    for part in _parts(page, count(1)):
        if isinstance(part, str):
            paragraph += 1
            for cell in _paragraph(part, paragraph):
                texts.append(cell.text)
                rows.append(row + cell.row)
                columns.append(cell.column)
                places.append(cell.place)
        else:
            texts += part.texts
            rows += [row + below for below in part.rows]
            columns += part.columns
            places += part.places
        row = rows[-1] + 1
    return CellColumns(texts, rows, columns, places)


def _paragraph(line: str, number: int) -> list[Cell]:
    """The cells of a line of prose, which may be a row typed with tabs or pipes; one blank cell if it is blank."""
    place, cells = f"paragraph {number}", plain.cells_of(line)
    if "\n" in line:
        cells = [cell._replace(place=f"{place} {cell.place}") for cell in cells]
    else:
        cells = [cell._replace(place=place + cell.place.removeprefix("line 1")) for cell in cells]
    return cells or [Cell("", 0, 0, place)]


def _parts(cell: _Cell, tables: Iterator[int]) -> Iterator[str | CellColumns]:
    """The lines of a cell, and the rows of its tables, each as the first of a document.

    Tables are numbered as they come, and those of layout, which dissolve into what stands in their cells, are not.
    """
    for part in cell.content:
        if isinstance(part, str):
            yield part
            continue
        if isinstance(part, WrittenTable):
            yield part.cells(next(tables))
            continue
        is_layout = [any(map(_is_layout, row)) for row in part.rows]
        rows = [
            [] if dissolves else [Spanned(cell.text(), cell.columns, cell.rows) for cell in row]
            for row, dissolves in zip(part.rows, is_layout, strict=True)
        ]
        grid = [as_written(row, number) for number, row in enumerate(rows)] if any(is_layout) else placed(rows)
        table = None
        for row, below, dissolves in zip(part.rows, grid, is_layout, strict=True):
            if dissolves:
                for inner in row:
                    yield from _parts(inner, tables)
            else:
                table = table or next(tables)
                cells = (
                    Cell(text, 0, column, f"table {table} row {of_row + 1} cell {of_cell + 1}")
                    for column, text, of_row, of_cell in below
                )
                yield CellColumns.of([*cells])


def _is_layout(cell: _Cell) -> bool:
    if not cell.content or (
        len(cell.content) == 1 and isinstance(cell.content[0], str) and "\n" not in cell.content[0]
    ):
        return False  # as almost all are
    if cell.holds_table():
        return True
    lines = cell.lines()
    return len(lines) > 1 and sum(map(len, lines)) > LONGEST_CELL
