"""The cells of the form as columns of the wide tables: one for each cell that any edition has, named by its codes.

Generated from the forms, so a new edition's cells are columns without a line of code.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from pipeline.forms import TABLES, Edition, FormError, load
from pipeline.forms.loader import AXES, Kind


class WideColumn(NamedTuple):
    """A cell of the form as a column, `<row>__<column>`: the table it stands in, and its codes there."""

    name: str
    table: str
    keys: tuple[str, str]
    kind: Kind
    description: str


@lru_cache(maxsize=8)
def wide_columns(*tables: str) -> tuple[WideColumn, ...]:
    """The cells of tables of the form in their order; raises FormError where two have the same name."""
    columns = tuple(column for name in TABLES if name in tables for column in _columns(name))
    names = [column.name for column in columns]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise FormError(f"The wide tables cannot tell apart: {', '.join(twice)}. Give one of them another code.")
    return columns


def _columns(name: str) -> Iterator[WideColumn]:
    forms = load()
    editions = list(forms.editions.values())
    form = editions[0].tables[name]
    kinds = {(row, column.code): column.kind for each in editions for row, column in each.tables[name].cells}
    rows, columns = (forms.codes[AXES[axis]] for axis in (form.row_axis, form.column_axis))
    for row in rows.values():
        for column in columns.values():
            keys = row.code, column.code
            if keys not in kinds:
                continue
            cell = f"{row.en}: {column.en} ({row.zh} · {column.zh})"
            unit = ", in yuan; null where its unit is not known, too" if kinds[keys] == "amount" else ""
            says = f"{cell[0].upper()}{cell[1:]}{unit}{_but(editions, name, keys)}."
            yield WideColumn("__".join(keys), name, keys, kinds[keys], says)


def _but(editions: list[Edition], name: str, keys: tuple[str, str]) -> str:
    """Which editions alone have a cell that not all have."""
    having = [edition.edition for edition in editions if keys in edition.tables[name].keys]
    return "" if len(having) == len(editions) else f"; edition {', '.join(having)} alone"
