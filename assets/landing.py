"""Raw and landed: the inventory of files, the text taken from them, how each was read. Never published.

What belongs here: everything before a table of the dataset. A step takes over what it did before for the same bytes
and the same code.
"""

import dagster as dg
import pyarrow as pa
import pyarrow.compute as pc

from assets.conditions import seen_monthly
from assets.folders import Folders
from assets.metadata import counts_of, rows_of
from assets.partitions import report_years, year_of
from pipeline.tables import QUARANTINE
from pipeline.warehouse import landing


def _land(folders: Folders, name: str, year: int, data: pa.Table, source: str) -> dg.MaterializeResult:  # type: ignore[type-arg]
    folders.lake.land(name, year, data, source)
    refused = data.filter(pc.is_valid(data["code"]))
    return dg.MaterializeResult(metadata=rows_of(data) | counts_of(refused, "code", "refused"))


@dg.asset(partitions_def=report_years, group_name="raw", kinds={"parquet"}, freshness_policy=seen_monthly)
def raw_documents(context: dg.AssetExecutionContext, folders: Folders) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """Every file of the year's folder: its hash, its size, and why it is refused if it is."""
    year, inventory = year_of(context), folders.inventory()
    return _land(folders, "raw_documents", year, inventory.documents(year), inventory.fingerprint(year))


@dg.asset(partitions_def=report_years, group_name="raw", kinds={"parquet"}, deps=[raw_documents])
def document_text(context: dg.AssetExecutionContext, folders: Folders) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """The text taken from each file, so that parsing runs again without reading files again."""
    year, lake = year_of(context), folders.lake
    documents, kept = lake.load("raw_documents", year), lake.kept("document_text", year)
    texts = landing.extract_texts(documents, kept, folders.raw_path, year)
    return _land(folders, "document_text", year, texts, lake.inventory_of(year))


@dg.asset(partitions_def=report_years, group_name="core", kinds={"parquet"}, deps=[document_text])
def readings(context: dg.AssetExecutionContext, folders: Folders) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """How each report was read: every cell of its tables, its sections, who reported and when, and what was odd."""
    year, lake = year_of(context), folders.lake
    read = landing.read_documents(lake.load("document_text", year), lake.kept("readings", year), year)
    return _land(folders, "readings", year, read, lake.inventory_of(year))


@dg.asset(group_name="raw", kinds={"parquet"})
def unplaced_files(folders: Folders) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """Files that lie in no report year's folder: rows of quarantine without a year."""
    inventory = folders.inventory()
    unplaced = inventory.unplaced()
    folders.lake.stage(QUARANTINE, None, unplaced, inventory.fingerprint(None))
    return dg.MaterializeResult(metadata=rows_of(unplaced))
