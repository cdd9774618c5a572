"""The registry: every table of the warehouse with its model, key and place, and what is generated from them.

Pandas and pandera, which the models need, are loaded when a table's columns are first asked for: to read one report
they are not.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa

if TYPE_CHECKING:
    import pandera.pandas as pandera

    from pipeline.tables.models import Strict


class ColumnInfo(NamedTuple):
    """A column as the model declares it."""

    name: str
    type: pa.DataType
    nullable: bool
    description: str

    @property
    def sql_type(self) -> str:
        """The column's type in DuckDB."""
        return _SQL_TYPES.get(str(self.type), str(self.type).upper().replace("DECIMAL128", "DECIMAL"))


_SQL_TYPES = {"string": "VARCHAR", "int16": "SMALLINT", "int32": "INTEGER", "int64": "BIGINT", "bool": "BOOLEAN"}
_SQL_TYPES |= {"date32[day]": "DATE"}


class InvalidTable(ValueError):
    """A table breaks its declaration; the message names the column and the first offending rows."""


@dataclass(frozen=True)
class Table:
    """A table: its name, and whether it is partitioned by report year."""

    name: str
    by_year: bool = True

    @cached_property
    def model(self) -> "type[Strict]":
        """Its declaration: the class of its name (`table_columns`: TableColumns)."""
        from pipeline.tables import models

        model: type[Strict] = getattr(models, self.name.title().replace("_", ""))
        return model

    @cached_property
    def schema(self) -> "pandera.DataFrameSchema":
        """The pandera schema that every batch is validated with."""
        return self.model.to_schema()

    @cached_property
    def description(self) -> str:
        """The table in a sentence."""
        return (self.model.__doc__ or "").strip()

    @cached_property
    def key(self) -> tuple[str, ...]:
        """The columns that name a row."""
        return tuple(self.schema.unique or ())

    @cached_property
    def columns(self) -> tuple[ColumnInfo, ...]:
        """The columns in order."""
        return tuple(
            ColumnInfo(str(name), column.dtype.type.pyarrow_dtype, column.nullable, column.description or "")
            for name, column in self.schema.columns.items()
        )

    @cached_property
    def arrow_schema(self) -> pa.Schema:
        """The Arrow schema, descriptions as field metadata."""
        return pa.schema(
            [
                pa.field(column.name, column.type, column.nullable, {"description": column.description})
                for column in self.columns
            ],
            metadata={"description": self.description},
        )

    @cached_property
    def file_schema(self) -> pa.Schema:
        """The schema of its Parquet files: a partitioned table has its year in the folder's name."""
        fields = [field for field in self.arrow_schema if not (self.by_year and field.name == "report_year")]
        return pa.schema(fields, metadata=self.arrow_schema.metadata)

    def empty(self) -> pa.Table:
        """The table without rows."""
        return self.arrow_schema.empty_table()

    def conform(self, table: pa.Table) -> pa.Table:
        """The table cast to its declared columns; raises InvalidTable when one is missing or cannot be cast."""
        try:
            return table.select(self.arrow_schema.names).cast(self.arrow_schema)
        except (KeyError, pa.ArrowInvalid) as error:
            raise InvalidTable(f"{self.name}: {error}") from error

    def validate(self, table: pa.Table) -> None:
        """Check every hard rule of the model; raises InvalidTable."""
        if table.num_rows == 0:
            return
        import pandas as pd
        import pandera.pandas as pandera

        frame = table.to_pandas(types_mapper=pd.ArrowDtype)
        try:
            self.schema.validate(frame, lazy=True)
        except pandera.errors.SchemaErrors as error:
            cases = error.failure_cases.head(5)[["column", "check", "failure_case", "index"]]
            raise InvalidTable(f"{self.name} breaks its declaration:\n{cases.to_string(index=False)}") from error


REPORTS = Table("reports")
APPLICATIONS = Table("applications")
REVIEW_LITIGATION = Table("review_litigation")
PROACTIVE_DISCLOSURE = Table("proactive_disclosure")
STATISTICS_2014 = Table("statistics_2014")
APPLICATIONS_WIDE = Table("applications_wide")
REPORT_WIDE = Table("report_wide")
SECTIONS = Table("sections")
NARRATIVE_FACTS = Table("narrative_facts")
SIMILAR_REPORTS = Table("similar_reports")
CHECKS = Table("checks")
FINDINGS = Table("findings")
CORRECTIONS = Table("corrections")
AGENCY_EVIDENCE = Table("agency_evidence")
QUARANTINE = Table("quarantine")
CODE_TABLES = tuple(
    Table(name, by_year=False) for name in ("items", "applicants", "channels", "outcomes", "subjects", "measures")
)
INDICATORS = Table("indicators", by_year=False)
CROSSWALK = Table("crosswalk", by_year=False)
AGENCIES = Table("agencies", by_year=False)
EXPECTED_REPORTS = Table("expected_reports", by_year=False)
REGIONS = Table("regions", by_year=False)
RULES = Table("rules", by_year=False)
TABLE_COLUMNS = Table("table_columns", by_year=False)

CELL_TABLES = (PROACTIVE_DISCLOSURE, APPLICATIONS, REVIEW_LITIGATION)
"""The tables with one row per cell of a table of the form; their names are those of the form's tables."""
CORRECTABLE = {table.name: table for table in (*CELL_TABLES, STATISTICS_2014)}
"""The tables whose cells a recorded correction can name."""
YEARLY = (
    *(REPORTS, APPLICATIONS, REVIEW_LITIGATION, PROACTIVE_DISCLOSURE, STATISTICS_2014),
    *(APPLICATIONS_WIDE, REPORT_WIDE),
    *(SECTIONS, NARRATIVE_FACTS, AGENCY_EVIDENCE, SIMILAR_REPORTS, CHECKS, FINDINGS, CORRECTIONS, QUARANTINE),
)
DECLARED = (*CODE_TABLES, INDICATORS, CROSSWALK, REGIONS, RULES, TABLE_COLUMNS)
"""The tables without a year that no report is needed for."""
DIMENSIONS = (AGENCIES, EXPECTED_REPORTS, *DECLARED)
TABLES = {table.name: table for table in (*YEARLY, *DIMENSIONS)}


def data_dictionary() -> Iterator[dict[str, object]]:
    """The rows of `table_columns`."""
    for table in TABLES.values():
        for position, column in enumerate(table.columns, start=1):
            yield {
                "table_name": table.name,
                "column_name": column.name,
                "position": position,
                "type": column.sql_type,
                "is_nullable": column.nullable,
                "is_key": column.name in table.key,
                "description": column.description,
            }
