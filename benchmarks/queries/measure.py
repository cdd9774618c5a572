"""Goal 9: the questions to the cells of the largest build, against their sum. Goal 10: against SQLite, on 100,000.

All engines answer alike, and the cells were compared with the truth when the warehouse was built.
"""

from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks import growth
from benchmarks.measure import Found, Measure, NotAsPlanted, Scale
from benchmarks.queries.__main__ import Times, differing, engines, ratio, table, timed
from benchmarks.queries.engines import DuckDB, Engine

COPIED = 100_000
"""Reports whose rows are copied to SQLite and pandas."""
_IDENTITIES = "row identities"


def measure(scale: Scale) -> Found:
    """Goals 9 and 10."""
    measures, tables = [], {}
    for reports, of_goal in ((scale.reports, _against_sum), (scale.at_most(COPIED), _against_sqlite)):
        catalogue = Path(growth.step(scale, reports)["warehouse"]) / "gongkai.duckdb"
        with TemporaryDirectory(dir=scale.folder) as folder:
            copied = of_goal is _against_sqlite
            asked = engines(catalogue, Path(folder) / "same.sqlite" if copied else None)
            if not copied:
                asked = [engine for engine in asked if isinstance(engine, DuckDB)]
            taken = _timed(asked, scale.times)
            measures += of_goal(taken, reports)
            tables[f"{'10' if copied else '9'}: {reports:,} reports"] = "\n".join(table(taken)) + "\n"
    return Found(measures, tables)


def _timed(asked: list[Engine], times: int) -> Times:
    if different := differing(asked):
        raise NotAsPlanted("The answers differ, so there is nothing to time: " + "; ".join(different))
    return timed(asked, times)


def _against_sum(taken: Times, reports: int) -> list[Measure]:
    own = taken["cells"]
    least = f"{median(own['sum']) * 1e3:.0f} ms for the sum"
    return [
        Measure(
            9,
            f"{question}, {reports:,} reports",
            ratio(seconds, own["sum"]),
            f"{median(seconds) * 1e3:.0f} ms, {least}",
            "identities" if question == _IDENTITIES else "",
        )
        for question, seconds in own.items()
        if question != "sum"
    ]


def _against_sqlite(taken: Times, reports: int) -> list[Measure]:
    own, theirs = taken["cells"], taken["SQLite"]
    return [
        Measure(
            10,
            f"{question}, {reports:,} reports",
            ratio(theirs[question], seconds),
            f"{median(seconds) * 1e3:.0f} ms against {median(theirs[question]) * 1e3:.0f} ms",
        )
        for question, seconds in own.items()
        if question != "sum"
    ]
