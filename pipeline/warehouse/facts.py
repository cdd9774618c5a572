"""From readings to the tables of the dataset: lists of cells are laid out as rows, a column at a time.

Each function makes one table of one year from landed tables. Rows are in the order of the files' paths and the form.
"""

from collections import defaultdict
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import checks as rulebook
from pipeline.forms import load
from pipeline.tables import PROACTIVE_DISCLOSURE, QUARANTINE, REPORTS, SECTIONS, STATISTICS_2014, Table
from pipeline.warehouse.inventory import report_id

_YUAN = {"元": Decimal(1), "万元": Decimal(10_000)}


def accepted(readings: pa.Table) -> pa.Table:
    """The readings of documents that were accepted."""
    return readings.filter(pc.is_null(readings["code"]))


def cells(readings: pa.Table, table: Table, year: int) -> pa.Table:
    """The rows of a table of cells, from the readings of a year."""
    present = readings.filter(pc.is_valid(readings[table.name]))
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


def checks(readings: pa.Table, year: int) -> pa.Table:
    """The rows of `checks` of a year."""
    return rulebook.check(accepted(readings), year)


def findings(documents: pa.Table, readings: pa.Table, year: int) -> pa.Table:
    """The rows of `findings` of a year."""
    readings = accepted(readings)
    files = _files(documents)
    notes = {name: [_note("F1", path) for path in files[name]["copies"]] for name in readings["report_id"].to_pylist()}
    for group in _versions(readings):
        for name in group:
            notes[name] += [_note("A2", files[other]["source_path"]) for other in group if other != name]
    return rulebook.find(readings, year, notes)


def _note(rule: str, observed: str) -> rulebook.Note:
    return {"rule": rule, "table_name": None, "row": None, "observed": observed, "locator": None}


def _versions(readings: pa.Table) -> list[list[str]]:
    """Reports of a year that name the same agency: ids, oldest first by publication date where they have one."""
    named: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in readings.select(["report_id", "agency_name", "published_on"]).to_pylist():
        if row["agency_name"]:
            named[row["agency_name"]].append((str(row["published_on"] or ""), row["report_id"]))
    return [[name for _, name in sorted(group)] for group in named.values() if len(group) > 1]


def reports(documents: pa.Table, readings: pa.Table, findings: pa.Table, year: int) -> pa.Table:
    """The rows of `reports` of a year."""
    readings = accepted(readings)
    severities: dict[str, set[str]] = defaultdict(set)
    for name, severity in zip(findings["report_id"].to_pylist(), findings["severity"].to_pylist(), strict=True):
        severities[name].add(severity)
    files, replaced = _files(documents), _replaced(readings)
    rows = []
    plain = [name for name in readings.column_names if not pa.types.is_nested(readings.schema.field(name).type)]
    editions = {
        name: pc.struct_field(readings[name].combine_chunks(), "edition").to_pylist()
        for name in ("proactive_disclosure", "applications", "review_litigation")
    }
    old = pc.is_valid(readings[STATISTICS_2014.name]).to_pylist()
    for number, row in enumerate(readings.select(plain).to_pylist()):
        name = row["report_id"]
        t2, t3, t4 = (edition[number] for edition in editions.values())
        absent = [edition is None for edition in (t2, t3, t4)]
        rows.append(
            row
            | files[name]
            | {
                "report_year": year,
                "edition_t2": t2,
                "edition_t3": t3,
                "grade": rulebook.grade(
                    missing_table=_is_missing(absent, old=old[number]), severities=severities[name]
                ),
                "is_current": name not in replaced,
            }
        )
    names = REPORTS.arrow_schema.names
    return pa.Table.from_pylist([{name: row.get(name) for name in names} for row in rows], schema=REPORTS.arrow_schema)


def _is_missing(absent: list[bool], *, old: bool) -> bool:
    """Whether a table is missing; a report with the statistics table alone is of years in which tables 2-4 were not."""
    return any(absent) and not (old and all(absent))


def _replaced(readings: pa.Table) -> set[str]:
    """Reports that a later version replaces: same agency with its county or city in the name, later publication date.

    A bare `城关镇` is the name of dozens of towns, and without dates no one can tell which came later: such reports all
    stay current, and finding A2 says so.
    """
    dates = dict(zip(readings["report_id"].to_pylist(), readings["published_on"].to_pylist(), strict=True))
    names = dict(zip(readings["report_id"].to_pylist(), readings["agency_name"].to_pylist(), strict=True))
    replaced: set[str] = set()
    for group in _versions(readings):
        name = names[group[0]]
        if not any(place in name[1:-1] for place in "省市县区州盟旗") or any(
            dates[version] is None for version in group
        ):
            continue
        latest = max(dates[version] for version in group)
        if sum(dates[version] == latest for version in group) == 1:
            replaced.update(version for version in group if dates[version] != latest)
    return replaced


def _files(documents: pa.Table) -> dict[str, dict[str, Any]]:
    """Report id -> what the inventory knows of its file."""
    files = documents.filter(pc.is_null(documents["code"])).drop_columns(["code", "message", "hint"]).to_pylist()
    return {report_id(file["source_sha256"]): file for file in files}
