"""OpenDocument texts (`.odt`): paragraphs, and tables by their rows and cells, as for Word documents.

A covered cell beside the one that spans it is none; one below the spanning cell is blank.
"""

from collections.abc import Iterator

from lxml import etree

from pipeline.readers.document import Document, Refused
from pipeline.readers.office import (
    MAX_BYTES,
    OBJECT,
    READING,
    UNKNOWN,
    Blocks,
    attribute,
    check_depth,
    damaged,
    encrypted,
    extract,
    marked,
    name_of,
    part,
)

__all__ = ["EXTENSIONS", "MAX_BYTES", "READING", "arrange", "extract", "read"]

EXTENSIONS = (".odt",)

_DROPPED = frozenset({"tracked-changes", "annotation", "ruby-text", "forms", "sequence-decls", "title", "desc"})
"""Not printed: deleted text is kept apart, comments, the readings above characters, and what only describes."""
_WIDEST = 64
"""Cells that one element may stand for; spreadsheets fill their sheet with thousands."""


def arrange(dumped: str) -> tuple[Document]:
    """The document that `extract` dumped."""
    return (Document.load(dumped),)


def read(data: bytes) -> Document:
    """The rows of cells of a document. Raises Refused: `damaged`, `encrypted`, `too_large`, `empty`."""
    manifest = part(data, "META-INF/manifest.xml")
    if manifest is not None and next(manifest.iter("{*}encryption-data"), None) is not None:
        raise encrypted()
    root = part(data, "content.xml")
    text = next(root.iter("{*}text"), None) if root is not None else None
    if root is None or text is None:
        raise Refused("unsupported_format", "This OpenDocument file is no text.", "Save it as .odt.")
    blocks = Blocks()
    _Text(_looks(part(data, "styles.xml"), root)).blocks(text, blocks)
    return blocks.document()


class _Text:
    """A text being read; `looks` are its styles that raise, lower, strike out or hide characters."""

    def __init__(self, looks: dict[str, frozenset[str]]) -> None:
        self._looks = looks

    def blocks(self, parent: etree._Element, into: Blocks, depth: int = 0) -> None:
        """Read the paragraphs and tables of the text, a section, a list, a cell or a text box."""
        check_depth(depth)
        for child in parent:
            name = name_of(child)
            if name in ("p", "h"):
                boxes: list[etree._Element] = []
                into.paragraph(self._line(child, boxes, depth))
                for box in boxes:
                    self.blocks(box, into, depth + 1)
            elif name == "table":
                self._table(child, into, depth)
            elif name not in _DROPPED:
                self.blocks(child, into, depth + 1)

    def _table(self, table: etree._Element, into: Blocks, depth: int) -> None:
        number = into.table()
        for count, row in enumerate(_parts(table, ("table-row",), depth), start=1):
            is_plain = next(row.iter("{*}table"), None) is None
            for _ in range(_times(row, "number-rows-repeated") if is_plain else 1):
                self._row(row, into, (number, count), depth)

    def _row(self, row: etree._Element, into: Blocks, place: tuple[int, int], depth: int) -> None:
        """A row, cut where a cell has a table inside."""
        cells: list[list[str]] = []
        boxes: list[etree._Element] = []
        first, beside = 1, 0
        for cell in _parts(row, ("table-cell", "covered-table-cell"), depth):
            times = _times(cell, "number-columns-repeated")
            if name_of(cell) == "covered-table-cell":
                below = max(times - beside, 0)
                beside = max(beside - times, 0)
                cells += [[""]] * below
                continue
            beside = _times(cell, "number-columns-spanned") - 1
            if next(_parts(cell, ("table",), depth), None) is not None:
                if cells:
                    into.row(cells, *place, first)
                self.blocks(cell, into, depth + 1)
                first, cells = first + len(cells) + 1, []
            else:
                lines = [self._line(line, boxes, depth) for line in _parts(cell, ("p", "h"), depth)]
                cells += [lines] * times
        if cells:
            into.row(cells, *place, first)
        for box in boxes:
            self.blocks(box, into, depth + 1)

    def _line(self, paragraph: etree._Element, boxes: list[etree._Element], depth: int) -> str:
        return "".join(self._pieces(paragraph, frozenset(), boxes, depth))

    def _pieces(
        self, element: etree._Element, look: frozenset[str], boxes: list[etree._Element], depth: int
    ) -> Iterator[str]:
        check_depth(depth)
        yield _marked(element.text, look)
        for child in element:
            name = name_of(child)
            if name == "s":
                yield " " * _times(child, "c")
            elif name in ("tab", "line-break"):
                yield "\t" if name == "tab" else "\n"
            elif name == "note":
                yield marked("".join(_parts_text(child, "note-citation")), raised=True)
            elif name in ("frame", "custom-shape"):
                boxes.extend(child if name == "custom-shape" else child.findall("{*}text-box"))
                yield OBJECT if attribute(child, "anchor-type") == "as-char" and name == "frame" else ""
            elif name == "object":
                yield UNKNOWN
            elif name == "span":
                style = self._looks.get(attribute(child, "style-name") or "", frozenset())
                yield from self._pieces(child, look | style, boxes, depth + 1)
            elif name and name not in _DROPPED:
                yield from self._pieces(child, look, boxes, depth + 1)
            yield _marked(child.tail, look)


def _looks(*roots: etree._Element | None) -> dict[str, frozenset[str]]:
    """What the character styles do to a figure: `raised`, `lowered`, `struck`, `hidden`."""
    looks: dict[str, frozenset[str]] = {}
    for style in (style for root in roots if root is not None for style in root.iter("{*}style")):
        if attribute(style, "family") != "text":
            continue
        look = set(looks.get(attribute(style, "parent-style-name") or "", ()))
        for properties in style.findall("{*}text-properties"):
            place = (attribute(properties, "text-position") or "").split(" ")[0]
            look |= {"raised"} if place == "super" or place[:1] in tuple("123456789") else set()
            look |= {"lowered"} if place == "sub" or place.startswith("-") else set()
            look |= {"struck"} if (attribute(properties, "text-line-through-style") or "none") != "none" else set()
            look |= {"hidden"} if attribute(properties, "display") == "none" else set()
        looks[attribute(style, "name") or ""] = frozenset(look)
    return looks


def _marked(characters: str | None, look: frozenset[str]) -> str:
    """Characters as the look has them; line ends in the file are blanks."""
    if not characters or "hidden" in look:
        return ""
    return marked(
        " ".join(characters.split("\n")), raised="raised" in look, lowered="lowered" in look, struck="struck" in look
    )


def _parts(parent: etree._Element, wanted: tuple[str, ...], depth: int) -> Iterator[etree._Element]:
    """The rows of a table, the cells of a row, the paragraphs or tables of a cell: also those inside wrappers."""
    check_depth(depth)
    for child in parent:
        name = name_of(child)
        if name in wanted:
            yield child
        elif name not in _DROPPED and name not in ("p", "h", "table", "table-row", "table-cell"):
            yield from _parts(child, wanted, depth + 1)


def _parts_text(parent: etree._Element, wanted: str) -> Iterator[str]:
    return (str(piece) for child in parent.findall(f"{{*}}{wanted}") for piece in child.itertext())


def _times(element: etree._Element, name: str) -> int:
    """How many an element stands for, 1 where it does not say."""
    value = attribute(element, name) or "1"
    if not value.isdecimal():
        raise damaged(f"{name} is {value!r}")
    return min(int(value), _WIDEST)
