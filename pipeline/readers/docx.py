"""Word documents (`.docx`): paragraphs, and tables by their rows and cells.

Cells come as the file has them. A cell merged with the one above is blank, a cell merged with the one before is none,
and how many columns a cell spans is not told: the parser needs none of it. A cell around another table has no row of
its own: what is in it comes as it would outside (agencies lay whole pages out in tables). Text that is deleted, hidden
or moved away is not printed, so it is left out; what a text box holds follows the paragraph or row it hangs on.

Elements are known by their names without namespace, of which there are two sets (ISO transitional and strict).
"""

from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from pipeline.readers.document import Document, Refused
from pipeline.readers.office import (
    MAX_BYTES,
    OBJECT,
    OFF_THE_LINE,
    READING,
    UNKNOWN,
    Blocks,
    attribute,
    check_depth,
    extract,
    marked,
    name_of,
    part,
)

__all__ = ["EXTENSIONS", "MAX_BYTES", "READING", "arrange", "extract", "read"]

EXTENSIONS = (".docx",)

_DOCUMENT = "word/document.xml"
_DROPPED = frozenset({"del", "moveFrom", "rt", "pPr", "rPr", "tblPr", "tblGrid", "trPr", "tcPr", "sdtPr", "sdtEndPr"})
"""Not printed: deleted text, the readings above characters, and what only describes."""
_OFF = frozenset({"0", "false", "off", "none"})
_CHARACTERS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "sym": UNKNOWN}


def arrange(dumped: str) -> tuple[Document]:
    """The document that `extract` dumped."""
    return (Document.load(dumped),)


def read(data: bytes) -> Document:
    """The rows of cells of a document.

    Raises Refused: `damaged`, `encrypted`, `too_large`, `empty`, `unsupported_format` for other files of Office.
    """
    root = part(data, _DOCUMENT)
    body = next((child for child in root if name_of(child) == "body"), None) if root is not None else None
    if body is None:
        raise Refused("unsupported_format", "This is a file of Office but no Word document.", "Save it as .docx.")
    blocks = Blocks()
    _Body(_styles(part(data, "word/styles.xml"))).blocks(body, blocks)
    return blocks.document()


class _Look(NamedTuple):
    """How characters stand: what of it bears on whether they are part of a figure."""

    raised: bool = False
    lowered: bool = False
    struck: bool = False
    hidden: bool = False


class _Body:
    """A document being read; knows the looks of its character styles."""

    def __init__(self, styles: dict[str, _Look]) -> None:
        self._styles, self._notes = styles, 0

    def blocks(self, parent: etree._Element, into: Blocks, depth: int = 0) -> None:
        """Read the paragraphs and tables of a body, a cell or a text box."""
        check_depth(depth)
        for child in parent:
            name = name_of(child)
            if name == "p":
                boxes: list[etree._Element] = []
                into.paragraph(self._text(child, boxes, depth))
                self._boxes(boxes, into, depth)
            elif name == "tbl":
                self._table(child, into, depth)
            elif name == "altChunk":
                raise Refused(
                    "not_readable",
                    "Part of the document is another file inside it, which Word takes in only when it opens it.",
                    "Open it with Word or LibreOffice and save it again.",
                )
            elif name not in _DROPPED:
                self.blocks(_chosen(child), into, depth + 1)

    def _boxes(self, boxes: list[etree._Element], into: Blocks, depth: int) -> None:
        for box in boxes:
            self.blocks(box, into, depth + 1)

    def _table(self, table: etree._Element, into: Blocks, depth: int) -> None:
        number = into.table()
        for count, row in enumerate(_parts(table, "tr", depth), start=1):
            properties = _child(row, "trPr")
            if properties is not None and _child(properties, "del") is not None:
                continue
            gap = [[""]] if _number(_child(properties, "gridBefore")) else []
            self._row(row, gap, into, (number, count), depth)

    def _row(
        self, row: etree._Element, cells: list[list[str]], into: Blocks, place: tuple[int, int], depth: int
    ) -> None:
        """A row, cut where a cell has a table inside."""
        first, boxes = 1, list[etree._Element]()
        for cell in _parts(row, "tc", depth):
            properties = _child(cell, "tcPr")
            if _child(properties, "cellDel") is not None:
                continue
            if _value(_child(properties, "hMerge"), "continue") == "continue":
                continue
            if _value(_child(properties, "vMerge"), "continue") == "continue":
                cells.append([""])
            elif next(_parts(cell, "tbl", depth), None) is not None:
                if cells:
                    into.row(cells, *place, first)
                self.blocks(cell, into, depth + 1)
                first, cells = first + len(cells) + 1, []
            else:
                cells.append([self._text(line, boxes, depth) for line in _parts(cell, "p", depth)])
        if cells:
            into.row(cells, *place, first)
        self._boxes(boxes, into, depth)

    def _text(self, paragraph: etree._Element, boxes: list[etree._Element], depth: int) -> str:
        """The characters of a paragraph; its text boxes are put into `boxes`."""
        fields: list[bool] = []  # of the fields begun: whether their result has begun
        return "".join(
            piece for piece in self._pieces(paragraph, _Look(), fields, boxes, depth) if all(fields) and piece
        )

    def _pieces(
        self, parent: etree._Element, look: _Look, fields: list[bool], boxes: list[etree._Element], depth: int
    ) -> Iterator[str]:
        check_depth(depth)
        for child in parent:
            name = name_of(child)
            if name == "r":
                yield from self._pieces(child, self._look(_child(child, "rPr")), fields, boxes, depth + 1)
            elif name == "fldChar":
                _turn(fields, attribute(child, "fldCharType"))
            elif look.hidden or name in _DROPPED:
                continue
            elif name == "t":
                yield marked(child.text or "", raised=look.raised, lowered=look.lowered, struck=look.struck)
            elif name in _CHARACTERS:
                yield _CHARACTERS[name]
            elif name in ("footnoteReference", "endnoteReference"):
                self._notes += 1
                yield marked(str(self._notes), raised=True)
            elif name in ("drawing", "pict", "object"):
                boxes.extend(_text_boxes(child))
                yield OBJECT if _is_in_line(child) else ""
            elif name in ("oMath", "oMathPara"):
                yield _formula(child)
            else:
                yield from self._pieces(_chosen(child), look, fields, boxes, depth + 1)

    def _look(self, properties: etree._Element | None) -> _Look:
        if properties is None:
            return _Look()
        style = self._styles.get(_value(_child(properties, "rStyle"), "") or "", _Look())
        return _look_of(properties, style)


def _look_of(properties: etree._Element, below: _Look) -> _Look:
    """The look that run properties give to characters, on top of another one."""
    raised, lowered, struck, hidden = below
    for child in properties:
        name, value = name_of(child), _value(child, "on")
        if name == "vertAlign":
            raised, lowered = value == "superscript", value == "subscript"
        elif name == "position":
            height = _number(child)
            raised, lowered = height >= OFF_THE_LINE, height <= -OFF_THE_LINE
        elif name in ("strike", "dstrike"):
            struck = value not in _OFF
        elif name == "vanish":
            hidden = value not in _OFF
    return _Look(raised, lowered, struck, hidden)


def _styles(root: etree._Element | None) -> dict[str, _Look]:
    """The looks of the character styles, each with that of the style it is based on."""
    looks: dict[str, _Look] = {}
    for style in root if root is not None else ():
        properties, base = _child(style, "rPr"), _value(_child(style, "basedOn"), "") or ""
        if attribute(style, "type") == "character" and properties is not None:
            looks[attribute(style, "styleId") or ""] = _look_of(properties, looks.get(base, _Look()))
    return looks


def _turn(fields: list[bool], turn: str | None) -> None:
    """A field is what it says to do, then its result; only the result is printed."""
    if turn == "begin":
        fields.append(False)
    elif fields and turn == "separate":
        fields[-1] = True
    elif fields and turn == "end":
        fields.pop()


def _chosen(element: etree._Element) -> etree._Element:
    """Of alternatives the first, for they say the same to newer and to older programs; anything else itself."""
    return element[0] if name_of(element) == "AlternateContent" and len(element) else element


def _text_boxes(drawing: etree._Element) -> list[etree._Element]:
    """The outermost text boxes in a drawing, leaving out the copies for older programs."""
    return [
        box
        for box in drawing.iter("{*}txbxContent")
        if not any(name_of(above) in ("txbxContent", "Fallback") for above in _above(box, drawing))
    ]


def _above(element: etree._Element, top: etree._Element) -> Iterator[etree._Element]:
    for above in element.iterancestors():
        if above is top:
            return
        yield above


def _is_in_line(drawing: etree._Element) -> bool:
    """Whether a picture stands among the characters; a seal floats above them and says nothing about a cell."""
    if name_of(drawing) == "drawing":
        return any(name_of(child) == "inline" for child in drawing)
    shapes = drawing.iter("{*}shape", "{*}rect", "{*}group")
    return next(drawing.iter("{*}imagedata"), None) is not None and not any(
        "absolute" in (shape.get("style") or "") for shape in shapes
    )


def _formula(formula: etree._Element) -> str:
    """A formula's characters where it is a plain run of them; a power or a fraction has no text."""
    plain = {"oMath", "oMathPara", "oMathParaPr", "jc", "r", "rPr", "ctrlPr", "rFonts", "sty", "t"}
    if all(name_of(child) in plain for child in formula.iter()):
        return "".join(piece.text or "" for piece in formula.iter("{*}t"))
    return UNKNOWN


def _parts(parent: etree._Element, wanted: str, depth: int) -> Iterator[etree._Element]:
    """The rows of a table, the cells of a row, the paragraphs or tables of a cell: also those inside wrappers."""
    check_depth(depth)
    for child in parent:
        name = name_of(child)
        if name == wanted:
            yield child
        elif name not in _DROPPED and name not in ("p", "tbl", "tr", "tc"):
            yield from _parts(_chosen(child), wanted, depth + 1)


def _child(parent: etree._Element | None, name: str) -> etree._Element | None:
    return next((child for child in parent if name_of(child) == name), None) if parent is not None else None


def _value(element: etree._Element | None, default: str) -> str | None:
    """An element's `val`, the default where it has none; None where there is no such element."""
    return (attribute(element, "val") or default) if element is not None else None


def _number(element: etree._Element | None) -> int:
    value = _value(element, "0") or "0"
    return int(value) if value.removeprefix("-").isdecimal() else 0
