"""A2: several reports of one body for one year, and what changed between them. All are kept, whichever is current."""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pyarrow as pa

from pipeline.checks.places import keyed_place, table_place
from pipeline.checks.rules import rules
from pipeline.checks.statistics import plain
from pipeline.checks.surroundings import Surroundings
from pipeline.forms import STATISTICS, TABLES, load

SHOWN = 5
"""Changed cells a sentence names; the others it counts."""
_NO_CELL = "no cell"


def find_versions(readings: pa.Table, around: Surroundings) -> Iterator[dict[str, Any]]:
    """The rows of `findings` for the reports of a batch that have versions: each names the others, how they differ.

    Namesakes are named alone: what their tables have in common says nothing.
    """
    own_ones = len(readings)
    readings = pa.concat_tables([readings.select(around.siblings.column_names), around.siblings])
    ids = readings["report_id"].to_pylist()
    for reports, same_body in around.versions:
        cells = [_cells(readings, report) for report in reports] if same_body else []
        for first, second in combinations(range(len(reports)), 2):
            differences = f". {_said(cells[first], cells[second])}" if same_body else ""
            for own, other in ((first, second), (second, first)):
                if reports[own] >= own_ones:
                    continue
                path, name = around.paths[reports[other]], ids[reports[other]]
                finding = rules()["A2"].breach(reports[own], observed=path, differences=differences)
                yield finding | {"apart": (name,)}


def _cells(readings: pa.Table, report: int) -> dict[str, dict[str, str]]:
    """Table -> cell -> what stands there, for the tables a report has."""
    found: dict[str, dict[str, str]] = {}
    for name in TABLES:
        cells = readings[name][report].as_py()
        if cells is not None:
            keys = load().editions[cells["edition"]].tables[name].keys
            shown = map(_shown, cells["value"], cells["state"], cells["unit"])
            found[name] = dict(zip(("/".join(key) for key in keys), shown, strict=True))
    entries = readings[STATISTICS][report].as_py()
    if entries is not None:
        found[STATISTICS] = {
            f"{entry['indicator']}/{entry['column_label']}": _shown(entry["value"], entry["state"], entry["unit"])
            for entry in entries
        }
    return found


def _shown(value: Any, state: str, unit: str | None) -> str:
    return state if value is None else f"{plain(value)}{unit or ''}"


def _said(before: dict[str, dict[str, str]], after: dict[str, dict[str, str]]) -> str:
    """What changed from one version to the next, in a sentence."""
    absent = [name for name in (*TABLES, STATISTICS) if (name in before) != (name in after)]
    changed = [
        (name, key, old, new)
        for name in before
        if name in after
        for key in dict.fromkeys((*before[name], *after[name]))
        if (old := before[name].get(key, _NO_CELL)) != (new := after[name].get(key, _NO_CELL))
    ]
    said = [f"{table_place(name)} is in one of them alone" for name in absent]
    said += [f"{keyed_place(name, key)} {old} → {new}" for name, key, old, new in changed[:SHOWN]]
    if len(changed) > SHOWN:
        said.append(f"and {len(changed) - SHOWN} more cells")
    return f"From the older to the newer: {'; '.join(said)}." if said else "Their figures are the same."
