"""What `gongkai diff` prints: the reports that changed, and the first of their cells."""

from collections import Counter

from rich.console import Console
from rich.table import Table

from pipeline.checks.places import keyed_place
from pipeline.pages.changes import side
from pipeline.warehouse.differences import Differences

SHOWN = 40
"""Rows of each kind that are printed; the page and the CSV have all."""


def print_changes(differences: Differences, before: str, after: str, console: Console) -> None:
    """Print what changed from the warehouse `before` to the warehouse `after`."""
    reports, cells = differences.reports.to_pylist(), differences.cells.to_pylist()
    if not reports:
        console.print(f"Nothing changed from {before} to {after}.", highlight=False)
        return
    table = Table(title=f"Reports that changed: {before} → {after}", title_justify="left")
    for name in ("change", "year", "agency", "file", "grade", "cells"):
        table.add_column(name, justify="right" if name == "cells" else "left", overflow="fold")
    for report in reports[:SHOWN]:
        grades = [report["grade_before"] or "", report["grade_after"] or ""]
        table.add_row(
            report["change"],
            str(report["report_year"]),
            report["agency_name"] or "",
            report["source_path"],
            " → ".join(dict.fromkeys(filter(None, grades))),
            str(report["cells_changed"] or "·"),
        )
    console.print(table)
    if cells:
        _print_cells(cells, console)
    counts = Counter(report["change"] for report in reports)
    reasons = Counter(cell["reason"] for cell in cells)
    console.print(f"Reports: {_counted(counts)}. Cells: {_counted(reasons) or 'none'}.", highlight=False)
    if len(reports) > SHOWN or len(cells) > SHOWN:
        console.print("All of it: --html FILE, or every cell with --csv.", highlight=False)


def _print_cells(cells: list[dict[str, str]], console: Console) -> None:
    table = Table(title="Cells that changed", title_justify="left")
    for name in ("file", "cell", "before", "after", "why"):
        table.add_column(name, justify="right" if name in ("before", "after") else "left", overflow="fold")
    for cell in cells[:SHOWN]:
        place = keyed_place(cell["table_name"], cell["cell_keys"])
        table.add_row(cell["source_path"], place, side(cell, "before"), side(cell, "after"), cell["reason"])
    console.print(table)


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items())
