r"""RTF documents (`.rtf`, and often `.doc`): text with control words, its tables marked by `\cell` and `\row`.

Chinese is written as bytes (`\'b9\'e6`, in the code page of the font) or as code points (`\u35268 ?`, with a
substitute to be skipped); one character may be given half as `\'b5` and half as a plain letter.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from pipeline.readers.document import Document
from pipeline.readers.office import (
    MAX_BYTES,
    OBJECT,
    OFF_THE_LINE,
    READING,
    UNKNOWN,
    Blocks,
    Marks,
    damaged,
    extract,
    marked,
)

__all__ = ["EXTENSIONS", "MAX_BYTES", "READING", "arrange", "extract", "read"]

EXTENSIONS = (".rtf",)

_TOKEN = re.compile(
    r"\\(?:(?P<word>[a-zA-Z]+)(?P<number>-?[0-9]{1,9})? ?|'(?P<byte>[0-9a-fA-F]{2})|(?P<symbol>[^a-zA-Z]))"
    r"|(?P<brace>[{}])|(?P<plain>[^\\{}\r\n]+)|[\r\n]+",
    re.DOTALL,
)
_DEEPEST = 1000
_DEEPEST_BOX = 8
_CODE_PAGES = {128: "cp932", 129: "cp949", 134: "gbk", 136: "big5"}
"""Code pages of fonts by their charset. Other charsets say nothing: Chinese is found under western fonts as well."""
_DOCUMENT_PAGES = {932: "cp932", 936: "gbk", 949: "cp949", 950: "big5", 54936: "gb18030", 65001: "utf-8"}
_SKIPPED = re.compile(
    "colortbl|stylesheet|info|header[lrf]?|footer[lrf]?|footnote|pict|nonshppict|shprslt|sp|xe|tc|rxe|private|fldinst|"
    "listtext|pntext|pntxt[ab]|nonesttables|upr|objdata|comment|template|xmlopen"
)
"""Groups that are not printed, or are printed by the program: list numbers, notes, what only describes."""
_KEPT = frozenset({"nesttableprops", "shpinst", "ud"})
"""Groups to be read although programs that do not know them may skip them."""
_PICTURES = frozenset({"shppict", "pict"})
_FORMULAS = frozenset({"mmath", "moMath", "moMathPara"})
_CHARACTERS = {
    "tab": "\t", "line": "\n", "page": "\n", "column": "\n", "emdash": "—", "endash": "–", "lquote": "‘",
    "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•", "emspace": " ", "enspace": " ",
}  # fmt: skip
_SYMBOLS = {"~": "\xa0", "_": "-", "\\": "\\", "{": "{", "}": "}", "\t": "\t"}


def arrange(dumped: str) -> tuple[Document]:
    """The document that `extract` dumped."""
    return (Document.load(dumped),)


def read(data: bytes) -> Document:
    """The rows of cells of a document. Raises Refused: `damaged`, `too_large`, `empty`."""
    start = data.find(b"{\\rtf")
    if start < 0:
        raise damaged("it does not begin as RTF does")
    blocks = Blocks()
    _Reader(data[start:].decode("latin-1"), blocks).read()
    return blocks.document()


class _State(NamedTuple):
    """What a group inherits and its end takes back."""

    is_skipped: bool = False
    is_font_table: bool = False
    font: int = 0
    substitutes: int = 1
    depth: int = 0
    hidden: bool = False
    deleted: bool = False
    raised: bool = False
    lowered: bool = False
    struck: bool = False


class _Reader:
    """A document being read, token by token; a text box in it is read by a reader of its own."""

    def __init__(self, source: str, blocks: Blocks, outer: "_Reader | None" = None) -> None:
        self._source, self._blocks, self._marks = source, blocks, Marks(blocks)
        self._page: str = outer._page if outer else "gbk"
        self._fonts: dict[int, str] = outer._fonts if outer else {}
        self._nesting: int = outer._nesting + 1 if outer else 0
        if self._nesting > _DEEPEST_BOX:
            raise damaged("more text boxes lie inside each other than any office program writes")
        self._state: _State = _State(font=outer._state.font if outer else 0)
        self._groups: list[_State] = []
        self._bytes = bytearray()
        self._line: list[str] = []
        self._to_skip = 0
        self._is_optional = False  # after `\*`: those who do not know the next word skip the group
        self._row_is_open = False
        self._merged: list[str] = []
        self._next_merged = ""
        self._notes = 0
        self._boxes: list[int] = []  # where the text boxes begin that stand in this line or row

    def read(self, at: int = 1) -> None:
        """Read from a place to the end of the group it is in: that of the document, unless another place is given."""
        while at < len(self._source):
            token = _TOKEN.match(self._source, at)
            if token is None:
                raise damaged("it ends inside a control word")
            at = token.end()
            number = int(token["number"]) if token["number"] else None
            if token["plain"] is not None:
                self._plain(token["plain"])
            elif token["byte"] is not None:
                self._plain(chr(int(token["byte"], 16)))
            elif token["word"] == "bin":
                at += max(number or 0, 0)
            elif token["word"] == "shptxt" and not self._state.is_skipped:
                self._boxes.append(at)
                self._state = self._state._replace(is_skipped=True)
            elif token["word"] is not None:
                self._word(token["word"], number)
            elif token["symbol"] is not None:
                self._symbol(token["symbol"])
            elif token["brace"] is not None and not self._brace(token["brace"]):
                break
        self._end_begun_line()
        self._marks.end()

    def _brace(self, brace: str) -> bool:
        """Begin or end a group; False at the end of the group this reader began in."""
        self._flush()
        self._to_skip, self._is_optional = 0, False
        if brace == "{":
            self._groups.append(self._state)
            if len(self._groups) > _DEEPEST:
                raise damaged("more groups lie inside each other than any office program writes")
        elif self._groups:
            self._state = self._groups.pop()
        else:
            return False
        return True

    # Characters

    def _plain(self, characters: str) -> None:
        """Bytes of the document, as characters of the same number."""
        skipped = min(self._to_skip, len(characters))
        self._to_skip -= skipped
        if not self._state.is_skipped:
            self._bytes += characters[skipped:].encode("latin-1")

    def _flush(self) -> None:
        """Turn the bytes met so far into characters."""
        if self._bytes:
            page = self._fonts.get(self._state.font, self._page)
            characters, self._bytes = self._bytes.decode(page, "replace"), bytearray()
            self._put(characters)

    def _put(self, characters: str) -> None:
        state = self._state
        if not (state.is_skipped or state.hidden or state.deleted):
            self._line.append(marked(characters, raised=state.raised, lowered=state.lowered, struck=state.struck))

    def _symbol(self, symbol: str) -> None:
        if symbol == "*":
            self._is_optional = True
        elif symbol in "\r\n":
            self._end_line()
        elif symbol in _SYMBOLS:
            self._character(_SYMBOLS[symbol])

    def _character(self, character: str) -> None:
        self._flush()
        if self._to_skip:
            self._to_skip -= 1
        else:
            self._put(character)

    # Control words

    def _word(self, word: str, number: int | None) -> None:
        optional, self._is_optional = self._is_optional, False
        self._flush()
        if word in _PICTURES and not self._state.is_skipped:
            self._put(OBJECT)
        if word in _FORMULAS and not self._state.is_skipped:
            self._put(UNKNOWN)
        if word == "fonttbl":
            self._state = self._state._replace(is_skipped=True, is_font_table=True)
        elif word == "ud":
            self._state = self._state._replace(
                is_skipped=self._groups[-2].is_skipped if len(self._groups) > 1 else False
            )
        elif _SKIPPED.fullmatch(word) or (optional and word not in _KEPT):
            self._state = self._state._replace(is_skipped=True)
        elif self._state.is_font_table:
            self._font_table(word, number)
        elif not self._state.is_skipped:
            self._printed(word, number)

    def _font_table(self, word: str, number: int | None) -> None:
        if word == "f":
            self._state = self._state._replace(font=number or 0)
        elif word == "fcharset" and number in _CODE_PAGES:
            self._fonts[self._state.font] = _CODE_PAGES[number]

    def _printed(self, word: str, number: int | None) -> None:
        if word == "u" and number is not None:
            self._put(chr(number % 0x10000))
            self._to_skip = self._state.substitutes
        elif word in _CHARACTERS:
            self._character(_CHARACTERS[word])
        elif word == "chftn":
            self._notes += 1
            self._put(marked(str(self._notes), raised=True))
        elif word == "ansicpg":
            self._page = _DOCUMENT_PAGES.get(number or 0, self._page)
        elif word in _LOOKS:
            self._state = _LOOKS[word](self._state, number)
        elif word in ("par", "sect"):
            self._end_line()
        else:
            self._table_word(word)

    def _table_word(self, word: str) -> None:
        if word == "trowd":
            self._merged, self._next_merged, self._row_is_open = [], "", True
        elif word in ("clvmrg", "clmrg"):
            self._next_merged = "above" if word == "clvmrg" else "before"
        elif word == "cellx":
            self._merged.append(self._next_merged)
            self._next_merged = ""
        elif word in ("cell", "nestcell"):
            self._marks.cell(self._characters(), self._depth_of(word))
        elif word in ("row", "nestrow"):
            self._end_begun_line()
            self._marks.row(self._depth_of(word), self._merged)
            self._row_is_open = self._row_is_open and word == "nestrow"
            self._read_boxes()

    def _depth_of(self, word: str) -> int:
        r"""`\cell` ends a cell of the outermost table, `\nestcell` one of the table the paragraph lies in."""
        return max(self._state.depth, 2) if word.startswith("nest") else 1

    # Lines

    def _characters(self) -> str:
        """What was printed since the last mark. Code points above the basic plane come as two halves."""
        self._flush()
        line, self._line = "".join(self._line), []
        return line.encode("utf-16", "surrogatepass").decode("utf-16", "replace")

    def _end_begun_line(self) -> None:
        self._flush()
        if self._line or self._boxes:
            self._end_line()

    def _end_line(self) -> None:
        depth = max(self._state.depth, int(self._row_is_open))
        self._marks.line(self._characters(), depth)
        if depth == 0:
            self._read_boxes()

    def _read_boxes(self) -> None:
        boxes, self._boxes = self._boxes, []
        for at in boxes:
            _Reader(self._source, self._blocks, self).read(at)


def _switch(name: str) -> Callable[[_State, int | None], _State]:
    """A control word that turns a look on, or off with the number 0."""
    return lambda state, number: state._replace(**{name: number != 0})


def _is_off_the_line(number: int | None) -> bool:
    return number is None or number >= OFF_THE_LINE


_LOOKS: dict[str, Callable[[_State, int | None], _State]] = {
    "f": lambda state, number: state._replace(font=number or 0),
    "uc": lambda state, number: state._replace(substitutes=max(number or 0, 0)),
    "pard": lambda state, _: state._replace(depth=0),
    "intbl": lambda state, _: state._replace(depth=max(state.depth, 1)),
    "itap": lambda state, number: state._replace(depth=max(number or 0, 0)),
    "plain": lambda state, _: state._replace(hidden=False, raised=False, lowered=False, struck=False),
    "nosupersub": lambda state, _: state._replace(raised=False, lowered=False),
    "super": lambda state, number: state._replace(raised=number != 0, lowered=False),
    "sub": lambda state, number: state._replace(lowered=number != 0, raised=False),
    "up": lambda state, number: state._replace(raised=_is_off_the_line(number)),
    "dn": lambda state, number: state._replace(lowered=_is_off_the_line(number)),
    "v": _switch("hidden"),
    "deleted": _switch("deleted"),
    "strike": _switch("struck"),
    "striked": _switch("struck"),
}
"""What control words do to the characters and paragraphs that follow."""
