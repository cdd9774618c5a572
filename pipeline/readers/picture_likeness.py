"""What a character looks like beside the others of its page: a reading by shape, of which no model has a part.

The models that recognise strings know how characters look anywhere, and guess a blurred one from its neighbours. Here a
character is laid over others of the same page, printed in its font and scanned with it, and is what its likest are.
They have their names from figures that were recognised twice alike, and never from its own figure. A slip of a model
comes of the line it was shown, and those lines are others. Where a character is taken for another in
many places, twice, both names have one look, and then the rarer one is doubtful; only where it is taken so in most
places of a page would the slip be taught.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from pipeline.readers.recognition import Grey

Patch = np.ndarray[Any, np.dtype[np.float32]]

FRAME = (1.3, 0.3, 1.2)
"""Heights of a letter above and below the foot of a character, and across, that it is compared in."""
SHIFTS = (-1, 0, 1)
"""Pixels by which characters are moved to lie over each other."""
LIKEST = 3
"""Others that a character is held against, of each kind."""
FEWEST = 2
"""Others of a kind that there are at least."""
MOST = 40
"""Others of a kind that are looked at."""
LIKE = 0.9
"""How alike two of a kind are: the cosine between them, of one shape 1."""
AHEAD = 0.05
"""By how much the likest kind must be more alike than the next."""
APART = 0.03
"""By how much most of a kind must be more alike to each other than to another kind."""
LARGEST = 80.0
"""Pixels of a letter; larger ones are no report's."""


class Character(NamedTuple):
    """A character that was recognised: its name, the number of its line, whether its figure was read twice alike."""

    name: str
    line: int
    twice: bool
    patch: Patch


class Likeness(NamedTuple):
    """What a character looks like, empty where that is not certain, and the names of all kinds it was held against."""

    name: str
    kinds: frozenset[str]


def patch_of(grey: Grey, left: int, right: int, foot: int, letter: float) -> Patch:
    """The darkness of columns of a line, in a frame that has its foot and their middle where every frame has it."""
    above, height, width = round(FRAME[0] * letter), round((FRAME[0] + FRAME[1]) * letter), round(FRAME[2] * letter)
    patch = np.zeros((height, width), dtype=np.float32)
    start, top = (left + right - width) // 2, foot - above
    rows = slice(max(top, 0), min(top + height, len(grey)))
    columns = slice(max(left, start, 0), min(right, start + width, grey.shape[1]))
    if rows.start < rows.stop and columns.start < columns.stop:
        part = 255.0 - grey[rows, columns]
        patch[rows.start - top : rows.stop - top, columns.start - start : columns.stop - start] = part
    return patch


def likenesses(characters: Sequence[Character]) -> list[Likeness]:
    """What each of the characters of a page looks like, by those of other lines that were read twice alike."""
    kinds: dict[str, list[int]] = {}
    for number, character in enumerate(characters):
        of_kind = kinds.setdefault(character.name, [])
        if character.twice and len(of_kind) < MOST:
            of_kind.append(number)
    taught = [number for numbers in kinds.values() for number in numbers]
    if not taught:
        return [Likeness("", frozenset())] * len(characters)
    lines = np.array([character.line for character in characters])
    alike = _alike([character.patch for character in characters], taught)
    alike[lines[:, None] == lines[taught]] = np.nan
    names = list(kinds)
    scores = np.full((len(characters), len(names)), -1.0)
    at = 0
    for column, name in enumerate(names):
        nearest = -np.sort(-alike[:, at : at + len(kinds[name])], axis=1)[:, :LIKEST]
        at += len(kinds[name])
        enough = (~np.isnan(nearest)).sum(axis=1) >= FEWEST
        if enough.any():
            scores[enough, column] = np.nanmean(nearest[enough], axis=1)
    slips = _slips(names, [character.name for character in characters], taught, scores)
    found = zip(characters, (_likest(names, row) for row in scores), strict=True)
    return [like._replace(name=slips.get(character.name, like.name)) for character, like in found]


def _slips(
    names: Sequence[str], of: Sequence[str], taught: Sequence[int], scores: np.ndarray[Any, np.dtype[np.float64]]
) -> dict[str, str]:
    """The kinds that look as another and commoner kind does, which is what they are: two names of one look."""
    slips = {}
    counts = Counter(of[number] for number in taught)
    for column, name in enumerate(names):
        own = scores[[number for number in taught if of[number] == name]]
        own = own[own[:, column] >= 0]
        for rival, other in enumerate(names):
            if counts[other] > counts[name] and len(own) and np.median(own[:, column] - own[:, rival]) < APART:
                slips[name] = other
    return slips


def _likest(names: Sequence[str], scores: np.ndarray[Any, np.dtype[np.float64]]) -> Likeness:
    known = frozenset(name for name, score in zip(names, scores, strict=True) if score >= 0)
    first, *rest = np.argsort(-scores)
    ahead = scores[first] - max((scores[place] for place in rest), default=0.0)
    return Likeness(names[first] if scores[first] >= LIKE and ahead >= AHEAD else "", known)


def _alike(patches: Sequence[Patch], taught: Sequence[int]) -> np.ndarray[Any, np.dtype[np.float32]]:
    """The cosine between each of the patches and each of the `taught`, where they lie over each other best."""
    stack = np.array(patches)
    rows = _unit(stack)
    best = np.full((len(stack), len(taught)), -1.0, dtype=np.float32)
    for down in SHIFTS:
        for across in SHIFTS:
            moved = _unit(np.roll(stack[list(taught)], (down, across), axis=(1, 2)))
            np.maximum(best, rows @ moved.T, out=best)
    return best


def _unit(stack: np.ndarray[Any, np.dtype[np.float32]]) -> np.ndarray[Any, np.dtype[np.float32]]:
    flat = stack.reshape(len(stack), -1)
    unit: np.ndarray[Any, np.dtype[np.float32]] = flat / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-6)
    return unit
