"""What does a rebuild cost? Of a warehouse in which nothing changed, and of one with one more report.

Goals 7 and 8: a year of 100,000 reports as single files, with a few in the years before and after, built in full, then
again with nothing new, then with a report more. A file that the last of these replaces is of that year, or of none.
"""

import re
from pathlib import Path
from statistics import median

from benchmarks.building import SEED, build, fresh, gate, generate
from benchmarks.measure import Found, Measure, NotAsPlanted, Scale
from benchmarks.nation import YEARS, numbers, report

REPORTS, AROUND, YEAR = 100_000, 0.01, 2023
PROCESSES = 2


def measure(scale: Scale) -> Found:
    """Goals 7 and 8."""
    reports, folder = scale.at_most(REPORTS), scale.folder / "again"
    around = max(int(reports * AROUND), 1)
    raw, warehouse = fresh(folder / "raw"), fresh(folder / "warehouse")
    for year, count in ((YEAR - 1, around), (YEAR, reports), (YEAR + 1, around)):
        _fill(raw, year, count)
    every = reports + 2 * around
    full = build(raw, warehouse, PROCESSES).seconds
    gate(warehouse, every)
    same = [build(raw, warehouse, PROCESSES) for _ in range(scale.times)]
    if any(again.changed for again in same):
        raise NotAsPlanted(f"A rebuild with nothing new changed {same[0].changed[:3]}")
    more, others = [], set[str]()
    for added in range(scale.builds):
        _add(raw, numbers(reports + added + 1, YEAR)[-1])
        more.append(build(raw, warehouse, PROCESSES))
        others |= {file for file in more[-1].changed if _year_of(file) not in (None, YEAR)}
    gate(warehouse, every + scale.builds)
    nothing_new, one_more = (median(again.seconds for again in builds) for builds in (same, more))
    sized = f"{reports:,} reports of {YEAR}"
    files = f"{len(more[0].changed)} files replaced, {len(others)} of them of other years"
    return Found(
        [
            Measure(7, sized, nothing_new / full, f"{nothing_new:.1f} s against {full:.1f} s"),
            Measure(8, sized, one_more / full, f"{one_more:.1f} s against {full:.1f} s"),
            Measure(8, sized, len(others), f"{files}{': ' if others else ''}{', '.join(sorted(others)[:3])}", "others"),
        ]
    )


def _fill(raw: Path, year: int, reports: int) -> None:
    """Reports of a year, beside those of other years."""
    made = fresh(raw.with_name("made"))
    generate(made, reports, year=year)
    raw.mkdir(exist_ok=True)
    (made / str(year)).rename(raw / str(year))


def _add(raw: Path, number: int) -> None:
    """One more report, by its number."""
    home = raw / str(YEARS[number % len(YEARS)]) / "more"
    home.mkdir(exist_ok=True)
    (home / f"{number:07d}.txt").write_text(report(SEED, number).text, "utf-8")


def _year_of(file: str) -> int | None:
    found = re.search(r"report_year=(\d+)", file)
    return int(found[1]) if found else None
