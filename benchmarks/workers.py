"""How much faster do two processes read reports than one? A ratio of the same work in one run.

    python -m benchmarks.workers --reports 1200

Every cell of both is compared: the same bytes, or the ratio means nothing.
"""

import time
from functools import partial
from statistics import median

import click
import pyarrow as pa

from benchmarks.measure import Found, Measure, NotAsPlanted, Scale
from pipeline.tables import DOCUMENT_TEXT
from pipeline.versions import parser_version
from pipeline.warehouse import Raw, Workers
from pipeline.warehouse.landing import read
from tests.planted.figures import distinct
from tests.planted.render import render


def measure(scale: Scale) -> Found:
    """Goal 3, of the reading alone."""
    reports = scale.at_most(3_000)
    ratio, one, two = compare(reports, 2, scale.times)
    return Found([Measure(3, f"reading {reports:,} texts", ratio, f"{two:.1f} s against {one:.1f} s")])


def compare(reports: int, processes: int, times: int) -> tuple[float, float, float]:
    """Read made-up reports both ways, in turn: the median ratio, and the median seconds of one and of several.

    Raises NotAsPlanted where the readings differ.
    """
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
            [(_, made[count])] = Workers(count).stream(
                partial(read, Raw.of("."), parser_version()), jobs, "reading", reports
            )
            taken.append(time.perf_counter() - start)
    if not made[1].equals(made[processes]):
        raise NotAsPlanted("The readings of one process and of several differ: there is nothing to compare.")
    one, several = seconds.values()
    return median(two / alone for alone, two in zip(one, several, strict=True)), median(one), median(several)


@click.command()
@click.option("--reports", default=1_200, show_default=True)
@click.option("--processes", default=2, show_default=True)
@click.option("--times", default=3, show_default=True)
def main(reports: int, processes: int, times: int) -> None:
    """Read made-up reports both ways, in turn, and print the ratio."""
    ratio, one, several = compare(reports, processes, times)
    click.echo(f"{reports:,} reports: one process {one:.1f} s, {processes} processes {several:.1f} s")
    click.echo(f"ratio {ratio:.2f}; {one / reports * 1e3:.1f} ms a report in one process")


if __name__ == "__main__":
    main()
