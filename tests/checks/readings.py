"""Readings made from rendered reports, for tests of rules."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from pipeline.forms import TABLES, load
from pipeline.tables import READINGS
from pipeline.warehouse.landing import read_document
from tests.planted.render import render


def reading_of(*texts: str) -> pa.Table:
    """The landed readings of report texts, one row each, with ids 0, 1, 2 …"""
    rows = [
        read_document({"report_id": f"{number:016x}", "source_format": "txt", "text": text}, "test")
        for number, text in enumerate(texts)
    ]
    assert not any(row.get("code") for row in rows), rows
    return pa.Table.from_pylist(rows, schema=READINGS)


def report(
    figures: Mapping[tuple[str, str, str], str | None], t2: str = "2021", t3: str = "2021", **options: object
) -> str:
    """A report text in tab rows."""
    return render("tab_rows", t2, t3, dict(figures), **options)


def values_of(figures: Mapping[tuple[str, str, str], str], table: str, edition: str) -> np.ndarray:
    """The figures of a table in the order of the form."""
    keys = load().editions[edition].tables[table].keys
    return np.array([int(figures[table, row, column]) for row, column in keys], dtype=float)


def readings_of(table: str, edition: str, values: np.ndarray) -> pa.Table:
    """Readings with one table alone, from its values (reports, cells), NaN for none: all that its arithmetic needs."""
    columns = {name: pa.nulls(len(values), READINGS.field(name).type) for name in TABLES}
    numbers = pa.array(values.ravel(), pa.float64(), from_pandas=True).cast(pa.int64())
    starts = pa.array(np.arange(len(values) + 1) * values.shape[1], pa.int32())
    cells = [pa.array([edition] * len(values)), pa.ListArray.from_arrays(starts, numbers)]
    return pa.table(columns | {table: pa.StructArray.from_arrays(cells, ["edition", "value"])})
