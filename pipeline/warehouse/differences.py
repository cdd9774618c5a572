"""What changed between two warehouses: reports added, removed and replaced, and every cell with both sides.

Reports are the same when their bytes are. A report that came in the place of another, by its path or as the same
agency's for the same year, is its new version, and the cells of the two are compared. Each changed cell says why it
changed: another version of the report, a correction, or our own reading of the same bytes.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import duckdb
import pyarrow as pa

from pipeline.tables import CELL_TABLES, REPORTS, STATISTICS_2014, Table
from pipeline.warehouse.catalogue import reading_from
from pipeline.warehouse.lake import Lake

_COMPARED = (*CELL_TABLES, STATISTICS_2014)
_SHOWN = ("value", "state", "text", "origin")


class Differences(NamedTuple):
    """Two tables: the reports that changed, and the cells.

    `reports`: change, report_year, agency_name, source_path, report_id_before, report_id_after, grade_before,
    grade_after, cells_changed. `cells`: report_year, agency_name, source_path, report_id_before, report_id_after,
    table_name, cell_keys, and value, state, text before and after, reason.
    """

    reports: pa.Table
    cells: pa.Table


def compare(before: str | Path, after: str | Path) -> Differences:
    """Compare two warehouses, paths or URLs, in the tables of cells that both have.

    Raises FileNotFoundError where one holds no published reports.
    """
    lakes = {"before": Lake(before), "after": Lake(after)}
    files = {side: _files(lake) for side, lake in lakes.items()}
    for side, lake in lakes.items():
        if not files[side][REPORTS.name]:
            place = lake.place
            raise FileNotFoundError(f"{place} holds no published reports. Build it: gongkai build --warehouse {place}")
    compared = [table for table in _COMPARED if all(files[side][table.name] for side in lakes)]
    with duckdb.connect() as connection:
        reading_from(connection, *(lake.store for lake in lakes.values()))
        for side in lakes:
            connection.execute(f"CREATE SCHEMA {side}")
            for table in (REPORTS, *compared):
                _create_view(connection, side, table, files[side][table.name])
        connection.execute(_PAIRS)
        connection.execute("CREATE TABLE cells AS " + " UNION ALL ".join(map(_changed_cells, compared)))
        return Differences(
            connection.sql(_REPORTS).to_arrow_table(),
            connection.sql(_CELLS).to_arrow_table(),
        )


def _files(lake: Lake) -> dict[str, list[str]]:
    """The files of each table that is compared, as DuckDB names them."""
    released = lake.released()
    return {
        table.name: [lake.store.path(file) for file in released if file.startswith(f"{table.name}/")]
        for table in (REPORTS, *_COMPARED)
    }


def _create_view(connection: duckdb.DuckDBPyConnection, side: str, table: Table, paths: Sequence[str]) -> None:
    """A view over a table's files; columns that a warehouse of an older release lacks are null in it."""
    files = f"read_parquet([{', '.join(map(_quoted, paths))}], hive_partitioning = true, union_by_name = true)"
    there = {name for name, *_ in connection.execute(f"DESCRIBE SELECT * FROM {files}").fetchall()}
    columns = (
        f'{column.name if column.name in there else "NULL"}::{column.sql_type} AS "{column.name}"'
        for column in table.columns
    )
    connection.execute(f'CREATE VIEW {side}."{table.name}" AS SELECT {", ".join(columns)} FROM {files}')


def _changed_cells(table: Table) -> str:
    """The cells of a table that differ between the two reports of a pair."""
    keys = [name for name in table.key if name != "report_id"]
    sides = [
        f"SELECT p.number, {', '.join(keys)}, {', '.join(_SHOWN)} "
        f"FROM pairs AS p JOIN {side}.{table.name} AS c ON c.report_id = p.report_id_{side}"
        for side in ("before", "after")
    ]
    shown = ", ".join(f"b.{name}::VARCHAR AS {name}_before, a.{name}::VARCHAR AS {name}_after" for name in _SHOWN)
    return f"""
        SELECT number, '{table.name}' AS table_name, concat_ws('/', {", ".join(keys)}) AS cell_keys, {shown}
        FROM ({sides[0]}) AS b FULL JOIN ({sides[1]}) AS a USING (number, {", ".join(keys)})
        WHERE (b.value, b.state) IS DISTINCT FROM (a.value, a.state)
           OR b.origin IS DISTINCT FROM a.origin OR b.text IS DISTINCT FROM a.text
    """


def _quoted(path: str) -> str:
    return "'" + path.replace("'", "''") + "'"


_PAIRS = """
    CREATE TABLE pairs AS
    WITH
    gone AS (SELECT * FROM before.reports ANTI JOIN after.reports USING (report_id)),
    come AS (SELECT * FROM after.reports ANTI JOIN before.reports USING (report_id)),
    same AS (
        SELECT b.report_id AS report_id_before, a.report_id AS report_id_after, 'same' AS how
        FROM before.reports AS b JOIN after.reports AS a USING (report_id)
    ),
    in_place AS (
        SELECT b.report_id AS report_id_before, a.report_id AS report_id_after, 'new version' AS how
        FROM gone AS b JOIN come AS a USING (source_path)
    ),
    -- the same agency's report for the same year, where there is one such and no more
    of_agency AS (
        SELECT any_value(b.report_id), a.report_id, 'new version'
        FROM before.reports AS b
        JOIN (FROM come WHERE report_id NOT IN (SELECT report_id_after FROM in_place)) AS a
          ON a.report_year = b.report_year AND (a.agency_id = b.agency_id
             OR (a.agency_id IS NULL AND b.agency_id IS NULL AND a.agency_name = b.agency_name))
        WHERE b.is_current
        GROUP BY a.report_id HAVING count(*) = 1
    )
    SELECT row_number() OVER (ORDER BY report_id_after, report_id_before) AS number, *
    FROM (FROM same UNION ALL FROM in_place UNION ALL FROM of_agency)
"""

_REPORTS = """
    WITH counted AS (SELECT number, count(*) AS cells_changed FROM cells GROUP BY number),
    paired AS (
        SELECT
            CASE WHEN p.how <> 'same' THEN p.how
                 WHEN c.cells_changed > 0 OR b.grade IS DISTINCT FROM a.grade THEN 'changed'
                 WHEN b.source_path <> a.source_path THEN 'moved' END AS change,
            a.report_year, a.agency_name, a.source_path, p.report_id_before, p.report_id_after,
            b.grade AS grade_before, a.grade AS grade_after, coalesce(c.cells_changed, 0) AS cells_changed
        FROM pairs AS p
        JOIN before.reports AS b ON b.report_id = p.report_id_before
        JOIN after.reports AS a ON a.report_id = p.report_id_after
        LEFT JOIN counted AS c USING (number)
    ),
    come AS (
        SELECT 'added', report_year, agency_name, source_path, NULL, report_id, NULL, grade, 0
        FROM after.reports WHERE report_id NOT IN (SELECT report_id_after FROM pairs)
    ),
    gone AS (
        SELECT 'removed', report_year, agency_name, source_path, report_id, NULL, grade, NULL, 0
        FROM before.reports WHERE report_id NOT IN (SELECT report_id_before FROM pairs)
    )
    SELECT * FROM (FROM paired UNION ALL FROM come UNION ALL FROM gone)
    WHERE change IS NOT NULL
    ORDER BY list_position(['added', 'removed', 'new version', 'changed', 'moved'], change), report_year, source_path
"""

_CELLS = """
    SELECT a.report_year, a.agency_name, a.source_path, p.report_id_before, p.report_id_after,
        c.table_name, c.cell_keys,
        c.value_before, c.value_after, c.state_before, c.state_after, c.text_before, c.text_after,
        CASE WHEN p.how <> 'same' THEN p.how
             WHEN 'corrected' IN (c.origin_before, c.origin_after) THEN 'correction'
             ELSE 'reading' END AS reason
    FROM cells AS c JOIN pairs AS p USING (number)
    JOIN after.reports AS a ON a.report_id = p.report_id_after
    ORDER BY a.report_year, a.source_path, c.table_name, c.cell_keys
"""
