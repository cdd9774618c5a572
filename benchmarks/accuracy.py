"""How right is the reading? Reports made up with known figures, in every layout and format, compared cell by cell.

    python -m benchmarks.accuracy --reports 2000 --seed 1 --write docs/accuracy.md

Of every cell: right (the state and the number that were planted), declared (a null that says why), wrong (another
number, or a number where none was printed: what must never be). A table that was not found, or a report that was
refused, counts all its cells as missing. The figures come from `tests/planted`, which shares no code with the parser.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import NamedTuple

import click

from pipeline import __version__
from pipeline.parse import Reading, parse
from pipeline.progress import track
from pipeline.readers import Refused, reader_of
from tests.planted import glued, html, office, pdf
from tests.planted.dividers import DIVIDERS, traditional
from tests.planted.figures import consistent, distinct
from tests.planted.render import LAYOUTS, ODDITIES, render

Figures = dict[tuple[str, str, str], str | None]
EDITIONS = (("2019", "2019"), ("2021", "2021"), ("2021", "2019"), ("2019", "2021"))
NIL = {"/": "na", "-": "dash", "—": "dash", "无": "nil_word"}
"""What is printed instead of figures, and the state it calls for."""


class Planted(NamedTuple):
    """A report made up: the format and bytes of its file, and what it prints in every cell."""

    source_format: str
    data: bytes
    figures: Figures


class Score(NamedTuple):
    """A layout's reports: their cells by outcome and table, how many were refused, seconds of reading."""

    cells: Counter[tuple[str, str]]
    reports: int
    refused: int
    seconds: float


def figures_of(edition_t2: str, edition_t3: str, random: Random) -> Figures:
    """Figures of a kind chosen by chance: all different, a busy or a quiet body's, blanks, marks, a wrong total."""
    seed = random.randrange(10**6)
    kind = random.choice(["distinct", "busy", "quiet", "blanks", "marks", "wrong total"])
    if kind == "distinct":
        return dict(distinct(edition_t2, edition_t3, seed))
    figures: Figures = dict(consistent(edition_t2, edition_t3, seed))
    if kind in ("quiet", "blanks", "marks"):
        figures = {cell: figure if random.random() < 0.08 else "0" for cell, figure in figures.items()}
    if kind == "blanks":
        return {cell: None if figure == "0" and random.random() < 0.7 else figure for cell, figure in figures.items()}
    if kind == "marks":
        mark = random.choice(list(NIL))
        return {cell: mark if figure == "0" else figure for cell, figure in figures.items()}
    if kind == "wrong total":
        figures["applications", "processed_total", "total"] = str(random.randrange(10**5))
    return figures


def _text(write: Callable[[str, str, Figures, Random], str]) -> Callable[[Random], Planted]:
    def made(random: Random) -> Planted:
        edition_t2, edition_t3 = random.choice(EDITIONS)
        figures = figures_of(edition_t2, edition_t3, random)
        text = write(edition_t2, edition_t3, figures, random)
        return Planted("txt", text.encode(random.choice(["utf-8", "utf-8-sig", "gb18030"])), figures)

    return made


def _tabbed(layout: str) -> Callable[[Random], Planted]:
    def write(edition_t2: str, edition_t3: str, figures: Figures, random: Random) -> str:
        oddity = random.choice([{}, *(odd for odd in ODDITIES.values() if "missing" not in odd)])
        return render(layout, edition_t2, edition_t3, figures, **oddity)

    return _text(write)


def _divided(divider: str) -> Callable[[Random], Planted]:
    return _text(lambda t2, t3, figures, random: DIVIDERS[divider](render("tab_rows", t2, t3, figures), random))


def _glued(layout: str) -> Callable[[Random], Planted]:
    def made(random: Random) -> Planted:
        edition = random.choice(["2019", "2021"])
        figures: Figures = dict(glued.figures(edition, random.randrange(10**6)))
        return Planted("txt", glued.glued(layout, edition, figures).encode(), figures)

    return made


def _file(source_format: str, write: Callable[[str, str, Figures, Random], bytes]) -> Callable[[Random], Planted]:
    def made(random: Random) -> Planted:
        edition_t2, edition_t3 = random.choice(EDITIONS)
        figures = figures_of(edition_t2, edition_t3, random)
        return Planted(source_format, write(edition_t2, edition_t3, figures, random), figures)

    return made


def _html(variant: str) -> Callable[[Random], Planted]:
    return _file("html", lambda t2, t3, figures, random: html.page(variant, t2, t3, figures, random.randrange(10**6)))


def _office(kind: str, variant: str) -> Callable[[Random], Planted]:
    return _file(kind, lambda t2, t3, figures, random: office.report(kind, t2, t3, figures, variant))


def _pdf(look: str) -> Callable[[Random], Planted]:
    return _file(
        "pdf", lambda t2, t3, figures, random: pdf.pdf(t2, t3, figures, pdf.LOOKS[look], random.randrange(999))
    )


def layouts() -> dict[str, Callable[[Random], Planted]]:
    """Every layout and format by name, with the function that makes up a report in it."""
    made = {f"text, {layout}": _tabbed(layout) for layout in LAYOUTS}
    made |= {f"text, {divider}": _divided(divider) for divider in DIVIDERS}
    made["text, traditional characters"] = _text(
        lambda t2, t3, figures, random: traditional(render("tab_rows", t2, t3, figures), random)
    )
    made |= {f"text, glued {layout}": _glued(layout) for layout in glued.LAYOUTS}
    made |= {f"html, {variant}": _html(variant) for variant in html.VARIANTS}
    made |= {f"{kind}, {variant}": _office(kind, variant) for kind in office.WRITERS for variant in office.VARIANTS}
    return made | {f"pdf, {look}": _pdf(look) for look in pdf.LOOKS}


def score(make: Callable[[Random], Planted], reports: int, seed: int) -> Score:
    """Read `reports` reports of a layout and compare every cell."""
    cells: Counter[tuple[str, str]] = Counter()
    refused, seconds = 0, 0.0
    for number in range(reports):
        planted = make(Random(seed * 1_000_003 + number))
        start = time.perf_counter()
        try:
            reader = reader_of(planted.source_format)
            reading: Reading | None = parse(reader.arrange(reader.extract(planted.data)))
        except Refused:
            reading, refused = None, refused + 1
        seconds += time.perf_counter() - start
        cells.update(_outcomes(reading, planted.figures))
    return Score(cells, reports, refused, seconds)


def _outcomes(reading: Reading | None, figures: Mapping[tuple[str, str, str], str | None]) -> Iterator[tuple[str, str]]:
    found = {
        (name, *keys): cell.figure
        for name, table in (reading.tables.items() if reading else ())
        for keys, cell in zip(table.form.keys, table.cells, strict=True)
    }
    for cell in {**dict.fromkeys(found), **figures}:
        figure, printed = found.get(cell), figures.get(cell, "nowhere")
        state, value = _expected(printed)
        if figure is None:
            yield "missing", cell[0]
        elif figure.value is not None and figure.value != value:
            yield "wrong", cell[0]
        elif (figure.state, figure.value) == (state, value):
            yield "right", cell[0]
        else:
            yield "declared", cell[0]


def _expected(printed: str | None) -> tuple[str, Decimal | None]:
    if printed is None:
        return "blank", None
    if printed == "nowhere":
        return "lost", None
    if printed in NIL:
        return NIL[printed], Decimal(0) if NIL[printed] == "nil_word" else None
    return "number", Decimal(printed.replace(",", "").removesuffix("万元").removesuffix("元"))


def scorecard(scores: Mapping[str, Score], seed: int) -> str:
    """The scorecard as Markdown."""
    reports = sum(scored.reports for scored in scores.values())
    lines = [
        "# Accuracy",
        "",
        f"Release {__version__}; seed {seed}; {reports:,} reports made up",
        "with known figures: different numbers in every cell, busy and quiet bodies, blanks, marks for nil, wrong",
        "totals. Every cell of tables 2, 3 and 4 is compared. Made by `make accuracy`.",
        "",
        "*Right*: the state and number that were planted. *Declared*: a null that says why. *Missing*: the table was",
        "not found or the report refused. *Wrong*: another number than was printed, which must never happen.",
        "",
        "| layout | reports | cells | right | declared | missing | wrong | ms a report |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for name, scored in scores.items():
        by_outcome: Counter[str] = Counter()
        for (outcome, _), count in scored.cells.items():
            by_outcome[outcome] += count
        total = by_outcome.total()
        lines.append(
            f"| {name.replace('_', ' ')} | {scored.reports} | {total:,} | {_percent(by_outcome['right'], total)} | "
            f"{by_outcome['declared']:,} | {by_outcome['missing']:,} | {by_outcome['wrong']:,} | "
            f"{1000 * scored.seconds / scored.reports:.1f} |"
        )
    return "\n".join(lines) + "\n"


def _percent(part: int, whole: int) -> str:
    """A share that says 100 % only where it is all."""
    if part == whole:
        return "100 %"
    return f"{min(100 * part / whole, 99.99):.2f} %"


@click.command()
@click.option("--reports", default=2000, show_default=True, help="Reports in all, spread evenly over the layouts.")
@click.option("--seed", default=1, show_default=True, help="Another seed, other reports.")
@click.option("--only", default="", help="Only layouts whose name holds this.")
@click.option("--write", type=click.Path(path_type=Path), help="Write the scorecard to this file.")
def main(reports: int, seed: int, only: str, write: Path | None) -> None:
    """Measure how right the reading is and print the scorecard; status 1 when any cell is silently wrong."""
    chosen = {name: make for name, make in layouts().items() if only in name}
    each = max(reports // len(chosen), 1)
    scores = {name: score(make, each, seed) for name, make in track(list(chosen.items()), "scoring the layouts")}
    card = scorecard(scores, seed)
    click.echo(card)
    if write:
        write.write_text(card, "utf-8")
    if any(outcome == "wrong" for scored in scores.values() for outcome, _ in scored.cells):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
