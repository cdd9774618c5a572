"""Plain text: its encodings, and how tables are written in it.

A line is divided by what it shows: tabs, else pipes, else the blanks before figures at its end. Two kinds of line are
no row of their own: a tab and one cell is a cell of the row above, until a blank line ends it (*one cell a line*; a
line without a tab inside such a block goes on with the cell above it), and a rule of dashes or a page number is no
content. All of this occurs in one file, and page breaks cut any of it. A blank line after any other row leaves out a
number in the count of rows: it is all that shows where a page of tabbed rows ends.
"""

import codecs
import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from pipeline.readers.document import Cell, Document, Refused

EXTENSIONS = (".txt",)
READING = "text"
MAX_BYTES = 8 * 2**20
"""No report's text comes near this; what is larger is not a report."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MAGIC = {b"%PDF": "a PDF", b"PK\x03\x04": "a DOCX or ZIP", b"\xd0\xcf\x11\xe0": "a DOC or WPS", b"\x89PNG": "a PNG"}
_MAGIC |= {b"\xff\xd8\xff": "a JPG", b"{\\rtf": "an RTF"}
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
INVISIBLE = re.compile(f"[{_INVISIBLE}]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_NO_CONTROLS = bytes(byte for byte in range(256) if not _CONTROL.match(chr(byte)))
"""Text in any encoding that has no other bytes has no control characters."""
_CONTROL_SHARE = 0.01
"""A stray control character is a scar of copying and becomes a blank; more of them mean that this is no text."""
_PIPES = "|｜│"
_PIPE = re.compile(f"[{_PIPES}]")
_RULE = re.compile(r"[\s|｜│:+\-—–=]*-{3}[\s|｜│:+\-—–=]*")
_FIGURES = re.compile(r"(?:(?:(?<=\s)|^)(?:[+\-－−]?\d[\d.,，]*(?:万?元|件)?|[/／\-－—–]+|无)(?:\s+|$))+$")
_PAGE_NUMBER = re.compile(r"\s*(?:[-－—–]\s*\d{1,4}\s*[-－—–]|第\s*\d{1,4}\s*页(?:[\s,，/]*共\s*\d{1,4}\s*页)?)\s*")
_LAST_OF_FIGURES = frozenset(".,，元件/／-－—–无页")
"""What a line of figures, or with a page number, may end in besides a digit."""
_LONGEST_LABEL = 60
"""A line with more before its figures is prose."""
_LONGEST_LINE = 500
"""A line longer than this is no row of a table."""
_BINARY_HINT = "Check what kind of file it is, and give it the ending of its format."


def extract(data: bytes) -> str:
    """The text of a file: a byte order mark decides, else strict UTF-8, else GB18030. Lines end in a newline.

    Raises Refused: `binary` when the bytes are no text, `not_decodable` when no encoding fits.
    """
    for magic, name in _MAGIC.items():
        if data.startswith(magic):
            raise Refused("binary", f"This is {name} file, not text.", _BINARY_HINT)
    text = _decode(data)
    controls = _CONTROL.findall(text) if data.translate(None, _NO_CONTROLS) else []
    if "\x00" in controls or len(controls) > _CONTROL_SHARE * len(text):
        raise Refused("binary", "The file holds control characters, so it is not text.", _BINARY_HINT)
    text = _CONTROL.sub(" ", text) if controls else text
    if any(mark in text for mark in _INVISIBLE):
        text = INVISIBLE.sub("", text)
    if "\r" in text or "\f" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
    return text


def _decode(data: bytes) -> str:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(encoding)
            except UnicodeDecodeError as error:
                raise _not_decodable(f"it says it is {encoding}", error) from error
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        utf8 = error
    if b"\x00" in data:
        raise Refused("binary", "The file holds NUL bytes, so it is not text.", _BINARY_HINT)
    # Damaged UTF-8 often passes as GB18030 and comes out as nonsense: mostly good UTF-8 is not tried as another.
    if data[: utf8.start].isascii() or len(data.decode("utf-8", "ignore").encode()) < 0.9 * len(data):
        try:
            return data.decode("gb18030")
        except UnicodeDecodeError as error:
            raise _not_decodable("it is neither UTF-8 nor GB18030", error) from error
    raise _not_decodable("it is UTF-8, but damaged", utf8)


def _not_decodable(what: str, error: UnicodeDecodeError) -> Refused:
    return Refused(
        "not_decodable",
        f"The text cannot be decoded: {what} (byte {error.start}).",
        "Fetch the file again, or save it as UTF-8.",
    )


def arrange(text: str) -> tuple[Document]:
    """The rows of cells of an extracted text. A place is the line, and the cell where a line holds several."""
    return (Document(cells_of(text)),)


def cells_of(text: str, line: int = 1, row: int = 0) -> list[Cell]:
    """The cells of a text that begins on a line and in a row."""
    cells: list[Cell] = []
    row, column, in_block = row - 1, 0, False
    for number, (printed, fields) in enumerate(_divided(text), start=line):
        if len(fields) == 1 and fields[0]:
            row, column = (row, column) if in_block else (row + 1, 0)
            cells.append(Cell(fields[0], row, column, f"line {number}"))
        elif len(fields) == 1:
            parts = not printed.strip() and not in_block and bool(cells) and cells[-1].row == row
            row, in_block = row + parts, False
        elif len(fields) == 2 and not fields[0] and printed.startswith("\t"):
            row, column = (row, column + 1) if in_block else (row + 1, 0)
            in_block = True
            cells.append(Cell(fields[1], row, column, f"line {number}"))
        else:
            row, in_block = row + 1, False
            cells.extend(
                Cell(field, row, position, f"line {number} cell {position + 1}")
                for position, field in enumerate(fields)
            )
    return cells


def _divided(text: str) -> Iterable[tuple[str, list[str]]]:
    """Every line with its cells, blanks around them stripped; one blank cell for a blank line or a rule."""
    lines = text.split("\n")
    if not _PIPE.search(text):
        return [(line, _fields(line)) for line in lines]
    return _in_blocks(lines)


def _in_blocks(lines: list[str]) -> Iterator[tuple[str, list[str]]]:
    for piped, block in groupby(lines, key=lambda line: "\t" not in line and _PIPE.search(line) is not None):
        if piped:
            rows = list(block)
            yield from zip(rows, _piped(rows), strict=True)
        else:
            yield from ((line, _fields(line)) for line in block)


def _piped(lines: list[str]) -> Iterator[list[str]]:
    """The cells of adjoining lines with pipes. Where every line begins or ends with one, there is no cell beyond it."""
    rows = [[field.strip() for field in _PIPE.split(line)] for line in lines]
    opened, closed = (all(not row[edge] for row in rows) for edge in (0, -1))
    for line, row in zip(lines, rows, strict=True):
        cells = row[opened : len(row) - closed]
        yield [""] if _RULE.fullmatch(line) or not cells else cells


def _fields(line: str) -> list[str]:
    """The cells of a line without pipes: divided by tabs, else before the figures at its end."""
    if "\t" in line:
        return [field.strip() for field in line.split("\t")]
    printed = line.strip()
    if printed[-1:] not in _LAST_OF_FIGURES and not printed[-1:].isdecimal():
        return [printed]  # neither expression below can match
    if _PAGE_NUMBER.fullmatch(line):
        return [""]
    figures = _FIGURES.search(line) if len(line) <= _LONGEST_LINE else None
    if figures and len(line) - len(figures[0]) <= _LONGEST_LABEL:
        return [*filter(None, [line[: figures.start()].strip()]), *figures[0].split()]
    return [printed]
