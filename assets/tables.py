"""The tables of the dataset, a year at a time, and the warehouse that publishes them.

What belongs here: one asset a table, made of its step, and what is made of all years. `warehouse` lets readers see all
of it at once, every year that is whole.
"""

import dagster as dg

from assets.checks import whole_result, years_whole
from assets.conditions import follow_changes, seen_monthly
from assets.folders import Folders
from assets.landing import unplaced_files
from assets.making import asset_of, told
from assets.metadata import column_schema
from pipeline import tables
from pipeline.warehouse import publish, steps
from pipeline.warehouse.lake import CATALOGUE

corrections = asset_of(steps.CORRECTIONS, "quality")
proactive_disclosure = asset_of(steps.PROACTIVE_DISCLOSURE, "core")
applications = asset_of(steps.APPLICATIONS, "core")
review_litigation = asset_of(steps.REVIEW_LITIGATION, "core")
applications_wide = asset_of(steps.APPLICATIONS_WIDE, "core")
statistics_2014 = asset_of(steps.STATISTICS_2014, "core")
sections = asset_of(steps.SECTIONS, "core")
narrative_facts = asset_of(steps.NARRATIVE_FACTS, "core")
agency_evidence = asset_of(steps.AGENCY_EVIDENCE, "core")
similar_reports = asset_of(steps.SIMILAR_REPORTS, "quality")
checks = asset_of(steps.CHECKS, "quality")
findings = asset_of(steps.FINDINGS, "quality")
quarantine = asset_of(steps.QUARANTINE, "quality")
reports = asset_of(steps.REPORTS, "core")
report_wide = asset_of(steps.REPORT_WIDE, "core")


@dg.asset(group_name="warehouse", kinds={"parquet"})
def dimensions(folders: Folders) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """The tables without a year: codes, rules, and the data dictionary."""
    records = {step.table: folders.maker.make_once(step, folders.amendments()) for step in steps.DIMENSIONS}
    return dg.MaterializeResult(metadata={name: record.rows for name, record in records.items()})


@dg.asset(
    description=tables.AGENCIES.description,
    group_name="warehouse",
    kinds={"parquet"},
    automation_condition=follow_changes,
    deps=[agency_evidence, reports],
    metadata={"dagster/column_schema": column_schema(tables.AGENCIES)},
)
def agencies(folders: Folders) -> dg.MaterializeResult:  # type: ignore[type-arg]
    record = folders.maker.make_once(steps.AGENCIES, folders.amendments())
    return dg.MaterializeResult(metadata=told(steps.AGENCIES, record))


@dg.asset(
    description=tables.EXPECTED_REPORTS.description,
    group_name="warehouse",
    kinds={"parquet"},
    automation_condition=follow_changes,
    deps=[reports],
    metadata={"dagster/column_schema": column_schema(tables.EXPECTED_REPORTS)},
)
def expected_reports(folders: Folders) -> dg.MaterializeResult:  # type: ignore[type-arg]
    record = folders.maker.make_once(steps.EXPECTED_REPORTS, folders.amendments())
    return dg.MaterializeResult(metadata=told(steps.EXPECTED_REPORTS, record))


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
        published = publish(folders.lake)
    return dg.MaterializeResult(
        metadata={
            "files_changed": len(published.new) + len(published.gone),
            "catalogue_rebuilt": published.catalogue,
            "catalogue": dg.MetadataValue.path(folders.lake.store.path(CATALOGUE)),
            "changed": dg.MetadataValue.json([*published.new, *published.gone]),
        },
        check_results=[whole_result(folders.lake)],
    )
