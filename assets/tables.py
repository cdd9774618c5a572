"""The tables of the dataset, a year at a time, and the warehouse that publishes them.

What belongs here: one asset a table. Each is staged after its checks held on the very file; `warehouse` lets readers see
all of it at once.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import dagster as dg
import pyarrow as pa

from assets.checks import check_results, check_specs
from assets.conditions import follow_changes, seen_monthly
from assets.folders import Folders
from assets.landing import document_text, raw_documents, readings, unplaced_files
from assets.metadata import column_schema, counts_of, rows_of
from assets.partitions import report_years, year_of
from pipeline import tables
from pipeline.tables import Table
from pipeline.warehouse import HardRuleBroken, build_catalogue, dimension, facts

Events = Iterator[dg.MaterializeResult | dg.AssetCheckResult]  # type: ignore[type-arg]


def _table(table: Table, group: str, deps: Sequence[Any] = ()) -> Callable[..., dg.AssetsDefinition]:
    """The decorator of a table's asset: everything that its declaration already says."""
    return dg.asset(
        name=table.name,
        description=table.description,
        group_name=group,
        deps=deps,
        kinds={"parquet"},
        partitions_def=report_years if table.by_year else None,
        check_specs=check_specs(table),
        metadata={"dagster/column_schema": column_schema(table)},
    )


def _stage(folders: Folders, table: Table, year: int, data: pa.Table, *counted: str) -> Events:
    """Stage a table's rows of a year and report what its rules said; `counted` columns are shown by their values."""
    try:
        verdicts = folders.lake.stage(table, year, data, folders.lake.inventory_of(year))
    except HardRuleBroken as broken:
        yield from check_results(table, broken.found)
        raise
    metadata = rows_of(data)
    for column in counted:
        metadata |= counts_of(data, column, column)
    yield dg.MaterializeResult(metadata=metadata)
    yield from check_results(table, verdicts)


@_table(tables.PROACTIVE_DISCLOSURE, "core", deps=[readings])
def proactive_disclosure(context: dg.AssetExecutionContext, folders: Folders) -> Events:
    year = year_of(context)
    data = facts.cells(folders.lake.load("readings", year), tables.PROACTIVE_DISCLOSURE, year)
    yield from _stage(folders, tables.PROACTIVE_DISCLOSURE, year, data, "state")


@_table(tables.APPLICATIONS, "core", deps=[readings])
def applications(context: dg.AssetExecutionContext, folders: Folders) -> Events:
    year = year_of(context)
    data = facts.cells(folders.lake.load("readings", year), tables.APPLICATIONS, year)
    yield from _stage(folders, tables.APPLICATIONS, year, data, "state")


@_table(tables.REVIEW_LITIGATION, "core", deps=[readings])
def review_litigation(context: dg.AssetExecutionContext, folders: Folders) -> Events:
    year = year_of(context)
    data = facts.cells(folders.lake.load("readings", year), tables.REVIEW_LITIGATION, year)
    yield from _stage(folders, tables.REVIEW_LITIGATION, year, data, "state")


@_table(tables.SECTIONS, "core", deps=[readings])
def sections(context: dg.AssetExecutionContext, folders: Folders) -> Events:
    year = year_of(context)
    data = facts.sections(folders.lake.load("readings", year), year)
    yield from _stage(folders, tables.SECTIONS, year, data, "section")


@_table(tables.CHECKS, "quality", deps=[readings])
def checks(context: dg.AssetExecutionContext, folders: Folders) -> Events:
    year, lake = year_of(context), folders.lake
    data = facts.checks(lake.load("readings", year), year)
    yield from _stage(folders, tables.CHECKS, year, data)


@_table(tables.FINDINGS, "quality", deps=[raw_documents, readings])
def findings(context: dg.AssetExecutionContext, folders: Folders) -> Events:
    year, lake = year_of(context), folders.lake
    data = facts.findings(lake.load("raw_documents", year), lake.load("readings", year), year)
    yield from _stage(folders, tables.FINDINGS, year, data, "severity", "rule")


@_table(tables.QUARANTINE, "quality", deps=[raw_documents, document_text, readings])
def quarantine(context: dg.AssetExecutionContext, folders: Folders) -> Events:
    year, lake = year_of(context), folders.lake
    landed = (lake.load(name, year) for name in ("raw_documents", "document_text", "readings"))
    yield from _stage(folders, tables.QUARANTINE, year, facts.quarantine(*landed, year), "code")


@_table(tables.REPORTS, "core", deps=[raw_documents, readings, findings, quarantine])
def reports(context: dg.AssetExecutionContext, folders: Folders) -> Events:
    year, lake = year_of(context), folders.lake
    landed = (lake.load(name, year) for name in ("raw_documents", "readings", "findings"))
    yield from _stage(folders, tables.REPORTS, year, facts.reports(*landed, year), "grade")


@dg.asset(group_name="warehouse", kinds={"parquet"})
def dimensions(folders: Folders) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """The tables without a year: codes, rules, and the data dictionary."""
    rows = {}
    for table in tables.DIMENSIONS:
        data = dimension(table)
        folders.lake.stage(table, None, data, "declared")
        rows[table.name] = len(data)
    return dg.MaterializeResult(metadata=rows)


@dg.asset(
    group_name="warehouse",
    kinds={"parquet", "duckdb"},
    automation_condition=follow_changes,
    freshness_policy=seen_monthly,
    deps=[*(table.name for table in tables.YEARLY), unplaced_files, dimensions],
)
def warehouse(folders: Folders) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """What analysts open: everything staged is published at once, and the DuckDB catalogue over it."""
    changed = folders.lake.publish()
    built = build_catalogue(folders.lake)
    return dg.MaterializeResult(
        metadata={
            "files_changed": len(changed),
            "catalogue_rebuilt": built,
            "catalogue": dg.MetadataValue.path(str(folders.lake.catalogue.resolve())),
            "changed": dg.MetadataValue.json([path.as_posix() for path in changed[:200]]),
        }
    )
