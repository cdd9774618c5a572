"""The page of one report: the source as published on one side, the tables as read on the other, every doubt explained.

Cells of the two sides are bound by their places. What the source looks like is its rows and cells as the reader gave
them; of a PDF or a picture the pages are shown as well, with every cell of a table framed.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from pipeline.checks import rules
from pipeline.forms import SECTION_TABLES, STATISTICS, STATISTICS_ZH, TABLES, TableForm, load, load_statistics
from pipeline.pages import render
from pipeline.pages.facsimile import Facsimile, Frame
from pipeline.readers import Cell, Document
from pipeline.warehouse.reports import Report

Row = Mapping[str, Any]

STATES = {
    "number": ("数字", "number"),
    "blank": ("空白", "blank"),
    "na": ("不适用", "not applicable"),
    "dash": ("横线", "dash"),
    "nil_word": ("无", "nil"),
    "text": ("文字", "words where a number belongs"),
    "unreadable": ("无法确定", "printed, but its reading is not certain"),
    "lost": ("缺失", "the row or table is cut off"),
}
"""What the state of a cell is called."""
_MARKS = {"blank": "", "lost": "缺", "unreadable": "?"}
_SEVERITIES = {"error": "错误 error", "warning": "警告 warning", "info": "提示 info"}


def report_page(report: Report, facsimiles: Sequence[Facsimile] = (), index: str | None = None) -> str:
    """The page; `facsimiles` show the source, `index` is the address of the page that lists all reports."""
    places = _Places(report)
    tables = [table for name in TABLES for table in _tables(name, report, places)]
    if report.reading[STATISTICS]:
        tables.append(_statistics(report, places))
    absent = [SECTION_TABLES[name] for name in TABLES if not report.reading[name] and not report.reading[STATISTICS]]
    return render(
        "report",
        report=report,
        reading=report.reading,
        index=index,
        tables=tables,
        absent=absent,
        findings=[_finding(finding, places) for finding in report.findings],
        checks=[_check(check) for check in report.checks],
        source=list(_source(report.document, places)),
        facsimiles=[(page, places.frames(page)) for page in facsimiles],
        states=STATES,
    )


class _Places:
    """Which cell of the source each cell of a table was read from, and the worst finding on each of them."""

    def __init__(self, report: Report) -> None:
        self._first: dict[str, int] = {}
        for number, cell in enumerate(report.document.cells):
            self._first.setdefault(cell.place, number)
        self._document = report.document
        self.severity: dict[tuple[str, str], str] = {}
        self.said: dict[tuple[str, str], list[str]] = {}
        for finding in sorted(report.findings, key=lambda one: list(_SEVERITIES).index(one["severity"])):
            for keys in (finding["cell_keys"] or "").split(" "):
                where = (finding["table_name"] or "", keys)
                self.severity.setdefault(where, finding["severity"])
                self.said.setdefault(where, []).append(f"{finding['rule']}: {finding['message']}")
        self.read: dict[int, tuple[str, str]] = {}  # cell of the source -> cell of a table

    def bind(self, locator: str | None, table: str, keys: str) -> int | None:
        """The number of the source's cell that a cell of a table was read from."""
        number = self.of(locator)
        if number is not None:
            self.read.setdefault(number, (table, keys))
        return number

    def of(self, locator: str | None) -> int | None:
        """The number of the source's cell at a place."""
        return self._first.get(locator) if locator else None

    def frames(self, page: Facsimile) -> list[Frame]:
        """The frames round the cells of tables that stand on a page, each with the cell of the table it became."""
        cells = ((number, self._document.cells[number], *where) for number, where in self.read.items())
        framed = (page.frame(cell.place, anchor(table, keys), number) for number, cell, table, keys in cells)
        return [frame for frame in framed if frame is not None]


def anchor(table: str, keys: str) -> str:
    """The name of a cell of a table within the page."""
    return f"{table}.{keys.replace('/', '.')}"


def _tables(name: str, report: Report, places: _Places) -> Iterable[Row]:
    cells = report.reading[name]
    if not cells:
        return
    form = load().editions[cells["edition"]].tables[name]
    position = {key: number for number, key in enumerate(form.keys)}
    for number, group in enumerate(form.grids):
        columns = form.rows[group[0]]
        yield {
            "title": f"{SECTION_TABLES[name]} {name}" if number == 0 else "",
            "note": "" if form.across else f"{form.edition} 版 edition",
            "columns": [load().name(form.column_axis, column.code) for column in columns],
            "rows": [
                {
                    "label": _label(form, row),
                    "cells": [
                        _cell(name, f"{row}/{column.code}", _at(cells, position[row, column.code]), places)
                        for column in columns
                    ],
                }
                for row in group
            ],
        }


def _label(form: TableForm, row: str) -> str:
    return load().name(form.row_axis, row)


def _at(cells: Row, position: int) -> Row:
    return {name: cells[name][position] for name in ("value", "state", "text", "origin", "unit", "locator")}


def _statistics(report: Report, places: _Places) -> Row:
    columns = list(dict.fromkeys(entry["column_label"] for entry in report.reading[STATISTICS]))
    rows = groupby(report.reading[STATISTICS], key=lambda entry: entry["indicator"])
    return {
        "title": f"{STATISTICS_ZH} {STATISTICS}",
        "note": "",
        "columns": columns,
        "rows": [
            {
                "label": load_statistics().indicators[indicator].zh,
                "cells": [
                    _cell(STATISTICS, f"{indicator}/{entry['column_label']}", entry, places) for entry in entries
                ],
            }
            for indicator, entries in rows
        ],
    }


def _cell(table: str, keys: str, cell: Row, places: _Places) -> Row:
    state = cell["state"]
    found = [(table, keys), (table, keys.partition("/")[0])]
    said = [sentence for where in found for sentence in places.said.get(where, ())]
    zh, en = STATES[state]
    doubt = f"{zh} {en}" if state not in ("number", "blank", "nil_word") else ""
    solved = "按算术还原 solved by the form's arithmetic" if cell["origin"] == "solved" else ""
    corrected = "人工更正 corrected" if cell["origin"] == "corrected" else ""
    shown = _MARKS.get(state, cell["text"] or "")
    return {
        "anchor": anchor(table, keys),
        "shown": str(cell["value"]) if cell["origin"] == "corrected" else shown,
        "state": state,
        "origin": cell["origin"],
        "severity": next((places.severity[where] for where in found if where in places.severity), ""),
        "source": places.bind(cell["locator"], table, keys),
        "title": "\n".join(filter(None, [doubt, solved, corrected, cell["locator"], *said])),
    }


def _finding(finding: Row, places: _Places) -> Row:
    rule = rules()[finding["rule"]]
    cells = [keys for keys in (finding["cell_keys"] or "").split(" ") if keys]
    table = finding["table_name"]
    return {
        **finding,
        "shown": _SEVERITIES[finding["severity"]],
        "zh": rule.zh,
        "en": rule.en,
        "cells": [(anchor(table, keys), keys) for keys in cells if "/" in keys] if table else [],
        "source": places.of(finding["locator"]),
    }


def _check(check: Row) -> Row:
    rule = rules()[check["rule"]]
    return {**check, "zh": rule.zh, "en": rule.en, "formula": rule.formula}


def _source(document: Document, places: _Places) -> Iterable[Row]:
    """The rows of the source: lines of prose, and tables of rows with several cells."""
    number = 0
    rows: list[list[tuple[int, Cell, tuple[str, str] | None]]] = []
    for row in document.rows():
        rows.append([(number + place, cell, places.read.get(number + place)) for place, cell in enumerate(row)])
        number += len(row)
    for several, group in groupby(rows, key=lambda row: len(row) > 1):
        yield {
            "table": several,
            "rows": [
                [
                    {
                        "number": cell_number,
                        "text": cell.text,
                        "place": cell.place,
                        "read": anchor(*read) if read else None,
                        "severity": places.severity.get(read, "") if read else "",
                    }
                    for cell_number, cell, read in row
                ]
                for row in group
            ],
        }
