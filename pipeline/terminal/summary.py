"""The summary of a build: what is in the warehouse, what was refused and why, where it lies, what to try next."""

import shlex
import shutil
import sys
from pathlib import Path

import duckdb
from rich.console import Console
from rich.table import Table

from pipeline.warehouse import Lake, open_catalogue
from pipeline.warehouse.lake import CATALOGUE

SHOWN = 20
"""How many refused files are named; the table `quarantine` names them all."""
FIRST_QUERY = (
    "select report_year, sum(value) as requests from applications "
    "where item = 'received_new' and applicant = 'total' group by all order by all"
)


def print_summary(lake: Lake, changed: list[str], seconds: float, console: Console) -> None:
    """Print what a build made and what the warehouse holds now."""
    with open_catalogue(lake) as connection:
        files, reports = _reports(connection, console)
        _numbers(connection, console)
        _quarantine(connection, console)
    if changed:
        console.print(f"\nBuilt in {seconds:.1f} s: {len(changed)} files of the warehouse are new.")
    else:
        console.print(f"\nNothing has changed since the last build: no file was written ({seconds:.1f} s).")
    where = lake.store.path(CATALOGUE)
    console.print(f"{files} files, {reports} reports. The warehouse: [bold]{where}[/bold]", highlight=False)
    console.print(f'\nTry:\n  {_command(lake)} "{FIRST_QUERY}"', highlight=False, soft_wrap=True)


def _command(lake: Lake) -> str:
    """How this user asks this warehouse: by the command's name where it is on the path, with the folder if need be."""
    name = "gongkai" if shutil.which("gongkai") else sys.argv[0]
    usual = str(lake.place) == str(Path("data/warehouse"))
    return f"{name} sql" if usual else f"{name} sql --warehouse {shlex.quote(str(lake.place))}"


def _reports(connection: duckdb.DuckDBPyConnection, console: Console) -> tuple[int, int]:
    rows = connection.execute(
        """
        WITH cells AS (
            SELECT report_year, state FROM applications
            UNION ALL SELECT report_year, state FROM review_litigation
            UNION ALL SELECT report_year, state FROM proactive_disclosure
        ),
        counted AS (
            SELECT report_year, count(*) AS cells, count(*) FILTER (state IN ('number', 'nil_word')) AS numbers,
                count(*) FILTER (state IN ('unreadable', 'lost')) AS doubtful
            FROM cells GROUP BY report_year
        ),
        graded AS (
            SELECT report_year, count(*) AS reports,
                count(*) FILTER (grade = 'A') AS a, count(*) FILTER (grade = 'B') AS b,
                count(*) FILTER (grade = 'C') AS c, count(*) FILTER (grade = 'D') AS d
            FROM reports GROUP BY report_year
        ),
        refused AS (SELECT report_year, count(*) AS files FROM quarantine GROUP BY report_year)
        SELECT report_year, coalesce(reports, 0), coalesce(files, 0), coalesce(cells, 0), coalesce(numbers, 0),
            coalesce(doubtful, 0), coalesce(a, 0), coalesce(b, 0), coalesce(c, 0), coalesce(d, 0)
        FROM graded FULL JOIN refused USING (report_year) LEFT JOIN counted USING (report_year)
        ORDER BY report_year NULLS LAST
        """
    ).fetchall()
    table = Table(title="Reports by year", title_justify="left", show_footer=len(rows) > 1)
    totals = [sum(column) for column in list(zip(*rows, strict=True))[1:]] if rows else [0] * 9
    names = ("reports", "refused", "cells", "numbers", "unread or lost", "A", "B", "C", "D")
    table.add_column("year", footer="all")
    for name, total in zip(names, totals, strict=True):
        table.add_column(name, footer=f"{total:,}", justify="right")
    for year, *counts in rows:
        table.add_row(str(year) if year else "none", *(f"{count:,}" if count else "·" for count in counts))
    console.print(table)
    console.print(
        "[dim]A: every check that could speak passed. B: with warnings. C: a check failed or cells are unreadable. "
        "D: a table is missing.\n"
        "refused: in quarantine. unread: printed, but not certain enough to give a number.[/dim]"
    )
    return totals[0] + totals[1], totals[0]


def _numbers(connection: duckdb.DuckDBPyConnection, console: Console) -> None:
    rows = connection.execute(
        """
        SELECT f.severity, f.rule, r.name_en, count(*)
        FROM findings AS f JOIN rules AS r ON r.code = f.rule
        GROUP BY f.severity, f.rule, r.name_en, r.position
        ORDER BY list_position(['error', 'warning', 'info'], f.severity), r.position
        """
    ).fetchall()
    if not rows:
        console.print("\nNo findings.")
        return
    colours = {"error": "red", "warning": "yellow", "info": "dim"}
    table = Table(title="Findings", title_justify="left")
    table.add_column("severity")
    table.add_column("rule")
    table.add_column("what it says")
    table.add_column("found", justify="right")
    for severity, rule, name, count in rows:
        table.add_row(f"[{colours[severity]}]{severity}[/]", rule, name, f"{count:,}")
    console.print(table)


def _quarantine(connection: duckdb.DuckDBPyConnection, console: Console) -> None:
    rows = connection.execute("SELECT source_path, code, message, hint FROM quarantine ORDER BY source_path").fetchall()
    if not rows:
        return
    table = Table(title=f"In quarantine: {len(rows)} file{'s' if len(rows) > 1 else ''}", title_justify="left")
    for name in ("file", "reason", "what to do"):
        table.add_column(name, overflow="fold")
    for path, _, message, hint in rows[:SHOWN]:
        table.add_row(path, message, hint)
    console.print(table)
    if len(rows) > SHOWN:
        console.print(f'{len(rows) - SHOWN} more: gongkai sql "from quarantine"')
