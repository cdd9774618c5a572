"""What counts as read of a figure in a picture: two strings that the models recognised, its ink, and its looks.

The models are asked twice, about softer and about wider pixels; but they are the same models, and what they make of a
line they may make of it twice. So two other witnesses are heard, which know nothing of models:

- the ink says how many characters there are (`picture_ink`): a string that does not lie over it was not read whole;
- the looks say which they are (`picture_likeness`), beside the others of the page.

Two alike strings stand unless one of these speaks against them. Of two that differ, the one stands that lies over the
ink and every character of which looks as it should, if the other one does not lie over it or looks otherwise: then two
readings of it agree, one by a model and one by shape. Nothing stands that no model has read.
"""

from collections.abc import Container, Mapping, Sequence
from typing import NamedTuple

from pipeline.readers.pdf_page import UNKNOWN
from pipeline.readers.picture_ink import (
    FIGURE,
    Ink,
    Piece,
    Run,
    cut,
    digit_widths,
    foot_of,
    is_even,
    may_be_slash,
    runs_of,
)
from pipeline.readers.picture_likeness import LARGEST, Character, Likeness, likenesses, patch_of
from pipeline.readers.recognition import Grey

MARKS = frozenset("/-无")
"""What stands for nil in a cell, and may be what another string takes for a figure."""


DIRT = " .,:;、·'`*\"‘’“”"
"""What specks beside a figure are taken for."""


class Seen(NamedTuple):
    """A line: both strings recognised in it, its ink and grey pixels, cut alike, and whether its cell has no other."""

    close: str
    far: str
    ink: Ink
    grey: Grey
    alone: bool = True

    @property
    def bare(self) -> tuple[str, str]:
        """The strings without the blanks that are seen between digits set wide, and without what dirt looks like."""
        dirt = DIRT if self.alone else ""
        close, far = ("".join(text.split()).strip(dirt) for text in (self.close, self.far))
        return close, far


class _Candidate(NamedTuple):
    """A string that lies over the ink of its line, and what each of its characters looks like."""

    text: str
    looks: Sequence[Likeness]

    @property
    def is_right(self) -> bool:
        """Whether every character looks as it should."""
        return all(look.name == character for look, character in zip(self.looks, self.text, strict=True))

    @property
    def is_wrong(self) -> bool:
        """Whether a character looks otherwise."""
        return any(look.name not in ("", character) for look, character in zip(self.looks, self.text, strict=True))

    def is_known(self) -> bool:
        """Whether every character was held against others of its kind."""
        return all(character in look.kinds for look, character in zip(self.looks, self.text, strict=True))


def settle(lines: Sequence[Seen], letter: float) -> list[tuple[str, str]]:
    """Both readings of every line of a page, where a figure that something speaks against has an unknown character.

    `letter` is the height of a character in pixels.
    """
    runs = [runs_of(line.ink) for line in lines]
    widths = digit_widths(runs, [line.bare[0] if len({*line.bare}) == 1 else "" for line in lines])
    laid = [_laid(line, of, width, letter) for line, of, width in zip(lines, runs, widths, strict=True)]
    lines = [_cleared(line, figures) for line, figures in zip(lines, laid, strict=True)]
    looks = iter(_looks(lines, laid, [foot_of(each) if each else 0 for each in runs], letter))
    return [
        _settled(line, [_Candidate(text, [next(looks) for _ in pieces]) for text, pieces in figures.items()])
        for line, figures in zip(lines, laid, strict=True)
    ]


def _laid(line: Seen, runs: Sequence[Run], width: float, letter: float) -> dict[str, list[Piece]]:
    """The strings of a line that are figures and lie over its ink, with their characters."""
    laid = {}
    for text, bare in zip((line.close, line.far), line.bare, strict=True):
        if FIGURE.fullmatch(bare) and not may_be_slash(bare, line.ink):
            pieces = cut(bare, runs, width, letter, alone=line.alone)
            if pieces is not None and (not _is_spaced(text) or is_even(pieces)):
                laid[bare] = pieces
    return laid


def _is_spaced(text: str) -> bool:
    return len(text.strip(DIRT).split()) > 1


def _cleared(line: Seen, laid: Container[str]) -> Seen:
    """A line, its strings bare where they are figures that lie over the ink."""
    strings = zip((line.close, line.far), line.bare, strict=True)
    close, far = (bare if bare in laid else text for text, bare in strings)
    return line._replace(close=close, far=far)


def _settled(line: Seen, candidates: Sequence[_Candidate]) -> tuple[str, str]:
    strings = line.close, line.far
    fits = {candidate.text: not candidate.is_wrong for candidate in candidates}
    if line.close == line.far:
        doubtful = FIGURE.fullmatch(line.close) and not fits.get(line.close)
        return (line.close + UNKNOWN if doubtful else line.close), line.far
    right = [candidate for candidate in candidates if candidate.is_right]
    if len(right) == 1 and all(_is_refuted(string, candidates) for string in strings if string != right[0].text):
        return right[0].text, right[0].text
    close, far = (
        string + UNKNOWN if FIGURE.fullmatch(string) and not fits.get(string) else string for string in strings
    )
    return close, far


def _is_refuted(string: str, candidates: Sequence[_Candidate]) -> bool:
    """Whether a string is not what is printed: no figure, or one that does not fit, or one that looks otherwise."""
    own = next((candidate for candidate in candidates if candidate.text == string), None)
    if own is None:
        return string not in MARKS
    return own.is_wrong and own.is_known()


def _looks(
    lines: Sequence[Seen], laid: Sequence[Mapping[str, list[Piece]]], feet: Sequence[int], letter: float
) -> list[Likeness]:
    """What each character that was laid over ink looks like, in their order."""
    if letter > LARGEST:
        return [Likeness("", frozenset())] * sum(len(pieces) for figures in laid for pieces in figures.values())
    return likenesses(
        [
            Character(piece.text, number, line.close == line.far, patch_of(line.grey, *piece[1:], foot, letter))
            for number, (line, figures, foot) in enumerate(zip(lines, laid, feet, strict=True))
            for pieces in figures.values()
            for piece in pieces
        ]
    )
