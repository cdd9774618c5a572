"""Whether what stands around a pattern can have a part in its tables. If it may, the document is read in full.

The pattern begins and ends at headings, and no chain of labels crosses a heading. So a label outside can do harm only
by being part of a table that outweighs the one inside, or by being one row too many that is printed twice.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain, groupby
from operator import sub
from typing import NamedTuple

from pipeline.forms import TABLES, Forms, TableForm, bare, key, load, load_statistics
from pipeline.parse.align import PROSE, PROSE_COST, Alignment, Words, align
from pipeline.parse.pattern import RUN_TOGETHER, Frame
from pipeline.parse.rows import MANY
from pipeline.parse.sections import headings_of
from pipeline.parse.statistics import TELLING
from pipeline.readers import Cell, CellColumns, Document

WEIGHTS = {"row": 3.5, "column": 1.5, "head": 1.5}
"""What a label weighs at most in a chain of the engine's,"""
LEAST_WEIGHTS = {"row": 3.0, "column": 1.0, "head": 1.0}
"""and at least."""


class Weight(NamedTuple):
    """What labels weigh: for each table of each edition, and how many rows of one are spelled that might be again."""

    tables: tuple[float, ...]
    rows: int


def is_harmless(frame: Frame, own: Weight) -> bool:
    """Whether nothing around a pattern can have a part in its tables, where all labels in the pattern weigh `own`.

    Prose cannot. A few labels, as in the navigation of a page, cannot either: fences keep them out of the tables, and
    they are too light for a table of their own. Rows of several cells count only where a source marks no cells.
    """
    around = [*frame.before, *frame.after]
    if not all(_is_alone(frame)) and not (frame.document.marked and _is_gapless(frame.document.cells)):
        return False
    if all(_says_nothing(cell.text) for cell in around):
        return True
    if any(RUN_TOGETHER.fullmatch(cell.text) for cell in around):
        return False
    other = _weight(_telling(frame.before), _telling(frame.after))
    if other is None or other.rows + own.rows > MANY:
        return False
    return all(light < heavy for light, heavy in zip(other.tables, own.tables, strict=True))


def _is_alone(frame: Frame) -> Iterator[bool]:
    """Whether each cell around a pattern, and its first one, are rows of their own."""
    rows = [cell.row for cell in frame.before] + [frame.row] + [cell.row for cell in frame.after]
    yield len({*rows}) == len(rows)
    yield not any(cell.column for cell in frame.before)
    yield not any(cell.column for cell in frame.after)


def _is_gapless(cells: Sequence[Cell]) -> bool:
    """Whether no number is left out in the count of rows, so that no gap between them means anything."""
    rows = CellColumns.of(cells).rows
    return max(map(sub, rows[1:], rows), default=0) <= 1


def _telling(cells: Sequence[Cell]) -> tuple[str, ...]:
    """The texts of cells, but where some can be no part of any label, one word that is none."""
    return tuple(text for text, _ in groupby(_told(cell.text) for cell in cells))


_NOTHING = "甲乙丙丁"


@lru_cache(maxsize=8192)
def _told(text: str) -> str:
    return text if not _says_nothing(text) or key(text) in _labels().whole else _NOTHING


@lru_cache(maxsize=4096)
def _weight(*parts: tuple[str, ...]) -> Weight | None:
    """What the labels among some cells weigh at most; None where a table before 2019 may begin among them.

    Each part is aligned alone: something stands between them.
    """
    words = [Words.of([Cell(text, number, 0, "") for number, text in enumerate(part)]) for part in parts]
    printed = {word for part in words for word in part if word}
    if not {*printed, *map(bare, printed)}.isdisjoint(_labels().earlier):
        return None
    found = [align(part, _scripts(), ()) for part in words]
    tables = [sum(map(_heaviest, alignments)) for alignments in zip(*found, strict=True)]
    rows = [
        {*chain.from_iterable(each.rows.values() for each in alignments)} for alignments in zip(*found, strict=True)
    ]
    return Weight(tuple(tables), max(map(len, rows)))


def _heaviest(alignment: Alignment) -> float:
    return sum(WEIGHTS[alignment.form.script[hit.position].kind] for hit in alignment.hits)


def weight_of(own: Document, extent: range, forms: Forms) -> Weight:
    """What the labels in a pattern weigh at least, and of how many rows they may be there twice.

    Nothing, where a row may share its page with what stands above the pattern.
    """
    widths = Counter(cell.row for cell in own.cells)
    words = Words.of(own.cells)
    fences = [heading.cell for heading in headings_of(own.cells, forms.sections)]
    prose = sum(len(word) > PROSE for word in words[extent.start : extent.stop] if word)
    tables, again = [], [0]
    for alignment in align(words, _scripts(), fences):
        inside = [hit for hit in alignment.hits if hit.start in extent]
        labels = [(hit, alignment.form.script[hit.position].kind) for hit in inside]
        is_apart = all(widths[own.cells[hit.end].row] > 1 for hit, kind in labels if kind == "row")
        weight = sum(LEAST_WEIGHTS[kind] for hit, kind in labels if hit.exact) - PROSE_COST * prose
        tables.append(weight if is_apart else 0.0)
        codes = Counter(code for cell, code in alignment.rows.items() if cell in extent)
        again.append(sum(times > 1 for times in codes.values()))
    return Weight(tuple(tables), max(again))


@lru_cache(maxsize=1)
def _scripts() -> tuple[TableForm, ...]:
    """Every table of every edition, in the order in which the engine takes them."""
    return tuple(edition.tables[name] for name in TABLES for edition in load().editions.values())


@lru_cache(maxsize=8192)
def _says_nothing(text: str) -> bool:
    """Whether a cell neither spells a label or more of any table, nor begins one, nor holds figures run together."""
    if RUN_TOGETHER.fullmatch(text):
        return False
    opening = key(text[:_OPENING])  # the whole key of a long line is dear
    if len(opening) < _LEAST:
        opening = key(text)
    if not {opening[:2], bare(opening)[:2]} & _labels().openings:
        return True
    word = key(text)
    return len(word) > PROSE or not any(map(_spells, {word, bare(word)}))


_OPENING = 24
_LEAST = 6
"""So many letters of a line are enough to compare its beginning, without a number, with those of labels."""


class _Labels(NamedTuple):
    """All spellings of labels of all tables, their first letters, and how any of them begins."""

    spellings: frozenset[str]
    openings: frozenset[str]
    beginnings: frozenset[str]
    whole: str
    earlier: frozenset[str]
    """Those of tables before 2019 that could make one be looked for."""


@lru_cache(maxsize=1)
def _labels() -> _Labels:
    statistics = [family.form for family in load_statistics().families.values()]
    tables = [*_scripts(), *statistics]
    spellings = frozenset(spelling for table in tables for label in table.script for spelling in label.keys)
    return _Labels(
        spellings,
        frozenset(spelling[:length] for spelling in spellings for length in (1, 2)),
        frozenset(spelling[:length] for spelling in spellings for length in range(len(spelling))),
        "\n".join(sorted(spellings)),
        frozenset(key for table in statistics for label in table.script for key in label.keys if len(key) >= TELLING),
    )


def _spells(word: str) -> bool:
    """Whether a word is a label, the beginning of one, or seems to be several."""
    labels = _labels()
    if word in labels.spellings or word in labels.beginnings:
        return True
    ends = range(1, len(word))
    return any(word[:end] in labels.spellings and word[end : end + 2] in labels.openings for end in ends)
