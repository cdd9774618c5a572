"""A text that lost its separators is cut at the labels of the form.

`…申请数量523001056二、上年结转…` becomes a document of labels and runs of digits, which the one alignment reads like
any other. The number of the next label (`2.` in `00000002.其他法律…`) goes with the label. Prose stays whole: it
mentions labels, but does not string them together with nothing but figures between them.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from pipeline.forms import Forms, simplify
from pipeline.readers import Cell, Document

SHARE = 0.5
"""The share of a table's rows that must stick to what follows them for a text to count as glued."""
SHORT = 4
"""A label of no more letters than this (规章, 其他, 行政许可) may be a word of prose, or a part of a label."""
NUMBER = 8
"""Characters before a label that may be its number and brackets."""
LONGEST = 50_000
"""A cell of more characters is no report: the longest printed on one line has some 15,000."""
LISTED = 3
"""More labels than this, with nothing but figures between them, are no sentence."""

_CLOSING = re.compile(r"[)\"'”’」』\s]*")
_OPENING = re.compile(r"[(\"'“‘「『\s]*$")
_ENUMERATOR = re.compile(r"\(?[一二三四五六七八九十]{1,2}[、.,)]\s*$")
_FIGURES = re.compile(r"[0-9.,/+\-—–−\s]*")
_FIGURES_AND_HEADING = re.compile(r"([0-9.,]+)(?:\s+|(?=[一二三四五六七八九十]{1,2}、))(.+)", re.DOTALL)
_GOES_ON = re.compile(r"[.．,，]?[0-9０-９]+(?![0-9０-９]|[.．、]\D)")
"""Digits at the start of a line that are not the number of a label there."""
_UNKNOWN_LABEL = re.compile(r"([0-9.,]*?)((?:[1-9][.、])?[^0-9。;:!?]{2,45})([0-9][0-9.,]*)")
"""Figures, a label that is spelled as nobody knows it, and its figures."""

Row = tuple[str, str, str]
"""A row of the form: table, edition and code."""


class _Spellings(NamedTuple):
    """Every spelling of every label and title, by its first two letters, the longest first; and what it can mean."""

    by_letters: dict[str, list[str]]
    rows: dict[str, frozenset[Row]]
    titles: frozenset[str]

    def longest(self, letters: str, at: int) -> str | None:
        """The longest spelling that begins at a place."""
        known = self.by_letters.get(letters[at : at + 2], ())
        return next((spelling for spelling in known if letters.startswith(spelling, at)), None)


class _Anchor(NamedTuple):
    """A label at `start` to `end` of a text, the rows it can be, and whether it is a numbered title of a section.

    `doubtful`: the digit that sticks to it is its number or the last figure before it.
    """

    start: int
    end: int
    rows: frozenset[Row]
    is_title: bool
    doubtful: bool


class _Piece(NamedTuple):
    """A part of a cell: a label of some rows, figures, or neither."""

    text: str
    rows: frozenset[Row] = frozenset()
    is_figure: bool = False


class Separated(NamedTuple):
    """A document cut at its labels, and its cells that hold the run of digits which stuck to a label."""

    document: Document
    runs: frozenset[int]


def separate(document: Document, forms: Forms) -> Separated | None:
    """The document with every label, and every run of digits that stuck to one, in a cell of its own.

    None when it is not glued. Only rows of one cell are cut; the pieces of a cell keep its place. A run that may go on
    in the next line is given together with that line's digits, and so cannot be read.
    """
    spellings = _spellings(forms)
    rows = list(document.rows())
    cuts = [_cut(row[0].text, spellings) if len(row) == 1 else [] for row in rows]
    if not _is_glued(cuts, forms):
        return None
    cells: list[Cell] = []
    runs: set[int] = set()
    number, column = -1, 0
    for row, pieces, below in zip(rows, cuts, [*rows[1:], []], strict=True):
        if not pieces:
            number += 1
            cells.extend(cell._replace(row=number) for cell in row)
        for piece in pieces:
            number, column = (number, 1) if piece.is_figure and column == 0 else (number + 1, 0)
            runs.update([len(cells)] if piece.is_figure else [])
            cells.append(Cell(piece.text, number, column, row[0].place))
        goes_on = _GOES_ON.match(below[0].text) if below and pieces and pieces[-1].is_figure else None
        if goes_on:
            cells[-1] = cells[-1]._replace(text=f"{cells[-1].text} {goes_on[0]}")
    return Separated(Document(cells), frozenset(runs))


def _is_glued(cuts: Iterable[list[_Piece]], forms: Forms) -> bool:
    """Whether a good part of some table's rows stick to their figures, or to the next label where all is blank."""
    touching: set[Row] = set()
    for pieces in cuts:
        touching.update(*(label.rows for label, after in pairwise(pieces) if after.is_figure or after.rows))
    tables = (table for edition in forms.editions.values() for table in edition.tables.values())
    return any(
        sum((table.name, table.edition, row) in touching for row in table.rows) >= SHARE * len(table.rows)
        for table in tables
    )


def _spellings(forms: Forms) -> _Spellings:
    rows: dict[str, set[Row]] = {}
    for edition in forms.editions.values():
        for table in edition.tables.values():
            for label in table.script:
                row = {(table.name, table.edition, label.code)} if label.kind == "row" and label.code else set()
                for spelling in label.keys:
                    rows.setdefault(spelling, set()).update(row)
    titles = frozenset(spelling for section in forms.sections.values() for spelling in section.keys)
    by_letters: dict[str, list[str]] = {}
    for spelling in sorted({*rows, *titles}, key=lambda spelling: (-len(spelling), spelling)):
        by_letters.setdefault(spelling[:2], []).append(spelling)
    return _Spellings(by_letters, {spelling: frozenset(found) for spelling, found in rows.items()}, titles)


def _cut(text: str, spellings: _Spellings) -> list[_Piece]:
    """The pieces of a cell, or none when it is one piece."""
    if len(text) > LONGEST:
        return []
    folded = "".join(map(_fold, text))
    anchors = _in_tables(_anchors(folded, spellings), folded)
    if not anchors:
        match = _UNKNOWN_LABEL.fullmatch(folded)
        return [] if match is None or match[1] else [_Piece(text[: match.end(2)]), _Piece(match[3], is_figure=True)]
    pieces = list(_between(text, folded, None, anchors[0]))
    for left, right in zip(anchors, [*anchors[1:], None], strict=True):
        pieces.append(_Piece(text[left.start : left.end].strip(), left.rows))
        pieces.extend(_between(text, folded, left, right))
    return pieces if len(pieces) > 1 else []


@lru_cache(maxsize=4096)
def _fold(character: str) -> str:
    """A character as labels and figures are compared, always one."""
    folded = simplify(unicodedata.normalize("NFKC", character))
    return folded if len(folded) == 1 and unicodedata.category(character) != "No" else character


def _anchors(folded: str, spellings: _Spellings) -> list[_Anchor]:
    """The labels in a text from left to right, each the longest that begins where it does."""
    places = [place for place, character in enumerate(folded) if character.isalnum()]
    letters = "".join(folded[place] for place in places)
    anchors: list[_Anchor] = []
    at = 0
    while at < len(letters):
        found = spellings.longest(letters, at)
        if found is None or (found[0].isdecimal() and spellings.longest(letters, at + 1) != found[1:]):
            at += 1  # nothing, or a digit before a longer label than the one it would number
            continue
        first, after = places[at], places[at + len(found) - 1] + 1
        doubtful = found[0].isdecimal() and places[at + 1] == first + 1
        start = first + doubtful
        before = folded[max(start - NUMBER, 0) : start]
        opening, number = _OPENING.search(before), _ENUMERATOR.search(before)
        is_title = found in spellings.titles and number is not None
        if is_title and number:
            start -= len(before) - number.start()
        elif opening and not doubtful:
            start -= len(before) - opening.start()
        closing = _CLOSING.match(folded, after)
        rows = spellings.rows.get(found, frozenset())
        anchors.append(_Anchor(start, closing.end() if closing else after, rows, is_title, doubtful))
        at += len(found)
    return anchors


def _in_tables(anchors: list[_Anchor], folded: str) -> list[_Anchor]:
    """The labels that prose does not merely mention: numbered titles, and labels with only figures between them.

    Such a run of labels fills the cell from its start, or is longer than prose would ever make it.
    """
    starts, ends = {anchor.start for anchor in anchors}, {anchor.end for anchor in anchors}
    sound = [
        anchor
        for anchor in anchors
        if anchor.end - anchor.start > SHORT
        or (
            (anchor.end in starts or not folded[anchor.end : anchor.end + 1].isalpha())
            and (anchor.start in ends or not folded[max(anchor.start - 1, 0) : anchor.start].isalpha())
        )
    ]
    groups: list[list[_Anchor]] = []
    for anchor in sound:
        gap = folded[groups[-1][-1].end : anchor.start].strip() if groups else ""
        if groups and (_FIGURES.fullmatch(gap) or _UNKNOWN_LABEL.fullmatch(gap)):
            groups[-1].append(anchor)
        else:
            groups.append([anchor])
    return [
        anchor
        for group in groups
        for anchor in group
        if anchor.is_title or len(group) > LISTED or not folded[: group[0].start].strip()
    ]


def _between(text: str, folded: str, left: _Anchor | None, right: _Anchor | None) -> Iterator[_Piece]:
    """What stands between two labels, or before the first, or after the last."""
    start, end = left.end if left else 0, right.start if right else len(text)
    gap = folded[start:end].strip()
    start = folded.index(gap, start)
    if not gap:
        return
    if left and _FIGURES.fullmatch(gap):
        doubtful = right is not None and right.doubtful
        yield _Piece(f"{gap[:-1]} {gap[-1]}" if doubtful else gap, is_figure=True)
    elif left and (match := _FIGURES_AND_HEADING.fullmatch(gap)):
        yield _Piece(match[1], is_figure=True)
        yield _Piece(text[start + match.start(2) : start + match.end(2)])
    elif left and (match := _UNKNOWN_LABEL.fullmatch(gap)):
        if match[1]:
            yield _Piece(match[1], is_figure=True)
        yield _Piece(text[start + match.start(2) : start + match.end(2)])
        yield _Piece(match[3], is_figure=True)
    else:
        follows_row = left is not None and bool(left.rows) and not gap[0].isalpha()
        yield _Piece(text[start : start + len(gap)], is_figure=follows_row)
