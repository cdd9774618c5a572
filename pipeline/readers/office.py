"""What the readers of office documents share: the kind of a file, and how paragraphs and tables become rows of cells.

Agencies' sites serve a web page saved by Word as `.doc`, and an RTF or DOCX with whatever ending the form asked for. So
`extract` goes by the content, and the ending decides nothing but who is asked first.

Every format gives characters and says which are raised, lowered or struck out. A raised digit is a footnote's mark:
`5` with the mark 1 must not come out as 51, nor as a 5 of which nobody knows that something was left out. `marked`
writes such characters as what they are, `5¹`, and the parser takes no such cell for a number.
"""

import email
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from io import BytesIO

from lxml import etree

from pipeline.readers import text
from pipeline.readers.document import Cell, Document, Refused

READING = "cells"
MAX_BYTES = 64 * 2**20
"""Reports with photographs in them come near 20 MB."""
MAX_PART = 48 * 2**20
"""A part of a packed document larger than this is no report's text but a bomb."""
MAX_CELLS = 100_000
"""A report has some 600; spreadsheets pasted as an attachment some thousands."""
MAX_DEPTH = 200
"""Elements inside each other; layout tables nested five deep need 60."""
OFF_THE_LINE = 6
"""Half-points above or below the line from which on characters count as raised or lowered; less evens out fonts."""
OBJECT = "\ufffc"
"""Stands for a picture or an embedded object in the line of the text."""
UNKNOWN = "\ufffd"
"""Stands for a character of a symbol font, or anything else printed that has no text."""

_RAISED = str.maketrans("0123456789０１２３４５６７８９", "⁰¹²³⁴⁵⁶⁷⁸⁹" * 2)
_LOWERED = str.maketrans("0123456789０１２３４５６７８９", "₀₁₂₃₄₅₆₇₈₉" * 2)
_STROKE = "\u0336"
_LONGEST_BAR = 100
"""A row of a single cell with more text than this is a frame around paragraphs, not a line of a table."""
_HTML = (b"<html", b"<!doctype html", b"<table", b"<body")


def extract(data: bytes) -> str:
    """The dump of the document in a file, whatever kind of document it is."""
    kind = kind_of(data)
    if kind in ("docx", "odt", "doc", "rtf"):
        document = import_module(f"pipeline.readers.{kind}").read(data)
    else:
        page = import_module("pipeline.readers.html") if kind == "html" else text
        document = page.arrange(page.extract(_page_of_archive(data)))[0]
    dumped: str = document.dump()
    return dumped


def kind_of(data: bytes) -> str:
    """The kind of document the bytes are; `text` when nothing else is certain.

    Raises Refused `unsupported_format` for archives of something else, and for XML.
    """
    if data.startswith(b"PK\x03\x04"):
        return _kind_of_package(data)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "doc"
    head = data[:8192].replace(b"\0", b"").lower().lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if head.startswith(b"{\\rtf"):
        return "rtf"
    if any(mark in head for mark in _HTML) or (head.startswith(b"mime-version:") and b"multipart/related" in head):
        return "html"
    if head.startswith((b"<?xml", b"<w:", b"<pkg:")):
        raise Refused("unsupported_format", "This is a Word document saved as XML.", "Save it as .docx with Word.")
    return "text"


def _kind_of_package(data: bytes) -> str:
    names = set(_package(data).namelist())
    if "word/document.xml" in names or "[Content_Types].xml" in names:
        return "docx"
    if "content.xml" in names:
        return "odt"
    raise Refused("unsupported_format", "This is an archive and not a document.", "Unpack it, then import its files.")


def _page_of_archive(data: bytes) -> bytes:
    """The page in a web archive (`.mht`, which Word writes as `.doc` too); any other bytes as they are."""
    if not data[:200].lower().lstrip().startswith(b"mime-version:"):
        return data
    message = email.message_from_bytes(data)
    pages = [part for part in message.walk() if part.get_content_type() == "text/html"]
    if not pages:
        raise damaged("a web archive without a page")
    page = pages[0].get_payload(decode=True)
    return page if isinstance(page, bytes) else b""


def _package(data: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError) as error:
        raise damaged("a packed document that cannot be unpacked") from error


def part(data: bytes, name: str) -> etree._Element | None:
    """An XML part of a packed document, or None where there is no such part.

    Raises Refused: `damaged`, `encrypted`, `too_large`. Bombs are not unpacked, entities not expanded.
    """
    package = _package(data)
    try:
        entry = package.getinfo(name)
    except KeyError:
        return None
    if entry.flag_bits & 1:
        raise encrypted()
    try:
        with package.open(entry) as stream:
            xml = stream.read(MAX_PART + 1)
    except Exception as error:  # zlib, lzma and zipfile each have errors of their own for damaged bytes
        raise damaged(f"its part {name} cannot be unpacked") from error
    if len(xml) > MAX_PART:
        raise Refused("too_large", f"The part {name} of the document is far larger than any report.", _AGAIN)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise damaged(f"its part {name} is not well-formed") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise damaged(f"its part {name} declares a document type, which no office program writes")
    return root


def name_of(element: etree._Element) -> str:
    """An element's name without its namespace; an empty string for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: etree._Element, name: str) -> str | None:
    """An element's attribute of that name in any namespace."""
    return next((str(value) for key, value in element.items() if str(key).rpartition("}")[2] == name), None)


def check_depth(depth: int) -> None:
    """Refuse a document whose elements lie deeper inside each other than anything written by a program."""
    if depth > MAX_DEPTH:
        raise damaged("more elements lie inside each other than any office program writes")


_AGAIN = "Fetch the file again, or open it and save it anew."


def damaged(how: str) -> Refused:
    """The refusal of a document that is not whole; `how` says what is wrong with it."""
    return Refused("damaged", f"The document is damaged: {how}.", _AGAIN)


def encrypted() -> Refused:
    """The refusal of a document that needs a password."""
    return Refused("encrypted", "The document is protected by a password.", "Save it without a password.")


def marked(characters: str, *, raised: bool = False, lowered: bool = False, struck: bool = False) -> str:
    """Characters with their digits written as what they are: raised `¹`, lowered `₁`, struck out `1̶`."""
    if struck:
        characters = "".join(c + _STROKE if c.isdecimal() else c for c in characters)
    if raised or lowered:
        characters = characters.translate(_RAISED if raised else _LOWERED)
    return characters


def cell_text(lines: Iterable[str]) -> str:
    """The lines of a table's cell as one: joined by a blank, two between digits, so that `1` and `234` are no 1 234."""
    joined = ""
    for line in (part.strip() for whole in lines for part in whole.replace("\t", "\n").split("\n")):
        if line:
            gap = "  " if joined[-1:].isdecimal() and line[0].isdecimal() else " "
            joined += gap + line if joined else line
    return joined


class Blocks:
    """The rows of a document as they come: paragraphs outside tables, and rows of tables.

    Paragraphs are divided as lines of plain text are, for whole tables are typed with tabs and pipes.
    """

    def __init__(self) -> None:
        self._cells: list[Cell] = []
        self._row = 0
        self._paragraphs = 0
        self._tables = 0
        self._lines: list[tuple[str, int]] = []

    def paragraph(self, printed: str) -> None:
        """Add a paragraph outside tables, also an empty one. A tab before its only words indents it."""
        self._paragraphs += 1
        for line in printed.replace(OBJECT, "").split("\n"):
            self._lines.append((line if "\t" in line.strip() else line.strip(), self._paragraphs))

    def table(self) -> int:
        """Begin a table; its number."""
        self._tables += 1
        return self._tables

    def row(self, cells: Sequence[Sequence[str]], table: int, row: int, first: int = 1) -> None:
        """Add a row of a table: the lines of each cell. `first` is the number of its first cell in that row."""
        if len(cells) == 1 and sum(map(len, cells[0])) > _LONGEST_BAR:
            for line in cells[0]:
                self.paragraph(line)
            return
        self._end_paragraphs()
        place = f"table {table} row {row} cell "
        texts = [cell_text(lines) for lines in cells]
        self._add(Cell(words, self._row, column, f"{place}{first + column}") for column, words in enumerate(texts))
        self._row += 1

    def document(self) -> Document:
        """All of it; raises Refused `empty` when nothing is written in it."""
        self._end_paragraphs()
        if not any(cell.text for cell in self._cells):
            raise Refused(
                "empty", "There is no text in the document.", "If it is a picture of the report, read that one instead."
            )
        return Document(self._cells)

    def _end_paragraphs(self) -> None:
        lines, self._lines = self._lines, []
        if not lines:
            return
        for row in text.arrange("\n".join(line for line, _ in lines))[0].rows():
            for cell in row:
                _, line, *words = cell.place.split()
                place = " ".join(("paragraph", str(lines[int(line) - 1][1]), *words))
                self._add([Cell(cell.text, self._row, cell.column, place)])
            self._row += 1

    def _add(self, cells: Iterable[Cell]) -> None:
        self._cells.extend(cells)
        if len(self._cells) > MAX_CELLS:
            raise Refused("too_large", f"The document has more than {MAX_CELLS} cells, so it is no report.", _AGAIN)


@dataclass
class _Level:
    """A table being read: its number and rows so far, the cells of the row that is open, the lines of the cell."""

    table: int
    rows: int = 0
    first: int = 1
    cells: list[list[str]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    is_cut: bool = False


class Marks:
    """The rows of a document whose tables are marks in its text: the end of a line, of a cell, of a row.

    Every line says how many tables it lies in. A cell around another table is cut: what it holds comes as outside.
    """

    def __init__(self, blocks: Blocks) -> None:
        self._blocks = blocks
        self._levels: list[_Level] = []

    def line(self, characters: str, depth: int) -> None:
        """A line ends: a paragraph outside tables, or one inside a cell."""
        self._go_to(depth)
        if self._levels:
            self._levels[-1].lines.append(characters)
        else:
            self._blocks.paragraph(characters)

    def cell(self, characters: str, depth: int) -> None:
        """A cell ends with these characters."""
        self.line(characters, depth)
        level = self._levels[-1]
        if level.is_cut:
            for line in filter(None, level.lines):
                self._blocks.paragraph(line)
            level.first, level.is_cut = level.first + 1, False
        else:
            level.cells.append(level.lines)
        level.lines = []

    def row(self, depth: int, merged: Sequence[str] = ()) -> None:
        """A row ends. `merged` says of each of its cells whether it is part of the one `above` or `before` it."""
        self._go_to(depth)
        level = self._levels[-1]
        if len(merged) == level.first - 1 + len(level.cells):
            kinds = merged[level.first - 1 :]
            pairs = [pair for pair in zip(level.cells, kinds, strict=True) if pair[1] != "before" or any(pair[0])]
            level.cells = [[""] if kind == "above" else lines for lines, kind in pairs]
        self._flush(level)
        level.rows, level.first = level.rows + 1, 1

    def end(self) -> None:
        """The document ends."""
        self._go_to(0)

    def _go_to(self, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise damaged("more tables lie inside each other than any office program writes")
        while len(self._levels) > depth:
            level = self._levels.pop()
            if level.lines:
                level.cells.append(level.lines)
            self._flush(level)
        while len(self._levels) < depth:
            if self._levels:
                self._cut(self._levels[-1])
            self._levels.append(_Level(self._blocks.table()))

    def _cut(self, level: _Level) -> None:
        self._flush(level)
        for line in filter(None, level.lines):
            self._blocks.paragraph(line)
        level.lines, level.is_cut = [], True

    def _flush(self, level: _Level) -> None:
        if level.cells:
            self._blocks.row(level.cells, level.table, level.rows + 1, level.first)
        level.first, level.cells = level.first + len(level.cells), []
