"""The corpus: reports written as files to a raw folder, and the truth beside it as Parquet.

A report depends on the seed, its layout and its number alone, so that one that was read wrong can be made again without
the others.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.accuracy.kinds import Cell
from benchmarks.accuracy.layouts import Layout, Planted, agency
from pipeline.progress import track

REPORTS = pa.schema(
    {
        "source_path": pa.string(),  # below the raw folder, as in the dataset
        "layout": pa.string(),
        "layout_group": pa.string(),
        "hides": pa.string(),  # what a blank leaves in doubt in this layout: row, table or nothing
        "kind": pa.string(),
        "position": pa.int32(),  # of the layout in the list of layouts
        "number": pa.int32(),  # of the report among those of its layout, from 0
    }
)
CELLS = pa.schema(
    {
        "source_path": pa.string(),
        "table_name": pa.string(),
        "row_code": pa.string(),
        "column_code": pa.string(),
        "state": pa.string(),
        "value": pa.decimal128(20, 6),
        "value_yuan": pa.decimal128(20, 6),
        "told": pa.bool_(),  # false: a blank beside it left no trace, and nobody can tell which cell it was
    }
)


class Corpus:
    """A folder with `raw`, where the reports are, and `truth`, what they print."""

    def __init__(self, folder: Path) -> None:
        self.raw, self.warehouse = folder / "raw", folder / "warehouse"
        self.reports, self.cells = folder / "truth" / "reports.parquet", folder / "truth" / "cells.parquet"

    def write(self, layouts: Sequence[Layout], reports: int, seed: int) -> None:
        """Make up so many reports in all, spread evenly over the layouts; at least one of each."""
        (self.raw.parent / "truth").mkdir(parents=True, exist_ok=True)
        rows: list[dict[str, Any]] = []
        with pq.ParquetWriter(self.cells, CELLS) as cells:
            for position, layout, number in track(list(_shares(layouts, reports)), "making up reports"):
                random = Random(f"{seed} {layout.name} {number}")
                planted = layout.make(random, agency(random))
                path = _path(layout, number, planted)
                (self.raw / path).parent.mkdir(parents=True, exist_ok=True)
                (self.raw / path).write_bytes(planted.data)
                cells.write_table(pa.Table.from_pylist(list(_rows(path, planted, layout.hides)), CELLS))
                report = (path, layout.name, layout.group, layout.hides, planted.kind, position, number)
                rows.append(dict(zip(REPORTS.names, report, strict=True)))
        pq.write_table(pa.Table.from_pylist(rows, REPORTS), self.reports)

    def sample(self, each: int) -> list[dict[str, Any]]:
        """The first reports of every layout."""
        rows: list[dict[str, Any]] = pq.read_table(self.reports).to_pylist()
        return [row for row in rows if row["number"] < each]


def _shares(layouts: Sequence[Layout], reports: int) -> Iterator[tuple[int, Layout, int]]:
    each, rest = divmod(reports, len(layouts))
    for position, layout in enumerate(layouts):
        count = max(each + (position < rest), 1)
        for number in range(min(count, layout.most or count)):
            yield position, layout, number


def _path(layout: Layout, number: int, planted: Planted) -> str:
    folder = layout.name.replace(", ", "-").replace(" ", "_")
    return f"{planted.report_year}/{folder}/{number:04}.{planted.source_format}"


def _rows(path: str, planted: Planted, hides: str | None) -> Iterator[dict[str, Any]]:
    doubtful = {_doubted(cell, hides) for cell, meant in planted.truth.items() if meant.state == "blank" and hides}
    for cell, meant in planted.truth.items():
        yield {
            **dict(zip(CELLS.names, (path, *cell), strict=False)),
            "state": meant.state,
            "value": _fixed(meant.value),
            "value_yuan": _fixed(meant.yuan),
            "told": _doubted(cell, hides) not in doubtful,
        }


def _doubted(cell: Cell, hides: str | None) -> tuple[str, ...]:
    """The cells that a blank takes with it: its table or its row; table 4 has one row."""
    return cell[:1] if hides == "table" or cell[0] == "review_litigation" else cell[:2]


def _fixed(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(Decimal("0.000001"))
