"""The page of `gongkai diff`: which reports changed between two warehouses, and their cells with both sides."""

import csv
from collections import Counter
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TextIO

import pyarrow as pa

from pipeline.checks.places import keyed_place
from pipeline.pages import render
from pipeline.tables import REPORTS
from pipeline.warehouse import Lake
from pipeline.warehouse.differences import Differences, compare
from pipeline.warehouse.lake import PREVIOUS

MOST = 200
"""Reports whose cells a page lists; a browser chokes on more, and nobody reads them."""


def write_release_diff(lake: Lake) -> Differences | None:
    """Keep what the last release changed as `_release_diff/changes.html` and `cells.csv` below the warehouse.

    Returns the differences, or None where there is one release only.
    """
    store = lake.store
    if not store.names(f"{PREVIOUS}/{REPORTS.name}", ".parquet"):
        return None
    differences = compare(store.below(PREVIOUS), store.place)
    page = changes_page(differences, "the release before", "this release")
    store.write("_release_diff/changes.html", page.encode())
    with TemporaryDirectory() as folder:
        cells = Path(folder) / "cells.csv"
        with cells.open("w", encoding="utf-8-sig", newline="") as out:
            write_cells(differences, out)
        store.write("_release_diff/cells.csv", pa.memory_map(str(cells)).read_buffer())
    return differences


def write_cells(differences: Differences, out: TextIO) -> None:
    """Write every changed cell as comma-separated values with a header."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(differences.cells.column_names)
    for batch in differences.cells.to_batches():
        writer.writerows(zip(*batch.to_pydict().values(), strict=True))


def changes_page(differences: Differences, before: str, after: str) -> str:
    """The page; `before` and `after` name the two warehouses."""
    reports = differences.reports.to_pylist()
    groups = _by_report(differences)
    return render(
        "changes",
        before=before,
        after=after,
        reports=reports,
        counts=Counter(report["change"] for report in reports),
        cells_changed=len(differences.cells),
        groups=groups[:MOST],
        left_out=max(len(groups) - MOST, 0),
    )


def _by_report(differences: Differences) -> list[dict[str, Any]]:
    """The changed cells under the report they are of."""
    report = itemgetter("report_id_after", "agency_name", "report_year", "source_path")
    return [
        {
            "report_id_after": report_id,
            "agency_name": agency,
            "report_year": year,
            "source_path": path,
            "cells": [_shown(cell) for cell in cells],
        }
        for (report_id, agency, year, path), cells in groupby(differences.cells.to_pylist(), key=report)
    ]


def _shown(cell: dict[str, Any]) -> dict[str, str]:
    return {
        "table_name": cell["table_name"],
        "cell_keys": cell["cell_keys"],
        "label": keyed_place(cell["table_name"], cell["cell_keys"]),
        "before": side(cell, "before"),
        "after": side(cell, "after"),
        "reason": cell["reason"],
    }


def side(cell: dict[str, Any], which: str) -> str:
    """One side of a changed cell: its number as printed where it is one, else its state and what is printed."""
    state, text, value = (cell[f"{name}_{which}"] for name in ("state", "text", "value"))
    if state is None:
        return "no such cell"
    if value is None:
        return f"{state} ({text})" if text else str(state)
    shown = f"{value.rstrip('0').rstrip('.')}" if "." in value else str(value)
    return shown if text == shown else f"{shown} ({text})" if text else shown
