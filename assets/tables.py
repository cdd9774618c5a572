"""The tables of the dataset, a year at a time, and the warehouse that publishes them.

What belongs here: one asset a table. Each is staged after its checks held on the very file; `warehouse` lets readers
see all of it at once, every year that is whole.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import dagster as dg
import pyarrow as pa

from assets.checks import check_results, check_specs, whole_result, years_whole
from assets.conditions import follow_changes, seen_monthly
from assets.folders import Folders
from assets.landing import document_text, raw_documents, readings, unplaced_files
from assets.metadata import column_schema, counts_of, rows_of
from assets.partitions import report_years, year_of
from pipeline import tables
from pipeline.tables import Table
from pipeline.warehouse import HardRuleBroken, Lake, build_catalogue, dimension, facts

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


def _stage(lake: Lake, table: Table, year: int, source: str, data: pa.Table, *counted: str) -> Events:
    """Stage a table's rows of a year and report what its rules said; `counted` columns are shown by their values."""
    try:
        verdicts = lake.stage(table, year, data, source)
    except HardRuleBroken as broken:
        yield from check_results(table, year, broken.found)
        raise
    metadata = rows_of(data)
    for column in counted:
        metadata |= counts_of(data, column, column)
    yield dg.MaterializeResult(metadata=metadata)
    yield from check_results(table, year, verdicts)


def _cells(table: Table) -> dg.AssetsDefinition:
    """The asset of a table with one row per cell of a table of the form."""

    @_table(table, "core", deps=[readings])
    def cells(context: dg.AssetExecutionContext, folders: Folders) -> Events:
        year, lake = year_of(context), folders.lake
        source, read = lake.inventory_of(year, "readings"), lake.load("readings", year)
        yield from _stage(lake, table, year, source, facts.cells(read, table, year), "state")

    return cells


proactive_disclosure = _cells(tables.PROACTIVE_DISCLOSURE)
applications = _cells(tables.APPLICATIONS)
review_litigation = _cells(tables.REVIEW_LITIGATION)


@_table(tables.STATISTICS_2014, "core", deps=[readings])
def statistics_2014(context: dg.AssetExecutionContext, folders: Folders) -> Events:
    year, lake = year_of(context), folders.lake
    source, read = lake.inventory_of(year, "readings"), lake.load("readings", year)
    data = facts.statistics(read, year)
    yield from _stage(lake, tables.STATISTICS_2014, year, source, data, "state")


@_table(tables.SECTIONS, "core", deps=[readings])
def sections(context: dg.AssetExecutionContext, folders: Folders) -> Events:
    year, lake = year_of(context), folders.lake
    source, read = lake.inventory_of(year, "readings"), lake.load("readings", year)
    data = facts.sections(read, year)
    yield from _stage(lake, tables.SECTIONS, year, source, data, "section")


@_table(tables.CHECKS, "quality", deps=[readings])
def checks(context: dg.AssetExecutionContext, folders: Folders) -> Events:
    year, lake = year_of(context), folders.lake
    source, read = lake.inventory_of(year, "readings"), lake.load("readings", year)
    data = facts.checks(read, year)
    yield from _stage(lake, tables.CHECKS, year, source, data)


@_table(tables.FINDINGS, "quality", deps=[raw_documents, readings])
def findings(context: dg.AssetExecutionContext, folders: Folders) -> Events:
    year, lake = year_of(context), folders.lake
    source, read = lake.inventory_of(year, "readings"), lake.load("readings", year)
    data = facts.findings(lake.load("raw_documents", year), read, year)
    yield from _stage(lake, tables.FINDINGS, year, source, data, "severity", "rule")


@_table(tables.QUARANTINE, "quality", deps=[raw_documents, document_text, readings])
def quarantine(context: dg.AssetExecutionContext, folders: Folders) -> Events:
    year, lake = year_of(context), folders.lake
    source, read = lake.inventory_of(year, "readings"), lake.load("readings", year)
    data = facts.quarantine(lake.load("raw_documents", year), lake.load("document_text", year), read, year)
    yield from _stage(lake, tables.QUARANTINE, year, source, data, "code")


@_table(tables.REPORTS, "core", deps=[raw_documents, readings, findings, quarantine])
def reports(context: dg.AssetExecutionContext, folders: Folders) -> Events:
    year, lake = year_of(context), folders.lake
    source, read = lake.inventory_of(year, "readings"), lake.load("readings", year)
    data = facts.reports(lake.load("raw_documents", year), read, lake.load("findings", year), year)
    yield from _stage(lake, tables.REPORTS, year, source, data, "grade")


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
    check_specs=[years_whole],
)
def warehouse(folders: Folders) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """What analysts open: whatever is staged is published at once, by whole years, and a DuckDB catalogue over it."""
    with folders.publishing():
        changed = folders.lake.publish()
        built = build_catalogue(folders.lake)
    return dg.MaterializeResult(
        metadata={
            "files_changed": len(changed),
            "catalogue_rebuilt": built,
            "catalogue": dg.MetadataValue.path(str(folders.lake.catalogue.resolve())),
            "changed": dg.MetadataValue.json([path.as_posix() for path in changed]),
        },
        check_results=[whole_result(folders.lake)],
    )
