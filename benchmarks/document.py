"""docs/performance.md: what was measured, on which machine, and what it means, for readers who want to know how fast.

The one place where a machine, a clock and a date stand.
"""

import os
import platform
import sqlite3
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from benchmarks.measure import BESIDE, Goal, Measure, goal_of, goals, markdown
from pipeline import __version__

NOTES = Path(__file__).with_name("notes.toml")
_LIBRARIES = ("dagster", "duckdb", "lxml", "numpy", "pandas", "pandera", "pdfplumber", "pyarrow", "pypdfium2")
_INTRODUCTION = """\
# Performance

How fast is Gongkai, and does a report of a million cost what one of ten thousand does? Absolute times say little about
another machine. So a goal is a ratio of two things done in one run on one machine: ours, and the least that anything
must do with the same input, or a general tool. Small things are done in turn {times} times and the median of the ratios
counts; a build of 100,000 reports or more is made once.

Speed counts only where the numbers are right. Every input is made up, its numbers are known, and they are compared with
what was read before anything is timed; of large builds, every cell of 1,000 reports. Had one differed, its goal would
be missing here.

**{summary}**

{machine}.
"""
_GOALS = """\
*Bar* is what has to be reached, *stretch* what would be better still. A goal that is measured in several ways is met
where each of them is.
"""
_GROWTH = """\
Text reports of a made-up country, of all years, in the layouts and with the slips of published ones, packed in ZIP
files; built from nothing by two processes. *Nothing* is what a build of an empty file in each year takes: every year
has its tables. *Less nothing* is what a report adds. *Main* and *worker* are the highest memory of the process
that leads and of the largest that works. *Published* is what readers get, *facts* are tables 2, 3 and 4 alone, one row
a cell; what is landed besides (the text of every report, and its reading) makes the next build cheap.
"""
_QUERIES = """\
Six questions of analysts, each answered whole. Times are of the table with one row a cell, as multiples of the sum of
all its values, the least that a query can do; beside it, how many times that others take for the same answer on the
same rows: the wide tables (a part of one where it is faster), SQLite with the keys as its indexes, pandas with
everything in memory. All answers are compared first.
"""
_BESIDE = "The same work done with general tools, and what has no goal. What both give is compared first.\n"
_TRIED = "What was tried for the goals whose bar or stretch is not reached.\n"
_REPEAT = """\
`make bench` makes this page again, in about an hour on two quiet cores; with 1,000,000 reports it needs some 20 GB on
disk. Parts of it, or a smaller one in minutes:

    python -m benchmarks --reports 10000
    python -m benchmarks --only 1,4,12
    python -m benchmarks --folder /tmp/bench --resume --write docs/performance.md

With `--resume`, what was finished in a folder is not measured again. The goals are in `benchmarks/goals.toml`, what was
tried in `benchmarks/notes.toml`. Many parts are commands of their own: `python -m benchmarks.reading`,
`benchmarks.workers`, `benchmarks.queries`, `benchmarks.start`, `benchmarks.agencies`.
"""


class Run(NamedTuple):
    """All that was found. `failed`: why a benchmark has no figures, by its name and the goals it was for."""

    reports: int
    times: int
    measures: Sequence[Measure]
    tables: Mapping[str, str]
    failed: Mapping[str, str]
    minutes: float


def document(run: Run, notes: Mapping[str, str]) -> str:
    """The page. `notes`: what was tried, by the number of the goal."""
    parts = [
        _INTRODUCTION.format(summary=summary(run), machine=machine(run), times=run.times),
        "## The goals\n\n" + _GOALS + "\n" + _table(run),
        *_section("## Not measured\n\n", "".join(f"- {what}: {_line(why)}\n" for what, why in run.failed.items())),
        *_section("## What was tried\n\n" + _TRIED + "\n", _tried(run, notes)),
        *_section("## Growth\n\n" + _GROWTH + "\n", run.tables.get("growth", "")),
        *_section("## Queries\n\n" + _QUERIES + "\n", _queries(run)),
        *_section("## Beside other tools\n\n" + _BESIDE + "\n", _beside(run)),
        "## How to repeat\n\n" + _REPEAT,
    ]
    return "\n".join(parts)


def notes() -> dict[str, str]:
    """What was tried, by the number of the goal."""
    return tomllib.loads(NOTES.read_text("utf-8"))


def _section(heading: str, content: str) -> Iterator[str]:
    if content:
        yield heading + content


def standing(run: Run) -> dict[int, str]:
    """Every goal: `stretch` or `bar`, whichever all of its figures reach, `not met`, or `not measured`."""
    found = _by_goal(run)
    return {
        number: _reached(found.get(number, ()), number) for number in dict.fromkeys(goal.number for goal in goals())
    }


def _by_goal(run: Run) -> dict[int, list[Measure]]:
    found: dict[int, list[Measure]] = defaultdict(list)
    for measure in run.measures:
        found[measure.goal].append(measure)
    return found


def _reached(measures: Sequence[Measure], number: int) -> str:
    parts = {goal.part for goal in goals() if goal.number == number}
    if {measure.part for measure in measures} != parts:
        return "not measured"
    if all(goal_of(each).reaches(each.value, goal_of(each).stretch) for each in measures):
        return "stretch"
    return "bar" if all(goal_of(each).reaches(each.value, goal_of(each).bar) for each in measures) else "not met"


def summary(run: Run) -> str:
    """How many of the goals are met."""
    found = [*standing(run).values()]
    met, stretched = sum(each in ("bar", "stretch") for each in found), found.count("stretch")
    said = f"Of {len(found)} goals {met} are met, {stretched} of these with their stretch"
    missing = found.count("not measured")
    return said + (f"; {missing} were not measured." if missing else ".")


def machine(run: Run) -> str:
    """Where and when, and with which versions."""
    versions = ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return (
        f"Measured on {date.today().isoformat()} in {run.minutes:.0f} minutes: {len(os.sched_getaffinity(0))} cores of "
        f"{_processor()}, {memory:.0f} GB of memory, {platform.system()}; Gongkai {__version__}, "
        f"Python {platform.python_version()}, {versions}, SQLite {sqlite3.sqlite_version}. The largest build has "
        f"{run.reports:,} reports"
    )


def _processor() -> str:
    file = Path("/proc/cpuinfo")
    lines = file.read_text().splitlines() if file.exists() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def _table(run: Run) -> str:
    found, rows = _by_goal(run), []
    for goal in goals():
        own = [measure for measure in found.get(goal.number, ()) if measure.part == goal.part]
        values = [measure.value for measure in own]
        first = ["not measured", ""] if not own else _marked(goal, min(values) if goal.more else max(values))
        told = f"{own[0].what}: {own[0].how}" if len(own) == 1 else ""
        bars = [shown(goal, goal.bar), shown(goal, goal.stretch)]
        rows.append([str(goal.number), f"**{goal.what}**", f"**{first[0]}**", *bars, first[1], told])
        if len(own) > 1:
            rows += [
                ["", each.what, value, "", "", met, each.how]
                for each in own
                for value, met in [_marked(goal, each.value)]
            ]
    head = ("goal", "what", "measured", "bar", "stretch", "met", "in figures")
    alignment = ("---:", "---", "---:", "---:", "---:", "---", "---")
    return "".join(f"| {' | '.join(line)} |\n" for line in (head, alignment, *rows))


def shown(goal: Goal, value: float) -> str:
    """A value with its unit: counts whole, ratios to two places where they are small."""
    if goal.unit in (" MB", " cells", " files"):
        return f"{value:,.0f}{goal.unit}"
    return f"{value:.2f}{goal.unit}" if value < 10 else f"{value:,.1f}{goal.unit}"


def _marked(goal: Goal, value: float) -> list[str]:
    """A value, and which of the bars it reaches."""
    met = "bar" if goal.reaches(value, goal.bar) else "not met"
    return [shown(goal, value), "stretch" if goal.reaches(value, goal.stretch) else met]


def _tried(run: Run, notes: Mapping[str, str]) -> str:
    return "".join(
        f"- Goal {number} ({said}): {notes[str(number)]}\n"
        for number, said in standing(run).items()
        if said != "stretch" and str(number) in notes
    )


def _queries(run: Run) -> str:
    tables = ((name.partition(": ")[2], table) for name, table in run.tables.items() if name != "growth")
    return "\n".join(f"On {name}:\n\n{table}" for name, table in tables)


def _beside(run: Run) -> str:
    found = _by_goal(run).get(BESIDE)
    return markdown(("what", "measured", "in figures"), [_besides(each) for each in found]) if found else ""


def _besides(measure: Measure) -> list[str]:
    return [measure.what, f"{measure.value:.2f} x" if measure.value < 10 else f"{measure.value:,.0f} x", measure.how]


def _line(text: str) -> str:
    """A reason in one line."""
    return " ".join(text.split())
