"""Who answers: DuckDB over the Parquet files, SQLite and pandas over the same rows.

An engine answers a question whole, into a table of its own, which is what is timed; reading the answer out is not.
"""

import math
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import duckdb
import pandas as pd
import pyarrow as pa

from benchmarks.queries import frames
from benchmarks.queries.questions import SUM, Questions

Answer = list[tuple[Any, ...]]
"""The rows of an answer, sorted; whole numbers as such, None where there is no value."""
COPIED = {
    "applications": ("report_id", "report_year", "item", "applicant", "value"),
    "reports": ("report_id", "report_year", "agency_id", "region_code", "is_current"),
    "regions": ("region_code", "parent_code", "level"),
}
"""What of the warehouse the questions need."""
_KEYS = {"applications": "report_id, item, applicant", "reports": "report_id", "regions": "region_code"}


class Engine(Protocol):
    """Answers questions by name; `sum` is one of them."""

    name: str

    @property
    def questions(self) -> Mapping[str, object]:
        """What it can be asked, by name."""

    def ask(self, question: str) -> None:
        """Answer a question."""

    def answer(self) -> Answer:
        """The last answer."""


class DuckDB:
    """The warehouse's own catalogue."""

    def __init__(self, name: str, catalogue: Path, questions: Questions) -> None:
        """`questions`: over the shape this engine is asked about."""
        self.name, self.questions = name, {"sum": SUM} | questions
        self.connection = duckdb.connect(catalogue, read_only=True)

    def ask(self, question: str) -> None:
        """Answer a question into a temporary table."""
        self.connection.execute(f"create or replace temp table answer as {self.questions[question]}")

    def answer(self) -> Answer:
        """The last answer."""
        return _plain(self.connection.execute("select * from answer").fetchall())


class SQLite:
    """A database of the same rows, with the key of each table as its index."""

    name = "SQLite"

    def __init__(self, catalogue: Path, path: Path, questions: Questions) -> None:
        """Copies the rows into a new database at `path`."""
        self.questions = {"sum": SUM} | questions
        self.connection = sqlite3.connect(path)
        self.connection.executescript("pragma journal_mode = off; pragma synchronous = off; pragma temp_store = memory")
        with duckdb.connect(catalogue, read_only=True) as source:
            for table, columns in COPIED.items():
                self._copy(source.execute(f"select {', '.join(columns)} from {table}"), table, columns)
        self.connection.execute("analyze")

    def _copy(self, rows: Any, table: str, columns: tuple[str, ...]) -> None:
        self.connection.execute(f"create table {table} ({', '.join(columns)}, primary key ({_KEYS[table]}))")
        places = ", ".join("?" * len(columns))
        while batch := rows.fetchmany(100_000):
            self.connection.executemany(f"insert into {table} values ({places})", batch)
        self.connection.commit()

    def ask(self, question: str) -> None:
        """Answer a question into a temporary table."""
        self.connection.execute("drop table if exists temp.answer")
        self.connection.execute(f"create temp table answer as {self.questions[question]}")

    def answer(self) -> Answer:
        """The last answer."""
        return _plain(self.connection.execute("select * from temp.answer").fetchall())


class Pandas:
    """The same rows in memory, codes as categories; what reading them takes is not counted."""

    name = "pandas"

    def __init__(self, catalogue: Path, items: list[str]) -> None:
        """Reads the rows."""
        with duckdb.connect(catalogue, read_only=True) as source:
            self.frames = {
                table: source.execute(f"select {', '.join(columns)} from {table}").df()
                for table, columns in COPIED.items()
                if table != "applications"
            }
            self.frames["applications"] = _categories(source)
        self.questions = frames.questions(self.frames, items)

    def ask(self, question: str) -> None:
        """Answer a question."""
        self.found = self.questions[question]()

    def answer(self) -> Answer:
        """The last answer."""
        return _plain(self.found.astype(object).itertuples(index=False, name=None))


def _categories(source: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """The requests, with codes and ids as categories: as text, millions of them would not fit."""
    found = source.execute(f"select {', '.join(COPIED['applications'])} from applications")
    batches = [pa.Table.from_batches([batch]) for batch in map(_encoded, found.to_arrow_reader(1_000_000))]
    frame: pd.DataFrame = pa.concat_tables(batches).unify_dictionaries().to_pandas()
    return frame


def _encoded(batch: pa.RecordBatch) -> pa.RecordBatch:
    columns = [column.dictionary_encode() if pa.types.is_string(column.type) else column for column in batch.columns]
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


def _plain(rows: Any) -> Answer:
    return sorted((tuple(map(_value, row)) for row in rows), key=repr)


def _value(value: Any) -> Any:
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, str):
        return value
    return int(value) if float(value).is_integer() else float(value)
