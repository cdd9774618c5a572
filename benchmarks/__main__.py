"""Every goal in one run: measured, compared with the bars, and written down.

    python -m benchmarks --reports 1000000 --write docs/performance.md

A benchmark that fails says so in the document and stops none of the others.
"""

import json
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import click

from benchmarks import again, beside, growth, printed, reading, separators, start, whole, workers
from benchmarks.document import Run, document, notes
from benchmarks.measure import BESIDE, Found, Measure, Scale
from benchmarks.queries import measure as queries


class Benchmark(NamedTuple):
    """One that finds figures for some goals."""

    name: str
    goals: tuple[int, ...]
    measure: Callable[[Scale], Found]


BENCHMARKS = (
    Benchmark("start", (12,), start.measure),
    Benchmark("reading", (1, 4), reading.measure),
    Benchmark("printed", (5,), printed.measure),
    Benchmark("separators", (6,), separators.measure),
    Benchmark("beside", (BESIDE,), beside.measure),
    Benchmark("workers", (3,), workers.measure),
    Benchmark("whole", (2, 3), whole.measure),
    Benchmark("again", (7, 8), again.measure),
    Benchmark("growth", (11, 13), growth.measure),
    Benchmark("queries", (9, 10), queries.measure),
)
"""From those of seconds to those of many minutes."""


@click.command()
@click.option("--reports", default=1_000_000, show_default=True, help="How many the largest build has.")
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), help="Keep what is made in this folder.")
@click.option("--only", default="", help="Only these goals, as 1,4,7; 0 for what is beside other tools.")
@click.option("--times", default=5, show_default=True, help="How often small things are done.")
@click.option("--write", type=click.Path(path_type=Path, dir_okay=False), help="Write the document to this file.")
@click.option("--resume", is_flag=True, help="What the folder has of an earlier run is not measured again.")
def main(reports: int, folder: Path | None, only: str, times: int, write: Path | None, resume: bool) -> None:
    """Measure, print every figure as it is found, and write the document; status 1 where one could not be measured."""
    chosen = choose(only)
    if folder and not resume and folder.exists() and any(folder.iterdir()):
        raise click.UsageError(f"There is something in {folder}. Name a new folder, or go on with --resume.")
    with _kept(folder) as place:
        scale = Scale(reports, place, times)
        _same(scale)
        results = [result(benchmark, scale) for benchmark in chosen]
        minutes = spent(place)
    run = gathered(scale, results, chosen, minutes)
    page = document(run, notes())
    click.echo(page)
    if write:
        write.write_text(page, "utf-8")
    if run.failed:
        raise SystemExit(1)


def choose(only: str) -> list[Benchmark]:
    """The benchmarks of some goals, as `1,4,7`, or all."""
    numbers = {goal for benchmark in BENCHMARKS for goal in benchmark.goals}
    wanted = [number.strip() for number in only.split(",")] if only else [str(number) for number in numbers]
    if unknown := [number for number in wanted if number not in map(str, numbers)]:
        raise click.UsageError(f"There is no goal {unknown[0]!r}. They are: {', '.join(map(str, sorted(numbers)))}")
    return [benchmark for benchmark in BENCHMARKS if {*map(str, benchmark.goals)} & {*wanted}]


@contextmanager
def _kept(folder: Path | None) -> Iterator[Path]:
    if folder is None:
        with TemporaryDirectory(prefix="gongkai-bench-") as made:
            yield Path(made)
    else:
        folder.mkdir(parents=True, exist_ok=True)
        yield folder.resolve()


def _same(scale: Scale) -> None:
    """A folder holds the results of one size; raises UsageError for another."""
    kept = scale.folder / "reports.json"
    if not kept.exists():
        kept.write_text(json.dumps(scale.reports))
    elif (reports := json.loads(kept.read_text())) != scale.reports:
        raise click.UsageError(
            f"{scale.folder} is of a run with --reports {reports}. Name that number, or a new folder."
        )


def result(benchmark: Benchmark, scale: Scale) -> Found | str:
    """What a benchmark finds, or found before in this folder; why it failed."""
    kept = scale.folder / f"{benchmark.name}.json"
    if kept.exists():
        found = json.loads(kept.read_text("utf-8"))
        return Found([Measure(*measure) for measure in found["measures"]], found["tables"])
    click.echo(f"{benchmark.name}: goals {', '.join(map(str, benchmark.goals))} ...", err=True)
    begun = time.monotonic()
    try:
        found = benchmark.measure(scale)
    except (Exception, SystemExit) as error:  # whatever it is, the others go on
        traceback.print_exc()
        return str(error) or type(error).__name__
    seconds = time.monotonic() - begun
    kept.write_text(json.dumps({"measures": found.measures, "tables": dict(found.tables), "seconds": seconds}), "utf-8")
    for measure in found.measures:
        click.echo(f"  {measure.goal} {measure.what}: {measure.value:.3g} ({measure.how})", err=True)
    click.echo(f"{benchmark.name}: {seconds:.0f} s", err=True)
    return found


def spent(folder: Path) -> float:
    """Minutes that the benchmarks took whose results are in a folder, in whichever run."""
    files = (folder / f"{benchmark.name}.json" for benchmark in BENCHMARKS)
    return float(sum(json.loads(file.read_text("utf-8"))["seconds"] for file in files if file.exists()) / 60)


def gathered(scale: Scale, results: list[Found | str], chosen: list[Benchmark], minutes: float) -> Run:
    """All results as one."""
    pairs = [*zip(chosen, results, strict=True)]
    found = [each for each in results if isinstance(each, Found)]
    return Run(
        scale.reports,
        scale.times,
        [measure for each in found for measure in each.measures],
        {name: table for each in found for name, table in each.tables.items()},
        {
            f"goal {', '.join(map(str, benchmark.goals))} ({benchmark.name})": why
            for benchmark, why in pairs
            if isinstance(why, str)
        },
        minutes,
    )


if __name__ == "__main__":
    main()
