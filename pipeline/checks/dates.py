"""Years and periods: what a report says of its own time, against its folder and the calendar."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pyarrow as pa

from pipeline.checks.identities import FAILED, NOT_ASSESSABLE, PASSED, Counts
from pipeline.checks.rules import rules


def check_dates(readings: pa.Table, year: int, counts: Counts) -> Iterator[dict[str, Any]]:
    """Count rules Y1-Y3 for a batch of readings of a folder's year; yield the rows of `findings` that fail."""
    columns = ("stated_year", "period_start", "period_end", "published_on")
    for report, row in enumerate(readings.select(columns).to_pylist()):
        stated, start, end, published = (row[column] for column in columns)
        yield from _verdict(counts, report, "Y1", year, stated, holds=stated == year)
        whole = (date(stated, 1, 1), date(stated, 12, 31)) if stated else None
        period = (start, end) if start and end else None
        yield from _verdict(counts, report, "Y2", whole, period, holds=period == whole)
        after = end and published and published > end
        yield from _verdict(counts, report, "Y3", end, published, holds=bool(after))


def _verdict(
    counts: Counts, report: int, rule: str, expected: Any, observed: Any, *, holds: bool
) -> Iterator[dict[str, Any]]:
    if expected is None or observed is None:
        counts[rule][report, NOT_ASSESSABLE] += 1
    elif holds:
        counts[rule][report, PASSED] += 1
    else:
        counts[rule][report, FAILED] += 1
        yield rules()[rule].breach(report, expected=_words(expected), observed=_words(observed))


def _words(side: Any) -> str:
    return " to ".join(map(str, side)) if isinstance(side, tuple) else str(side)
