"""Time the analysts' questions over a warehouse: as multiples of `sum(value)`, and against SQLite and pandas.

    python -m benchmarks.queries data/warehouse --times 5

All engines answer in turn in one run, and a ratio is the median of those of the rounds. Every answer is held against
that of the warehouse's own cells first: where two differ, nothing is timed.
"""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import click
import duckdb

from benchmarks.queries.engines import DuckDB, Engine, Pandas, SQLite
from benchmarks.queries.questions import APPLICANTS, cells, reports, rows
from pipeline.warehouse import Lake

FITS = 30_000_000
"""Cells that pandas is given; it holds them all in memory."""
WIDE = ("applications_wide", "report_wide")
"""Tables with the same figures in fewer rows, where the warehouse has them."""
Times = dict[str, dict[str, list[float]]]
"""Seconds, by engine and question, in the order of the rounds."""


@click.command()
@click.argument("warehouse", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option("--times", default=5, show_default=True, help="Rounds in which every engine answers every question.")
@click.option("--sqlite/--no-sqlite", default=True, show_default=True, help="Copy the rows to SQLite and ask it too.")
def main(warehouse: Path, times: int, sqlite: bool) -> None:
    """Ask all engines, compare their answers, and print the ratios."""
    catalogue = Lake(warehouse).catalogue
    with TemporaryDirectory() as folder:
        asked = engines(catalogue, Path(folder) / "same.sqlite" if sqlite else None)
        different = differing(asked)
        if different:
            raise click.ClickException("The answers differ, so there is nothing to time: " + "; ".join(different))
        click.echo("\n".join(table(timed(asked, times))))


def engines(catalogue: Path, sqlite: Path | None) -> list[Engine]:
    """Those that answer; the warehouse's own cells first. `sqlite`: where the copy goes, None for none."""
    with duckdb.connect(catalogue, read_only=True) as connection:
        items = [code for (code,) in connection.execute("select distinct item from applications order by 1").fetchall()]
        (count,) = connection.execute("select count(*) from applications").fetchall()[0]
        columns = connection.execute("select table_name, column_name from information_schema.columns").fetchall()
    found: list[Engine] = [DuckDB("cells", catalogue, cells(items))]
    for name in WIDE:
        own = {column for table_name, column in columns if table_name == name}
        if {"item", "total", *APPLICANTS} <= own:
            found.append(DuckDB(name, catalogue, rows(name, items)))
        elif {f"{item}__total" for item in items} <= own:
            found.append(DuckDB(name, catalogue, reports(name, items)))
        elif own:
            raise click.ClickException(f"{name} has neither a column per applicant nor one like received_new__total.")
    if sqlite:
        found.append(SQLite(catalogue, sqlite, cells(items)))
    if count <= FITS:
        found.append(Pandas(catalogue, items))
    return found


def differing(asked: Sequence[Engine]) -> list[str]:
    """The questions that an engine answers otherwise than the first one."""
    return [*_differing(asked)]


def _differing(asked: Sequence[Engine]) -> Iterator[str]:
    for question in asked[0].questions:
        asked[0].ask(question)
        expected = asked[0].answer()
        if not expected:
            yield f"{question}: no rows"
        for engine in asked[1:]:
            engine.ask(question)
            if engine.answer() != expected:
                yield f"{question}: {engine.name}"


def timed(asked: Sequence[Engine], times: int) -> Times:
    """Every question to every engine in turn, as many times."""
    taken: Times = {engine.name: {question: [] for question in engine.questions} for engine in asked}
    for _ in range(times):
        for question in asked[0].questions:
            for engine in asked:
                start = time.perf_counter()
                engine.ask(question)
                taken[engine.name][question].append(time.perf_counter() - start)
    return taken


def table(taken: Times) -> Iterator[str]:
    """A Markdown table: milliseconds over the cells, as multiples of their sum; and how many times that others take."""
    ours, *others = taken
    yield f"| {' | '.join(['question', 'ms', 'of sum(value)', *(f'{name}, times' for name in others)])} |"
    yield "|---|" + "---:|" * (2 + len(others))
    for question, own in taken[ours].items():
        of_sum = ratio(own, taken[ours]["sum"])
        told = [
            f"{median(own) * 1e3:.1f}",
            f"{of_sum:.1f}",
            *(f"{ratio(taken[name][question], own):.2f}" for name in others),
        ]
        yield f"| {' | '.join([question, *told])} |"


def ratio(these: Sequence[float], those: Sequence[float]) -> float:
    """The median of the ratios of each round: what slows the machine down slows both."""
    return median(one / other for one, other in zip(these, those, strict=True))


if __name__ == "__main__":
    main()
