"""The DuckDB file analysts open: a view over the Parquet of every table, the analysis views, a comment on everything.

It holds no data but names the files that readers see, so it changes when they do. It is built beside the one in use and
swapped in one go: whoever asks it sees the files of one release, all of them old or all of them new.
"""

import json
from collections.abc import Collection
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from pipeline.tables import TABLES, Table
from pipeline.versions import build_version
from pipeline.warehouse.lake import STAGED, Lake

ANALYSIS = "analysis"
"""The schema of the views that answer questions."""
CATALOGUE = "gongkai.duckdb"
_STAMP = f"{STAGED}/catalogue.json"


def build_catalogue(lake: Lake, published: Collection[str]) -> bool:
    """Build the catalogue over published files, if it is not there or is of others, of other code or another folder.

    Returns whether it was built.
    """
    named = sorted(published)
    stamp = {
        "version": build_version(),
        "folder": _folder(lake),
        "files": sha256("\n".join(named).encode()).hexdigest()[:16],
    }
    if lake.store.exists(CATALOGUE) and _stamp(lake) == stamp:
        return False
    with TemporaryDirectory() as folder:
        fresh = Path(folder) / CATALOGUE
        with duckdb.connect(fresh) as connection:
            for table in TABLES.values():
                own = [lake.store.path(file) for file in named if file.startswith(f"{table.name}/")]
                _create_view(connection, table, own)
            connection.execute(f"CREATE SCHEMA {ANALYSIS}")
            for name, statement in analysis_views().items():
                connection.execute(f"CREATE VIEW {ANALYSIS}.{name} AS {statement}")
                connection.execute(f"COMMENT ON VIEW {ANALYSIS}.{name} IS {_quoted(_header(statement))}")
        lake.store.write(CATALOGUE, fresh.read_bytes())
    lake.store.write(_STAMP, json.dumps(stamp).encode())
    return True


def follow_move(lake: Lake) -> None:
    """Point the catalogue at its own folder again after the warehouse was moved."""
    if _stamp(lake).get("folder") != _folder(lake):
        build_catalogue(lake, [file for table in TABLES.values() for file in lake.published(table)])


def _stamp(lake: Lake) -> dict[str, str]:
    try:
        return dict(json.loads(lake.store.read(_STAMP)))
    except FileNotFoundError:
        return {}


def _folder(lake: Lake) -> str:
    return sha256(lake.store.place.encode()).hexdigest()[:16]


def analysis_views() -> dict[str, str]:
    """The SQL of each analysis view, by name, in the order of the files' names."""
    folder = files("pipeline.warehouse").joinpath("views", ANALYSIS)
    sources = sorted(file.name for file in folder.iterdir() if file.name.endswith(".sql"))
    return {name.removesuffix(".sql"): folder.joinpath(name).read_text("utf-8") for name in sources}


def _create_view(connection: duckdb.DuckDBPyConnection, table: Table, paths: list[str]) -> None:
    options = ", hive_partitioning = true, hive_types = {'report_year': SMALLINT}" if table.by_year else ""
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    named = ", ".join(map(_quoted, paths))
    connection.execute(f'CREATE VIEW "{table.name}" AS SELECT {columns} FROM read_parquet([{named}]{options})')
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
