"""Words of a PDF that are set on several lines: a wrapped label, a header's cell, characters one under the other.

Lines that stand under each other are one word where the place of the figures shows it: a label's lines stand around
the line of its figures, as far above it as below, and further from the lines of other labels than from each other.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from pipeline.readers.pdf_lines import ALIGNED, FEWEST_ALIKE, SAME_LINE, UNIT, Piece, is_figure

NEXT_LINE = 1.6
"""How far below, in sizes, the next line of a word stands at most."""
FURTHER = 1.08
"""By how much the gap around the lines of a word exceeds the gap between them."""
CENTRED = 0.3
"""How far, in sizes, the middle of a label's lines may be from the line of its figures."""
NARROW = 8
"""A word in a header is at most this many sizes wide."""
MOST_LINES = 16
"""Lines of a label."""
FEWEST_UPRIGHT = 3
"""Single characters under each other that make a word."""

Lines = list[list[Piece]]


class _Word(NamedTuple):
    line: int
    piece: Piece


Chain = list[_Word]


def whole_words(lines: Lines) -> Lines:
    """The lines of a page with the pieces of one word joined: at the line of its figures, or at its own middle."""
    anchors = _anchors(lines)
    upright: Chain = []
    joined: list[tuple[Chain, float]] = []  # the pieces of a word, and the height it is put at
    for chain in _chains(lines):
        if len(chain) >= FEWEST_UPRIGHT and all(len(word.piece.text) == 1 for word in chain):
            upright += chain
            joined.append((chain, _above(lines, chain)))
        elif not any(chain[0].line <= anchor <= chain[-1].line for anchor in anchors):
            if _is_header(chain, lines):
                joined.append((chain, _middle_of(chain)))
        else:
            joined += _labels(chain, lines, anchors)
    if not joined:
        return lines
    taken = {id(word.piece) for chain, _ in joined for word in chain}
    left = [(_level(line), piece) for line in lines for piece in line if id(piece) not in taken]
    return _as_lines([*left, *((height, _whole(chain)) for chain, height in joined)])


def _anchors(lines: Lines) -> list[int]:
    """Lines that labels stand around: those with figures, and what stands alone as it does before figures elsewhere.

    So stands the unit of a row whose figures are blank.
    """
    with_figures = [number for number, line in enumerate(lines) if any(map(is_figure, line))]
    before = [piece for number in with_figures for piece in lines[number][1:] if not is_figure(piece)]

    def is_unit(piece: Piece) -> bool:
        pairs = [(piece.box[0] - other.box[0], piece.box[2] - other.box[2]) for other in before]
        is_narrow = piece.box[2] - piece.box[0] <= UNIT * piece.size
        return is_narrow and sum(max(map(abs, out_of_line)) < ALIGNED for out_of_line in pairs) >= FEWEST_ALIKE

    units = [number for number, line in enumerate(lines) if len(line) == 1 and is_unit(line[0])]
    return sorted({*with_figures, *units})


def _chains(lines: Lines) -> list[Chain]:
    """Words under each other, line by line, aligned at a side or in the middle, of one size."""
    chains: list[Chain] = []
    near: list[Chain] = []  # those that may still go on
    for number, line in enumerate(lines):
        near = [
            chain for chain in near if line[0].middle - chain[-1].piece.middle < 2 * NEXT_LINE * chain[-1].piece.size
        ]
        for piece in line:
            if is_figure(piece):
                continue
            above = [chain for chain in near if chain[-1].line < number and _goes_on(chain[-1].piece, piece)]
            if above:
                max(above, key=lambda chain: chain[-1].piece.middle).append(_Word(number, piece))
            else:
                near.append([_Word(number, piece)])
                chains.append(near[-1])
    return [chain for chain in chains if len(chain) > 1]


def _goes_on(upper: Piece, lower: Piece) -> bool:
    left, _, right, _ = upper.box
    other_left, _, other_right, _ = lower.box
    out_of_line = left - other_left, right - other_right, (left + right - other_left - other_right) / 2
    aligned = min(map(abs, out_of_line)) < ALIGNED
    near = 0 < lower.middle - upper.middle <= NEXT_LINE * upper.size
    return aligned and near and 0.9 < upper.size / lower.size < 1.1


def _is_header(chain: Chain, lines: Lines) -> bool:
    """Whether words without figures beside them are lines of one cell: narrow ones, in lines of several cells."""
    return any(len(lines[word.line]) > 1 for word in chain) and all(
        word.piece.box[2] - word.piece.box[0] <= NARROW * word.piece.size for word in chain
    )


def _labels(chain: Chain, lines: Lines, anchors: Sequence[int]) -> Iterable[tuple[Chain, float]]:
    """The labels in a chain that passes lines of figures: lines around one of those, clear of the lines of others."""
    heights = [word.piece.middle for word in chain]
    gaps = [float("inf"), *(lower - upper for upper, lower in pairwise(heights)), float("inf")]
    for first in range(len(chain)):
        for last in range(first + 1, min(first + MOST_LINES, len(chain))):
            if min(gaps[first], gaps[last + 1]) <= FURTHER * max(gaps[first + 1 : last + 1]):
                continue
            inside = [_level(lines[anchor]) for anchor in anchors if _between(lines[anchor], chain, first, last)]
            out_of_middle = [abs((heights[first] + heights[last]) / 2 - level) for level in inside]
            if len(inside) == 1 and out_of_middle[0] <= CENTRED * chain[0].piece.size:
                yield chain[first : last + 1], inside[0]


def _between(line: Sequence[Piece], chain: Chain, first: int, last: int) -> bool:
    reach = SAME_LINE * chain[0].piece.size
    return chain[first].piece.middle - reach <= _level(line) <= chain[last].piece.middle + reach


def _above(lines: Lines, chain: Chain) -> float:
    """Where characters set upright are put: over the row they begin in, so that they part no label from its figures."""
    for line in reversed(lines[: chain[0].line + 1]):
        if is_figure(line[-1]) and any(not is_figure(piece) and len(piece.text) > 1 for piece in line):
            return _level(line) - SAME_LINE * line[-1].size - 1
    return lines[0][0].middle - lines[0][0].size


def _level(line: Sequence[Piece]) -> float:
    """The height of a line: that of its figures, if it has any."""
    return line[-1].middle


def _middle_of(chain: Chain) -> float:
    return (chain[0].piece.middle + chain[-1].piece.middle) / 2


def _whole(chain: Chain) -> Piece:
    lefts, tops, rights, bottoms = zip(*(word.piece.box for word in chain), strict=True)
    text = "".join(word.piece.text for word in chain)
    return Piece(text, (min(lefts), min(tops), max(rights), max(bottoms)), chain[0].piece.size)


def _as_lines(pieces: list[tuple[float, Piece]]) -> Lines:
    """Pieces with their heights as lines, each from left to right."""
    lines: list[tuple[float, list[Piece]]] = []
    for height, piece in sorted(pieces, key=lambda item: item[0]):
        if lines and height - lines[-1][0] <= SAME_LINE * min(piece.size, lines[-1][1][0].size):
            lines[-1][1].append(piece)
        else:
            lines.append((height, [piece]))
    return [sorted(line, key=lambda piece: piece.box[0]) for _, line in lines]
