"""Which assets run together: those of one report year, those of none, and the warehouse alone."""

import dagster as dg

from assets import landing, releases, tables

yearly_assets = [
    landing.raw_documents,
    landing.document_text,
    landing.readings,
    landing.resolutions,
    tables.corrections,
    landing.surroundings,
    tables.proactive_disclosure,
    tables.applications,
    tables.review_litigation,
    tables.applications_wide,
    tables.statistics_2014,
    tables.sections,
    tables.narrative_facts,
    tables.agency_evidence,
    tables.similar_reports,
    tables.checks,
    tables.findings,
    tables.quarantine,
    tables.reports,
    tables.report_wide,
]
once_assets = [landing.unplaced_files, tables.dimensions, tables.agencies, tables.expected_reports]
all_assets = [*yearly_assets, *once_assets, tables.warehouse, releases.release_diff]

yearly_job = dg.define_asset_job(
    "report_year", dg.AssetSelection.assets(*yearly_assets), description="Everything of one report year."
)
once_job = dg.define_asset_job(
    "without_year", dg.AssetSelection.assets(*once_assets), description="What belongs to no report year."
)
