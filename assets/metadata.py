"""What a materialization tells: rows, columns, findings, and a picture where it says more than a number."""

from collections.abc import Mapping

import dagster as dg
import pyarrow as pa

from pipeline.tables import Table

Metadata = dict[str, dg.MetadataValue]

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


def landed_schema(schema: pa.Schema) -> dg.TableSchema:
    """The columns of a landed table, which only this program reads, as Dagster shows them."""
    return dg.TableSchema(columns=[dg.TableColumn(field.name, str(field.type)) for field in schema])


def rows_of(rows: int, *, partitioned: bool = True) -> Metadata:
    """The number of rows, under the name by which Dagster draws it over time."""
    return {f"dagster/{'partition_' if partitioned else ''}row_count": dg.MetadataValue.int(rows)}


def counts_of(counts: Mapping[str, int], what: str) -> Metadata:
    """How often each value of something occurs: a number each, and bars to compare them at a glance."""
    numbers: Metadata = {f"{what}/{name}": dg.MetadataValue.int(count) for name, count in counts.items()}
    most = max(counts.values(), default=0)
    bars = [f"| {name} | {count} | {'█' * max(round(_BAR * count / most), 1)} |" for name, count in counts.items()]
    if len(bars) > 1:
        numbers[what] = dg.MetadataValue.md("\n".join([f"| {what} | rows | |", "|---|---:|---|", *bars]))
    return numbers
