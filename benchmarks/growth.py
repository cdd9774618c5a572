"""Does a report cost as much in a country as in a county? Builds of 1,000 reports up to a million, on two processes.

Goal 11: the memory of a worker at every size. Goal 13: what a report costs in the largest build, against one of 10,000.
The builds stay in the folder of the run, and other benchmarks ask them.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.building import added, build, fresh, gate, generate, nothing
from benchmarks.measure import Found, Measure, Scale, markdown

STEPS = (1_000, 10_000, 100_000, 1_000_000)
TABLES = ("applications", "review_litigation", "proactive_disclosure")
"""The facts: one row a cell."""
PROCESSES = 2
_SMALL = 10_000
"""Reports up to which a build is made more than once."""
Step = dict[str, Any]


def measure(scale: Scale) -> Found:
    """Goals 11 and 13, and the table of growth."""
    steps = [step(scale, reports) for reports in sizes(scale)]
    fixed = nothing(scale, PROCESSES)
    return Found([*_memory(steps), *_costs(steps, fixed)], {"growth": _table(steps, fixed)})


def _memory(steps: list[Step]) -> Iterator[Measure]:
    """Goal 11; nothing where every build was too small for workers."""
    peaks = {each["reports"]: each["worker"] for each in steps if each["worker"]}
    if peaks:
        told = ", ".join(f"{peak:.0f} at {reports:,} reports" for reports, peak in peaks.items())
        yield Measure(11, "the largest worker", max(peaks.values()), told)


def _costs(steps: list[Step], fixed: float) -> Iterator[Measure]:
    """Goal 13; nothing where the largest build is not larger than the one it is held against."""
    first, last = next((each for each in steps if each["reports"] >= _SMALL), steps[-1]), steps[-1]
    if first is last:
        return
    sized = f"from {first['reports']:,} to {last['reports']:,} reports"
    for less, what in ((fixed, f"less the {fixed:.1f} s of a build of nothing"), (0.0, "all of it")):
        small, large = _cost(first, less), _cost(last, less)
        told = f"{large * 1e3:.2f} ms against {small * 1e3:.2f} ms a report"
        yield Measure(13, f"{sized}, {what}", large / small, told)


def sizes(scale: Scale) -> list[int]:
    """How many reports each build has."""
    return [*(reports for reports in STEPS if reports < scale.reports), scale.reports]


def step(scale: Scale, reports: int) -> Step:
    """A build of so many reports: made, compared with the truth and measured once, then known by the folder."""
    folder = scale.folder / f"growth-{reports}"
    kept = folder / "step.json"
    if kept.exists():
        return dict(json.loads(kept.read_text()))
    raw = fresh(folder / "raw")
    generate(raw, reports, packed=True)
    made = []
    for _ in range(scale.builds if reports <= _SMALL else 1):
        warehouse = fresh(folder / "warehouse")
        made.append(build(raw, warehouse, PROCESSES))
    gate(warehouse, reports)
    found = {
        "reports": reports,
        "seconds": median(each.seconds for each in made),
        "main": max(each.main for each in made),
        "worker": max(each.worker for each in made),
        "warehouse": str(warehouse),
        "published": size(warehouse, [name for name in _names(warehouse) if not name.startswith("_")]),
        "facts": size(warehouse, TABLES),
        "all": size(warehouse, _names(warehouse)),
    }
    kept.write_text(json.dumps(found))
    return found


def size(warehouse: Path, names: list[str] | tuple[str, ...]) -> float:
    """Megabytes of files and folders of a warehouse; a file that lies in two places counts once."""
    sizes: dict[int, int] = {}
    for name in names:
        for file in _files(warehouse / name):
            with suppress(OSError):
                sizes[file.stat().st_ino] = file.stat().st_size
    return sum(sizes.values()) / 1e6


def _names(warehouse: Path) -> list[str]:
    return [place.name for place in warehouse.iterdir()]


def _files(place: Path) -> Iterator[Path]:
    yield from (file for file in place.rglob("*") if file.is_file()) if place.is_dir() else [place]


def _cost(build: Step, fixed: float) -> float:
    """Seconds a report, less what nothing takes."""
    return added(build["seconds"], fixed) / float(build["reports"])


def _table(steps: list[Step], fixed: float) -> str:
    head = ["reports", "s", "reports/s", "ms a report", "less nothing", "main, MB", "worker, MB"]
    head += ["published, MB", "facts, MB", "with what is landed, MB"]
    rows = [["0", f"{fixed:.1f}", *["·"] * (len(head) - 2)]]
    for each in steps:
        count, seconds = each["reports"], each["seconds"]
        costs = [f"{seconds / count * 1e3:.2f}", f"{max(seconds - fixed, 0) / count * 1e3:.2f}"]
        sized = [f"{each[what]:,.0f}" for what in ("main", "worker", "published")]
        sized += [f"{each['facts']:,.1f}", f"{each['all']:,.0f}"]
        rows.append([f"{count:,}", f"{seconds:,.1f}", f"{count / seconds:,.0f}", *costs, *sized])
    return markdown(head, rows)
