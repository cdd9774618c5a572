"""Rows are told apart by all columns of a key together, blanks too, also where numbering them has to begin again."""

import pyarrow as pa
import pytest

from pipeline.warehouse import verdicts

ROWS = [("a", 1, None), ("a", 1, "x"), ("a", 2, "x"), ("b", 1, "x"), ("b", 1, None), ("c", 9, "y")]


@pytest.mark.parametrize("most", [2**62, 1])
@pytest.mark.parametrize(("rows", "distinct"), [(ROWS, 6), ([*ROWS, ROWS[0], ROWS[3]], 6), (ROWS[:1] * 3, 1), ([], 0)])
def test_as_many_as_there_are(monkeypatch: pytest.MonkeyPatch, most: int, rows: list, distinct: int) -> None:
    monkeypatch.setattr(verdicts, "_MOST", most)
    columns = zip(*rows, strict=True) if rows else ([], [], [])
    types = (pa.string(), pa.int64(), pa.string())
    table = pa.table(
        [pa.array(column, kind) for column, kind in zip(columns, types, strict=True)], names=["a", "b", "c"]
    )
    assert verdicts._distinct(table.columns) == distinct
