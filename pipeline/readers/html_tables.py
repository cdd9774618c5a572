"""Tables whose source has no slip are read as they are written, without a tree: they are most of a page.

A table is taken only when all of it is understood: every tag is known, is closed where it should be, and does nothing
to its text; its rows hold nothing but cells; and no cell may be a part of the page instead. What is read is then what
the tree would say. A mark is left in its place, and `html` reads the whole page by its tree unless it meets each mark
where a table may stand. So a table in a comment, a script, or an attribute is none.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain
from operator import itemgetter
from secrets import token_hex
from typing import NamedTuple

from pipeline.readers.document import CellColumns
from pipeline.readers.html_elements import CELLS, LONGEST_CELL, PARTS_OF_TABLES, on_one_line, span, styles_of
from pipeline.readers.html_grid import Placed, Spanned, placed

_TABLE = re.compile(r"<(/?)[Tt][Aa][Bb][Ll][Ee](?=[\s>])[^>]*>")
_NO_BRACKETS = bytes(byte for byte in range(256) if byte not in b"<>")
_FIGURE = re.compile(r">([0-9]+)</t")
"""A number that is a cell, most likely."""
_NAME = r"[a-z][a-z0-9:]*"
_VALUE = r"""(?:"[^"&]*"|'[^'&]*'|[^\s"'=`&/]+)"""
_ATTRIBUTE = rf"\s+([a-z_][-a-z0-9_:.]*)(?:\s*=\s*({_VALUE}))?"
_ATTRIBUTES = re.compile(_ATTRIBUTE, re.IGNORECASE)
_OPENING = re.compile(rf"({_NAME})((?:{_ATTRIBUTE})*)\s*", re.IGNORECASE | re.ASCII)
_CLOSING = re.compile(rf"/({_NAME})\s*", re.IGNORECASE | re.ASCII)
_LONGEST_PATTERN = 50_000
"""The source of a longer table is not remembered,"""
_LONGEST_TAG = 2000
"""nor such a tag."""
_MOST_TAGS = 8192
"""So many tags are remembered."""
_LETTERS = {
    "table": "T",
    "tr": "R",
    "br": "N",
    "p": "P",
    "div": "V",
    "span": "S",
    "font": "F",
    "b": "B",
    "strong": "G",
    "i": "I",
    "em": "E",
    "u": "U",
    "o:p": "O",
    **dict.fromkeys(PARTS_OF_TABLES, "H"),
    **dict.fromkeys(CELLS, "D"),
}
"""A letter for each element, as it begins; the small one is its end."""
_IN_LINES = ("Ss", "Oo", "Ff", "Bb", "Gg", "Ii", "Ee", "Uu")
_DEEPEST = 20
"""Tags of a line in each other that deep are left to the tree."""
_PARAGRAPHS = ("Pp", "Vv")
_UNKNOWN = "!"
_CELL = r"D\d+,\d+;d"
_ROWS = rf"(?:R(?:{_CELL})+r)+"
_SOUND = re.compile(rf"T(?:(?:H{_ROWS}h)+|{_ROWS})t")
_SPANS = re.compile(r"(R)|D(\d+),(\d+);")
_OPENED, _CLOSED, _LINE_ENDS = "\x01", "\x02", "\x1e"
"""Stand for tags between texts; no source has any of them, and the last is white space."""
_BETWEEN = re.compile(rf"{_CLOSED}\s*{_OPENED}")
_TABBED = re.compile(r"[^\s<>]\t[^<>\n]*\t")
"""Tabs between words may show cells."""
_BLANKS = " \t\n"
_ODD = re.compile(r"[\x00-\x08\x0b-\x1d\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
"""What not every parser passes on as it is."""
_REFERENCE = re.compile(r"&(?:(\w+);)?")
_REFERENCES = {"nbsp": "\xa0", "ensp": "\u2002", "emsp": "\u2003", "lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCES |= {"ldquo": "“", "rdquo": "”", "mdash": "—", "middot": "·"}
_MARK = token_hex(8)
"""No source can hold it by chance or on purpose."""


@dataclass(slots=True)
class WrittenTable:
    """A table of several cells read from its source: its shape, and the text of each cell."""

    shape: "_Shape"
    texts: list[str]

    def cells(self, number: int) -> CellColumns:
        """Its cells as those of the table of a number, the first row of a document."""
        blanks = tuple([not self.texts[cell] for cell in self.shape.wide])
        order, rows, columns, places = _laid_out(self.shape, blanks, number)
        return CellColumns([*order([*self.texts, ""])], rows, columns, places)


def cut_out(source: str) -> tuple[str, list[WrittenTable]]:
    """A page with a mark for each table that can be read as it is written, and these tables."""
    tables: list[WrittenTable] = []
    parts, at, begin = [], 0, None
    for tag in _TABLE.finditer(source):
        if not tag[1]:
            begin = tag.start()
        elif begin is not None:
            if table := _read(source[begin : tag.end()]):
                parts += [source[at:begin], f"<table><tr><td>{_MARK}{len(tables)}</td></tr></table>"]
                at = tag.end()
                tables.append(table)
            begin = None
    return "".join([*parts, source[at:]]), tables


def number_of(text: str | None) -> int | None:
    """The number of the table whose mark is the text of a cell."""
    return int(text.removeprefix(_MARK)) if text and text.startswith(_MARK) else None


def _read(source: str) -> WrittenTable | None:
    """A table, if all of it is understood. One that differs from another in its figures alone is read as that was."""
    parts = _FIGURE.split(source)
    figures = parts[1::2]
    pattern = _pattern((*parts[::2],)) if figures and len(source) <= _LONGEST_PATTERN else None
    if pattern:
        return WrittenTable(pattern.shape, [*pattern.order([*pattern.texts, *figures])])
    return _understood(source)


class _Pattern(NamedTuple):
    """A table without its figures: each stands behind all texts, and `order` takes every text from its place."""

    shape: "_Shape"
    texts: list[str]
    order: Callable[[Sequence[str]], Sequence[str]]


@lru_cache(maxsize=256)
def _pattern(words: tuple[str, ...]) -> _Pattern | None:
    """How a table is read whatever figures stand between these words, if each is a cell."""
    planted = [str(10**12 + number) for number in range(len(words) - 1)]
    between = [*(f">{figure}</t" for figure in planted), ""]
    table = _understood("".join(chain.from_iterable(zip(words, between, strict=True))))
    number_of = {figure: number for number, figure in enumerate(planted)}
    if table is None or sorted(filter(number_of.__contains__, table.texts)) != planted:
        return None
    size = len(table.texts)
    order = [size + number_of.get(text, place - size) for place, text in enumerate(table.texts)]
    return _Pattern(table.shape, table.texts, itemgetter(*order))


def _understood(source: str) -> WrittenTable | None:
    """A table read tag by tag."""
    brackets = source.encode("utf-8", "surrogatepass").translate(None, _NO_BRACKETS)
    if brackets != b"<>" * (len(brackets) // 2):
        return None
    parts = source.replace(">", "<").split("<")  # texts and tags in turn
    shape = _shape("".join(map(_KINDS.__getitem__, parts[1::2])))
    if shape is None or ("\t" in source and _TABBED.search(source)):
        return None
    parts[1::2] = map(_STAND_INS.__getitem__, parts[1::2])
    shown = "".join(parts).strip(_BLANKS).replace("&nbsp;", "\xa0")
    if "&" in shown:
        try:
            shown = _REFERENCE.sub(lambda reference: _REFERENCES[reference[1]], shown)
        except KeyError:
            return None
    texts = _BETWEEN.split(shown[1:-1])
    if len(texts) != shape.size or shown.count(_CLOSED) != shape.size or shown[0] + shown[-1] != _OPENED + _CLOSED:
        return None  # something stands between cells
    texts = [*map(str.strip, texts)]
    for number, text in enumerate(texts):
        if not text.isprintable() or "  " in text:
            lines = [line for line in map(str.strip, text.split(_LINE_ENDS)) if line]
            if _ODD.search(text) or (len(lines) > 1 and len(text) > LONGEST_CELL):
                return None
            texts[number] = on_one_line(lines)
    return WrittenTable(shape, texts)


class _Tags(dict[str, str]):
    """One thing that is known of tags; of new ones it is found out."""

    def __init__(self, part: int) -> None:
        super().__init__()
        self.part = part

    def __missing__(self, tag: str) -> str:
        found = _tag(tag)[self.part]
        if len(tag) <= _LONGEST_TAG:
            if len(self) == _MOST_TAGS:
                self.clear()
            self[tag] = found
        return found


_KINDS, _STAND_INS = _Tags(0), _Tags(1)


def _tag(tag: str) -> tuple[str, str]:
    """What a tag, without its brackets, is in the shape of a table, and what stands for it between the texts."""
    closing = _CLOSING.fullmatch(tag)
    opening = _OPENING.fullmatch(tag) if len(tag) <= _LONGEST_TAG else None
    if tag in ("br/", "br /"):
        return "", _LINE_ENDS
    if closing:
        letter = _LETTERS.get(closing[1].lower(), _UNKNOWN).lower()
        return letter if letter != "n" else _UNKNOWN, {"d": _CLOSED, "p": _LINE_ENDS, "v": _LINE_ENDS}.get(letter, "")
    if not opening:
        return _UNKNOWN, ""
    name = opening[1].lower()
    attributes: dict[str, str] = {}
    for key, value in _ATTRIBUTES.findall(opening[2]):
        attributes.setdefault(key.lower(), value.strip("\"'"))
    letter = _LETTERS.get(name, _UNKNOWN) if not styles_of(name, attributes) else _UNKNOWN
    if letter == "D":
        return f"D{span(attributes.get('colspan', '1'))},{span(attributes.get('rowspan', '1'))};", _OPENED
    return ("", _LINE_ENDS) if letter == "N" else (letter, _LINE_ENDS if letter in "PV" else "")


class _Shape:
    """The rows of a table and the spans of their cells; `wide` are those that cover more than one place."""

    def __init__(self, rows: list[list[Spanned]]) -> None:
        self.rows = rows
        cells = [cell for row in rows for cell in row]
        self.size = len(cells)
        self.wide = [number for number, cell in enumerate(cells) if cell.columns > 1 or cell.rows > 1]

    @cached_property
    def firsts(self) -> list[int]:
        """The number of the first cell of each row."""
        return [sum(map(len, self.rows[:number])) for number in range(len(self.rows))]

    def filled(self, blanks: Sequence[bool]) -> list[list[Spanned]]:
        """Its rows with some text in all cells but those wide ones that are blank."""
        blank = {cell for cell, is_blank in zip(self.wide, blanks, strict=True) if is_blank}
        return [
            [cell._replace(text="" if first + number in blank else "x") for number, cell in enumerate(row)]
            for first, row in zip(self.firsts, self.rows, strict=True)
        ]


def _shape(tags: str) -> _Shape | None:
    """The shape of a table by its tags, if each is known and closed in its place."""
    for _ in range(_DEEPEST):
        size = len(tags)
        for pair in _IN_LINES:
            tags = tags.replace(pair, "")
        if len(tags) == size:
            break
    for pair in _PARAGRAPHS:
        tags = tags.replace(pair, "")
    return _sound(tags)


@lru_cache(maxsize=1024)
def _sound(tags: str) -> _Shape | None:
    if not _SOUND.fullmatch(tags):
        return None
    rows: list[list[Spanned]] = []
    for begins, columns, below in _SPANS.findall(tags):
        if begins:
            rows.append([])
        else:
            rows[-1].append(Spanned("", int(columns), int(below)))
    return _Shape(rows) if sum(map(len, rows)) > 1 else None  # one of a single cell is a frame around its text


_Layout = tuple[Callable[[Sequence[str]], Sequence[str]], list[int], list[int], list[str]]
"""For the cells of a table: what takes their texts out of those written, their rows, columns and places."""


@lru_cache(maxsize=1024)
def _laid_out(shape: _Shape, blanks: tuple[bool, ...], table: int) -> _Layout:
    numbers, rows, columns, places = list[int](), list[int](), list[int](), list[str]()
    for row, cell in _each(placed(shape.filled(blanks))):
        numbers.append(shape.firsts[cell.of_row] + cell.of_cell if cell.text else -1)
        rows.append(row)
        columns.append(cell.column)
        places.append(f"table {table} row {cell.of_row + 1} cell {cell.of_cell + 1}")
    return itemgetter(*numbers), rows, columns, places


def _each(rows: Sequence[Sequence[Placed]]) -> Iterator[tuple[int, Placed]]:
    return ((number, cell) for number, row in enumerate(rows) for cell in row)
