"""Is what a warehouse says of a made-up country what was printed? Every cell of a sample, or of all.

    python -m benchmarks.nation.gate data/warehouse --seed 1 --sample 1000

A report is found by the number in its file's name. What a benchmark says of a warehouse counts only after this.
"""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path, PurePosixPath

import click
import duckdb

from benchmarks.nation.reports import report
from tests.planted.form import Cell

KEYS = {
    "applications": "item, applicant",
    "review_litigation": "channel, outcome",
    "proactive_disclosure": "subject, measure",
}
"""The tables of cells, and what their rows and columns are called."""
Value = tuple[str, Decimal | None]
"""The state of a cell and its number."""


@click.command()
@click.argument("warehouse", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option("--seed", default=1, show_default=True, help="The one that the reports were made with.")
@click.option("--sample", default=1_000, show_default=True, help="How many reports, evenly from all; 0 for all.")
def main(warehouse: Path, seed: int, sample: int) -> None:
    """Compare, name every cell that differs, and fail if there is one."""
    with duckdb.connect(warehouse / "gongkai.duckdb", read_only=True) as connection:
        chosen = sampled(connection, sample)
        wrong = [*differing(connection, chosen, seed)]
    for line in wrong:
        click.echo(line, err=True)
    click.echo(f"{len(chosen):,} reports compared, {len(wrong):,} cells differ")
    raise SystemExit(bool(wrong))


def sampled(connection: duckdb.DuckDBPyConnection, sample: int) -> dict[str, int]:
    """The numbers of some reports by their id, evenly from all years; of all where `sample` is 0."""
    rows = connection.execute("select report_id, source_path from reports order by source_path").fetchall()
    step = max(len(rows) // sample, 1) if sample else 1
    return {report_id: int(PurePosixPath(path).stem) for report_id, path in rows[::step]}


def differing(connection: duckdb.DuckDBPyConnection, chosen: dict[str, int], seed: int) -> Iterator[str]:
    """A line for every cell of the chosen reports that is not what was printed, in the order of the reports."""
    found: dict[str, dict[Cell, Value]] = {report_id: {} for report_id in chosen}
    for table, keys in KEYS.items():
        wanted = f"select report_id, {keys}, state, value from {table} where report_id in (select unnest($1))"
        for report_id, row, column, state, value in connection.execute(wanted, [[*chosen]]).fetchall():
            found[report_id][table, row, column] = state, None if value is None else Decimal(value)
    for report_id, number in chosen.items():
        told = found.pop(report_id)
        for cell, figure in report(seed, number).figures.items():
            meant: Value = ("blank", None) if figure is None else ("number", Decimal(figure))
            said = told.pop(cell, None)
            if said != meant:
                yield f"report {number}, {'/'.join(cell)}: printed {figure}, told {said}"
        yield from (f"report {number}, {'/'.join(cell)}: not printed, told {said}" for cell, said in told.items())


if __name__ == "__main__":
    main()
