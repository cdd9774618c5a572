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
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count, islice

from lxml import etree

from pipeline.readers import text as plain
from pipeline.readers.document import Cell, Document, Refused

EXTENSIONS = (".html", ".htm")
READING = "cells"
MAX_BYTES = 16 * 2**20
"""Pages may carry pictures inside them; the text of a long report is a fiftieth of this."""

_DECLARED = re.compile(rb"""<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_BELIEVED = frozenset(("big5", "big5hkscs", "cp950"))
"""Encodings a page is believed to be in. GB18030 reads these too, as nonsense; Latin ones read anything as nonsense."""
_OPENING = 8192
"""How many bytes of a page are searched for its encoding."""

_NOT_SHOWN = frozenset(
    ("script", "style", "noscript", "template", "object", "applet", "iframe", "xml", "rt", "rp", "datalist", "svg")
)
_CELLS = frozenset(("td", "th"))
_TABLES = frozenset(("table", "thead", "tbody", "tfoot"))
_PARAGRAPHS = frozenset(("p", "div", "li", "dd"))
"""Where a table is drawn without one, each of these is a cell: blank ones count."""
_TYPED = frozenset(("pre", "textarea", "xmp", "listing", "plaintext"))
_HEADINGS = frozenset(
    ("title", "h1", "h2", "h3", "h4", "h5", "h6", "caption", "legend", "summary", "figcaption", "center")
)
_LISTS = frozenset(("ul", "ol", "dl", "dt", "dir", "menu", "select", "option", "form", "fieldset", "details"))
_PARTS = frozenset(
    ("html", "head", "body", "main", "section", "article", "header", "footer", "nav", "aside", "address")
)
_LINES = frozenset(("br", "hr", "blockquote", "figure", "tr"))
_BLOCKS = _CELLS | _TABLES | _PARAGRAPHS | _TYPED | _HEADINGS | _LISTS | _PARTS | _LINES
"""What stands on lines of its own. Any other element is part of a line, also those that only Word knows."""
_NO_STYLES: frozenset[str] = frozenset()
_HIDDEN = frozenset(("hidden",))
_TAG_STYLES = {
    **dict.fromkeys(_NOT_SHOWN, _HIDDEN),
    **dict.fromkeys(_TYPED, frozenset(("typed",))),
    **dict.fromkeys(("sup", "sub"), frozenset(("raised",))),
    **dict.fromkeys(("del", "s", "strike"), frozenset(("struck",))),
}
_NO_SPANS: dict[str, str] = {}
_FILLED_IN = frozenset((None, "", "text", "number", "tel"))
_STYLES = {
    "hidden": re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE),
    "unseen": re.compile(r"visibility\s*:\s*(?:hidden|collapse)", re.IGNORECASE),
    "struck": re.compile(r"text-decoration[\w-]*\s*:[^;]*line-through", re.IGNORECASE),
    "raised": re.compile(r"vertical-align\s*:\s*(?:super|sub)", re.IGNORECASE),
    "typed": re.compile(r"white-space\s*:\s*(?:pre|break-spaces)", re.IGNORECASE),
}
_TABBED = re.compile(r"\S\t.*\t")
"""Tabs between the words of one line: a table typed as text, whose tabs a browser does not even show."""
_WHITE = re.compile(r"[ \t\n\r\f]+")
_RAISED_DIGITS = str.maketrans("0123456789０１２３４５６７８９", "⁰¹²³⁴⁵⁶⁷⁸⁹⁰¹²³⁴⁵⁶⁷⁸⁹")
_STROKE = "\u0336"
_BROKEN = "⏎"
"""Stands where a line ends between two digits of a cell: they are not one number."""
_PICTURE = "[图]"
"""Stands in a cell that shows nothing but a picture: it is not blank."""
_END_OF_PAGE = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)
"""Sites append to pages what browsers show as well; a strict parser ignores what follows these."""
_LONGEST_CELL = 300
"""A cell of several lines and more letters than this is a part of the page, not of a table."""
_MOST_ELEMENTS = 200_000
"""A report saved by Word has some 10,000."""
_LONGEST_STYLE = 1000
_DEEPEST = 40
"""How many tables may stand in each other."""
_WIDEST = 200
"""Spans that make a row wider than this are not believed."""


def extract(data: bytes) -> str:
    """The rows of a page, dumped.

    Raises Refused: `binary` when the bytes are no text, `not_decodable` when no encoding fits and the damage shows,
    `too_deep` when elements stand in each other so deep that they cannot all be read, `too_large`.
    """
    source, refused = _decode(data)
    document = Document(list(_rows(_shown(source))))
    if refused and any("\ufffd" in cell.text for cell in document.cells):
        raise refused
    return document.dump()


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

    content: list["str | _Table"] = field(default_factory=list)
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
            elif isinstance(part, _Table):
                lines += [line for row in part.rows for cell in row for line in cell.lines()]
            else:
                lines += filter(None, map(str.strip, part.split("\n")))
        return lines

    def holds_table(self) -> bool:
        """Whether a table stands in this cell; one of a single cell is no more than a frame around its text."""
        tables = [part for part in self.content if isinstance(part, _Table)]
        return bool(tables) and any(sum(map(len, part.rows)) > 1 or part.rows[0][0].holds_table() for part in tables)

    def text(self) -> str:
        """The whole text on one line."""
        whole = ""
        lines = self.lines()
        if len(lines) == 1:
            return _WHITE.sub(" ", lines[0]) if not lines[0].isprintable() or "  " in lines[0] else lines[0]
        for line in lines:
            parted = _BROKEN if whole[-1:].isdigit() and line[:1].isdigit() else " "
            whole += (parted if whole else "") + _WHITE.sub(" ", line)
        return whole


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
    page = _Page()
    root = _tree(source)
    if root is None:  # there is nothing in it
        return page.cells[0]
    outer = [_NO_STYLES]
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if event == "start":
            attributes = element.items()
            own = _styles(element.tag, dict(attributes)) if attributes else _TAG_STYLES.get(element.tag, _NO_STYLES)
            outer.append(outer[-1] | own if own else outer[-1])
            if "hidden" in own:
                walk.skip_subtree()
                continue
            _begin(page, element.tag, attributes)
            if text := element.text:
                page.line.append(_text(text, outer[-1]))
        else:
            if "hidden" not in outer.pop():
                _end(page, element)
            if tail := element.tail:
                page.line.append(_text(tail, outer[-1]))
    page.end_line()
    page.end_row()
    return page.cells[0]


def _tree(source: str) -> "etree._Element | None":
    """The elements of a page, or None without any."""
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = etree.fromstring(_END_OF_PAGE.sub("", source).encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return None
    if root is None:
        return None
    if any(error.type_name == "ERR_RESOURCE_LIMIT" for error in parser.error_log):
        raise _too_deep()
    if sum(1 for _ in islice(root.iter(), _MOST_ELEMENTS + 1)) > _MOST_ELEMENTS:
        raise Refused("too_large", "The page has far more elements than any report.", "Check what kind of file it is.")
    return root


def _styles(tag: str, attributes: Mapping[str, str]) -> frozenset[str]:
    """What an element does to the text in it: `hidden`, `unseen`, `struck`, `raised`, `typed`."""
    style = attributes.get("style")
    found = _HIDDEN if "hidden" in attributes else _TAG_STYLES.get(tag, _NO_STYLES)
    return found | _of_style(style[:_LONGEST_STYLE], tag in _BLOCKS) if style else found


@lru_cache(maxsize=4096)
def _of_style(style: str, is_block: bool) -> frozenset[str]:
    found = frozenset(name for name, pattern in _STYLES.items() if pattern.search(style))
    return found - {"raised"} if is_block else found  # only what is part of a line can be raised in it


def _text(text: str, styles: frozenset[str]) -> str:
    """A piece of text as it is shown. Only where white space counts does it keep its line feeds and tabs."""
    if not styles and text.isprintable() and "  " not in text:
        return text
    if "unseen" in styles:
        return ""
    text = plain.INVISIBLE.sub("", text)
    if "typed" not in styles and not _TABBED.search(text):
        text = _WHITE.sub(" ", text)
    if "raised" in styles:
        text = text.translate(_RAISED_DIGITS)
    if "struck" in styles:
        text = "".join(character + _STROKE if character.isalnum() else character for character in text)
    return text


def _begin(page: _Page, tag: str, attributes: Sequence[tuple[str, str]]) -> None:
    if tag == "input":
        given = dict(attributes)
        page.line.append(given.get("value", "") if given.get("type") in _FILLED_IN else "")
    elif tag in _BLOCKS:
        page.end_line()
    if tag in _CELLS:
        spans = dict(attributes) if attributes else _NO_SPANS
        page.begin_cell(_span(spans.get("colspan", "1")), _span(spans.get("rowspan", "1")))
    elif tag == "tr":
        page.begin_row()
    elif tag in _TABLES:
        page.end_table() if tag == "table" else page.end_row()


def _end(page: _Page, element: "etree._Element") -> None:
    tag = element.tag
    if tag not in _BLOCKS:
        return
    has_text = page.end_line()
    if tag in _CELLS:
        cell = page.cells[-1]
        if not cell.lines() and element.find(".//img") is not None:
            cell.content.append(_PICTURE)
        page.end_cell()
    elif tag in _TABLES or tag == "tr":
        page.end_table() if tag == "table" else page.end_row()
    elif tag in _PARAGRAPHS and not has_text and len(element) == 0:
        page.blank_line()


def _span(printed: str) -> int:
    if printed == "1":
        return 1
    digits = printed.strip()
    return max(1, min(int(digits), 10**6)) if digits.isdecimal() and len(digits) < 9 else 1


# Rows


def _rows(page: _Cell) -> Iterator[Cell]:
    """The cells of a page in reading order: a paragraph is a row, divided as a line of text is."""
    row = paragraph = 0
    for part in _parts(page, count(1)):
        if isinstance(part, str):
            paragraph += 1
            cells = _paragraph(part, paragraph)
        else:
            cells = part
        yield from (Cell(text, row + below, column, place) for text, below, column, place in cells)
        row += cells[-1].row + 1


def _paragraph(line: str, number: int) -> list[Cell]:
    """The cells of a line of prose, which may be a row typed with tabs or pipes; one blank cell if it is blank."""
    (document,) = plain.arrange(line)
    place = f"paragraph {number}"
    if "\n" in line:
        cells = [cell._replace(place=f"{place} {cell.place}") for cell in document.cells]
    else:
        cells = [cell._replace(place=place + cell.place.removeprefix("line 1")) for cell in document.cells]
    return cells or [Cell("", 0, 0, place)]


def _parts(cell: _Cell, tables: Iterator[int]) -> Iterator[str | list[Cell]]:
    """The lines of a cell, and the rows of its tables, each as the first of a document.

    Tables are numbered as they come, and those of layout, which dissolve into what stands in their cells, are not.
    """
    for part in cell.content:
        if isinstance(part, str):
            yield part
            continue
        is_layout = [any(map(_is_layout, row)) for row in part.rows]
        grid = None if any(is_layout) else _grid(part.rows)
        table = None
        for number, (row, dissolves) in enumerate(zip(part.rows, is_layout, strict=True)):
            if dissolves:
                for inner in row:
                    yield from _parts(inner, tables)
            else:
                table = table or next(tables)
                yield [
                    Cell(text, 0, column, f"table {table} row {of_row + 1} cell {of_cell + 1}")
                    for column, text, of_row, of_cell in (grid[number] if grid else _as_written(row, number))
                ]


def _is_layout(cell: _Cell) -> bool:
    if not cell.content or (
        len(cell.content) == 1 and isinstance(cell.content[0], str) and "\n" not in cell.content[0]
    ):
        return False  # as almost all are
    if cell.holds_table():
        return True
    lines = cell.lines()
    return len(lines) > 1 and sum(map(len, lines)) > _LONGEST_CELL


_Placed = tuple[int, str, int, int]
"""A cell in a row of a grid: its column and text, and the row and number under which it is written."""


def _as_written(row: list[_Cell], number: int) -> list[_Placed]:
    return [(column, cell.text(), number, column) for column, cell in enumerate(row)]


def _grid(rows: list[list[_Cell]]) -> list[list[_Placed]] | None:
    """The cells of each row in their columns, if the spans of a table make its rows equally wide.

    A span below its last row is nothing.
    """
    covered: dict[int, tuple[int, _Placed]] = {}  # column -> rows it is still covered from above, and what covers it
    grid: list[list[_Placed]] = []
    widths: set[int] = set()
    for number, row in enumerate(rows):
        begun: dict[int, tuple[int, _Placed]] = {}
        firsts: set[int] = set()  # a text stands once, where its cell begins
        column = 0
        for of_cell, cell in enumerate(row):
            while column in covered:
                column += 1
            columns = range(column, column + cell.columns)
            if cell.columns > _WIDEST - column or covered.keys() & columns:
                return None
            text = cell.text()
            firsts.add(column)
            begun |= {place: (cell.rows, (place, text, number, of_cell)) for place in columns}
            column += cell.columns
        whole = covered | begun
        widths.add(len(whole))
        if len(widths) > 1 or max(whole) >= max(widths):
            return None
        grid.append([whole[place][1] for place in sorted(whole) if place in firsts or not whole[place][1][1]])
        if begun and (edge := max(whole)) in begun and grid[-1][-1][0] != edge:
            grid[-1].append((edge, "", number, grid[-1][-1][3]))
        covered = {place: (left - 1, placed) for place, (left, placed) in whole.items() if left > 1}
    return grid
