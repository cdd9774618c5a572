"""From a raw folder to Parquet and a DuckDB catalogue: inventory, landing, facts, staging, publishing.

Nothing here knows who calls it: `assets/` runs these functions as Dagster assets, tests run them alone.
"""

from pipeline.warehouse.amendments import Amendments, UnusableEntries, read_amendments
from pipeline.warehouse.catalogue import ANALYSIS, analysis_views, build_catalogue, follow_move
from pipeline.warehouse.dimensions import dimension
from pipeline.warehouse.inventory import FIRST_YEAR, Inventory, RawFile, last_year, report_id, scan
from pipeline.warehouse.lake import LANDING, Lake
from pipeline.warehouse.verdicts import HardRuleBroken, Verdict, rule_names
from pipeline.warehouse.workers import Workers

__all__ = [
    "ANALYSIS",
    "FIRST_YEAR",
    "LANDING",
    "Amendments",
    "HardRuleBroken",
    "Inventory",
    "Lake",
    "RawFile",
    "UnusableEntries",
    "Verdict",
    "Workers",
    "analysis_views",
    "build_catalogue",
    "dimension",
    "follow_move",
    "last_year",
    "read_amendments",
    "report_id",
    "rule_names",
    "scan",
]
