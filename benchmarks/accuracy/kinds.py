"""What figures a report has: kinds of agencies and of mistakes, and what each printed figure means.

Real reports are nearly all zeros, and in a table of zeros a misplaced number looks right; so most kinds here are what
real ones are not. None stands for a blank.
"""

import unicodedata
from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import NamedTuple

from tests.planted import glued
from tests.planted.figures import consistent, distinct

Cell = tuple[str, str, str]
"""Table, row code, column code."""
Figures = dict[Cell, str | None]
Kind = Callable[[str, str, Random], Figures]
"""From the editions of tables 2 and 3 to the figures of a report."""

NIL = {"/": "na", "-": "dash", "—": "dash", "无": "nil_word"}
"""What is printed instead of figures, and the state it calls for."""
_UNITS = {"万元": Decimal(10_000), "元": Decimal(1)}


class Meaning(NamedTuple):
    """What the dataset has to say of a printed figure. `yuan`: the amount in yuan, where its unit is printed."""

    state: str
    value: Decimal | None = None
    yuan: Decimal | None = None


LOST = Meaning("lost")
"""A cell whose row is not printed."""


def meaning(printed: str | None, unit: str | None = None) -> Meaning:
    """What a printed figure means; `unit` is the one in the header of an amount's column. None is a blank."""
    if printed is None:
        return Meaning("blank")
    if printed in NIL and NIL[printed] != "nil_word":
        return Meaning(NIL[printed])
    number = unicodedata.normalize("NFKC", printed)
    unit = next((own for own in _UNITS if number.endswith(own)), unit)
    number = "0" if printed in NIL else number.removesuffix("元").removesuffix("万").replace(",", "")
    value = Decimal(number)
    return Meaning(NIL.get(printed, "number"), value, value * _UNITS[unit] if unit else None)


# The kinds


def _different(edition_t2: str, edition_t3: str, random: Random) -> Figures:
    return dict(distinct(edition_t2, edition_t3, random.randrange(10**6)))


def _busy(edition_t2: str, edition_t3: str, random: Random) -> Figures:
    return dict(consistent(edition_t2, edition_t3, random.randrange(10**6)))


def _realistic(edition_t2: str, edition_t3: str, random: Random) -> Figures:
    """Up to 600 requests, most of them in a few rows; every sum holds."""
    seed = random.randrange(10**6)
    figures = glued.figures(edition_t3, seed)
    proactive = glued.figures(edition_t2, seed)
    tables_3_and_4 = {cell: figure for cell, figure in figures.items() if cell[0] != "proactive_disclosure"}
    return {cell: figure for cell, figure in proactive.items() if cell[0] == "proactive_disclosure"} | tables_3_and_4


def _quiet(edition_t2: str, edition_t3: str, random: Random) -> Figures:
    figures = _busy(edition_t2, edition_t3, random)
    return {cell: figure if random.random() < 0.08 else "0" for cell, figure in figures.items()}


def _ties(edition_t2: str, edition_t3: str, random: Random) -> Figures:
    """Two numbers take turns in all cells, so that most misplaced ones look right and none adds up."""
    pair = [str(random.randint(1, 30)) for _ in range(2)]
    return {cell: random.choice(pair) for cell in _busy(edition_t2, edition_t3, random)}


def _large(edition_t2: str, edition_t3: str, random: Random) -> Figures:
    """A province's numbers, up to six digits, amounts up to nine; every sum holds."""
    times = random.choice([97, 601, 991])
    figures = _numbers(_busy(edition_t2, edition_t3, random))
    return {cell: str(Decimal(figure) * times * (1 + 98 * (cell[2] == "amount"))) for cell, figure in figures.items()}


def _blanks(edition_t2: str, edition_t3: str, random: Random) -> Figures:
    """Blanks by a habit: zeros, one cell, totals, whole rows; or most of a quiet report."""
    if random.random() < 0.5:
        return dict(glued.blanked(_numbers(_realistic(edition_t2, edition_t3, random)), random))
    quiet = _quiet(edition_t2, edition_t3, random)
    return {cell: None if figure == "0" and random.random() < 0.7 else figure for cell, figure in quiet.items()}


def _marks(edition_t2: str, edition_t3: str, random: Random) -> Figures:
    mark = random.choice(list(NIL))
    return {cell: mark if figure == "0" else figure for cell, figure in _quiet(edition_t2, edition_t3, random).items()}


def _wrong_totals(edition_t2: str, edition_t3: str, random: Random) -> Figures:
    """The agency's own mistakes: one to three numbers of tables 3 and 4 that do not add up."""
    figures = spoiled = _numbers(_realistic(edition_t2, edition_t3, random))
    while spoiled == figures:  # a zero may be spoiled into a zero
        spoiled = glued.spoil(figures, random)
    return dict(spoiled)


def _written_variously(edition_t2: str, edition_t3: str, random: Random) -> Figures:
    """Thousands divided, full-width digits, signs, units in the cell."""

    def written(cell: Cell, figure: str) -> str:
        if cell[2] == "amount":
            return figure + random.choice(["", "万元", "元"])
        if cell[2] == "items_change":
            return figure if figure.startswith("-") else "+" + figure
        if len(figure) < 4 and random.random() < 0.4:  # more would not fit a printed cell
            return "".join(chr(ord(digit) + 0xFEE0) for digit in figure)
        return f"{int(figure):,}"

    figures = _numbers(_different(edition_t2, edition_t3, random))
    return {cell: written(cell, figure) for cell, figure in figures.items()}


def _numbers(figures: Figures) -> dict[Cell, str]:
    """Figures none of which is blank."""
    return {cell: figure or "0" for cell, figure in figures.items()}


KINDS: dict[str, Kind] = {
    "all different": _different,
    "busy": _busy,
    "realistic": _realistic,
    "quiet": _quiet,
    "ties": _ties,
    "large": _large,
    "blanks": _blanks,
    "marks for nil": _marks,
    "wrong totals": _wrong_totals,
    "written variously": _written_variously,
}
PLAIN: dict[str, Kind] = {name: KINDS[name] for name in ("realistic", "blanks", "wrong totals")}
"""Kinds for text that lost its separators: nothing but digits stands there."""
