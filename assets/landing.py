"""Raw and landed: the inventory of files, the text taken from them, how each was read. Never published.

What belongs here: everything before a table of the dataset. A step takes over what it did before for the same bytes
and the same code.
"""

import dagster as dg

from assets.conditions import seen_monthly
from assets.folders import Folders
from assets.making import asset_of
from assets.metadata import counts_of, landed_schema, rows_of
from assets.partitions import report_years, year_of
from pipeline.tables import QUARANTINE
from pipeline.warehouse import LANDING, source_of, steps


@dg.asset(
    group_name="raw",
    kinds={"parquet"},
    partitions_def=report_years,
    metadata={"dagster/column_schema": landed_schema(LANDING["raw_documents"])},
    freshness_policy=seen_monthly,
)
def raw_documents(context: dg.AssetExecutionContext, folders: Folders) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """Every file of the year's folder: its hash, its size, and why it is refused if it is."""
    year, inventory = year_of(context), folders.inventory()
    source = source_of(inventory, folders.amendments(), year)
    record = folders.maker.make_documents(inventory, year, source)
    return dg.MaterializeResult(metadata=rows_of(record.rows) | counts_of(record.counts("code"), "refused"))


document_text = asset_of(
    steps.DOCUMENT_TEXT, "raw", "The text taken from each file, so that parsing runs again without reading files again."
)
readings = asset_of(
    steps.READINGS,
    "core",
    "How each report was read: every cell of its tables, its sections, who reported and when, and what was odd.",
)
resolutions = asset_of(
    steps.RESOLUTIONS,
    "core",
    "Whose report each is: a body of the register with a score, or why none; the evidence; whom its figures cover.",
)
surroundings = asset_of(
    steps.SURROUNDINGS,
    "core",
    "What is known of each report from beyond it: the body's report of the year before, and other versions of it.",
)


@dg.asset(group_name="raw", kinds={"parquet"})
def unplaced_files(folders: Folders) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """Files that lie in no report year's folder: rows of quarantine without a year."""
    inventory = folders.inventory()
    unplaced = inventory.unplaced()
    folders.lake.stage_whole(QUARANTINE, None, unplaced, inventory.fingerprint(None))
    return dg.MaterializeResult(metadata=rows_of(len(unplaced), partitioned=False))
