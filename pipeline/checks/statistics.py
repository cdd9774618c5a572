"""The arithmetic of the statistics table of 2014-2018, in each of its figure columns: H5, H7 and H8.

Three-valued as everywhere. Its columns are the agency's choice, so it is summed report by report and not as a matrix.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

import pyarrow as pa

from pipeline.checks.identities import FAILED, NOT_ASSESSABLE, PASSED, VACUOUS, Counts
from pipeline.checks.places import statistics_place
from pipeline.checks.rules import rules
from pipeline.forms import STATISTICS, Statistics, load_statistics

Column = dict[str, dict[str, Any]]
"""A figure column: the entries of `readings.statistics_2014` by indicator."""


class Broken(NamedTuple):
    """A rule that does not hold in a column: the indicators concerned, both sides, and the sentence that says so."""

    rule: str
    indicators: tuple[str, ...]
    expected: Decimal | None
    observed: Decimal
    message: str


def check_statistics(readings: pa.Table, counts: Counts) -> Iterator[dict[str, Any]]:
    """Count the rules for a batch of readings; yield the rows of `findings` that fail, but for whose slip it is."""
    for report, entries in enumerate(readings[STATISTICS].to_pylist()):
        columns: dict[str, Column] = {}
        for entry in entries or ():
            columns.setdefault(entry["column_label"], {})[entry["indicator"]] = entry
        for label, column in columns.items():
            for broken in _broken(label, column, report, counts):
                yield {
                    "report": report,
                    "rule": broken.rule,
                    "table_name": STATISTICS,
                    "cell_keys": " ".join(f"{indicator}/{label}" for indicator in broken.indicators),
                    "expected": None if broken.expected is None else plain(broken.expected),
                    "observed": plain(broken.observed),
                    "locator": column[broken.indicators[0]]["locator"],
                    "message": broken.message,
                }


def _broken(label: str, column: Column, report: int, counts: Counts) -> Iterator[Broken]:
    form = load_statistics()
    yield from _sums(form, label, column, report, counts)
    for code, entry in column.items():
        value, is_amount = entry["value"], form.form.rows[code][0].kind == "amount"
        sound = value is not None and value >= 0 and (is_amount or value % 1 == 0)
        counts["H5"][report, _verdict([value], holds=sound)] += 1
        if value is not None and not sound:
            place = statistics_place(code, label)
            message = rules()["H5"].message.format(place=place, observed=plain(value), expected="")
            yield Broken("H5", (code,), None, value, message)


def _sums(form: Statistics, label: str, column: Column, report: int, counts: Counts) -> Iterator[Broken]:
    for identity in form.sums:
        codes = (identity.left, *identity.right)
        values = [column[code]["value"] for code in codes]
        total = None if None in values else sum(values[1:], Decimal(0))
        counts[identity.rule][report, _verdict(values, holds=values[0] == total)] += 1
        if total is not None and values[0] != total:
            parts = " + ".join(
                f"{form.indicators[code].zh} {plain(value)}" for code, value in zip(codes[1:], values[1:], strict=True)
            )
            place = statistics_place(identity.left, label)
            message = f"{place}: {plain(values[0])} is not {parts} = {plain(total)}."
            yield Broken(identity.rule, codes, total, values[0], message)


def _verdict(values: list[Decimal | None], *, holds: bool) -> int:
    if None in values:
        return NOT_ASSESSABLE
    if not holds:
        return FAILED
    return PASSED if any(values) else VACUOUS


def plain(value: Any) -> str:
    """A number without a needless decimal point."""
    return f"{float(value):.6f}".rstrip("0").rstrip(".")
