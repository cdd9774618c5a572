"""Amounts of table 2 in the wrong unit: U1, 元 printed where the form asks for 万元; U2, a unit in the cell itself.

An amount stays as printed. It is doubted only where the report says the same sum elsewhere, or where it is in yuan and
fen (two decimals) and, taken as 万元, more than such a body can have charged.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.checks.identities import FAILED, NOT_ASSESSABLE, PASSED, VACUOUS, Counts
from pipeline.checks.places import cell_keys, cell_place
from pipeline.checks.rules import rules
from pipeline.checks.statistics import plain
from pipeline.forms import Column, Forms, TableForm

Row = Mapping[str, Any]

LARGEST = 10_000
"""万元, that is 100 million yuan: what a town, or a department of a county, cannot have charged in a year."""
LEAST_SUM = 100
"""Yuan: sums below it agree by chance."""
_FEN = re.compile(r"[.．]\d{2}(?!\d)")
_FIELDS = ("value", "unit", "text", "origin", "locator")


def check_units(readings: pa.Table, forms: Forms, year: int, counts: Counts) -> Iterator[dict[str, Any]]:
    """Count U1 and U2 for a batch of readings of a folder's year; yield the rows of `findings` that fail."""
    heads = readings.select(("agency_name", "stated_year", "narrative")).to_pylist()
    [table] = rules()["U1"].tables
    cells = readings[table].combine_chunks()
    editions = pc.struct_field(cells, "edition").to_pylist()
    for edition in forms.editions.values():
        form = edition.tables[table]
        reports = [report for report, name in enumerate(editions) if name == edition.edition]
        for place, (_, column) in enumerate(form.cells):
            if column.kind == "amount":
                for report, amount in zip(reports, _amounts(cells, reports, place), strict=True):
                    yield from _yuan(report, heads[report], form, place, amount, year, counts)
                    yield from _own_unit(report, form, place, amount, counts)


def _amounts(cells: pa.StructArray, reports: Sequence[int], place: int) -> list[dict[str, Any]]:
    present = cells.take(pa.array(reports, pa.int64()))
    fields = {name: pc.list_element(pc.struct_field(present, name), place) for name in _FIELDS}
    rows: list[dict[str, Any]] = pa.table(fields).to_pylist()
    return rows


def _yuan(
    report: int, head: Row, form: TableForm, place: int, amount: Row, year: int, counts: Counts
) -> Iterator[dict[str, Any]]:
    value, [keys] = amount["value"], cell_keys(form, (place,)).split()
    if value is None or amount["unit"] != "万元":
        counts["U1"][report, NOT_ASSESSABLE] += 1
        return
    column = form.cells[place][1]
    evidence = _stated(value, keys, head, year) or (_too_much(amount, head["agency_name"]) if column.unit else "")
    counts["U1"][report, FAILED if evidence else PASSED if value else VACUOUS] += 1
    if evidence:
        yield rules()["U1"].breach(
            report,
            place=cell_place(form, place),
            table=form.name,
            cells=keys,
            expected=f"{plain(value)}元",
            observed=f"{plain(value)}万元",
            locator=amount["locator"],
            evidence=evidence,
        )


def _stated(value: Decimal, keys: str, head: Row, year: int) -> str:
    """The sentence of the narrative that gives the same sum in yuan, if any."""
    own_year = (None, str(head["stated_year"] or year))
    for fact in head["narrative"] or ():
        of_this = fact["kind"] == "amount" and fact["exact"] and fact["cells"] == [keys] and fact["period"] in own_year
        step = fact["step"]
        if of_this and min(value, fact["value"]) >= max(LEAST_SUM, step) and abs(value - fact["value"]) < step:
            return f"the narrative says {plain(fact['value'])}元."
    return ""


def _too_much(amount: Row, agency: str | None) -> str:
    small = any(re.search(pattern, agency or "") for pattern in rules()["U1"].patterns)
    fen = amount["origin"] != "corrected" and _FEN.search(amount["text"])
    if amount["value"] > LARGEST and small and fen:
        return "it has two decimals, as yuan and fen do, and is more in 万元 than such a body can have charged."
    return ""


def _own_unit(report: int, form: TableForm, place: int, amount: Row, counts: Counts) -> Iterator[dict[str, Any]]:
    column: Column = form.cells[place][1]
    value, unit = amount["value"], amount["unit"]
    if value is None or column.unit is None:
        counts["U2"][report, NOT_ASSESSABLE] += 1
    elif unit == column.unit:
        counts["U2"][report, PASSED if value else VACUOUS] += 1
    else:
        counts["U2"][report, FAILED] += 1
        yield rules()["U2"].breach(
            report,
            place=cell_place(form, place),
            table=form.name,
            cells=cell_keys(form, (place,)),
            expected=column.unit,
            observed=f"{plain(value)}{unit}",
            locator=amount["locator"],
        )
