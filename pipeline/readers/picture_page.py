"""A picture of a page, made ready to be read: set upright, its paper made white, its ruled lines found.

Here are pixels alone, no characters. What is a ruled line and what is ink is decided once, for both readings. OpenCV
comes with the extra `ocr`: this module is imported only when there is a picture to read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from pipeline.readers.pdf_page import Rule
from pipeline.readers.recognition import Box, Grey

Ink = np.ndarray[Any, np.dtype[np.bool_]]

FINEST = 220 / 72
"""Pixels a point that a picture is shrunk to; finer ones show no more."""
MOST_SKEW = 3.0
"""Degrees by which a page may lie askew."""
LYING, STANDING = 18.0, 12.5
"""Points a drawn line is long at least: longer than a stroke of a heading."""
JOINED = 1.2
"""Points of a gap in a drawn line."""
THICK = 4.0
"""Points a drawn line is thick at most."""
SPECK = 1.7
"""Points; what is smaller both ways is no character by itself: dirt, a dot. The shortest dash has 2."""
REACH = 4.0
"""Points on either side within which a dot has a digit if it is a decimal point."""
DIGIT = 4.0
"""Points a digit is high at least."""
FOOT = 1.5, 1.0
"""Points above and below the foot of a digit between which a decimal point stands."""
DARKEST, PALEST = 110, 230
"""Greys between which ink ends and paper begins."""
BODY = 10
"""Per cent of the ink that are as dark as ink gets: the edges of strokes are paler."""
EDGE = 0.26
"""How dark the edge of a stroke is, of white paper to the body of ink: pale strokes must not break."""
ROUGH = 1.4
"""Pixels a point that show how a page lies."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A picture of a page, upright. `scale` is pixels a point.

    `grey` is the picture with white paper, `bare` the same without its ruled lines, `ink` what of it is dark, without
    lines and specks.
    """

    number: int
    scale: float
    grey: Grey
    bare: Grey
    ink: Ink
    rules: list[Rule]


def sheet(number: int, picture: Grey, scale: float) -> Sheet:
    """A picture of a page as a sheet that can be read; `scale` is its pixels a point."""
    if scale > FINEST:
        picture = _resized(picture, FINEST / scale)
        scale = FINEST
    white = _white(_upright(_white(picture, scale), scale), scale)
    dark = white < _threshold(white)
    drawn, rules = _rules(dark, scale)
    beside = _grown(drawn)
    dark &= ~beside
    specks = _specks(dark, scale)
    dirt = specks & ~_feet(dark & ~specks, scale)
    ink = dark & ~dirt
    clean = np.where(_grown(dirt) & ~ink, np.uint8(255), white)
    return Sheet(number, scale, clean, np.where(beside, np.uint8(255), clean), ink, rules)


def softened(picture: Grey, by: float) -> Grey:
    """A picture with its edges softened by so many pixels: the sharp dots of a fax mislead what recognises them."""
    soft: Grey = cv2.GaussianBlur(picture, (0, 0), by)
    return soft


def missed(sheet: Sheet, boxes: Sequence[Box]) -> list[Box]:
    """Boxes around the ink outside of boxes, if it is large enough for a digit: lone ones are easily missed."""
    left_over = sheet.ink.copy()
    for left, top, right, bottom in boxes:
        left_over[top:bottom, left:right] = False
    reach = int(REACH * sheet.scale)
    near = cv2.dilate(left_over.astype(np.uint8), np.ones((1, reach), np.uint8))
    count, _, stats = _parts(near > 0)
    found = [tuple(map(int, stats[number, :4])) for number in range(1, count)]
    return [
        (left, max(top - reach // 4, 0), left + width, top + height + reach // 4)
        for left, top, width, height in found
        if DIGIT * sheet.scale <= height <= 4 * DIGIT * sheet.scale
    ]


def _resized(picture: Grey, by: float) -> Grey:
    small: Grey = cv2.resize(picture, None, fx=by, fy=by, interpolation=cv2.INTER_AREA)
    return small


def _white(picture: Grey, scale: float) -> Grey:
    """The picture on white paper: every pixel against the brightest around it, so that shades and tints are gone."""
    size = max(int(3 * scale), 3)
    paper = cv2.morphologyEx(_resized(picture, 1 / 4), cv2.MORPH_CLOSE, np.ones((size, size), np.uint8))
    paper = cv2.resize(cv2.medianBlur(paper, 5), picture.shape[::-1], interpolation=cv2.INTER_LINEAR)
    white: Grey = cv2.divide(picture, np.maximum(paper, 1), scale=255)
    return white


def _threshold(white: Grey) -> float:
    """The grey below which a pixel of a picture on white paper is ink."""
    soft = cv2.GaussianBlur(white, (3, 3), 0)
    middle, _ = cv2.threshold(soft, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    ink = white[white < min(middle, PALEST)]
    body = float(np.percentile(ink, BODY)) if len(ink) else 0.0
    return float(min(max(middle, 255 - EDGE * (255 - body), DARKEST), PALEST))


def _upright(picture: Grey, scale: float) -> Grey:
    """The picture turned so that its lines lie level."""
    dark = 255 - _resized(picture, min(1.0, ROUGH / scale))

    def sharpness(angle: float) -> float:
        profile = _turned(dark, angle, 0).sum(axis=1, dtype=np.float64)
        return float(np.square(np.diff(profile)).sum())

    best = 0.0
    for step, reach in ((0.5, MOST_SKEW), (0.1, 0.4), (0.03, 0.09)):
        angles = best + np.arange(-reach, reach + step / 2, step)
        best = float(max(angles, key=sharpness))
    return picture if abs(best) < 0.02 else _turned(picture, best, 255)


def _turned(picture: Grey, angle: float, fill: int) -> Grey:
    height, width = picture.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
    turned: Grey = cv2.warpAffine(picture, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=fill)
    return turned


def _grown(pixels: Ink) -> Ink:
    """Pixels and their neighbours."""
    grown: Ink = cv2.dilate(pixels.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    return grown


def _rules(dark: Ink, scale: float) -> tuple[Ink, list[Rule]]:
    """The pixels of the ruled lines, and the lines in points."""
    found: list[tuple[Rule, tuple[slice, slice], Ink]] = []
    for lies, least in ((True, LYING), (False, STANDING)):
        count, labels, stats = _parts(_lines(dark, int(least * scale), int(JOINED * scale), lies=lies))
        for number in range(1, count):
            left, top, width, height = map(int, stats[number, :4])
            thickness, length = (height, width) if lies else (width, height)
            if thickness > THICK * scale:
                continue
            at = (top + height / 2 if lies else left + width / 2) / scale
            start = (left if lies else top) / scale
            part = np.s_[top : top + height, left : left + width]
            found.append((Rule(lies, at, start, start + length / scale), part, labels[part] == number))
    pixels = np.zeros_like(dark)
    rules = [rule for rule, _, _ in found]
    crossing = [rule for rule in rules if any(_cross(rule, other) for other in rules)]
    for rule, part, drawn in found:
        if rule in crossing:
            pixels[part] |= drawn
    return pixels, crossing


def _lines(dark: Ink, least: int, joined: int, *, lies: bool) -> Ink:
    """Runs of dark pixels of a least length, over short gaps; those a little askew hold together over two rows."""

    def along(length: int, across: int = 1) -> Grey:
        return np.ones((across, length) if lies else (length, across), np.uint8)

    whole = cv2.morphologyEx(dark.astype(np.uint8), cv2.MORPH_CLOSE, along(max(joined, 2)))
    lines: Ink = cv2.morphologyEx(cv2.dilate(whole, along(1, 2)), cv2.MORPH_OPEN, along(least)) > 0
    return lines


def _parts(pixels: Ink) -> tuple[int, Any, Any]:
    """How many connected parts there are, 0 being what is none; the part of each pixel; the parts' boxes and areas."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(pixels.astype(np.uint8), connectivity=8)
    return count, labels, stats


def _cross(one: Rule, other: Rule) -> bool:
    """Whether two lines meet at an angle; what meets nothing is an underline or the stroke of a large character."""
    near = 2.0
    return (
        one.lies != other.lies
        and one.start - near <= other.at <= one.end + near
        and other.start - near <= one.at <= other.end + near
    )


def _specks(dark: Ink, scale: float) -> Ink:
    """What is too small to be a character."""
    _, labels, stats = _parts(dark)
    small: Ink = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]) < SPECK * scale
    small[0] = False
    specks: Ink = small[labels]
    return specks


def _feet(ink: Ink, scale: float) -> Ink:
    """Where characters as high as a digit stand shortly to the left and to the right, at their feet.

    A dot there may be a decimal point; above it, or inside of a nought, it is dirt.
    """
    reach, above, below = (round(points * scale) for points in (REACH, *FOOT))
    behind, before = np.zeros_like(ink), np.zeros_like(ink)
    _, _, stats = _parts(ink)
    for left, top, width, height in stats[1:, :4].tolist():
        if height >= DIGIT * scale:
            rows = slice(max(top + height - above, 0), top + height + below)
            behind[rows, left + width : left + width + reach] = True
            before[rows, max(left - reach, 0) : left] = True
    return behind & before
