"""The arithmetic of the statistics tables before 2019, in each of their figure columns: H5, H7, H8 and D3 to D6.

Three-valued as everywhere. Its columns are the agency's choice, so it is summed report by report and not as a matrix.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

import pyarrow as pa

from pipeline.checks.identities import FAILED, NOT_ASSESSABLE, PASSED, VACUOUS, Counts
from pipeline.checks.places import statistics_place
from pipeline.checks.rules import rules
from pipeline.forms import STATISTICS, Relation, load_statistics

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
    form = load_statistics().family_of(next(iter(column)))
    for relation in form.relations:
        yield from _unheld(relation, label, column, report, counts)
    for code, entry in column.items():
        value, is_amount = entry["value"], form.form.rows[code][0].kind == "amount"
        sound = value is not None and value >= 0 and (is_amount or value % 1 == 0)
        counts["H5"][report, _verdict([value], holds=sound)] += 1
        if value is not None and not sound:
            place = statistics_place(code, label)
            message = rules()["H5"].message.format(place=place, observed=plain(value), expected="")
            yield Broken("H5", (code,), None, value, message)


def _unheld(relation: Relation, label: str, column: Column, report: int, counts: Counts) -> Iterator[Broken]:
    """Count a relation in a column; yield it where it does not hold."""
    codes = (relation.left, *relation.right)
    values = [column[code]["value"] for code in codes]
    left, total = values[0], None if None in values else sum(values[1:], Decimal(0))
    holds = total is not None and (left == total if relation.relation == "=" else left <= total)
    counts[relation.rule][report, _verdict(values, holds=holds)] += 1
    if total is None or holds:
        return
    names = [load_statistics().indicators[code].zh for code in relation.right]
    parts = " + ".join(f"{name} {plain(value)}" for name, value in zip(names, values[1:], strict=True))
    whole = f" = {plain(total)}" if len(names) > 1 else ""
    place = statistics_place(relation.left, label)
    comparison = "is not" if relation.relation == "=" else "is more than"
    yield Broken(relation.rule, codes, total, left, f"{place}: {plain(left)} {comparison} {parts}{whole}.")


def _verdict(values: list[Decimal | None], *, holds: bool) -> int:
    if None in values:
        return NOT_ASSESSABLE
    if not holds:
        return FAILED
    return PASSED if any(values) else VACUOUS


def plain(value: Any) -> str:
    """A number without a needless decimal point."""
    return f"{float(value):.6f}".rstrip("0").rstrip(".")
