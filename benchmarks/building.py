"""A whole build in a process of its own, with its time and the memory of it and of its workers; and its corpus.

A process of its own knows no patterns yet and holds no memory of what was measured before. Its start is not counted:
that is goal 12.
"""

import json
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from statistics import median
from typing import NamedTuple

import duckdb

from benchmarks.measure import NotAsPlanted, Scale
from benchmarks.nation import YEARS
from benchmarks.nation.gate import differing, sampled

PROJECT = Path(__file__).resolve().parent.parent
SEED = 1
COMPARED = 1_000
"""Reports of which every cell is compared with what was printed."""
_INTERVAL = 0.5
_SHOWN = 3
_BUILD = """
import json, sys, time
from assets.in_process import build

start = time.perf_counter()
built = build(sys.argv[1], sys.argv[2], int(sys.argv[3]))
print(json.dumps({"seconds": time.perf_counter() - start, "changed": built.changed}))
"""
"""No module: the workers would import it, too."""


class Build(NamedTuple):
    """A build: its seconds, the files of the warehouse it changed, and the highest memory in MB.

    `worker`: of the largest worker; 0 where there is none.
    """

    seconds: float
    changed: list[str]
    main: float
    worker: float


def build(raw: Path, warehouse: Path, processes: int) -> Build:
    """Build a warehouse; raises RuntimeError with what the build said where it fails."""
    command = [sys.executable, "-c", _BUILD, str(raw), str(warehouse), str(processes)]
    log, result = (warehouse.with_name(warehouse.name + ending) for ending in (".log", ".json"))
    peaks: dict[int, float] = {}
    with log.open("wb") as said, result.open("wb") as told:  # a pipe that nobody reads meanwhile would fill up
        process = subprocess.Popen(command, cwd=PROJECT, stdout=told, stderr=said)
        try:
            while process.poll() is None:
                for number in (process.pid, *_children(process.pid)):
                    peaks[number] = max(peaks.get(number, 0.0), _peak(number))
                time.sleep(_INTERVAL)
        finally:
            process.kill()
    if process.returncode:
        raise RuntimeError(f"The build of {raw} failed: {log.read_text('utf-8').strip()[-2_000:]}")
    main = peaks.pop(process.pid, 0.0)
    said_last = json.loads(result.read_text("utf-8").splitlines()[-1])
    return Build(**said_last, main=main, worker=max(peaks.values(), default=0.0))


def _children(process: int) -> list[int]:
    """The processes that a process started, whichever of its threads did."""
    with suppress(OSError):  # it may just have ended
        lists = [file.read_text() for file in Path(f"/proc/{process}/task").glob("*/children")]
        return [int(number) for listed in lists for number in listed.split()]
    return []


def _peak(process: int) -> float:
    """The most memory that a process has held so far, in MB; 0 where it is gone."""
    with suppress(OSError):
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
        return max((int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith("VmHWM:")), default=0.0)
    return 0.0


def generate(folder: Path, reports: int, *, year: int | None = None, packed: bool = False) -> None:
    """Write the reports of a made-up country into a new raw folder, or those of one year."""
    options = ["--packed"] * packed + (["--year", str(year)] if year else [])
    command = [sys.executable, "-m", "benchmarks.nation", "--reports", str(reports), "--folder", str(folder)]
    subprocess.run([*command, "--seed", str(SEED), *options], cwd=PROJECT, check=True, stdout=subprocess.DEVNULL)


def gate(warehouse: Path, reports: int) -> None:
    """Raise NotAsPlanted where a report is not there, or a cell of a sample is not what was printed."""
    with duckdb.connect(warehouse / "gongkai.duckdb", read_only=True) as connection:
        [(count,)] = connection.execute("select count(*) from reports").fetchall()
        wrong = [*differing(connection, sampled(connection, COMPARED), SEED)]
    if count != reports:
        raise NotAsPlanted(f"{reports:,} reports were made up, and {count:,} are in {warehouse}.")
    if wrong:
        raise NotAsPlanted(f"{len(wrong):,} cells are not what was planted: {'; '.join(wrong[:_SHOWN])}")


def nothing(scale: Scale, processes: int) -> float:
    """The seconds of a build of an empty file in each year: what the years cost before the first report."""
    folder = scale.folder / f"nothing-{processes}"
    kept = folder / "seconds.json"
    if not kept.exists():
        for year in YEARS:
            (folder / "raw" / str(year)).mkdir(parents=True, exist_ok=True)
            (folder / "raw" / str(year) / "empty.txt").touch()
        taken = [build(folder / "raw", fresh(folder / "warehouse"), processes).seconds for _ in range(scale.builds)]
        kept.write_text(json.dumps(median(taken)))
    return float(json.loads(kept.read_text()))


def added(seconds: float, nothing: float) -> float:
    """The seconds of a build less those of nothing; raises RuntimeError where its reports are too few to tell."""
    if seconds <= nothing:
        raise RuntimeError(f"A build took {seconds:.1f} s, one of no reports {nothing:.1f} s: take more reports.")
    return seconds - nothing


def fresh(folder: Path) -> Path:
    """A folder that is not there yet, named after this one: what a run that broke off left stays as it is."""
    number = 0
    while (place := folder.with_name(f"{folder.name}-{number}")).exists():
        number += 1
    return place
