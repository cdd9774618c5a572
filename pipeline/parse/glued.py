"""Figures that ran together are split: `523001056` in a row of seven, where the arithmetic of the form allows it.

A row's figures fill its run of digits, have no leading zeros, and add up to the row's total; the rows add up by the
identities over rows. Only a reading that is the only one gets in, and the search is bounded: what it cannot finish
proves nothing. An identity that the source breaks leaves no reading, never a forced one.

A blank cell leaves no trace in a run, so a run of as many digits as columns is no proof by itself: `120` in three
columns may be `12`, blank, `0`. Certain without arithmetic is only a run that cannot be fewer numbers, for it has only
zeros before the last digit (`000`, `005`). The zeros of other rows are no evidence: published tables print zeros and
blanks side by side. A row shorter than its columns shows that a table has blanks, and then its arithmetic is not used.
In table 3 a reading that took a blank for a figure would have to meet all totals and both identities in all columns.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import accumulate, islice, pairwise
from typing import NamedTuple

import numpy as np

from pipeline.forms import Forms, Identity, TableForm
from pipeline.parse.figures import LIMIT, UNREADABLE, Figure
from pipeline.parse.rows import FormCell, TableReading
from pipeline.readers import Cell

WORK = 50_000
"""Steps of splitting the runs of one table, after which it stays unread: most tables take a hundredth of them."""
LONGEST = len(str(LIMIT)) - 1
"""Digits of the largest number a report prints."""
NODES = 200
"""Choices tried for one table."""
SOLUTIONS = 20
"""Readings of a table collected to see what they have in common; with more of them nothing is."""

WITNESS = "applications"
"""Table 4 has nothing but its three totals, and a blank leaves no trace in its run. Its digits are figures where every
cell of table 3 was read, so that this report is known to print its zeros and totals."""

_DIGITS = re.compile("[0-9]+")
_RUN_TOGETHER = re.compile(r"[0０][0-9０-９]{2,}")

Numbers = tuple[int, ...]


class _Row(NamedTuple):
    """The figures of a printed row: the cells of the form they are, the run of digits, the document's cell it is in.

    `digits` is empty where there is no such run. A row `is_broken` whose figures are none as they stand: they stuck to
    the label, or are told from the line below (a page number?) only by their being too few.
    """

    cells: tuple[int, ...]
    digits: str
    place: int
    is_broken: bool = False


class _Budget:
    """How many steps a search may still take; taking more raises `_Spent`."""

    def __init__(self, steps: int) -> None:
        self.steps = steps

    def spend(self) -> None:
        self.steps -= 1
        if self.steps < 0:
            raise _Spent


class _Spent(Exception):
    """A search did not end within its bounds, so it proves nothing."""


def solve(
    cells: Sequence[Cell], tables: Mapping[str, TableReading], forms: Forms, runs: frozenset[int] = frozenset()
) -> None:
    """Put the figures of glued tables in place: those of which the digits and the arithmetic leave one reading.

    `runs` are cells known to have been stuck to a label: none is a figure of a row of several columns as it stands.
    Else a table with separators anywhere inside such a row is not glued and stays as it is.
    """
    glued = bool(runs) or any(_RUN_TOGETHER.fullmatch(cell.text) for cell in cells)
    for table in sorted(tables.values(), key=lambda table: table.form.across):
        rows = list(_rows(cells, table, runs)) if glued else []
        if not _is_glued(table, rows, runs):
            continue
        for row in rows:
            if row.is_broken:
                _put(table, row, [FormCell(UNREADABLE, cells[row.place].text, row.place)] * len(row.cells))
        equal = [i for i in forms.editions[table.form.edition].identities if i.relation == "="]
        equal = [identity for identity in equal if identity.table == table.form.name]
        solved = _split(table.form, rows, equal, no_blanks=_is_whole(tables.get(WITNESS)))
        for row, numbers in zip(rows, solved, strict=True):
            if numbers is not None:
                _put(table, row, [_solved(number, row.place) for number in numbers])


def _put(table: TableReading, row: _Row, read: Sequence[FormCell]) -> None:
    for cell, form_cell in zip(row.cells, read, strict=True):
        table.cells[cell] = form_cell


def _solved(number: int, place: int) -> FormCell:
    return FormCell(Figure("number", Decimal(number)), str(number), place, "solved")


def _is_whole(table: TableReading | None) -> bool:
    return table is not None and all(cell.figure.value is not None for cell in table.cells)


def _split(
    form: TableForm, rows: Sequence[_Row], identities: Sequence[Identity], *, no_blanks: bool
) -> list[Numbers | None]:
    """The figures of each row, None where they are not certain."""
    across, down = ([i for i in identities if i.axis == axis] for axis in (form.column_axis, form.row_axis))
    sizes = [_block_sizes(form, row, across) for row in rows]
    forced = [_forced(row) for row in rows]
    if not all(sizes):
        return forced
    if form.across and no_blanks:
        return [_single_digits(row, size) for row, size in zip(rows, sizes, strict=True)]
    together = None if form.across else _together(form, rows, down)
    return together or [None if numbers is None or any(numbers) else numbers for numbers in forced]


def _rows(cells: Sequence[Cell], table: TableReading, runs: frozenset[int]) -> Iterator[_Row]:
    """The rows of several columns whose labels were found, with what is printed after each."""
    form, alignment = table.form, table.alignment
    labels = {form.script[hit.position].code: hit for hit in alignment.hits if form.script[hit.position].kind == "row"}
    following = dict(pairwise([*form.rows, None]))
    for row in [None] if form.across else [row for row, columns in form.rows.items() if len(columns) > 1]:
        hit = alignment.hits[-1] if form.across else labels.get(row)
        if hit is None:
            continue
        held = tuple(number for number, key in enumerate(form.keys) if row in (None, key[0]))
        figures = list(_figures_after(cells, range(hit.end + 1, alignment.until(hit.end))))
        beside = [cell for cell in figures if cells[cell].row == cells[figures[0]].row]
        over_lines = len(figures) > len(beside) and len(beside) < len(held)
        text = unicodedata.normalize("NFKC", cells[figures[0]].text) if len(figures) == 1 else ""
        own = row is None or following[row] is None or following[row] in labels  # else the next label's, which is lost
        yield _Row(
            held,
            text if own and _DIGITS.fullmatch(text) else "",
            figures[0] if figures else hit.end,
            is_broken=bool(figures) and (figures[0] in runs or over_lines),
        )


def _is_glued(table: TableReading, rows: Sequence[_Row], runs: frozenset[int]) -> bool:
    """Whether the figures of some row are one run, and no row has cells of its own."""
    apart = any(table.cells[cell].figure.value is not None for row in rows if not row.is_broken for cell in row.cells)
    return not apart and any(row.place in runs or len(row.digits) >= len(row.cells) for row in rows)


def _figures_after(cells: Sequence[Cell], places: range) -> Iterator[int]:
    """The cells with digits after a label, up to the first words."""
    for place in places:
        text = cells[place].text
        if any(map(str.isalpha, text)):
            return
        if any(map(str.isdecimal, text)):
            yield place


def _block_sizes(form: TableForm, row: _Row, identities: Sequence[Identity]) -> tuple[int, ...]:
    """How many cells each identity inside a row takes, the total last; empty when they do not fill the row."""
    totals = {right: left for identity in identities for _, left, right in identity.instances(form)}
    sizes, rest = [], row.cells
    while rest:
        parts = next((parts for parts in totals if parts[0] == rest[0]), ())
        size = len(parts) + 1
        if not parts or rest[:size] != (*parts, *totals[parts]):
            return ()
        sizes.append(size)
        rest = rest[size:]
    return tuple(sizes)


def _forced(row: _Row) -> Numbers | None:
    """The figures of a run that cannot be fewer numbers than it has digits: a number never begins with a zero."""
    only_zeros_before = not row.digits[:-1].strip("0")
    return tuple(map(int, row.digits)) if len(row.digits) == len(row.cells) and only_zeros_before else None


def _block(digits: str, count: int, budget: _Budget) -> Iterator[Numbers]:
    """Every way to read digits as `count` numbers of which the last is the sum of the others."""
    for cut in range(max(count - 1, len(digits) - LONGEST), len(digits)):
        total = digits[cut:]
        if total[0] != "0" or len(total) == 1:
            yield from ((*parts, int(total)) for parts in _parts(digits[:cut], count - 1, int(total), budget))


def _parts(digits: str, count: int, total: int, budget: _Budget) -> Iterator[Numbers]:
    """Every way to read digits as `count` numbers that add up to `total`."""
    budget.spend()
    if count == 1:
        if digits == str(total):
            yield (total,)
        return
    for cut in range(1, 2 if digits[0] == "0" else len(digits) - count + 2):
        first = int(digits[:cut])
        if first > total:
            return
        yield from ((first, *rest) for rest in _parts(digits[cut:], count - 1, total - first, budget))


def _single_digits(row: _Row, sizes: tuple[int, ...]) -> Numbers | None:
    """The figures of a run of one digit a cell, where the totals hold.

    Longer runs are not split by totals alone. Where one total is wrong in the source, the others often leave exactly
    one reading, a false one; and no reading with two digits in a cell excludes all others with one wrong total.
    """
    numbers = tuple(map(int, row.digits))
    ends = list(accumulate(sizes))
    blocks = [numbers[end - size : end] for end, size in zip(ends, sizes, strict=True)]
    holds = len(numbers) == len(row.cells) and all(sum(block[:-1]) == block[-1] for block in blocks)
    return numbers if holds else None


def _together(form: TableForm, rows: Sequence[_Row], identities: Sequence[Identity]) -> list[Numbers | None] | None:
    """The rows of a table that are the same in every reading that meets all its identities; None without any."""
    places = {form.keys[row.cells[0]][0]: number for number, row in enumerate(rows)}
    if places.keys() != form.rows.keys() or any(len(row.digits) < len(row.cells) for row in rows):
        return None
    links = [_link(identity, places) for identity in identities]
    if not np.any(links, axis=0).all():
        return None
    budget = _Budget(WORK)
    try:
        domains = [list(_block(row.digits, len(row.cells), budget)) for row in rows]
        if not all(domains):
            return None
        search = _search([np.array(domain) for domain in domains], links, _Budget(NODES))
        solutions = list(islice(search, SOLUTIONS + 1))
    except _Spent:
        return None
    if not solutions or len(solutions) > SOLUTIONS:
        return None
    return [readings[0] if len(set(readings)) == 1 else None for readings in zip(*solutions, strict=True)]


def _link(identity: Identity, places: Mapping[str, int]) -> np.ndarray:
    """An identity over rows as a factor for each row: 1 on its left side, -1 on its right."""
    factors = np.zeros(len(places), dtype=np.int64)
    factors[[places[row] for row in identity.left]] = 1
    factors[[places[row] for row in identity.right]] = -1
    return factors


def _search(domains: list[np.ndarray], links: list[np.ndarray], budget: _Budget) -> Iterator[list[Numbers]]:
    """Every choice of one reading a row that meets all links in all columns."""
    budget.spend()
    narrowed = _narrowed(domains, links)
    if narrowed is None:
        return
    open_rows = [number for number, domain in enumerate(narrowed) if len(domain) > 1]
    if not open_rows:
        yield [tuple(map(int, domain[0])) for domain in narrowed]
        return
    row = min(open_rows, key=lambda number: len(narrowed[number]))
    for choice in range(len(narrowed[row])):
        yield from _search([*narrowed[:row], narrowed[row][choice : choice + 1], *narrowed[row + 1 :]], links, budget)


def _narrowed(domains: list[np.ndarray], links: list[np.ndarray]) -> list[np.ndarray] | None:
    """The readings of each row that the others, at their least and largest, leave possible; None without any."""
    domains, changed = [*domains], True
    while changed:
        changed = False
        for link in links:
            lows = np.array([domain.min(axis=0) for domain in domains])
            highs = np.array([domain.max(axis=0) for domain in domains])
            factors = link[:, None]
            least = np.where(factors > 0, factors * lows, factors * highs)
            most = np.where(factors > 0, factors * highs, factors * lows)
            if (least.sum(axis=0) > 0).any() or (most.sum(axis=0) < 0).any():
                return None
            for row in np.flatnonzero(link):
                if len(domains[row]) == 1:
                    continue
                own = link[row] * domains[row]
                others = least.sum(axis=0) - least[row], most.sum(axis=0) - most[row]
                possible = ((own + others[0] <= 0) & (own + others[1] >= 0)).all(axis=1)
                if not possible.any():
                    return None
                if not possible.all():
                    domains[row], changed = domains[row][possible], True
    return domains
