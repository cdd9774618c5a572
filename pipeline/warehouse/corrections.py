"""Recorded corrections on their way into the dataset: each is held against what was read, then put in its place.

Readings stay as they were parsed. The tables, the checks and the findings of a year are made from corrected readings;
`text` and `locator` keep saying what is printed and where.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.forms import STATISTICS, load
from pipeline.parse import COUNT_TABLES
from pipeline.tables import CORRECTABLE, CORRECTIONS
from pipeline.warehouse.amendments import Correction, UnusableEntries

Row = dict[str, Any]


def hold_corrections(corrections: Sequence[Correction], readings: pa.Table, year: int) -> pa.Table:
    """The rows of `corrections` of a year; `readings` are those of its accepted reports.

    Raises UnusableEntries when one names no report or cell, or another printed text than was read, or corrects nothing.
    """
    concerned = pa.array({correction.report_id for correction in corrections}, pa.string())
    found = readings.filter(pc.is_in(readings["report_id"], concerned)).select(["report_id", *CORRECTABLE])
    reports = {row["report_id"]: row for row in found.to_pylist()}
    rows, problems = [], []
    for correction in corrections:
        try:
            cell = _held(correction, reports.get(correction.report_id))
        except _Stale as stale:
            problems.append(f"{correction.place}: {stale}")
        else:
            rows.append(correction._asdict() | {"locator": cell["locator"]})
    if problems:
        raise UnusableEntries(problems)
    names = CORRECTIONS.arrow_schema.names
    return pa.Table.from_pylist([{name: row[name] for name in names} for row in rows], schema=CORRECTIONS.arrow_schema)


class _Stale(ValueError):
    """A correction that does not fit what was read; the message says why, and what to do."""


def _held(correction: Correction, reading: Row | None) -> Row:
    """The cell a correction is for; raises _Stale."""
    if reading is None:
        raise _Stale(
            f"no accepted report of {correction.report_year} has the id {correction.report_id}. If it lies in another "
            "year's folder now, change report_year; if it was replaced or removed, remove the entry."
        )
    cell = _cell(reading, correction.table_name, correction.cell_keys)
    name = f"{correction.table_name} {correction.cell_keys}"
    if cell is None:
        raise _Stale(f"the report has no cell {name}. Look up its name in the table, or remove the entry.")
    if cell["text"] != correction.printed:
        raise _Stale(
            f"{name} should print {_shown(correction.printed)}, but {_shown(cell['text'])} was read there. Look at "
            "the report again; then change printed, or remove the entry."
        )
    unit = correction.unit or cell["unit"]
    if (correction.value, correction.state, unit) == (cell["value"], cell["state"], cell["unit"]):
        raise _Stale(f"{name} is read so without a correction. Remove the entry.")
    return cell


def _shown(text: str | None) -> str:
    return "nothing (printed: null, a lost cell)" if text is None else repr(text)


def apply_corrections(readings: pa.Table, corrections: pa.Table) -> pa.Table:
    """The readings (`tables.READINGS`) of a year with the rows of `corrections` in place of what was read.

    Only the reports concerned are copied.
    """
    wanted: dict[str, list[Row]] = defaultdict(list)
    for row in corrections.to_pylist():
        wanted[row["report_id"]].append(row)
    pieces, done = [], 0
    for number, name in enumerate(readings["report_id"].to_pylist() if wanted else ()):
        if name in wanted:
            [reading] = readings.slice(number, 1).to_pylist()
            for correction in wanted[name]:
                _correct(reading, correction)
            pieces += [readings.slice(done, number - done), pa.Table.from_pylist([reading], schema=readings.schema)]
            done = number + 1
    return pa.concat_tables([*pieces, readings.slice(done)])


def _correct(reading: Row, correction: Row) -> None:
    """Put a correction in the place of what was read; the unit read, or the form's, holds unless it gives another."""
    table, keys, value = correction["table_name"], correction["cell_keys"], correction["value"]
    said = {
        "value": int(value) if value is not None and table in COUNT_TABLES else value,
        "state": correction["state"],
        "origin": "corrected",
    }
    if table == STATISTICS:
        entry = _cell(reading, table, keys)
        assert entry is not None
        entry.update(said, unit=None if value is None else correction["unit"] or entry["unit"])
        return
    cells, place = reading[table], _place(reading[table], table, keys)
    column = load().editions[cells["edition"]].tables[table].cells[place][1]
    said["unit"] = None if value is None else correction["unit"] or cells["unit"][place] or column.unit
    for name, content in said.items():
        cells[name][place] = content


def _cell(reading: Row, table: str, keys: str) -> Row | None:
    """A cell of a reading by its table and keys, or None where the report does not have it."""
    cells = reading[table]
    if cells is None:
        return None
    if table == STATISTICS:
        return next((entry for entry in cells if f"{entry['indicator']}/{entry['column_label']}" == keys), None)
    place = _place(cells, table, keys)
    return {name: cells[name][place] for name in ("value", "state", "text", "unit", "locator")} if place >= 0 else None


def _place(cells: Row, table: str, keys: str) -> int:
    """Where a cell stands in the lists of its table, or -1."""
    row, _, column = keys.partition("/")
    names = load().editions[cells["edition"]].tables[table].keys
    return names.index((row, column)) if (row, column) in names else -1
