"""Write the reports of a whole country into a raw folder, as single files or packed.

    python -m benchmarks.nation --reports 1000000 --folder /tmp/nation --packed
    python -m benchmarks.nation --reports 100000 --year 2023 --folder /tmp/one-year

A file's name is the report's number, by which `benchmarks.nation.report(seed, number)` tells what it holds.
"""

import time
import zipfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import groupby
from pathlib import Path

import click

from benchmarks.nation import YEARS, numbers, report

_PACK, _FOLDER = 10_000, 1_000
"""The most reports in one ZIP file, and in one folder."""


@click.command()
@click.option("--reports", default=1_000, show_default=True, help="How many, in all years together.")
@click.option("--folder", required=True, type=click.Path(path_type=Path, file_okay=False), help="The new raw folder.")
@click.option("--packed", is_flag=True, help=f"ZIP files of up to {_PACK:,} reports in place of single files.")
@click.option("--year", type=click.IntRange(YEARS[0], YEARS[-1]), help="All of one year.")
@click.option("--seed", default=1, show_default=True)
@click.option("--processes", default=2, show_default=True)
def main(reports: int, folder: Path, packed: bool, year: int | None, seed: int, processes: int) -> None:
    """Make up reports and write them."""
    if folder.exists() and any(folder.iterdir()):
        raise click.UsageError(f"There is something in {folder}. Name a new folder.")
    try:
        wanted = numbers(reports, year)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    start = time.perf_counter()
    write = partial(write_packed if packed else write_files, seed, folder)
    with ProcessPoolExecutor(processes) as pool:
        size = sum(pool.map(write, batches(wanted)))
    taken = time.perf_counter() - start
    click.echo(f"{reports:,} reports, {size / 1e6:,.1f} MB of text, in {taken:.1f} s")
    click.echo(f"{taken * processes / max(reports, 1) * 1e6:.0f} µs a report and process")


def batches(wanted: Sequence[int]) -> Iterator[Sequence[int]]:
    """The numbers in batches of one year and one pack, the years one after the other."""
    years = len(YEARS)
    order = sorted(wanted, key=lambda number: (number % years, number))
    for _, batch in groupby(order, key=lambda number: (number % years, number // years // _PACK)):
        yield [*batch]


def write_files(seed: int, folder: Path, batch: Sequence[int]) -> int:
    """Write each report of a batch to `<year>/<thousand of bodies>/<number>.txt`; returns the bytes written."""
    size, year = 0, YEARS[batch[0] % len(YEARS)]
    for thousand, part in groupby(batch, key=lambda number: number // len(YEARS) // _FOLDER):
        home = folder / str(year) / f"{thousand:03d}"
        home.mkdir(parents=True)
        for number in part:
            data = report(seed, number).text.encode()
            (home / _name(number)).write_bytes(data)
            size += len(data)
    return size


def write_packed(seed: int, folder: Path, batch: Sequence[int]) -> int:
    """Write a batch to `<year>/<ten thousand of bodies>.zip`; returns the bytes before they were packed."""
    size, year = 0, YEARS[batch[0] % len(YEARS)]
    home = folder / str(year)
    home.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(home / f"{batch[0] // len(YEARS) // _PACK:03d}.zip", "w") as pack:
        for number in batch:
            data = report(seed, number).text.encode()
            # an entry without a clock: the same reports are the same bytes
            entry = zipfile.ZipInfo(_name(number))
            entry.compress_type = zipfile.ZIP_DEFLATED
            pack.writestr(entry, data, compresslevel=1)
            size += len(data)
    return size


def _name(number: int) -> str:
    return f"{number:07d}.txt"


if __name__ == "__main__":
    main()
