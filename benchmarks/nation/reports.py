"""One report of the country by its number: its text, and what every cell of it prints."""

from random import Random
from typing import NamedTuple

from benchmarks.nation.bodies import Body, bodies
from benchmarks.nation.figures import BLANKS, SLIPS, WRONG_STATEMENT, YEARS, course, figures, places
from benchmarks.nation.layouts import SHARES, VARIETIES, template
from benchmarks.nation.prose import Words
from tests.planted import form

_LAYOUTS, _SHARES = tuple(SHARES), tuple(SHARES.values())
_SHOWS_BLANKS = ("tab_rows", "one_cell_a_line", "pipes_on_both_sides")


class Report(NamedTuple):
    """A made-up report. `printed`: what stands in every cell, in the form's order; `slips`: what is wrong in it."""

    number: int
    body: Body
    year: int
    edition: str
    layout: str
    text: str
    printed: tuple[str, ...]
    slips: tuple[str, ...]

    @property
    def figures(self) -> dict[form.Cell, str | None]:
        """The truth: what every cell of the form prints, None where it is blank."""
        cells = form.cells(self.edition, self.edition)
        return {cell: figure or None for cell, figure in zip(cells, self.printed, strict=True)}


def numbers(count: int, year: int | None = None) -> range:
    """The numbers of the first reports of all years, or of one year; raises ValueError where there are too few bodies.

    All years have as many reports, give or take one.
    """
    found = range(count) if year is None else range(YEARS.index(year), count * len(YEARS), len(YEARS))
    most = len(bodies()) * len(YEARS)
    if found and found[-1] >= most:
        raise ValueError(f"{count:,} are too many: there are {len(bodies()):,} bodies, each with one report a year.")
    return found


def report(seed: int, number: int) -> Report:
    """The report of a seed with this number."""
    body, year = bodies()[number // len(YEARS)], YEARS[number % len(YEARS)]
    way = course(body, Random(seed << 40 | number // len(YEARS) << 1))
    random = Random(seed << 40 | number << 1 | 1)
    edition = "2019" if year < 2021 else "2021"
    layout = random.choices(_LAYOUTS, _SHARES)[0]
    slips = tuple(slip for slip, share in SLIPS.items() if random.random() < share)
    blanks = random.random() < BLANKS and layout in _SHOWS_BLANKS
    printed = figures(body, edition, year, way, random, slips, blanks=blanks)
    words = Words(body, year, random)

    def count(table: str, row: str, column: str) -> int:
        return int(printed[places(edition)[table, row, column]])

    # more than any sum of rows that the sentence may mean
    wrong = count("applications", "carried_in", "total") + random.randint(1, 9) if WRONG_STATEMENT in slips else 0
    text = template(layout, edition, int(random.random() * VARIETIES)) % (
        words.title(),
        words.some("opening"),
        words.overview(count, wrong),
        *printed,
        words.some("problem") + "\n" + words.some("remedy"),
        words.some("other"),
        body.name,
        f"{year + 1}年1月{random.randint(4, 30)}日",
    )
    return Report(number, body, year, edition, layout, text, tuple(printed), slips)
