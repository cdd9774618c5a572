"""The DuckDB file analysts open: a view over the Parquet of every table, the analysis views, a comment on everything.

It holds no data but names the files that readers see, so it changes when they do. It is built beside the one in use and
swapped in one go: whoever asks it sees the files of one release, all of them old or all of them new. That of an object
store is fetched to be asked; the Parquet it names is read where it is.
"""

import json
from collections.abc import Collection
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from pipeline.tables import TABLES, Table
from pipeline.versions import build_version
from pipeline.warehouse.lake import CATALOGUE, RELEASE, Lake
from pipeline.warehouse.store import Store

ANALYSIS = "analysis"
"""The schema of the views that answer questions."""


def build_catalogue(lake: Lake, published: Collection[str]) -> bool:
    """Build the catalogue over published files, if it is not there or is of others, of other code or another folder.

    Returns whether it was built.
    """
    named = sorted(published)
    release = {"version": build_version(), "folder": lake.store.address, "files": named}
    if lake.store.exists(CATALOGUE) and _release(lake) == release:
        return False
    with TemporaryDirectory() as folder:
        fresh = Path(folder) / CATALOGUE
        with reading_from(duckdb.connect(fresh), lake.store) as connection:
            connection.begin()  # a commit for each of a thousand comments would take longer than all the rest
            for table in TABLES.values():
                own = [lake.store.path(file) for file in named if file.startswith(f"{table.name}/")]
                _create_view(connection, table, own)
            connection.execute(f"CREATE SCHEMA {ANALYSIS}")
            for name, statement in analysis_views().items():
                connection.execute(f"CREATE VIEW {ANALYSIS}.{name} AS {statement}")
                connection.execute(f"COMMENT ON VIEW {ANALYSIS}.{name} IS {_quoted(_header(statement))}")
            connection.commit()
        lake.store.write(CATALOGUE, fresh.read_bytes())
    lake.store.write(RELEASE, json.dumps(release, indent=1).encode())
    return True


def follow_move(lake: Lake) -> None:
    """Point the catalogue at its own folder again after the warehouse was moved."""
    if _release(lake).get("folder") != lake.store.address:
        build_catalogue(lake, lake.released())


def open_catalogue(lake: Lake) -> duckdb.DuckDBPyConnection:
    """The catalogue to be asked, read-only, wherever it lies; a warehouse that was moved is found in its new place.

    Raises FileNotFoundError where nothing was published.
    """
    if not lake.store.exists(CATALOGUE):
        raise FileNotFoundError(
            f"There is no warehouse at {lake.place}. Build it first: gongkai build --warehouse {lake.place}"
        )
    follow_move(lake)
    if lake.store.is_local:
        return duckdb.connect(lake.store.path(CATALOGUE), read_only=True)
    with TemporaryDirectory() as folder:
        fetched = Path(folder) / CATALOGUE
        fetched.write_bytes(lake.store.read(CATALOGUE))
        connection = duckdb.connect(fetched, read_only=True)  # it stays open when the folder goes
    return reading_from(connection, lake.store)


def reading_from(connection: duckdb.DuckDBPyConnection, *stores: Store) -> duckdb.DuckDBPyConnection:
    """The same connection, which can read the files of these stores by their paths."""
    remote = [store for store in stores if not store.is_local]
    if remote:
        from pipeline.warehouse.remote import RemoteFiles

        connection.register_filesystem(RemoteFiles(remote))
    return connection


def _release(lake: Lake) -> dict[str, Any]:
    try:
        return dict(json.loads(lake.store.read(RELEASE)))
    except FileNotFoundError:
        return {}


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
