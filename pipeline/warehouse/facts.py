"""From readings to the tables of the dataset: lists of cells are laid out as rows, a column at a time.

Each function makes the rows of one table for some reports of a year, from the landed rows of the same reports: a part.
Rows are in the order of the files' paths and the form.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import checks as rulebook
from pipeline.forms import TABLES, load
from pipeline.tables import (
    APPLICATIONS,
    APPLICATIONS_WIDE,
    FINDINGS,
    NARRATIVE_FACTS,
    PROACTIVE_DISCLOSURE,
    QUARANTINE,
    REPORT_WIDE,
    REPORTS,
    SECTIONS,
    STATISTICS_2014,
    Table,
)
from pipeline.tables.wide import wide_columns
from pipeline.warehouse.agencies import undecided
from pipeline.warehouse.decisions import undismissed
from pipeline.warehouse.inventory import report_id

_YUAN = {"元": Decimal(1), "万元": Decimal(10_000)}


def accepted(readings: pa.Table) -> pa.Table:
    """The readings of documents that were accepted."""
    refused = readings["code"].null_count < len(readings)
    return readings.filter(pc.is_null(readings["code"])) if refused else readings


def cells(readings: pa.Table, table: Table, year: int) -> pa.Table:
    """The rows of a table of cells, from the readings of a year."""
    present = readings.select(["report_id", table.name])
    if present[table.name].null_count:
        present = present.filter(pc.is_valid(present[table.name]))
    if not len(present):
        return table.empty()
    lists = present[table.name].combine_chunks()
    forms = {edition.edition: edition.tables[table.name] for edition in load().editions.values()}
    keys = {name: np.array(form.keys, dtype=object) for name, form in forms.items()}
    editions = pc.struct_field(lists, "edition").to_pylist()
    codes = np.concatenate([keys[edition] for edition in editions])
    form = next(iter(forms.values()))
    fields = ("value", "state", "text", "origin", "locator")
    flat = {field: pc.list_flatten(pc.struct_field(lists, field)) for field in fields}
    columns: dict[str, Any] = {
        "report_id": present["report_id"]
        .combine_chunks()
        .take(pc.list_parent_indices(pc.struct_field(lists, "state"))),
        "report_year": np.full(len(codes), year, dtype=np.int16),
        form.row_axis: pa.array(codes[:, 0], pa.string()),
        form.column_axis: pa.array(codes[:, 1], pa.string()),
        **flat,
    }
    if table.name == PROACTIVE_DISCLOSURE.name:
        columns |= _money(flat["value"], pc.list_flatten(pc.struct_field(lists, "unit")))
    return table.conform(pa.table(columns))


def _money(values: pa.Array, units: pa.Array) -> dict[str, pa.Array]:
    """The unit of each amount, and the amount in yuan where the unit is known."""
    pairs = zip(values.to_pylist(), units.to_pylist(), strict=True)
    yuan = [value * _YUAN[unit] if value is not None and unit in _YUAN else None for value, unit in pairs]
    return {"unit": units, "value_yuan": pa.array(yuan, values.type)}


def applications_wide(readings: pa.Table, year: int) -> pa.Table:
    """The rows of `applications_wide`, from the corrected readings of a year."""
    present = readings.filter(pc.is_valid(readings[APPLICATIONS.name]))
    columns = {
        "report_id": present["report_id"],
        "report_year": np.full(len(present), year, dtype=np.int16),
        **dict(_cell_columns(present, APPLICATIONS.name)),
    }
    return APPLICATIONS_WIDE.conform(pa.table(columns))


def report_wide(readings: pa.Table, reports: pa.Table) -> pa.Table:
    """The rows of `report_wide`, from the corrected readings of a year and their rows of `reports`."""
    columns = dict(column for name in TABLES for column in _cell_columns(readings, name))
    own = [name for name in REPORT_WIDE.arrow_schema.names if name not in columns]
    told = reports.select(own).take(pc.index_in(readings["report_id"], value_set=reports["report_id"]))
    return REPORT_WIDE.conform(pa.table(dict(zip(own, told.columns, strict=True)) | columns))


def _cell_columns(readings: pa.Table, name: str) -> Iterator[tuple[str, pa.Array]]:
    """The cells of a table as columns of as many rows as readings; null where there is no value, cell or table.

    Every value is taken from the list of its report, at the place that its edition gives it; none passes a float.
    """
    tables, forms = readings[name].combine_chunks(), [edition.tables[name] for edition in load().editions.values()]
    lists = pc.struct_field(tables, "value")
    lengths = pc.fill_null(pc.list_value_length(lists), 0).to_numpy()
    starts = np.cumsum(lengths) - lengths
    known = pa.array([form.edition for form in forms])
    editions = pc.fill_null(pc.index_in(pc.struct_field(tables, "edition"), value_set=known), len(forms)).to_numpy()
    places = [{keys: place for place, keys in enumerate(form.keys)} for form in forms]
    values = amounts = pc.list_flatten(lists)
    if name == PROACTIVE_DISCLOSURE.name:
        amounts = _money(values, pc.list_flatten(pc.struct_field(tables, "unit")))["value_yuan"]
    for column in wide_columns(name):
        place = np.array([*(of.get(column.keys, -1) for of in places), -1])[editions]
        wanted = pa.array(starts + place, mask=place < 0)
        yield column.name, (amounts if column.kind == "amount" else values).take(wanted)


def statistics(readings: pa.Table, year: int) -> pa.Table:
    """The rows of `statistics_2014`, from the readings of a year."""
    present = readings.filter(pc.is_valid(readings[STATISTICS_2014.name]))
    lists = present[STATISTICS_2014.name].combine_chunks()
    rows = pc.list_flatten(lists)
    columns = {
        "report_id": present["report_id"].combine_chunks().take(pc.list_parent_indices(lists)),
        "report_year": np.full(len(rows), year, dtype=np.int16),
        **{field.name: pc.struct_field(rows, field.name) for field in rows.type},
    }
    return STATISTICS_2014.conform(pa.table(columns))


def sections(readings: pa.Table, year: int) -> pa.Table:
    """The rows of `sections`, from the readings of a year."""
    readings = accepted(readings)
    lists = readings["sections"].combine_chunks()
    rows = pc.list_flatten(lists)
    parts = {name: pc.struct_field(rows, name) for name in ("section", "title", "text", "locator")}
    columns = {
        "report_id": readings["report_id"].combine_chunks().take(pc.list_parent_indices(lists)),
        "report_year": np.full(len(rows), year, dtype=np.int16),
        **parts,
    }
    return SECTIONS.conform(pa.table(columns))


def narrative_facts(readings: pa.Table, year: int) -> pa.Table:
    """The rows of `narrative_facts` of a year, from corrected readings."""
    readings = accepted(readings)
    names = readings["report_id"].to_pylist()
    positions: Counter[int] = Counter()
    rows = []
    for report, entry, outcome in rulebook.judge_narrative(readings, year):
        positions[report] += 1
        rows.append(
            entry
            | {
                "report_id": names[report],
                "report_year": year,
                "position": positions[report],
                "table_name": entry["table"],
                "cell_keys": " | ".join(entry["cells"]),
                "is_exact": entry["exact"],
                "is_negation": entry["negated"],
                "is_certain": entry["certain"],
                "rule": outcome.rule,
                "verdict": outcome.says,
            }
        )
    columns = NARRATIVE_FACTS.arrow_schema.names
    rows = [{column: row[column] for column in columns} for row in rows]
    return pa.Table.from_pylist(rows, schema=NARRATIVE_FACTS.arrow_schema)


def quarantine(documents: pa.Table, texts: pa.Table, readings: pa.Table, year: int) -> pa.Table:
    """The rows of `quarantine`: what the inventory, the readers and the parser refused of a year's files."""
    files = _files(documents)
    rows: list[dict[str, Any]] = [row | {"stage": "inventory"} for row in documents.to_pylist() if row["code"]]
    for stage, refused in (("text", texts), ("parse", readings)):
        found = refused.filter(pc.is_valid(refused["code"])).to_pylist()
        rows += [row | {"stage": stage} | files[row["report_id"]] for row in found]
    names = QUARANTINE.arrow_schema.names
    rows = [{name: (row | {"report_year": year})[name] for name in names} for row in rows]
    rows.sort(key=lambda row: row["source_path"])
    return pa.Table.from_pylist(rows, schema=QUARANTINE.arrow_schema)


def findings(
    documents: pa.Table,
    readings: pa.Table,
    resolutions: pa.Table,
    corrections: pa.Table,
    checks: pa.Table,
    around: rulebook.Surroundings,
    year: int,
) -> pa.Table:
    """The rows of `findings` of reports of a year, of which everything else is given; the readings are corrected."""
    files, names = _files(documents), readings["report_id"].to_pylist()
    notes = {name: [_note("F1", path) for path in files[name]["copies"]] for name in names}
    for name, reason in undecided(resolutions):
        notes[name].append(_note("A3", reason, "A3"))
    failing = {*checks.filter(pc.greater(checks["failed"], 0))["report_id"].to_pylist()}
    rows = rulebook.find(readings, year, notes, corrections.to_pylist(), around, failing)
    return pa.Table.from_pylist(rows, schema=FINDINGS.arrow_schema)


def _note(rule: str, path: str, *apart: str) -> rulebook.Note:
    """A note about another file; `apart` tells it from others of its rule, whatever the file is called."""
    return {"rule": rule, "table_name": None, "row": None, "observed": path, "locator": None, "apart": apart}


def reports(
    documents: pa.Table,
    readings: pa.Table,
    resolutions: pa.Table,
    surroundings: pa.Table,
    findings: pa.Table,
    year: int,
) -> pa.Table:
    """The rows of `reports`. `readings`, `resolutions` and `surroundings` are of the same reports in the same order.

    Findings that were dismissed lower no grade.
    """
    found: dict[str, list[str]] = defaultdict(list)
    counting = undismissed(findings)
    for name, rule in zip(counting["report_id"].to_pylist(), counting["rule"].to_pylist(), strict=True):
        found[name].append(rule)
    files, current = _files(documents), surroundings["is_current"].to_pylist()
    resolved = {row["report_id"]: row for row in resolutions.drop_columns(["evidence"]).to_pylist()}
    rows = []
    plain = [name for name in readings.column_names if not pa.types.is_nested(readings.schema.field(name).type)]
    editions = {name: pc.struct_field(readings[name].combine_chunks(), "edition").to_pylist() for name in TABLES}
    old = pc.is_valid(readings[STATISTICS_2014.name]).to_pylist()
    for number, row in enumerate(readings.select(plain).to_pylist()):
        name = row["report_id"]
        t2, t3, t4 = (edition[number] for edition in editions.values())
        absent = [table for table, edition in zip(TABLES, (t2, t3, t4), strict=True) if edition is None]
        grade = rulebook.grade(_missing(absent, old=old[number]), found[name])
        rows.append(
            row
            | files[name]
            | resolved[name]
            | {
                "report_year": year,
                "edition_t2": t2,
                "edition_t3": t3,
                "grade": grade.grade,
                "grade_reasons": grade.reasons,
                "is_current": current[number],
            }
        )
    names = REPORTS.arrow_schema.names
    return pa.Table.from_pylist([{name: row.get(name) for name in names} for row in rows], schema=REPORTS.arrow_schema)


def _missing(absent: list[str], *, old: bool) -> list[str]:
    """The tables that are missing; one with the statistics table alone is of years in which tables 2-4 were not."""
    return [] if old and len(absent) == len(TABLES) else absent


def _files(documents: pa.Table) -> dict[str, dict[str, Any]]:
    """Report id -> what the inventory knows of its file."""
    files = documents.filter(pc.is_null(documents["code"])).drop_columns(["code", "message", "hint"]).to_pylist()
    return {report_id(file["source_sha256"]): file for file in files}
