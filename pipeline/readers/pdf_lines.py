"""The lines of a PDF's page: characters by height, words and numbers by gaps, and which lines are no content.

What a page carries on every page (its number, a running title) is left out here, for both readings.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain, pairwise
from typing import NamedTuple

from pipeline.readers.pdf_page import Glyph, Page

Box = tuple[float, float, float, float]

SAME_LINE = 0.4
"""Middles of characters this near, in sizes of the smaller one, stand on one line; wrapped lines are 0.6 apart."""
TIGHT = 0.2
"""Digits this near are of one number. Digits further apart, up to `LOOSE`, may be: they keep a blank between them."""
SEAM = 0.08
"""Characters of one string abut, give or take: digits further apart, or over each other by more, were printed apart."""
OVER = 0.25
"""Digits that cover each other by more are of two figures, one printed over the other."""
LOOSE = 0.6
APART = 0.75
"""Words this far apart stand in different cells; justified prose spreads by less."""
SOLID = 0.12
"""Characters this near are set solid. In a line so set, words are of different cells from `WORDS_APART` on."""
WORDS_APART = 0.3
BEFORE_MARGIN = 3
"""How far, in sizes, a line ends before the margin that is surely no full line of prose."""
FEWEST_ALIKE = 3
"""Pieces that begin at the same place across a page and make it a column's."""
SAME_SIZE = 0.8
"""A digit smaller than its neighbour by more is a footnote's mark, and no part of the number."""
MARGIN = 0.15
"""The share of a page's height at its head and at its foot where its number can stand."""
WIDEST_NUMBER = 12
"""A page number is at most this many sizes wide; `- - 3 -` in the columns of a table is none."""
SAME_HEIGHT = 8.0
"""Points by which the place of a page number may differ from page to page."""
UNIT = 2.5
"""How wide, in sizes, the unit is that stands between a label and its figures: 人次, 万元."""
ALIGNED = 1.5
"""Points by which figures under each other may be out of line."""

_FIGURE_CHARACTERS = frozenset("0123456789.,+-/０１２３４５６７８９．，＋－−")
_FIGURE = re.compile(
    r"[+＋\-－−]?[0-9０-９][0-9０-９.．,，\s]*(?:[万亿]?元|[件宗条项个次份])?|[/／\\]|[-－−—–─]+|[无零oO〇]|持平"
)
_STYLED_NUMBER = re.compile(
    r"[-—–－―─·•~～]+[0-9０-９]{1,3}[-—–－―─·•~～]+|第?[0-9]{1,3}页(?:[,，/]?共[0-9]{1,3}页)?|第[0-9]{1,3}页.?共[0-9]{1,3}页"
    r"|[0-9]{1,3}/[0-9]{1,3}|(?:Page|page|P\.|p\.)[0-9]{1,3}(?:of[0-9]{1,3})?"
)
_AS_WIDE = frozenset("，。、；：（）《》〔〕")
"""What is set as wide as Chinese characters are."""
_BARE_NUMBER = re.compile(r"[0-9]{1,3}")


class Piece(NamedTuple):
    """A text, the box it stands in (left, top, right, bottom), and the size of its characters.

    `parts`: of figures that were printed apart, what may be a figure of its own; a blank before its text says that it
    is not near enough to be surely of the same.
    """

    text: str
    box: Box
    size: float
    parts: tuple["Piece", ...] = ()

    @property
    def middle(self) -> float:
        """The height it stands at."""
        return (self.box[1] + self.box[3]) / 2


class Line(NamedTuple):
    """Characters on one line, from left to right."""

    glyphs: list[Glyph]

    @property
    def box(self) -> Box:
        """The box around its characters."""
        return box_of(self.glyphs)

    @property
    def middle(self) -> float:
        """The height it stands at."""
        return self.glyphs[0].middle

    @property
    def text(self) -> str:
        """What it says, without blanks."""
        return "".join(glyph.text for glyph in self.glyphs)


def is_figure(piece: Piece) -> bool:
    """Whether a piece looks like the figure of a cell."""
    return _FIGURE.fullmatch(piece.text) is not None


def box_of(glyphs: Iterable[Glyph]) -> Box:
    """The box around characters."""
    boxes = [
        (glyph.left, glyph.middle - glyph.size / 2, glyph.right, glyph.middle + glyph.size / 2) for glyph in glyphs
    ]
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def lines_of(glyphs: Iterable[Glyph]) -> list[Line]:
    """Characters as lines, from top to bottom."""
    lines: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda glyph: glyph.middle):
        last = lines[-1] if lines else None
        if last and glyph.middle - last[0].middle <= SAME_LINE * min(glyph.size, last[0].size):
            last.append(glyph)
        else:
            lines.append([glyph])
    return [Line(sorted(line, key=lambda glyph: glyph.left)) for line in lines]


def is_figure_pair(left: Glyph, right: Glyph) -> bool:
    """Whether two neighbours could be of one number."""
    return left.text in _FIGURE_CHARACTERS and right.text in _FIGURE_CHARACTERS


def gap(left: Glyph, right: Glyph) -> float:
    """How far apart two neighbours on a line are, in sizes of the smaller one."""
    return (right.left - left.right) / min(left.size, right.size)


def joint(left: Glyph, right: Glyph, tight: float) -> str:
    """What stands between two neighbours of one piece: nothing or a blank.

    Between digits a blank means that they may not be of one number: they are printed apart, or in two sizes.
    """
    if is_figure_pair(left, right):
        same = min(left.size, right.size) >= SAME_SIZE * max(left.size, right.size)
        return "" if same and not right.spaced and gap(left, right) <= tight else " "
    return " " if right.spaced else ""


def text_of(glyphs: Sequence[Glyph], tight: float) -> str:
    """The text of neighbours on one line.

    In a figure two blanks are between digits printed over each other: they are of no number, not even of one with its
    thousands apart.
    """
    joints = [joint(left, right, tight) for left, right in pairwise(glyphs)]
    if _FIGURE.fullmatch("".join(glyph.text for glyph in glyphs)):
        joints = ["  " if _is_over(*pair) else between for pair, between in zip(pairwise(glyphs), joints, strict=True)]
    return "".join(chain.from_iterable(zip(["", *joints], [glyph.text for glyph in glyphs], strict=True))).strip()


def _is_over(left: Glyph, right: Glyph) -> bool:
    return left.text.isdecimal() and right.text.isdecimal() and gap(left, right) < -OVER


def lines_in_pieces(lines: Sequence[Line]) -> list[list[Piece]]:
    """The lines of a page divided where they have gaps, also narrow ones before a place where other lines begin."""
    begins = Counter(round(piece.box[0]) for line in lines for piece in pieces_of(line))
    starts = {place + by for place, count in begins.items() if count >= FEWEST_ALIKE for by in (-1, 0, 1)}
    margin = max((line.box[2] for line in lines), default=0.0)
    return [pieces_of(line, starts | _start_of_figure(line, margin)) for line in lines]


def _start_of_figure(line: Line, margin: float) -> set[int]:
    """Where the digits begin that end a line before the margin: a figure beside a label, for prose goes on or stops."""
    last = line.glyphs[-1]
    figures = 1
    for left, right in zip(reversed(line.glyphs[:-1]), reversed(line.glyphs), strict=False):
        if not is_figure_pair(left, right) or gap(left, right) > LOOSE:
            break
        figures += 1
    stops_short = last.text.isdecimal() and last.right < margin - BEFORE_MARGIN * last.size
    return {round(line.glyphs[-figures].left)} if stops_short else set()


def pieces_of(line: Line, starts: Collection[int] = ()) -> list[Piece]:
    """A line divided where it has gaps; `starts` are places, in whole points, before which a narrow one will do."""
    words = _word_gap(line)
    parts = [[line.glyphs[0]]]
    for left, right in pairwise(line.glyphs):
        figures = is_figure_pair(left, right)
        limit = LOOSE if figures else words if not right.spaced and _are_words(left, right) else APART
        if not figures and not right.spaced and round(right.left) in starts:
            limit = WORDS_APART
        if gap(left, right) > limit:
            parts.append([])
        parts[-1].append(right)
    return [_piece(part) for part in parts]


def _piece(glyphs: Sequence[Glyph]) -> Piece:
    text = text_of(glyphs, TIGHT)
    pairs = list(pairwise(glyphs))
    seams = [
        place
        for place, (left, right) in enumerate(pairs, start=1)
        if is_figure_pair(left, right) and (right.spaced or abs(gap(left, right)) > SEAM)
    ]
    parts = []
    if seams and _FIGURE.fullmatch(text):
        for start, end in pairwise([0, *seams, len(glyphs)]):
            part = glyphs[start:end]
            before = "" if start == 0 else "  " if _is_over(*pairs[start - 1]) else joint(*pairs[start - 1], TIGHT)
            parts.append(Piece(before + text_of(part, TIGHT), box_of(part), max(glyph.size for glyph in part)))
    return Piece(text, box_of(glyphs), max(glyph.size for glyph in glyphs), tuple(parts))


def _word_gap(line: Line) -> float:
    """How far apart words of different cells are: in a line set solid, as headers are, less than in spread prose."""
    gaps = [gap(left, right) for left, right in pairwise(line.glyphs) if _are_words(left, right) and not right.spaced]
    return WORDS_APART if max((each for each in gaps if each <= WORDS_APART), default=APART) < SOLID else APART


def _are_words(left: Glyph, right: Glyph) -> bool:
    one, other = left.text, right.text
    return ("\u4e00" <= one <= "\u9fff" or one in _AS_WIDE) and ("\u4e00" <= other <= "\u9fff" or other in _AS_WIDE)


# What stands on every page


def content(pages: Sequence[Page], lines: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The lines of each page without its number and its running titles."""
    edges = [
        (place, number, line) for place, page in enumerate(pages) for number, line in _edge_lines(page, lines[place])
    ]
    furniture: set[tuple[int, int]] = set()
    titles = Counter(key for place, _, line in edges for key in [_title(line)] if key)
    for place, number, line in edges:
        title = _title(line)
        if _is_page_number(line, place, edges) or (title and titles[title] > 1):
            furniture.add((place, number))
    furniture -= {
        (place, number)
        for place, number, line in edges
        if _BARE_NUMBER.fullmatch(line.text) and not _is_outermost(number, len(lines[place]), place, furniture)
    }
    return [
        [line for number, line in enumerate(of_page) if (place, number) not in furniture]
        for place, of_page in enumerate(lines)
    ]


def _is_outermost(number: int, count: int, place: int, furniture: Collection[tuple[int, int]]) -> bool:
    """Whether nothing else stands between a line and the edge of its page; a figure stands inside its label's lines."""
    outer = [range(number)] * (number < 2) + [range(number + 1, count)] * (number >= count - 2)
    return any(all((place, other) in furniture for other in lines) for lines in outer)


def _edge_lines(page: Page, lines: Sequence[Line]) -> Iterator[tuple[int, Line]]:
    """The first two and the last two lines of a page, as far as they stand in its margins."""
    for number, line in enumerate(lines):
        at_edge = number < 2 or number >= len(lines) - 2
        if at_edge and not MARGIN * page.height < line.middle < (1 - MARGIN) * page.height:
            yield number, line


def _title(line: Line) -> tuple[str, int] | None:
    """What a running title is known by: its words without the digits, and its height. A row of a table has none."""
    words = re.sub(r"[0-9]", "", line.text)
    if len(words) < 4 or any(is_figure(piece) for piece in pieces_of(line)):
        return None
    return words, round(line.middle / 2)


def _is_page_number(line: Line, place: int, edges: Sequence[tuple[int, int, Line]]) -> bool:
    """A styled number, or a bare one that counts with the pages: it is the page's own, or goes on from page to page."""
    text = line.text
    left, _, right, _ = line.box
    if right - left > WIDEST_NUMBER * line.glyphs[0].size:
        return False
    if _STYLED_NUMBER.fullmatch(text):
        return True
    if not _BARE_NUMBER.fullmatch(text):
        return False
    return int(text) == place + 1 or any(
        other != place
        and _BARE_NUMBER.fullmatch(their.text)
        and int(their.text) - other == int(text) - place
        and abs(their.middle - line.middle) < SAME_HEIGHT
        for other, _, their in edges
    )
