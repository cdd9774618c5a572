"""A read-only DuckDB on the warehouse: one query, the lines of a pipe, or a prompt."""

import csv
import sys

import duckdb
from rich.console import Console

from pipeline.tables import TABLES
from pipeline.warehouse import ANALYSIS, Lake, analysis_views, open_catalogue

PROMPT = "gongkai> "
CONTINUED = "     ...> "


def run_query(lake: Lake, query: str, *, as_csv: bool) -> None:
    """Print the rows of a query; raises duckdb.Error as DuckDB words it."""
    with open_catalogue(lake) as connection:
        _show(connection, query, as_csv=as_csv)


def prompt(lake: Lake, console: Console) -> None:
    """Read statements until the end of input; a mistake is shown and the prompt comes back."""
    with open_catalogue(lake) as connection:
        console.print(f"Tables: {', '.join(TABLES)}", highlight=False)
        console.print(f"Views:  {', '.join(f'{ANALYSIS}.{name}' for name in analysis_views())}", highlight=False)
        console.print("A statement ends with ;   what a column means: describe, or table_columns   leave: Ctrl-D\n")
        statement = ""
        while True:
            try:
                statement += input(CONTINUED if statement else PROMPT) + "\n"
            except EOFError:
                print()
                return
            except KeyboardInterrupt:
                statement = ""
                print()
                continue
            if statement.strip() and statement.rstrip().endswith(";"):
                try:
                    _show(connection, statement, as_csv=False)
                except duckdb.Error as error:
                    console.print(f"[red]{error}[/red]", highlight=False, markup=True)
                statement = ""


def _show(connection: duckdb.DuckDBPyConnection, query: str, *, as_csv: bool) -> None:
    relation = connection.sql(query)
    if relation is None:
        return
    if as_csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(relation.columns)
        while rows := relation.fetchmany(10_000):
            writer.writerows(rows)
    else:
        relation.show(max_rows=200)
