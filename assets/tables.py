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
from assets.landing import document_text, raw_documents, readings, resolutions, unplaced_files
from assets.metadata import column_schema, counts_of, rows_of
from assets.partitions import report_years, year_of
from pipeline import tables
from pipeline.tables import Table
from pipeline.warehouse import HardRuleBroken, Lake, build_catalogue, dimension, facts
from pipeline.warehouse.agencies import evidence_rows, register
from pipeline.warehouse.corrections import apply_corrections, hold_corrections
from pipeline.warehouse.decisions import decide
from pipeline.warehouse.earlier import load_year, load_year_before
from pipeline.warehouse.expected import expected_reports as find_expected_reports
from pipeline.warehouse.succession import YearRead
from pipeline.warehouse.succession import similar_reports as find_similar_reports

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


@_table(tables.CORRECTIONS, "quality", deps=[readings])
def corrections(context: dg.AssetExecutionContext, folders: Folders) -> Events:
    year, lake, amendments = year_of(context), folders.lake, folders.amendments()
    source = amendments.source(lake.inventory_of(year, "readings"), year)
    read = facts.accepted(lake.load("readings", year))
    data = hold_corrections(amendments.of(year).corrections, read, year)
    yield from _stage(lake, tables.CORRECTIONS, year, source, data, "table_name")


def _corrected(lake: Lake, year: int) -> tuple[str, pa.Table]:
    """What the corrections of a year go back to, and its readings with them in place."""
    source = lake.inventory_of(year, "corrections")
    return source, apply_corrections(lake.load("readings", year), lake.load("corrections", year))


def _cells(table: Table) -> dg.AssetsDefinition:
    """The asset of a table with one row per cell of a table of the form."""

    @_table(table, "core", deps=[readings, corrections])
    def cells(context: dg.AssetExecutionContext, folders: Folders) -> Events:
        year, lake = year_of(context), folders.lake
        source, read = _corrected(lake, year)
        yield from _stage(lake, table, year, source, facts.cells(read, table, year), "state")

    return cells


proactive_disclosure = _cells(tables.PROACTIVE_DISCLOSURE)
applications = _cells(tables.APPLICATIONS)
review_litigation = _cells(tables.REVIEW_LITIGATION)


@_table(tables.STATISTICS_2014, "core", deps=[readings, corrections])
def statistics_2014(context: dg.AssetExecutionContext, folders: Folders) -> Events:
    year, lake = year_of(context), folders.lake
    source, read = _corrected(lake, year)
    data = facts.statistics(read, year)
    yield from _stage(lake, tables.STATISTICS_2014, year, source, data, "state")


@_table(tables.SECTIONS, "core", deps=[readings])
def sections(context: dg.AssetExecutionContext, folders: Folders) -> Events:
    year, lake = year_of(context), folders.lake
    source, read = lake.inventory_of(year, "readings"), lake.load("readings", year)
    data = facts.sections(read, year)
    yield from _stage(lake, tables.SECTIONS, year, source, data, "section")


@_table(tables.NARRATIVE_FACTS, "core", deps=[readings, corrections])
def narrative_facts(context: dg.AssetExecutionContext, folders: Folders) -> Events:
    year, lake = year_of(context), folders.lake
    source, read = _corrected(lake, year)
    data = facts.narrative_facts(read, year)
    yield from _stage(lake, tables.NARRATIVE_FACTS, year, source, data, "verdict")


@_table(tables.AGENCY_EVIDENCE, "core", deps=[resolutions])
def agency_evidence(context: dg.AssetExecutionContext, folders: Folders) -> Events:
    year, lake = year_of(context), folders.lake
    source, data = lake.inventory_of(year, "resolutions"), evidence_rows(lake.load("resolutions", year), year)
    yield from _stage(lake, tables.AGENCY_EVIDENCE, year, source, data, "kind")


_TWO_YEARS = dg.TimeWindowPartitionMapping(start_offset=-1)
"""A year's reports are held against those of the year before."""
_both_years = [
    raw_documents,
    *(dg.AssetDep(asset, partition_mapping=_TWO_YEARS) for asset in (readings, resolutions, corrections)),
]


def _two_years(folders: Folders, year: int) -> tuple[str, YearRead, YearRead]:
    """What a year and the year before go back to, and both."""
    source = folders.lake.inventory_of(year, "corrections")
    before = load_year_before(folders.lake, folders.raw_path, folders.amendments(), year, source)
    return source, load_year(folders.lake, year), before


@_table(tables.SIMILAR_REPORTS, "quality", deps=_both_years)
def similar_reports(context: dg.AssetExecutionContext, folders: Folders) -> Events:
    year = year_of(context)
    source, now, before = _two_years(folders, year)
    data = find_similar_reports(now, before, year)
    yield from _stage(folders.lake, tables.SIMILAR_REPORTS, year, source, data, "kind")


@_table(tables.CHECKS, "quality", deps=_both_years)
def checks(context: dg.AssetExecutionContext, folders: Folders) -> Events:
    year = year_of(context)
    source, now, before = _two_years(folders, year)
    yield from _stage(folders.lake, tables.CHECKS, year, source, facts.checks(now, before, year))


@_table(tables.FINDINGS, "quality", deps=[*_both_years, similar_reports])
def findings(context: dg.AssetExecutionContext, folders: Folders) -> Events:
    year, lake, amendments = year_of(context), folders.lake, folders.amendments()
    source, now, before = _two_years(folders, year)
    similar, held = lake.load("similar_reports", year), lake.load("corrections", year)
    data = decide(facts.findings(now, before, similar, held, year), amendments.of(year).decisions)
    yield from _stage(lake, tables.FINDINGS, year, amendments.source(source, year), data, "severity", "rule")


@_table(tables.QUARANTINE, "quality", deps=[raw_documents, document_text, readings])
def quarantine(context: dg.AssetExecutionContext, folders: Folders) -> Events:
    year, lake = year_of(context), folders.lake
    source, read = lake.inventory_of(year, "readings"), lake.load("readings", year)
    data = facts.quarantine(lake.load("raw_documents", year), lake.load("document_text", year), read, year)
    yield from _stage(lake, tables.QUARANTINE, year, source, data, "code")


@_table(tables.REPORTS, "core", deps=[raw_documents, readings, resolutions, corrections, findings, quarantine])
def reports(context: dg.AssetExecutionContext, folders: Folders) -> Events:
    year, lake = year_of(context), folders.lake
    source, now = lake.inventory_of(year, "readings"), load_year(lake, year)
    data = facts.reports(now, lake.load("findings", year), year)
    yield from _stage(lake, tables.REPORTS, year, source, data, "grade")


@dg.asset(group_name="warehouse", kinds={"parquet"})
def dimensions(folders: Folders) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """The tables without a year: codes, rules, and the data dictionary."""
    rows = {}
    for table in tables.DECLARED:
        data = dimension(table)
        folders.lake.stage(table, None, data, "declared")
        rows[table.name] = len(data)
    return dg.MaterializeResult(metadata=rows)


@dg.asset(
    description=tables.AGENCIES.description,
    group_name="warehouse",
    kinds={"parquet"},
    automation_condition=follow_changes,
    deps=[agency_evidence, reports],
    metadata={"dagster/column_schema": column_schema(tables.AGENCIES)},
)
def agencies(folders: Folders) -> dg.MaterializeResult:  # type: ignore[type-arg]
    lake = folders.lake
    told, evidence = lake.seen_next(tables.REPORTS), lake.seen_next(tables.AGENCY_EVIDENCE)
    data = register(told, evidence, folders.amendments().agencies)
    lake.stage(tables.AGENCIES, None, data, "all years")
    return dg.MaterializeResult(metadata=rows_of(data, partitioned=False) | counts_of(data, "kind", "kind"))


@dg.asset(
    description=tables.EXPECTED_REPORTS.description,
    group_name="warehouse",
    kinds={"parquet"},
    automation_condition=follow_changes,
    deps=[reports],
    metadata={"dagster/column_schema": column_schema(tables.EXPECTED_REPORTS)},
)
def expected_reports(folders: Folders) -> dg.MaterializeResult:  # type: ignore[type-arg]
    lake = folders.lake
    data = find_expected_reports(lake.seen_next(tables.REPORTS), folders.amendments().expected)
    lake.stage(tables.EXPECTED_REPORTS, None, data, "all years")
    return dg.MaterializeResult(metadata=rows_of(data, partitioned=False) | counts_of(data, "reason", "reason"))


@dg.asset(
    group_name="warehouse",
    kinds={"parquet", "duckdb"},
    automation_condition=follow_changes,
    freshness_policy=seen_monthly,
    deps=[*(table.name for table in tables.YEARLY), agencies, expected_reports, unplaced_files, dimensions],
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
