"""From a raw folder to Parquet and a DuckDB catalogue: inventory, landing, facts, staging, publishing.

Nothing here knows who calls it: `assets/` runs these functions as Dagster assets, tests run them alone.
"""

from pipeline.warehouse.amendments import Amendments, UnusableEntries, read_amendments
from pipeline.warehouse.catalogue import ANALYSIS, analysis_views, build_catalogue, follow_move, open_catalogue
from pipeline.warehouse.cluster import Cluster, ClusterLost, ClusterUnfit
from pipeline.warehouse.dimensions import dimension
from pipeline.warehouse.earlier import source_of, year_before, years_to_make
from pipeline.warehouse.inventory import FIRST_YEAR, Inventory, RawFile, Seen, last_year, report_id, scan
from pipeline.warehouse.lake import LANDING, Lake, Record, values_of
from pipeline.warehouse.making import Maker, OnceStep, PartStep, RowStep, WholeStep, YearStep
from pipeline.warehouse.publishing import publish
from pipeline.warehouse.raw import Raw
from pipeline.warehouse.verdicts import HardRuleBroken, Verdict, rule_names
from pipeline.warehouse.workers import Workers

__all__ = [
    "ANALYSIS",
    "FIRST_YEAR",
    "LANDING",
    "Amendments",
    "Cluster",
    "ClusterLost",
    "ClusterUnfit",
    "HardRuleBroken",
    "Inventory",
    "Lake",
    "Maker",
    "OnceStep",
    "PartStep",
    "Raw",
    "RawFile",
    "Record",
    "RowStep",
    "Seen",
    "UnusableEntries",
    "Verdict",
    "WholeStep",
    "Workers",
    "YearStep",
    "analysis_views",
    "build_catalogue",
    "dimension",
    "follow_move",
    "last_year",
    "open_catalogue",
    "publish",
    "read_amendments",
    "report_id",
    "rule_names",
    "scan",
    "source_of",
    "values_of",
    "year_before",
    "years_to_make",
]
