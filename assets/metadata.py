"""What a materialization tells: rows, columns, findings, and a picture where it says more than a number."""

import dagster as dg
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.tables import Table

_BAR = 24


def column_schema(table: Table) -> dg.TableSchema:
    """The columns of a table as Dagster shows them."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                column.name,
                column.sql_type,
                column.description,
                constraints=dg.TableColumnConstraints(nullable=column.nullable, unique=table.key == (column.name,)),
            )
            for column in table.columns
        ]
    )


def rows_of(data: pa.Table) -> dict[str, object]:
    """The number of rows."""
    return {"dagster/partition_row_count": len(data)}


def counts_of(data: pa.Table, column: str, what: str) -> dict[str, object]:
    """How often each value of a column occurs: a number each, and bars to compare them at a glance."""
    counted = sorted(
        (str(entry["values"]), int(entry["counts"])) for entry in pc.value_counts(data[column]).to_pylist()
    )
    numbers: dict[str, object] = {f"{what}/{name}": count for name, count in counted}
    most = max((count for _, count in counted), default=0)
    bars = [f"| {name} | {count} | {'█' * max(round(_BAR * count / most), 1)} |" for name, count in counted]
    if len(bars) > 1:
        numbers[what] = dg.MetadataValue.md("\n".join([f"| {column} | rows | |", "|---|---:|---|", *bars]))
    return numbers
