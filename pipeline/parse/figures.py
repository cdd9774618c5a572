"""What stands in a figure cell: a number, a blank, a mark for nil, words, or something that cannot be read for sure.

Only whole cells are read, never a part of one: `1 2` is no 12, and `007` is not 7. What is not surely a number keeps
its text and gets no value.
"""

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache
from typing import Literal, NamedTuple, get_args

from pipeline.forms import simplify
from pipeline.forms.loader import Kind

State = Literal["number", "blank", "na", "dash", "nil_word", "text", "unreadable", "lost"]

STATES: tuple[State, ...] = get_args(State)
KINDS: tuple[Kind, ...] = get_args(Kind)


class Figure(NamedTuple):
    """The reading of a cell: its state, its value (None unless `number` or `nil_word`), the unit printed in it."""

    state: State
    value: Decimal | None = None
    unit: str | None = None


BLANK = Figure("blank")
WORDS = Figure("text")
UNREADABLE = Figure("unreadable")
LOST = Figure("lost")

LIMIT = Decimal(10) ** 13
"""Beyond any count or sum of money a report prints; a longer run of digits is two numbers that lost their gap."""

_DASHES = frozenset("-‐‑‒–—―─━−﹣")
_NOT_APPLICABLE = frozenset({"/", "\\", "//", "n/a", "na"})
_NIL = frozenset({"无"})
_ZERO = frozenset({"零", "〇", "o", "O"})
_NO_CHANGE = frozenset({"持平", "无变化", "不变", "未变", "无增减"})
_NUMBER = re.compile(
    r"""(?P<sign>[+\-−]|↑|↓|增加?|新增|减少?)?
        (?P<digits>(?:0|[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]*)(?:\.[0-9]+)?)
        (?P<scale>万|亿)?
        (?P<unit>元|件|宗|条|项|个|次|份|人次|人|起)?""",
    re.VERBOSE,
)
_SPACED_THOUSANDS = re.compile(r"[0-9]{1,3}(?:[ \u00a0\u2009\u202f][0-9]{3})+")
_BLANK = re.compile(r"\s")
_PARTED = re.compile(r"[0-9]\s+[0-9]")
"""Digits with a blank between them: two figures in one cell, or one that was cut."""
_DECREASE = frozenset({"-", "−", "↓", "减", "减少"})
_SCALE = {None: 1, "万": 10_000, "亿": 100_000_000}


@lru_cache(maxsize=8192)
def read_figure(text: str, kind: Kind = "count") -> Figure:
    """Read a cell that should hold a figure of a kind.

    `count`: a whole number; a decimal number is kept as a number where it is printed so, for the checks to judge.
    `change`: signs and words of increase and decrease count. `amount`: `万元`, `元` in the cell become the unit.
    """
    printed = _printed(text)
    if isinstance(printed, Figure):
        return printed
    if kind == "change" and printed in _NO_CHANGE:
        return Figure("number", Decimal(0))
    match = _NUMBER.fullmatch(printed)
    return _number(match, kind) if match else WORDS


@lru_cache(maxsize=4096)
def _printed(text: str) -> Figure | str:
    """What a cell holds, whatever its kind; else its text as it is compared, without blanks."""
    if "No" in map(unicodedata.category, text):
        return UNREADABLE  # a footnote mark: 5① is not 51
    folded = simplify(unicodedata.normalize("NFKC", text)).strip()
    if not folded:
        return BLANK
    if _SPACED_THOUSANDS.fullmatch(folded):
        folded = _BLANK.sub("", folded)
    compact = _BLANK.sub("", folded)
    is_number = _NUMBER.fullmatch(compact) is not None
    if _PARTED.search(folded):
        return UNREADABLE if is_number or _looks_numeric(compact) else WORDS
    if _DASHES.issuperset(compact):
        return Figure("dash")
    if compact.lower() in _NOT_APPLICABLE:
        return Figure("na")
    if compact in _NIL:
        return Figure("nil_word", Decimal(0))
    if compact in _ZERO:
        return Figure("number", Decimal(0))
    if is_number or compact in _NO_CHANGE:
        return compact
    return UNREADABLE if _looks_numeric(compact) else WORDS


def _number(match: re.Match[str], kind: Kind) -> Figure:
    sign, scale, unit = match["sign"], match["scale"], match["unit"]
    if sign and sign not in "+-−" and kind != "change":
        return WORDS
    if unit == "元" and kind != "amount":
        return WORDS
    if kind == "amount" and scale == "亿":
        return WORDS  # no report was seen to print it; `unit` knows 万元 and 元 alone
    value = Decimal(re.sub(",", "", match["digits"])) * (-1 if sign in _DECREASE else 1)
    if kind == "amount" and unit not in (None, "元"):
        return WORDS
    if kind == "amount":
        return _bounded(value, f"{scale or ''}元" if unit or scale else None)
    return _bounded(value * _SCALE[scale], None)


def _bounded(value: Decimal, unit: str | None) -> Figure:
    exponent = value.as_tuple().exponent
    if abs(value) >= LIMIT or (isinstance(exponent, int) and exponent < -6):
        return UNREADABLE
    return Figure("number", value, unit)


def _looks_numeric(compact: str) -> bool:
    """Digits with at most marks around them: something was a number and cannot be read for sure."""
    return any(map(str.isdecimal, compact)) and not any(
        character.isalpha() and character not in "oOlI" for character in compact
    )
