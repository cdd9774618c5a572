r"""Word documents of 1997 to 2003 and WPS documents (`.doc`, `.wps`): characters in pieces, and what is set on them.

The text lies in pieces of 8 or 16 bits a character. In it `\x07` ends a cell, and a row too, so that an empty cell
looks like the end of the row; only the properties of the paragraph tell which it is. They stand in pages of their own,
by the place of the characters in the file (MS-DOC 2.8, 2.9), like those of the characters: deleted, hidden, raised.
Where they do not say that a paragraph lies in a table, every cell comes as a row of its own, and the parser decides.

What this reader cannot read (Word 6 and 95, WPS before it wrote Word's format) it gives to LibreOffice, if that is on
the machine.
"""

import os
import shutil
import signal
import struct
import subprocess
import tempfile
from bisect import bisect_right
from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from struct import unpack_from
from typing import NamedTuple

import olefile  # type: ignore[import-untyped]

from pipeline.readers import docx
from pipeline.readers.document import Document, Refused
from pipeline.readers.office import (
    MAX_BYTES,
    OBJECT,
    OFF_THE_LINE,
    READING,
    UNKNOWN,
    Blocks,
    Marks,
    damaged,
    encrypted,
    extract,
    marked,
)

__all__ = ["EXTENSIONS", "MAX_BYTES", "READING", "arrange", "extract", "read"]

EXTENSIONS = (".doc", ".wps")

_STREAMS = {"WordDocument", "0Table", "1Table", "Data"}
_WORD_97 = 0xC1
_PAGE = 512
_CHARACTERS = {"\x0b": "\n", "\x0e": "\n", "\x1e": "-", "\x1f": "", "\x05": "", "\x01": OBJECT, "\x08": ""}
"""Line and column ends, hyphens, comments, pictures; what stands at `\\x08` floats above the text, as a seal does."""
_MARKS = "\r\x07\x0c"
_OPERANDS = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
"""Bytes that follow a property, by the three top bits of its code; 6 says how many itself."""
_IN_TABLE, _ROW_END, _DEPTH, _INNER_CELL, _INNER_ROW_END = 0x2416, 0x2417, 0x6649, 0x244B, 0x244C
_TABLE, _DELETED, _HIDDEN, _RAISED, _POSITION, _STRUCK, _STRUCK_TWICE, _SYMBOL = (
    0xD608, 0x0800, 0x083C, 0x2A48, 0x4845, 0x0837, 0x2A53, 0x6A09,
)  # fmt: skip
_ELSEWHERE = {0x6645, 0x6646, 0x646B}
_MOST_ELSEWHERE = 2**23
_SECONDS = 60
"""What LibreOffice may take for a document; a report takes it five."""


def arrange(dumped: str) -> tuple[Document]:
    """The document that `extract` dumped."""
    return (Document.load(dumped),)


def read(data: bytes) -> Document:
    """The rows of cells of a document.

    Raises Refused: `damaged`, `encrypted`, `empty`, `too_large`, `not_readable` for what needs LibreOffice.
    """
    try:
        with olefile.OleFileIO(BytesIO(data)) as file:
            names = {"/".join(path) for path in file.listdir()}
            streams = {name: file.openstream(name).read() for name in names & _STREAMS}
    except Exception as error:  # olefile raises whatever damaged bytes bring about
        raise damaged("the streams inside it cannot be found") from error
    if {"EncryptedPackage", "EncryptionInfo"} & names:
        raise encrypted()
    word = streams.get("WordDocument", b"")
    if len(word) < _PAGE or unpack_from("<H", word, 2)[0] < _WORD_97:
        return _by_libreoffice(data)
    if unpack_from("<H", word, 10)[0] & 0x0100:
        raise encrypted()
    table = streams.get("1Table" if unpack_from("<H", word, 10)[0] & 0x0200 else "0Table", b"")
    blocks = Blocks()
    try:
        _Word(word, table, streams.get("Data", b"")).read(blocks)
    except (struct.error, IndexError) as error:
        raise damaged("its tables point beyond its end") from error
    return blocks.document()


class _Run(NamedTuple):
    """Characters in a row with the same properties: where they end in the file, and the properties."""

    end: int
    properties: dict[int, bytes]


class _Word:
    """A document being read: the stream of the text, and the stream of the tables that say where it lies."""

    def __init__(self, word: bytes, table: bytes, data: bytes) -> None:
        self._word, self._table, self._data = word, table, data
        self._elsewhere = self._notes = 0
        self._paragraphs = self._runs(0x102, 13)
        self._looks = self._runs(0xFA, 1)
        self._paragraph_ends = [run.end for run in self._paragraphs]
        self._look_ends = [run.end for run in self._looks]

    def read(self, blocks: Blocks) -> None:
        """Read the text, and after it that of the text boxes."""
        text, notes, headers, macros, comments, endnotes, boxes = unpack_from("<7i", self._word, 0x4C)
        before_boxes = text + notes + headers + macros + comments + endnotes
        if text < 0 or before_boxes < text or boxes < 0 or before_boxes + boxes > len(self._word):
            raise damaged("it says it has more text than there is")
        for first, count in ((0, text), (before_boxes, boxes)):
            marks = Marks(blocks)
            self._story(first, first + count, marks)
            marks.end()

    # Where things lie

    def _located(self, fib_offset: int) -> bytes:
        """A part of the table stream, by the place in the file's header that says where it is."""
        start, size = unpack_from("<II", self._word, fib_offset)
        found = self._table[start : start + size]
        if len(found) < size:
            raise damaged("a part of it is cut off")
        return found

    def _pieces(self) -> Iterator[tuple[int, int, int, bool]]:
        """The pieces of the text: first and last+1 character, place in the file, whether a character has 16 bits."""
        clx = self._located(0x1A2)
        at = 0
        while at < len(clx) and clx[at] == 1:
            at += 3 + unpack_from("<H", clx, at + 1)[0]
        if at >= len(clx) or clx[at] != 2:
            raise damaged("it does not say where its text is")
        count = (unpack_from("<I", clx, at + 1)[0] - 4) // 12
        bounds = unpack_from(f"<{count + 1}I", clx, at + 5)
        for number, (first, last) in enumerate(pairwise(bounds)):
            if first > last:
                raise damaged("the pieces of its text are in disorder")
            (place,) = unpack_from("<I", clx, at + 5 + 4 * (count + 1) + 8 * number + 2)
            is_wide = not place & 0x40000000
            yield first, last, place & 0x3FFFFFFF if is_wide else (place & 0x3FFFFFFF) // 2, is_wide

    def _runs(self, fib_offset: int, entry: int) -> list[_Run]:
        """Runs of paragraphs or of characters, from their pages; an entry of a page has so many bytes."""
        index = self._located(fib_offset)
        count = min((len(index) - 4) // 8, len(self._word) // _PAGE)
        runs: list[_Run] = []
        for (number,) in (unpack_from("<I", index, 4 * (count + 1) + 4 * page) for page in range(count)):
            start = (number & 0x3FFFFF) * _PAGE
            page = self._word[start : start + _PAGE]
            size = page[_PAGE - 1]
            ends = unpack_from(f"<{size + 1}I", page)[1:]
            for place, end in enumerate(ends):
                found = _set_on(page, 2 * page[4 * (size + 1) + entry * place], entry > 1)
                runs.append(_Run(end, self._with_elsewhere(found)))
        return runs

    def _with_elsewhere(self, properties: dict[int, bytes]) -> dict[int, bytes]:
        """Properties with those that were too long for a page, as those of a row of many cells are."""
        for code in _ELSEWHERE & properties.keys():
            (place,) = unpack_from("<I", properties[code])
            (size,) = unpack_from("<H", self._data, place)
            self._elsewhere += size
            if self._elsewhere > _MOST_ELSEWHERE:
                raise damaged("its paragraphs have more properties than any report's")
            properties |= _properties(self._data[place + 2 : place + 2 + size])
        return properties

    # The text

    def _story(self, first: int, last: int, marks: Marks) -> None:
        """One of the texts of the document: the main one, or that of its boxes."""
        line: list[str] = []
        fields: list[bool] = []  # of the fields begun: whether their result has begun
        for character, place in self._placed(first, last):
            if character in _MARKS:
                self._end(character, place, "".join(line), marks)
                line, fields = [], fields if all(fields) else []
            elif character == "\x13":
                fields.append(False)
            elif character == "\x14" and fields:
                fields[-1] = True
            elif character == "\x15" and fields:
                fields.pop()
            elif all(fields):
                line.append(self._printed(character, place))
        if line:
            marks.line("".join(line), 0)

    def _placed(self, first: int, last: int) -> Iterator[tuple[str, int]]:
        """The characters of a story, each with its place in the file."""
        for begin, end, place, is_wide in self._pieces():
            low, high = max(begin, first), min(end, last)
            if low >= high:
                continue
            size = 2 if is_wide else 1
            at = place + (low - begin) * size
            coded = self._word[at : at + (high - low) * size]
            if len(coded) < (high - low) * size:
                raise damaged("a piece of its text is cut off")
            characters = coded.decode("utf-16-le" if is_wide else "cp1252", "replace")
            if len(characters) != high - low:  # outside the basic plane a character takes two places
                characters = "".join(c if c <= "\uffff" else c + "\0" for c in characters)
            yield from ((c, at + number * size) for number, c in enumerate(characters) if c != "\0")

    def _end(self, mark: str, place: int, line: str, marks: Marks) -> None:
        """A line, a cell or a row ends here, as the properties of the paragraph have it."""
        properties = _at(self._paragraphs, self._paragraph_ends, place)
        depth = _depth(properties)
        if depth and (_is_set(properties, _ROW_END) or _is_set(properties, _INNER_ROW_END)):
            if line:
                marks.line(line, depth)
            marks.row(depth, _merged(properties.get(_TABLE, b"")))
        elif depth and (mark == "\x07" or _is_set(properties, _INNER_CELL)):
            marks.cell(line, depth)
        elif mark == "\x07":
            marks.cell(line, 1)
            marks.row(1)
        else:
            marks.line(line, depth)

    def _printed(self, character: str, place: int) -> str:
        properties = _at(self._looks, self._look_ends, place)
        if _is_set(properties, _DELETED) or _is_set(properties, _HIDDEN):
            return ""
        if _SYMBOL in properties:
            return UNKNOWN
        if character == "\x02":
            self._notes += 1
            return marked(str(self._notes), raised=True)
        vertical = properties.get(_RAISED, b"\0")[0]
        height = int.from_bytes(properties.get(_POSITION, b"\0"), "little", signed=True)
        return marked(
            _CHARACTERS.get(character, character),
            raised=vertical == 1 or height >= OFF_THE_LINE,
            lowered=vertical == 2 or height <= -OFF_THE_LINE,
            struck=_is_set(properties, _STRUCK) or _is_set(properties, _STRUCK_TWICE),
        )


def _set_on(page: bytes, offset: int, is_paragraph: bool) -> dict[int, bytes]:
    """The properties that a page holds at an offset: code -> operand. None at offset 0: all is as usual."""
    if not offset:
        return {}
    if not is_paragraph:
        return _properties(page[offset + 1 : offset + 1 + page[offset]])
    size, begin = (2 * page[offset] - 1, offset + 1) if page[offset] else (2 * page[offset + 1], offset + 2)
    return _properties(page[begin + 2 : begin + size])  # before the properties stands the number of the style


def _properties(packed: bytes) -> dict[int, bytes]:
    """Properties as they are packed: a code of two bytes, then its operand."""
    found: dict[int, bytes] = {}
    at = 0
    while at + 2 < len(packed):
        (code,) = unpack_from("<H", packed, at)
        at += 2
        size = _OPERANDS.get(code >> 13)
        if size is None and code == _TABLE:
            size = unpack_from("<H", packed, at)[0] + 1
        elif size is None:
            size = packed[at] + 1
        found[code] = packed[at : at + size]
        at += size
    return found


def _at(runs: list[_Run], ends: list[int], place: int) -> dict[int, bytes]:
    """The properties of what stands at a place in the file."""
    number = bisect_right(ends, place)
    return runs[number].properties if number < len(runs) else {}


def _is_set(properties: dict[int, bytes], code: int) -> bool:
    return properties.get(code, b"\0")[0] not in (0, 0x80)


def _depth(properties: dict[int, bytes]) -> int:
    """How many tables a paragraph lies in."""
    depth = int.from_bytes(properties.get(_DEPTH, b"\0"), "little", signed=True)
    return max(depth, int(_is_set(properties, _IN_TABLE)), 0)


def _merged(definition: bytes) -> list[str]:
    """Of each cell of a row, whether it is part of the one `above` or `before` it, or of neither."""
    if len(definition) < 3:
        return []
    count = definition[2]
    cells = definition[3 + 2 * (count + 1) :]
    merged = []
    for number in range(count):
        flags = int.from_bytes(cells[20 * number : 20 * number + 2], "little")  # cells left out have none set
        merged.append("before" if flags & 3 == 1 else "above" if flags >> 5 & 3 == 1 else "")
    return merged


def _by_libreoffice(data: bytes) -> Document:
    """The document as LibreOffice makes a `.docx` of it; raises Refused `not_readable` where there is none."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    hint = "Install LibreOffice and build again, or save the document as .docx."
    if program is None:
        raise Refused(
            "not_readable", "The document is not in the format of Word 97: only LibreOffice may read it.", hint
        )
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "report.doc")
        source.write_bytes(data)
        command = [program, "--headless", f"-env:UserInstallation={Path(folder, 'user').as_uri()}"]
        command += ["--convert-to", "docx", "--outdir", folder, str(source)]
        if not _runs_in_time(command):
            raise Refused("not_readable", "LibreOffice could not read the document in time.", hint)
        try:
            converted = Path(folder, "report.docx").read_bytes()
        except OSError as error:
            raise Refused("not_readable", "This is no Word document that LibreOffice can read.", hint) from error
    return docx.read(converted)


def _runs_in_time(command: list[str]) -> bool:
    """Run a program; when it takes too long, end it with everything it started."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return False
    return True
