"""Figures that stand so near to each other that they look like one, told apart by where others of their table stand.

All figures of a table stand in their columns alike: on the left, on the right or in the middle. So characters that run
on over several columns are several figures if they were printed apart there, further than the digits of a figure are,
and each part stands as the others do. One figure that is too wide for its column has no such parts. Where nothing
divides them so, they stay as they are, and nobody takes them for a number.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from pipeline.readers.pdf_lines import ALIGNED, SEAM, Piece

Span = tuple[float, float]
"""From left to right."""

CLEARLY = 0.04
"""By how much, in sizes, figures stand further apart than the pieces that the digits of one are printed in."""
_NO_BOX = (0.0, 0.0)
_MEASURES = 9


class Standing(NamedTuple):
    """How far the sides and middles of figures are from those of their boxes, each from each; None where they differ.

    Of words that head columns one side may be in line with the figures below, whatever their width.
    """

    ranges: tuple[Span | None, ...]

    def holds(self, figure: Span, box: Span) -> bool:
        """Whether a figure stands in its box as the others do."""
        return any(
            reach is not None and reach[0] <= offset <= reach[1]
            for reach, offset in zip(self.ranges, _offsets(figure, box), strict=True)
        )

    def where(self, known: Sequence[bool]) -> "Standing":
        """What is left of it where some of its ranges are known to be of no use."""
        return Standing(tuple(reach if use else None for reach, use in zip(self.ranges, known, strict=True)))


def standing(figures: Iterable[tuple[Span, Span]]) -> Standing:
    """How figures stand in their boxes."""
    offsets = [_offsets(figure, box) for figure, box in figures]
    return Standing(tuple(map(_range, zip(*offsets, strict=True))) if offsets else (None,) * _MEASURES)


def _range(offsets: Sequence[float]) -> Span | None:
    least, most = min(offsets), max(offsets)
    return (least - ALIGNED, most + ALIGNED) if most - least <= 2 * ALIGNED else None


def are_apart(gap: float, inner: Iterable[float]) -> bool:
    """Whether characters with a gap between them are of two figures, if `inner` are the gaps inside figures."""
    return gap > max([SEAM, *(CLEARLY + other for other in inner)])


class Division:
    """The columns of a table and how its figures stand in them, to divide those that run on over several.

    `rows` are its figures; those that stand in one column alone, and are surely one each, are the witnesses. A column
    without any is known from its head, if figures of other columns stand alike under theirs.
    """

    def __init__(self, rows: Iterable[Sequence[Piece]], columns: Sequence[Span], heads: Sequence[Span]) -> None:
        self.columns, self.heads = columns, heads
        pieces = [piece for row in rows for piece in row]
        over = [(span_of(piece), self._places(piece)) for piece in pieces if " " not in piece.text]
        sure = [(figure, places[0]) for figure, places in over if len(places) == 1]
        of_column = {place: [(figure, _NO_BOX) for figure, other in sure if other == place] for _, place in sure}
        self.stand = {place: standing(figures) for place, figures in of_column.items()}
        several = [self.stand[place].ranges for place, figures in of_column.items() if len(figures) > 1]
        self.alike = [all(ranges[measure] is not None for ranges in several) for measure in range(_MEASURES)]
        self.below = standing((figure, heads[place]) for figure, place in sure if place < len(heads))
        pairs = [pair for piece in pieces for pair in pairwise(piece.parts)]
        self.inner = [_gap(*pair) for pair in pairs if len({*map(self._place, pair)} - {None}) == 1]

    def divided(self, pieces: Sequence[Piece]) -> list[Piece]:
        """The figures of a row with those divided that stand in several columns; none where one cannot be."""
        whole: list[Piece] = []
        last = -1
        for piece in pieces:
            groups: dict[int, list[Piece]] = {}
            for part in self._parts(piece):
                place = self._place(part)
                if place is None:
                    return []
                groups.setdefault(place, []).append(part)
            if [*groups] != sorted(groups) or min(groups) <= last:
                return []
            last = max(groups)
            figures = [_joined(parts) for parts in groups.values()]
            if len(groups) > 1 and not self._stand_apart(figures, [*groups]):
                return []
            whole += figures if len(groups) > 1 else [piece]
        return whole

    def _stand_apart(self, figures: Sequence[Piece], places: Sequence[int]) -> bool:
        apart = all(are_apart(_gap(left, right), self.inner) for left, right in pairwise(figures))
        return apart and all(map(self._is_in_line, figures, places))

    def _is_in_line(self, figure: Piece, place: int) -> bool:
        if place in self.stand:
            return self.stand[place].where(self.alike).holds(span_of(figure), _NO_BOX)
        return place < len(self.heads) and self.below.where(self.alike).holds(span_of(figure), self.heads[place])

    def _parts(self, piece: Piece) -> Iterator[Piece]:
        """What a piece is of: parts with a blank between, and of those under several columns all that they are of."""
        runs: list[list[Piece]] = []
        for part in piece.parts:
            if not runs or part.text.startswith(" "):
                runs.append([])
            runs[-1].append(part)
        for run in runs:
            whole = _joined(run)._replace(text="".join(part.text for part in run))
            yield from [whole] if len(self._places(whole)) < 2 else run
        if not runs:
            yield piece

    def _place(self, piece: Piece) -> int | None:
        places = self._places(piece)
        return places[0] if len(places) == 1 else None

    def _places(self, piece: Piece) -> list[int]:
        return places_of(span_of(piece), self.columns)


def span_of(piece: Piece) -> Span:
    """Where a piece begins and ends."""
    return piece.box[0], piece.box[2]


def places_of(span: Span, columns: Sequence[Span]) -> list[int]:
    """The columns that a span overlaps."""
    return [place for place, (left, right) in enumerate(columns) if span[0] < right and left < span[1]]


def _gap(left: Piece, right: Piece) -> float:
    return (right.box[0] - left.box[2]) / min(left.size, right.size)


def _joined(parts: Sequence[Piece]) -> Piece:
    lefts, tops, rights, bottoms = zip(*(part.box for part in parts), strict=True)
    text = "".join(part.text for part in parts).strip()
    return Piece(text, (min(lefts), min(tops), max(rights), max(bottoms)), max(part.size for part in parts))


def _offsets(figure: Span, box: Span) -> tuple[float, ...]:
    return tuple(one - other for one in _sides(figure) for other in _sides(box))


def _sides(span: Span) -> tuple[float, float, float]:
    return span[0], sum(span) / 2, span[1]
