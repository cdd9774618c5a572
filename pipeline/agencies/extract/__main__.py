"""Write `regions.parquet` and `former_names.parquet`: `python -m pipeline.agencies.extract SOURCES TARGET`."""

import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.agencies.extract import lists
from pipeline.agencies.extract.history import lives
from pipeline.agencies.extract.rows import Lives, tables
from pipeline.agencies.extract.towns import town_lives, zone_lives


def extract(sources: Path, target: Path) -> None:
    """Read the packages unpacked under `sources` and write both files into `target`, the same bytes every time."""
    sys.path.insert(0, str(sources / "python"))
    statistical = {year: lists.statistical_counties(sources, year) for year in lists.TOWN_LISTS}
    counties = lives(lists.counties(sources), statistical)
    zones = zone_lives(sources, counties)
    found = Lives(counties, zones, town_lives(sources, [*counties, *zones]))
    for name, table in zip(("regions", "former_names"), tables(found, lists.area_codes(sources)), strict=True):
        _write(table, target / f"{name}.parquet")


def _write(table: pa.Table, path: Path) -> None:
    """One row group; words that repeat as a dictionary, codes that ascend by what they share with the one before."""
    repeating = [name for name in ("level", "kind", "area_code", "postcode_prefix") if name in table.column_names]
    codes = {name: "DELTA_BYTE_ARRAY" for name in table.column_names if name.endswith("code") and name != "area_code"}
    pq.write_table(
        table,
        path,
        compression="zstd",
        compression_level=19,
        use_dictionary=repeating,
        column_encoding=codes,
        write_statistics=False,
        store_schema=False,
        row_group_size=len(table),
    )


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit("usage: python -m pipeline.agencies.extract SOURCES TARGET (see pipeline/agencies/README.md)")
    extract(Path(sys.argv[1]), Path(sys.argv[2]))
