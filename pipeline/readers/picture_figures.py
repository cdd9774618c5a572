"""Whether a recognised figure is as wide as its characters: a witness that counts them and does not read them.

Digits of a font are all equally wide, but for the 1, whose ink is narrow. So the figures of a page tell how far its
digits stand apart, and a figure whose ink has room for one more, or for a point, was not read whole. A minus is a flat
mark before it, and dirt is none.
"""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

Ink = np.ndarray[Any, np.dtype[np.bool_]]

BLANK = 0.15
"""Widths of a digit that its ink does not fill."""
NARROW = 0.16
"""How much less of it a 1 fills on either side."""
MARK = (0.4, 1.1)
"""The widths that a point, a comma or a sign has."""
SLACK = 0.3
"""By how many widths ink and characters may differ; a point is hardly wider than 0.4."""
SIGN = (0.3, 0.4)
"""How wide a minus is at least, in widths of a digit, and how high at most, in heights of one."""
FLAT = (0.35, 1.8)
"""How high a lone dash is at most, in heights of a letter, and how wide at least, in heights of its own."""
LEANING = 0.2
"""How far a slash leans over, in its heights; the stroke of a 1 stands, a 7 has a bar."""
BAR = 0.7
"""The share of its width that the bar of a 7 has at least."""
SAME_HEIGHT = 0.08
"""By which share a figure may be higher than others and still be of their font."""
ENOUGH = 2
"""Figures of several digits that tell the width of one; where there are fewer, lone digits do."""
_FIGURE = re.compile(r"[-+]?[0-9][0-9.,:]*")


def mark(ink: Ink, letter: float) -> str:
    """The dash or the slash that is all the ink of a cell, by its shape alone, or nothing; `letter` is in pixels.

    What recognises characters makes anything of a lone stroke.
    """
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    inked = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    height, width = inked.shape
    if height <= FLAT[0] * letter and width >= FLAT[1] * height and inked.any(axis=0).all():
        return "-"
    middles = np.array([np.flatnonzero(row).mean() if row.any() else np.nan for row in inked])
    wide = max(np.ptp(np.flatnonzero(row)) + 1 for row in inked if row.any())
    leans = middles[0] - middles[-1] >= LEANING * height and wide <= 0.6 * width
    return "/" if leans and bool((np.diff(middles) <= 0.5).all()) and height >= letter / 2 else ""


class _Figure(NamedTuple):
    """A recognised figure, and how wide and high its ink is, in pixels."""

    text: str
    width: int
    height: int

    @property
    def digits(self) -> int:
        return sum(map(str.isdecimal, self.text))

    @property
    def lack(self) -> float:
        """Widths of a digit that it is narrower than its characters are, side by side."""
        return BLANK + NARROW * (self.text.startswith("1") + self.text.endswith("1"))


def misfits(texts: Sequence[str], inks: Sequence[Ink]) -> set[int]:
    """The numbers of the texts that are figures and have more or less ink than their characters need."""
    both = enumerate(zip(texts, inks, strict=True))
    figures = {number: _Figure(text, *_size(ink)) for number, (text, ink) in both if _FIGURE.fullmatch(text)}
    plain = {number: figure for number, figure in figures.items() if figure.text.isdecimal() and figure.text != "1"}
    return {
        number
        for number, figure in figures.items()
        if not _fits(figure, inks[number], [other for place, other in plain.items() if place != number])
    }


def _fits(figure: _Figure, ink: Ink, others: Sequence[_Figure]) -> bool:
    """Whether a figure has the ink it needs, by that of others: of its own height, so of its font, if there are any."""
    if not others:
        return False
    alike = [other for other in others if abs(other.height / figure.height - 1) <= SAME_HEIGHT]
    scale = 1.0 if alike else figure.height / float(np.median([other.height for other in others]))
    alike = alike or list(others)
    long = [other for other in alike if other.digits > 1]
    alike = long if len(long) >= ENOUGH else alike
    digit = scale * float(np.median([other.width / (other.digits - other.lack) for other in alike]))
    room = figure.width / digit + figure.lack
    marks = len(figure.text) - figure.digits
    least, most = (figure.digits + share * marks for share in MARK)
    signed = _has_sign(ink, digit, figure.height)
    return (
        least - SLACK <= room <= most + SLACK
        and signed == figure.text.startswith("-")
        and not _may_be_slash(figure.text, ink)
    )


def _has_sign(ink: Ink, digit: float, height: int) -> bool:
    """Whether the first mark of a figure is flat and wide, as a minus is: dirt is not wide, a digit not flat."""
    columns = np.flatnonzero(ink.any(axis=0))
    width = int(np.argmax(np.diff(columns, append=columns[-1] + 2) > 1)) + 1
    rows = np.flatnonzero(ink[:, columns[0] : columns[0] + width].any(axis=1))
    return width >= SIGN[0] * digit and int(rows[-1] - rows[0] + 1) <= SIGN[1] * height


def _may_be_slash(text: str, ink: Ink) -> bool:
    """Whether a lone 1 leans over or a lone 7 has no bar: dirt on a slash makes it either."""
    if text not in ("1", "7"):
        return False
    rows = [np.flatnonzero(row) for row in ink if row.any()]
    third = max(len(rows) // 3, 1)
    if text == "7":
        width = _size(ink)[0]
        return bool(max(np.ptp(row) + 1 for row in rows[:third]) < BAR * width)
    top, bottom = (np.mean([row.mean() for row in part]) for part in (rows[:third], rows[-third:]))
    return bool(top - bottom >= LEANING / 2 * len(rows))


def _size(ink: Ink) -> tuple[int, int]:
    """How wide and how high the ink of a figure is, in pixels."""
    across, down = np.flatnonzero(ink.any(axis=0)), np.flatnonzero(ink.any(axis=1))
    return int(across[-1] - across[0] + 1), int(down[-1] - down[0] + 1)
