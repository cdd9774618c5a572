"""The header of a statistics table: which columns stand before the figures of a row, and what the figure columns are.

It is looked for before the first label and read word by word, for copies cut its cells in two or print it in one line.
"""

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from pipeline.forms import Statistics, key
from pipeline.parse.figures import read_figure
from pipeline.readers import Cell

REACH = 20
"""How many cells before the first label the header is looked for."""
LONGEST_NAME = 12
"""Longer words than these are no column's name."""
_SECTION = re.compile(r"\s*(?:[一二三四五六七八九]、|[（(][一二三四五六七八九][)）])")
_YEAR = re.compile("(?:19|20)[0-9]{2}")
_GUIDE = frozenset("甲乙丙丁戊")
"""What the columns are called in a line of their own below the header: 甲 乙 丙 1 2."""

Stub = Literal["label", "unit", "number"]
"""What stands before the figures of a row."""


class Header(NamedTuple):
    """What a header says: whether running numbers lead its rows, what follows their labels, the figure columns.

    `names` are empty where they cannot be told; `spare` counts the blank cells behind the last column.
    """

    leads: bool
    stubs: tuple[Stub, ...]
    names: tuple[str, ...]
    spare: int


def find_header(cells: Sequence[Cell], first: int, form: Statistics) -> Header | None:
    """The header above the first label of a table, at cell `first`; None where no heading of it is known."""
    words = form.header
    texts = [text for cell in cells[max(first - REACH, 0) : first] for text in _texts(cell.text, form)]
    heads: list[tuple[int, Stub]] = []
    leads = False
    for place, word in enumerate(map(key, texts)):
        if word in words.label:
            leads = bool(heads) and heads[-1] == (place - 1, "number")
            heads = [(place, "label")]
        elif word in words.unit:
            heads.append((place, "unit"))
        elif word in words.number:
            heads.append((place, "number"))
    if not heads:
        return None
    stubs = tuple(dict.fromkeys(stub for _, stub in heads if stub != "label"))
    names = _names(texts[heads[-1][0] + 1 :], form)
    is_remark = [key(name) in words.remark for name in names]
    if names[1:] and key(names[0]) in words.over and not any(is_remark):
        names = names[1:]  # 统计数 above 区政府, 区直单位, 乡镇街道
    is_clear = len(set(names)) == len(names) and not all(is_remark)
    if not stubs:  # 项目 alone heads many a list
        is_clear &= all(key(name) in words.over or key(name) in words.columns for name in names)
    spare = next((number for number, text in enumerate(reversed(texts)) if text), 0)
    return Header(leads, stubs, tuple(names) if is_clear else (), spare)


def _texts(text: str, form: Statistics) -> list[str]:
    """What a cell says without the blanks in it; a whole header in one cell, as a line of text, word by word."""
    words = text.split()
    return words if len(words) > 1 and key(words[0]) in form.header.label else ["".join(words)]


def _names(texts: Sequence[str], form: Statistics) -> list[str]:
    """The names in a part of the header, as the form has them where it does; those cut in two are joined."""
    known = form.header.columns
    names: list[str] = []
    for text in texts:
        if _SECTION.match(text) or len(key(text)) > LONGEST_NAME or (text and _GUIDE.issuperset(text)):
            break
        is_word = read_figure(text).state == "text"
        if is_word and names and (key(names[-1] + text) in known or _YEAR.fullmatch(names[-1])):
            names[-1] += text
        elif is_word or _YEAR.fullmatch(text):
            names.append(text)
    return [known.get(key(name), name) for name in names if not _YEAR.fullmatch(name)]
