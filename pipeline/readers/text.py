"""Plain text: its encodings, and how tables are written in it.

Two habits are known so far. *Tab rows*: a row of a table is a line, its cells divided by tabs. *One cell a line*: every
cell is a line that begins with a tab, and a blank line ends the row; a line without a tab inside such a block goes on
with the cell above it. Both occur in one file, and page breaks cut either with blank lines.
"""

import codecs
import re

from pipeline.readers.document import Cell, Document, Refused

EXTENSIONS = (".txt",)
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
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_CONTROL_SHARE = 0.01
"""A stray control character is a scar of copying and becomes a blank; more of them mean that this is no text."""
_BINARY_HINT = "Check what kind of file it is, and give it the ending of its format."


def extract(data: bytes) -> str:
    """The text of a file: a byte order mark decides, else strict UTF-8, else GB18030. Lines end in a newline.

    Raises Refused: `binary` when the bytes are no text, `not_decodable` when no encoding fits.
    """
    for magic, name in _MAGIC.items():
        if data.startswith(magic):
            raise Refused("binary", f"This is {name} file, not text.", _BINARY_HINT)
    text = _decode(data)
    controls = _CONTROL.findall(text)
    if "\x00" in controls or len(controls) > _CONTROL_SHARE * len(text):
        raise Refused("binary", "The file holds control characters, so it is not text.", _BINARY_HINT)
    text = _CONTROL.sub(" ", text) if controls else text
    return text.translate(_INVISIBLE).replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")


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


def arrange(text: str) -> Document:
    """The rows of cells of an extracted text. A place is the line, and the cell where a line holds several."""
    cells: list[Cell] = []
    row, column, in_block = -1, 0, False
    for number, line in enumerate(text.split("\n"), start=1):
        fields = line.split("\t")
        if len(fields) == 1:
            content = line.strip()
            if not content:
                in_block = False
                continue
            if not in_block:
                row, column = row + 1, 0
            cells.append(Cell(content, row, column, (number,)))
        elif len(fields) == 2 and not fields[0].strip():
            row, column = (row, column + 1) if in_block else (row + 1, 0)
            in_block = True
            cells.append(Cell(fields[1].strip(), row, column, (number,)))
        else:
            row, in_block = row + 1, False
            cells.extend(
                Cell(field.strip(), row, position, (number, position + 1)) for position, field in enumerate(fields)
            )
    return Document(cells, ("line", "cell"))
