"""The DuckDB file analysts open: a view over the Parquet of every table, the analysis views, a comment on everything.

It holds no data, so it changes only when the code or the place of the warehouse does. It is built beside the one in use
and swapped; whoever has the old one open keeps it.
"""

import json
import os
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import duckdb

from pipeline.tables import TABLES, Table
from pipeline.versions import build_version
from pipeline.warehouse.lake import Lake

ANALYSIS = "analysis"
"""The schema of the views that answer questions."""
_STAMP = "_staged/catalogue.json"


def build_catalogue(lake: Lake) -> bool:
    """Build the catalogue if it is not there, or of other code, or of another folder. Returns whether it was built."""
    stamp = {"version": build_version(), "folder": _folder(lake)}
    if lake.catalogue.exists() and _stamp(lake) == stamp:
        return False
    fresh = lake.catalogue.with_name(f".{lake.catalogue.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    with duckdb.connect(fresh) as connection:
        for table in TABLES.values():
            _create_view(connection, table, lake.root.resolve())
        connection.execute(f"CREATE SCHEMA {ANALYSIS}")
        for name, statement in analysis_views().items():
            connection.execute(f"CREATE VIEW {ANALYSIS}.{name} AS {statement}")
            connection.execute(f"COMMENT ON VIEW {ANALYSIS}.{name} IS {_quoted(_header(statement))}")
    fresh.replace(lake.catalogue)
    (lake.root / _STAMP).write_text(json.dumps(stamp))
    return True


def follow_move(lake: Lake) -> None:
    """Point the catalogue at its own folder again after the warehouse was moved."""
    if _stamp(lake).get("folder") != _folder(lake):
        build_catalogue(lake)


def _stamp(lake: Lake) -> dict[str, str]:
    record = lake.root / _STAMP
    return dict(json.loads(record.read_text())) if record.exists() else {}


def _folder(lake: Lake) -> str:
    return sha256(str(lake.root.resolve()).encode()).hexdigest()[:16]


def analysis_views() -> dict[str, str]:
    """The SQL of each analysis view, by name, in the order of the files' names."""
    folder = files("pipeline.warehouse").joinpath("views", ANALYSIS)
    sources = sorted(file.name for file in folder.iterdir() if file.name.endswith(".sql"))
    return {name.removesuffix(".sql"): folder.joinpath(name).read_text("utf-8") for name in sources}


def _create_view(connection: duckdb.DuckDBPyConnection, table: Table, root: Path) -> None:
    glob = root / table.name / ("*/*.parquet" if table.by_year else "*.parquet")
    options = ", hive_partitioning = true, hive_types = {'report_year': SMALLINT}" if table.by_year else ""
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    connection.execute(
        f'CREATE VIEW "{table.name}" AS SELECT {columns} FROM read_parquet({_quoted(str(glob))}{options})'
    )
    connection.execute(f'COMMENT ON VIEW "{table.name}" IS {_quoted(table.description)}')
    for column in table.columns:
        connection.execute(f'COMMENT ON COLUMN "{table.name}"."{column.name}" IS {_quoted(column.description)}')


def _header(statement: str) -> str:
    """The comment a view's file begins with."""
    lines = []
    for line in statement.splitlines():
        if not line.startswith("--"):
            break
        lines.append(line.removeprefix("--").strip())
    return " ".join(lines)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
