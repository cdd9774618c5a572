"""The dataset declared once: models, the registry of tables, and the landing schemas.

Everything else that speaks of a table's columns (Parquet, DuckDB, Dagster, the data dictionary) is generated from here.
"""

from pipeline.tables.landing import DOCUMENT_TEXT, RAW_DOCUMENTS, READINGS
from pipeline.tables.registry import (
    APPLICATIONS,
    CELL_TABLES,
    CHECKS,
    CODE_TABLES,
    DIMENSIONS,
    FINDINGS,
    INDICATORS,
    PROACTIVE_DISCLOSURE,
    QUARANTINE,
    REPORTS,
    REVIEW_LITIGATION,
    RULES,
    SECTIONS,
    STATISTICS_2014,
    TABLE_COLUMNS,
    TABLES,
    YEARLY,
    ColumnInfo,
    InvalidTable,
    Table,
    data_dictionary,
)

__all__ = [
    "APPLICATIONS",
    "CELL_TABLES",
    "CHECKS",
    "CODE_TABLES",
    "DIMENSIONS",
    "DOCUMENT_TEXT",
    "FINDINGS",
    "INDICATORS",
    "PROACTIVE_DISCLOSURE",
    "QUARANTINE",
    "RAW_DOCUMENTS",
    "READINGS",
    "REPORTS",
    "REVIEW_LITIGATION",
    "RULES",
    "SECTIONS",
    "STATISTICS_2014",
    "TABLES",
    "TABLE_COLUMNS",
    "YEARLY",
    "ColumnInfo",
    "InvalidTable",
    "Table",
    "data_dictionary",
]
