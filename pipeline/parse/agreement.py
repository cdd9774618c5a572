"""Two readings of one source: what one of them misread is ours, what both read alike is the source's.

The first reading is the one that counts. A cell in which the second reads something else becomes unreadable. A cell the
second could not read stays, but its table is marked: a failing identity there may still be our slip. A row that the
second takes for blank only because it saw nothing behind the label is not read either: lines of text show no blanks.
"""

from collections.abc import Mapping

from pipeline.parse.figures import UNREADABLE
from pipeline.parse.rows import FormCell, Oddity, TableReading


def confirm(tables: Mapping[str, TableReading], seconds: Mapping[str, TableReading]) -> None:
    """Hold the tables of a first reading against those of a second one, cell by cell, in place."""
    for name, table in tables.items():
        second = seconds.get(name)
        if second is None or second.form.edition != table.form.edition:
            table.oddities.append(Oddity("T11", None, "the second reading has not found the table", None))
            continue
        unconfirmed = []
        labels = {hit.end for hit in second.alignment.hits}
        for number, (cell, other) in enumerate(zip(table.cells, second.cells, strict=True)):
            if cell.figure.value == other.figure.value:
                continue
            if _has_read(cell) and _has_read(other) and other.cell not in labels:
                row = table.form.keys[number][0]
                table.oddities.append(Oddity("T10", row, f"{cell.text} / {other.text}", cell.cell))
                table.cells[number] = FormCell(UNREADABLE, cell.text, cell.cell)
            elif _has_read(cell):
                unconfirmed.append("/".join(table.form.keys[number]))
        if unconfirmed:
            table.oddities.append(Oddity("T11", None, " ".join(unconfirmed), None))


def _has_read(cell: FormCell) -> bool:
    return cell.figure.state not in ("unreadable", "lost")
