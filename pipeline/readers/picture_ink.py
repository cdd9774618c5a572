"""The ink of a line, cut into its characters: how many there is room for, whatever was recognised.

What recognises strings drops a point or a repeated digit that is hard to see, at two looks as at one. This is a witness
that counts characters and does not read them: every run of inked columns must be as wide and as high as the characters
that are said to stand there. Digits of a font are all equally wide, but for the 1, whose ink is narrow. Runs are
measured one by one, so it does not matter how far apart digits stand: full-width ones stand twice as far.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from pipeline.readers.recognition import Box

Ink = np.ndarray[Any, np.dtype[np.bool_]]

FIGURE = re.compile(r"[-+]?[0-9]+(?:[.,:][0-9]+)*")
BLANK = 0.15
"""Widths of a digit that its ink does not fill."""
NARROW = 0.16
"""How much less of it a 1 fills on either side."""
WIDTHS = {**dict.fromkeys(".,:", (0.35, 0.7)), **dict.fromkeys("-+", (0.4, 1.1))}
"""The widths of a digit that a mark takes at least and at most among digits that touch it."""
SLACK = 0.3
"""By how many widths ink and characters may differ; half as many where a mark is among them that may not be there."""
TAIL = 0.06
"""How far a comma reaches below the foot of the digits that it touches, in their heights."""
SINGLE = (0.7, 1.65)
"""Widths between which a run is one digit: a full-width one is wider than those that the others tell; two that touch,
be they 11, have 2."""
SPLIT = 0.25
"""Widths of a gap in a digit whose thin strokes broke."""
TALL = 0.8
"""The height of a digit at least, in heights of the tallest run."""
LONGEST = 20
"""Characters of a figure."""
LOW = 0.5
"""The height of the tallest run of a figure at least, in heights of a letter: a dash is no digit."""
ROOM = (1.2, 1.8, 0.25)
"""Widths from the middle of a digit to the next where a point stands between them: at least; at most where no others
tell how far apart digits stand; and how much further they stand apart than others."""
FOOT = (0.25, 0.5)
"""Heights above and below the foot of the digits between which points and commas end."""
SIGN = (0.25, 0.4)
"""How wide a minus is at least, in widths of a digit, and how high at most, in heights of one."""
PLUS = (0.35, 0.95)
"""How high a plus is, in heights of a digit."""
DIRT = 0.35
"""How wide and how high dirt is at most, in heights of a digit."""
ASPECT = 0.6
"""The width of a digit, with the blank beside it, in its heights, where no other figure tells it."""
SLIM, BROAD = 0.4, 1.6
"""The widths that any font's digits have, in their heights; full-width ones stand furthest apart."""
SAME_HEIGHT = 0.1
"""By which share a figure may be higher than others and still be of their font."""
ENOUGH = 2
"""Numbers of several digits that tell the width of one; where there are fewer, lone digits do as well."""
SPREAD = 1.3
"""How much wider than the narrowest the digits of a page are that are set alike; full-width ones have more."""
EVEN = 1.2
"""How much further apart some digits of a number may stand than others."""
FLAT = (0.35, 3.0)
"""How high and how wide a lone dash is at most, in heights of a letter; a longer one is left of a ruled line."""
LONG = (0.5, 1.8)
"""How wide a dash is at least that is one by itself, in heights of a letter and in heights of its own."""
ALIKE = 0.1
"""By how many heights of a letter dashes differ, in size and in place."""
OTHERS = 2
"""Dashes that a short one needs beside it."""
LEANING = 0.2
"""How far a slash leans over, in its heights; the stroke of a 1 stands, a 7 has a bar."""
BAR = 0.7
"""The share of its width that the bar of a 7 has at least."""
_THOUSANDTHS = re.compile(r"\.[0-9]{3}$")


class Run(NamedTuple):
    """Columns with ink, and the rows that they have it in; right and bottom are just outside."""

    left: int
    right: int
    top: int
    bottom: int

    @property
    def width(self) -> int:
        """In pixels."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """In pixels."""
        return self.bottom - self.top


class Piece(NamedTuple):
    """A character and the columns it stands in."""

    text: str
    left: int
    right: int


def runs_of(ink: Ink) -> list[Run]:
    """The runs of columns that have ink, from left to right."""
    columns = np.flatnonzero(ink.any(axis=0))
    runs = []
    for part in np.split(columns, np.flatnonzero(np.diff(columns) > 1) + 1) if len(columns) else ():
        left, right = int(part[0]), int(part[-1]) + 1
        rows = np.flatnonzero(ink[:, left:right].any(axis=1))
        runs.append(Run(left, right, int(rows[0]), int(rows[-1]) + 1))
    return runs


def without_dirt(runs: Sequence[Run]) -> list[Run]:
    """The runs of a figure's ink without the dirt beside it and above it."""
    if not runs:
        return []
    height = height_of(runs)
    line = _Line(height, foot_of(runs), ASPECT * height)
    return [run for run in runs if not line.is_dirt(run, runs)]


def foot_of(runs: Sequence[Run]) -> int:
    """The row that the digits of a figure stand on."""
    tallest = max(run.height for run in runs)
    return int(np.median([run.bottom for run in runs if run.height >= TALL * tallest]))


def height_of(runs: Sequence[Run]) -> int:
    """How high the digits of a figure are; a comma that touches one reaches below it."""
    tallest = max(run.height for run in runs)
    return foot_of(runs) - min(run.top for run in runs if run.height >= TALL * tallest)


def digit_widths(lines: Sequence[Sequence[Run]], texts: Sequence[str]) -> list[float]:
    """How wide a digit is in every line, by the figures of its height; `texts` are empty where they are doubtful."""
    heights = np.array([height_of(runs) if runs else 1 for runs in lines], dtype=np.float64)
    tell = {
        number: _step(text, runs)
        for number, (text, runs) in enumerate(zip(texts, lines, strict=True))
        if runs and text.isdecimal() and set(text) != {"1"}
    }
    told = [number for number, step in tell.items() if SLIM <= step / heights[number] <= BROAD]
    steps = np.array([tell[number] for number in told], dtype=np.float64)
    long = np.array([len(texts[number]) > 1 for number in told], dtype=np.bool_)
    widths = []
    for number, height in enumerate(heights):
        others = np.array(told, dtype=np.intp) != number
        alike = others & (np.abs(heights[told] / height - 1) <= SAME_HEIGHT)
        if (alike & long).sum() >= ENOUGH:
            alike &= long
        of = steps[alike] if alike.any() else (height * steps / heights[told])[others]
        widths.append(_narrower(of) if len(of) else ASPECT * float(height))
    return widths


def _step(text: str, runs: Sequence[Run]) -> float:
    """How far the digits of a number stand apart, or would; of those that touch, their ink tells."""
    if len(runs) == len(text) > 1:
        return (runs[-1].left + runs[-1].right - runs[0].left - runs[0].right) / 2 / (len(text) - 1)
    return (runs[-1].right - runs[0].left) / (len(text) - _lack(text))


def _narrower(steps: np.ndarray[Any, np.dtype[np.float64]]) -> float:
    """What most of the narrower ones are."""
    return float(np.median(steps[steps <= SPREAD * np.quantile(steps, 0.15)]))


def _lack(text: str) -> float:
    """Widths of a digit that ink is narrower than its characters are, side by side."""
    return BLANK + NARROW * (text.startswith("1") + text.endswith("1"))


# Cutting


def is_even(pieces: Sequence[Piece]) -> bool:
    """Whether three digits or more stand equally far apart: then they are one number, however wide it is set."""
    steps = [
        right.left + right.right - left.left - left.right
        for left, right in pairwise(pieces)
        if left.text.isdecimal() and right.text.isdecimal()
    ]
    return len(steps) > 1 and max(steps) <= EVEN * min(steps)


def cut(text: str, runs: Sequence[Run], digit: float, letter: float, *, alone: bool = True) -> list[Piece] | None:
    """The characters of a figure laid over its ink; None where they do not fit.

    `digit` is the width of one, with the blank beside it, `letter` the height of a character, both in pixels. Dirt is
    left out that is no point, no comma and no sign where it stands; unless it is `alone` in its cell, a number may end
    or begin with a point and go on in another line. Three decimals are a number with thousands as well whose comma is
    faint, so they fit nothing; and a comma shows its tail.
    """
    height = height_of(runs) if runs else 0
    if height < LOW * letter or _THOUSANDTHS.search(text) or len(text) > LONGEST:
        return None
    line = _Line(height, foot_of(runs), digit)
    laid = line.lay(text, [run for run in runs if not line.is_dirt(run, runs, alone=alone)])
    return None if laid is None else [piece for part, run in laid for piece in _spread(part, run)]


class _Line(NamedTuple):
    """The height of a figure's digits, the row they stand on, and how wide one is."""

    height: int
    foot: int
    digit: float

    def is_dirt(self, run: Run, runs: Sequence[Run], *, alone: bool = True) -> bool:
        """Whether a run is small, and neither stands where a point does nor looks like a sign."""
        if max(run.width, run.height) > DIRT * self.height:
            return False
        middle = self.foot - (run.top + run.bottom) / 2
        sign = run.width >= SIGN[0] * self.digit and 0.2 * self.height <= middle <= 0.7 * self.height
        return not sign and not (
            self._is_low(run) and (self._has_room(run, runs) or not (alone or self._is_far(run, runs)))
        )

    def _is_far(self, run: Run, runs: Sequence[Run]) -> bool:
        """Whether no digit stands near enough to a mark to be of one number with it."""
        tall = [other for other in runs if other.height >= TALL * self.height]
        return all(max(run.left - other.right, other.left - run.right) > self.digit for other in tall)

    def _has_room(self, run: Run, runs: Sequence[Run]) -> bool:
        """Whether digits stand on both sides of a mark, and further apart than without it."""
        tall = [other for other in runs if other.height >= TALL * self.height]
        own, others = 0.0, []
        for left, right in pairwise(tall):
            step = (self._middle(right, last=False) - self._middle(left, last=True)) / self.digit
            if left.right <= run.left and run.right <= right.left:
                own = step
            elif not any(left.right <= other.left < right.left for other in runs):
                others.append(step)
        least, most, more = ROOM
        return own >= max([least, *(step + more for step in others)]) and (own <= most or bool(others))

    def _middle(self, run: Run, *, last: bool) -> float:
        """The middle of a run that is one digit; of one that is more, the middle of the first digit or the last."""
        half = (1 - BLANK) / 2 * self.digit
        if run.width <= SINGLE[1] * self.digit:
            return (run.left + run.right) / 2
        return run.right - half if last else run.left + half

    def _is_low(self, run: Run) -> bool:
        above, below = FOOT
        return self.foot - above * self.height <= run.bottom <= self.foot + below * self.height

    def lay(self, text: str, runs: Sequence[Run]) -> list[tuple[str, Run]] | None:
        """The characters on every run; None where they do not fit, or leave a run over."""
        if not text or not runs:
            return None if text or runs else []
        for many in range(1, len(text) + 1):
            if self._fits(text[:many], runs[0]):
                rest = self.lay(text[many:], runs[1:])
                if rest is not None:
                    return [(text[:many], runs[0]), *rest]
        if len(runs) > 1 and text[0].isdecimal() and runs[1].left - runs[0].right <= SPLIT * self.digit:
            left, right = runs[:2]
            whole = Run(left.left, right.right, min(left.top, right.top), max(left.bottom, right.bottom))
            if whole.width <= self.digit and self._fits(text[0], whole):
                rest = self.lay(text[1:], runs[2:])
                if rest is not None:
                    return [(text[0], whole), *rest]
        return None

    def _fits(self, part: str, run: Run) -> bool:
        """Whether these characters may be a run of ink."""
        width, tail = run.width / self.digit, (run.bottom - self.foot) / self.height
        if len(part) > 1:
            return run.height >= TALL * self.height and self._touch(part, width + _lack(part), tail)
        if part.isdecimal():
            least, most = SINGLE
            return run.height >= TALL * self.height and least <= width + _lack(part) <= most
        if part == "-":
            return run.height <= SIGN[1] * self.height and width >= SIGN[0]
        if part == "+":
            return PLUS[0] <= run.height / self.height <= PLUS[1] and SIGN[0] <= width <= 1.2
        if part == "," and tail <= 0:
            return False
        return self._is_low(run) and run.height <= self.height / 2 and run.width <= DIRT * self.height

    def _touch(self, part: str, room: float, tail: float) -> bool:
        """Whether characters that touch take so much room, in widths of a digit, and reach so far below the foot."""
        least, most = (sum(WIDTHS.get(each, (1.0, 1.0))[end] for each in part) for end in (0, 1))
        if "," in part and tail < TAIL:
            return False
        if part.isdecimal():
            return least - SLACK <= room <= most + SLACK
        if len(part) == 2 and "," not in part:
            return False  # one wide digit takes as much
        return least - SLACK / 2 <= room <= most + SLACK


def _spread(part: str, run: Run) -> list[Piece]:
    """Characters that touch, each with its share of a run."""
    advances = np.array([WIDTHS.get(character, (1, 1))[0] for character in part])
    before = BLANK / 2 + NARROW * part.startswith("1")
    room = float(advances.sum()) - _lack(part) if len(part) > 1 else 1.0
    edges = np.clip((np.cumsum([0.0, *advances]) - before) / room, 0, 1) if len(part) > 1 else np.array([0.0, 1.0])
    columns = (run.left + edges * run.width).round().astype(int).tolist()
    return [Piece(character, *columns[place : place + 2]) for place, character in enumerate(part)]


# Lone strokes, of which what recognises characters makes anything


def dashes(marks: Sequence[Box], cells: Sequence[Box], letter: float) -> set[int]:
    """The numbers of the marks that are dashes; each is all the ink of its cell, and `letter` is in pixels.

    A long flat one is a dash by itself. A short one may be dirt, so it needs others of its size that stand as it does
    in their cells: as high, and as far from one of the sides or from the middle.
    """
    placed = np.array([_placed(*both) for both in zip(marks, cells, strict=True)], dtype=np.float64).reshape(-1, 6)
    width, height = placed[:, 0], placed[:, 1]
    flat = np.flatnonzero((height <= FLAT[0] * letter) & (height <= width) & (width <= FLAT[1] * letter))
    long = (width >= LONG[0] * letter) & (width >= LONG[1] * height)

    def others(number: int) -> int:
        alike = np.abs(placed[flat] - placed[number]) <= max(ALIKE * letter, 2.0)
        return int((alike[:, :3].all(axis=1) & alike[:, 3:].any(axis=1)).sum()) - 1

    return {number for number in flat.tolist() if long[number] or others(number) >= OTHERS}


def _placed(mark: Box, cell: Box) -> tuple[float, ...]:
    """Width and height of a mark, and how far it is from the middle of its cell's height, its left, middle, right."""
    left, top, right, bottom = mark
    middle = (top + bottom - cell[1] - cell[3]) / 2
    across = (left - cell[0], (left + right - cell[0] - cell[2]) / 2, cell[2] - right)
    return right - left, bottom - top, middle, *across


def is_slash(ink: Ink, letter: float) -> bool:
    """Whether the ink of a cell is a slash: one stroke, whole in every row, leaning over; `letter` is in pixels."""
    inked = np.flatnonzero(ink.any(axis=1))
    rows = [np.flatnonzero(row) for row in ink[inked]]
    if len(runs_of(ink)) > 1 or any(np.ptp(places) + 1 != len(places) for places in (inked, *rows)):
        return False
    middles, wide = np.array([row.mean() for row in rows]), max(map(len, rows))
    leans = middles[0] - middles[-1] >= LEANING * len(rows) and wide <= 0.6 * _across(ink)
    return bool(leans and (np.diff(middles) <= 0.5).all() and len(rows) >= letter / 2)


def may_be_slash(text: str, ink: Ink) -> bool:
    """Whether a lone 1 leans over or a lone 7 has no bar: dirt on a slash makes it either."""
    if text not in ("1", "7"):
        return False
    rows = [np.flatnonzero(row) for row in ink if row.any()]
    third = max(len(rows) // 3, 1)
    if text == "7":
        return bool(max(np.ptp(row) + 1 for row in rows[:third]) < BAR * _across(ink))
    top, bottom = (np.mean([row.mean() for row in part]) for part in (rows[:third], rows[-third:]))
    return bool(top - bottom >= LEANING / 2 * len(rows))


def _across(ink: Ink) -> int:
    """How many columns a line's ink takes."""
    return int(np.ptp(np.flatnonzero(ink.any(axis=0))) + 1)
