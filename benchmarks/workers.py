"""How much faster do two processes read reports than one? A ratio of the same work in one run.

    python -m benchmarks.workers --reports 1200

Every cell of both is compared: the same bytes, or the ratio means nothing.
"""

import time
from functools import partial
from statistics import median

import click
import pyarrow as pa

from pipeline.tables import DOCUMENT_TEXT
from pipeline.warehouse import Raw, Workers
from pipeline.warehouse.landing import read
from tests.planted.figures import distinct
from tests.planted.render import render


@click.command()
@click.option("--reports", default=1_200, show_default=True)
@click.option("--processes", default=2, show_default=True)
@click.option("--times", default=3, show_default=True)
def main(reports: int, processes: int, times: int) -> None:
    """Read made-up reports both ways, in turn, and print the ratio of the medians."""
    rows = [
        {
            "report_id": f"{seed:016x}",
            "source_format": "txt",
            "reader_version": "benchmark",
            "text": render("tab_rows", "2021", "2021", distinct("2021", "2021", seed)),
        }
        for seed in range(reports)
    ]
    texts = pa.Table.from_pylist(rows, schema=DOCUMENT_TEXT)
    seconds: dict[int, list[float]] = {1: [], processes: []}
    made: dict[int, pa.Table] = {}
    for _ in range(times):
        for count, taken in seconds.items():
            start = time.perf_counter()
            jobs = [("all", texts, [1.0] * reports)]
            [(_, made[count])] = Workers(count).stream(partial(read, Raw.of(".")), jobs, "reading", reports)
            taken.append(time.perf_counter() - start)
    if not made[1].equals(made[processes]):
        raise SystemExit("The readings differ: there is nothing to compare.")
    one, several = (median(taken) for taken in seconds.values())
    click.echo(f"{reports:,} reports: one process {one:.1f} s, {processes} processes {several:.1f} s")
    click.echo(f"ratio {several / one:.2f}; {one / reports * 1e3:.1f} ms a report in one process")


if __name__ == "__main__":
    main()
