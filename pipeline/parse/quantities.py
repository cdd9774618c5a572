"""Numbers in sentences: Arabic with separators of thousands, Chinese, with a unit, exact or not.

Texts are folded first (`fold`): half-width, without blanks, quotation marks and titles in 《》. A number that is not
well formed is no quantity: its characters stay, and whoever reads the clause does not understand it.
"""

import re
from decimal import Decimal
from typing import NamedTuple

from pipeline.forms import simplify

_WIDTH: dict[int, int | str | None] = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_WIDTH |= {ord(dash): "-" for dash in "–—―－~～﹣"}
_WIDTH |= {ord(mark): None for mark in "“”\"'‘’「」\u200b\ufeff"}
_WIDTH |= {ord("﹐"): ",", ord("○"): "〇"}
_TITLES = re.compile("《[^《》]*(?:《[^《》]*》[^《》]*)*》")
_GROUP = re.compile(r"(?<!\d)(\d{1,3})[^\S\n]+(?=\d{3}(?!\d))")
_SPLIT_NUMBER = re.compile(r"(?<=\d)\s+(?=\d)")
_BLANKS = re.compile(r"\s+")
UNREAD = "\x00"
"""Stands for blanks that divide digits without a known meaning: a clause with it is not understood."""

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_CHINESE = "零〇一二两三四五六七八九十百千万亿"
_ARABIC = r"\d[\d,]*(?:\.\d+)?"
_QUANTITY = re.compile(
    rf"(?P<each>各)?(?P<number>{_ARABIC}|[{_CHINESE}]+)(?:-(?P<to>{_ARABIC})|[至到](?P<upto>{_ARABIC}|[{_CHINESE}]+))?"
    rf"(?P<times>[万亿](?!元))?(?P<more>[余多来几])?(?P<some>[万亿](?!元))?"
    r"(?P<unit>亿元|万元|元|%|件次|件\(次\)|件\(份\)|件|宗|起|份|个|项|条|例|笔|部)"
)
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_LONGEST = 12
"""What is printed with more characters is no count or amount of a report."""
STARTS = frozenset("各0123456789" + _CHINESE)
"""The characters a quantity may begin with."""
MONEY = "元"
YUAN = {"元": 0, "万元": 4, "亿元": 8}
"""Units of money, as powers of ten of a yuan."""


class Quantity(NamedTuple):
    """A number with its unit, money in 元.

    `step`: what one in its last printed digit counts. `each`: it stands for each of the things named. `end`: where the
    text goes on.
    """

    value: Decimal
    step: Decimal
    unit: str
    exact: bool
    each: bool
    end: int


def fold(text: str) -> str:
    """A text as words and numbers are looked up in it."""
    text = _TITLES.sub("", text.translate(_WIDTH))
    text = _SPLIT_NUMBER.sub(UNREAD, _GROUP.sub(r"\1", text))
    return simplify(_BLANKS.sub("", text))


def quantity_at(text: str, start: int) -> Quantity | None:
    """The quantity that begins at a place of a folded text, if one does and is well formed."""
    match = _QUANTITY.match(text, start)
    if match is None:
        return None
    value = number(match["number"]) if len(match["number"]) <= _LONGEST else None
    if value is None or (value % 1 and match["unit"] not in YUAN and match["unit"] != "%" and not match["times"]):
        return None
    rough = bool(match["to"] or match["upto"] or match["more"] or match["times"] or match["some"])
    for factor in filter(None, (match["times"], match["some"])):
        value *= {"万": 10_000, "亿": 100_000_000}[factor]
    unit, power = match["unit"], YUAN.get(match["unit"], 0)
    step = Decimal(1).scaleb(power - len(match["number"].partition(".")[2]))
    return Quantity(
        value.scaleb(power), step, MONEY if unit in YUAN else unit, not rough, match["each"] is not None, match.end()
    )


def number(text: str) -> Decimal | None:
    """The value of a number as printed: `1,208`, `12.5`, `一千二百零八`, `二〇八`; None when it is not well formed."""
    if text[0].isdecimal():
        return Decimal(text.replace(",", "")) if _THOUSANDS.fullmatch(text) else None
    if not any(unit in text for unit in "十百千万亿"):
        return _digit_by_digit(text)
    value = _chinese(text)
    return None if value is None else Decimal(value)


def _digit_by_digit(text: str) -> Decimal | None:
    """`五`, `二〇八`; not `三五`, which means three to five."""
    if len(text) > 1 and ("两" in text or not set("零〇") & set(text)):
        return None
    return Decimal("".join(str(_DIGITS[digit]) for digit in text))


def _chinese(text: str) -> int | None:
    """A number in words, each unit smaller than the one before: `三万零五十`; not `一百二`, `二三十`."""
    for unit, size in (("亿", 100_000_000), ("万", 10_000)):
        if unit in text:
            above, _, below = text.partition(unit)
            high, low = _chinese(above), _chinese(below) if below else 0
            short = bool(below) and below[0] not in "零〇" and (low or 0) < size // 10
            return None if not high or low is None or low >= size or short else high * size + low
    value, last = 0, 10_000
    digit: int | None = None
    zero = False
    for place, character in enumerate(text):
        if character in "零〇":
            if digit is not None or zero:
                return None
            zero = True
        elif character in _DIGITS:
            if digit is not None:
                return None
            digit = _DIGITS[character]
        else:
            size = _TENS[character]
            lone, gap = digit is None and place and character != "十", last > size * 10 and value and not zero
            if lone or gap or size >= last:
                return None
            value, last, digit, zero = value + (1 if digit is None else digit) * size, size, None, False
    if digit is not None and last > 10 and value and not zero:
        return None
    return value + (digit or 0)
