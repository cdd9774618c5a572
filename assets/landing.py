"""Raw and landed: the inventory of files, the text taken from them, how each was read. Never published.

What belongs here: everything before a table of the dataset. A step takes over what it did before for the same bytes
and the same code. Every landed file names the inventory it goes back to, asked for before its input is read: should
another run replace that input meanwhile, the year does not count as whole and is not published.
"""

from collections.abc import Callable, Sequence

import dagster as dg
import pyarrow as pa
import pyarrow.compute as pc

from assets.conditions import seen_monthly
from assets.folders import Folders
from assets.metadata import counts_of, landed_schema, rows_of
from assets.partitions import report_years, year_of
from pipeline.tables import QUARANTINE
from pipeline.warehouse import LANDING, agencies, facts, landing
from pipeline.warehouse.earlier import source_of


def _landed(
    name: str, group: str, deps: Sequence[dg.AssetsDefinition] = (), fresh: dg.FreshnessPolicy | None = None
) -> Callable[..., dg.AssetsDefinition]:
    """The decorator of a landed table's asset."""
    return dg.asset(
        name=name,
        group_name=group,
        deps=deps,
        kinds={"parquet"},
        partitions_def=report_years,
        metadata={"dagster/column_schema": landed_schema(LANDING[name])},
        freshness_policy=fresh,
    )


def _land(folders: Folders, name: str, year: int, data: pa.Table, source: str) -> dg.MaterializeResult:  # type: ignore[type-arg]
    folders.lake.land(name, year, data, source)
    refused = data.filter(pc.is_valid(data["code"]))
    return dg.MaterializeResult(metadata=rows_of(data) | counts_of(refused, "code", "refused"))


@_landed("raw_documents", "raw", fresh=seen_monthly)
def raw_documents(context: dg.AssetExecutionContext, folders: Folders) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """Every file of the year's folder: its hash, its size, and why it is refused if it is."""
    year, inventory = year_of(context), folders.inventory()
    source = source_of(inventory, folders.amendments(), year)
    return _land(folders, "raw_documents", year, inventory.documents(year), source)


@_landed("document_text", "raw", deps=[raw_documents])
def document_text(context: dg.AssetExecutionContext, folders: Folders) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """The text taken from each file, so that parsing runs again without reading files again."""
    year, lake = year_of(context), folders.lake
    source = lake.inventory_of(year, "raw_documents")
    documents, kept = lake.load("raw_documents", year), lake.kept("document_text", year)
    texts = landing.extract_texts(documents, kept, folders.raw_path, year, folders.workers)
    return _land(folders, "document_text", year, texts, source)


@_landed("readings", "core", deps=[document_text])
def readings(context: dg.AssetExecutionContext, folders: Folders) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """How each report was read: every cell of its tables, its sections, who reported and when, and what was odd."""
    year, lake = year_of(context), folders.lake
    source = lake.inventory_of(year, "document_text")
    texts, kept = lake.load("document_text", year), lake.kept("readings", year)
    read = landing.read_documents(texts, kept, year, folders.workers)
    return _land(folders, "readings", year, read, source)


@_landed("resolutions", "core", deps=[raw_documents, readings])
def resolutions(context: dg.AssetExecutionContext, folders: Folders) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """Whose report each is: a body of the register with a score, or why none; the evidence; whom its figures cover."""
    year, lake, amendments = year_of(context), folders.lake, folders.amendments()
    source = amendments.source(lake.inventory_of(year, "readings"), year)
    read, kept = facts.accepted(lake.load("readings", year)), lake.kept("resolutions", year)
    overrides = amendments.of(year).agencies
    found = agencies.resolve_reports(lake.load("raw_documents", year), read, kept, overrides, year)
    lake.land("resolutions", year, found, source)
    return dg.MaterializeResult(metadata=rows_of(found) | counts_of(found, "agency_status", "status"))


@dg.asset(group_name="raw", kinds={"parquet"})
def unplaced_files(folders: Folders) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """Files that lie in no report year's folder: rows of quarantine without a year."""
    inventory = folders.inventory()
    unplaced = inventory.unplaced()
    folders.lake.stage(QUARANTINE, None, unplaced, inventory.fingerprint(None))
    return dg.MaterializeResult(metadata=rows_of(unplaced, partitioned=False))
