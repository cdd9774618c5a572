"""The published warehouse against the truth: every cell, through DuckDB, as an analyst would reach it."""

from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.accuracy.corpus import Corpus
from benchmarks.accuracy.kinds import Meaning

DECLARED = ("unreadable", "lost", "text")
"""States that say that a figure's reading is not certain."""


class Comparison:
    """A warehouse and its truth, compared. `rows` asks the tables `compared`, `truth_reports` and the warehouse's."""

    def __init__(self, corpus: Corpus, catalogue: Path) -> None:
        """Raises duckdb.Error where there is no catalogue."""
        self._database = duckdb.connect(str(catalogue), read_only=True)
        for name, path in (("truth_reports", corpus.reports), ("truth_cells", corpus.cells)):
            self._database.execute(f"create temp view {name} as from read_parquet('{path}')")
        self._database.execute(Path(__file__).with_name("compare.sql").read_text("utf-8"))

    def rows(self, query: str, *parameters: Any) -> list[dict[str, Any]]:
        """The rows of a query, a dict each."""
        found = self._database.execute(query, parameters or None)
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def close(self) -> None:
        """Let go of the warehouse."""
        self._database.close()

    def wrong(self) -> list[dict[str, Any]]:
        """Every cell that is silently wrong: what must never be."""
        return self.rows(
            "from compared where outcome = 'wrong' order by source_path, table_name, row_code, column_code"
        )

    def cells(self, by: str) -> list[dict[str, Any]]:
        """Cells counted by outcome for each value of `by`, columns of `compared` and `truth_reports`.

        `told` and `right_told` count those that no blank without a trace stands beside; `in_doubt` is how many of the
        declared ones do.
        """
        declared = ", ".join(f"'{state}'" for state in DECLARED)
        each = ", ".join(f"count(*) filter (outcome = '{state}') as {state}" for state in DECLARED)
        return self.rows(
            f"""
            select {by}, count(*) as cells, count(*) filter (outcome = 'right') as right,
                   count(*) filter (told) as told, count(*) filter (told and outcome = 'right') as right_told,
                   count(*) filter (outcome in ({declared})) as declared, {each},
                   count(*) filter (outcome in ({declared}) and not told) as in_doubt,
                   count(*) filter (outcome = 'missing') as missing, count(*) filter (outcome = 'wrong') as wrong,
                   count(distinct source_path) as reports
            from compared join truth_reports using (source_path)
            group by {by} order by min(truth_reports.position), min(table_position)
            """
        )

    def table_3(self, source_path: str) -> dict[tuple[str, str], Meaning]:
        """What table 3 of a report prints, by item and applicant; empty where the report has none."""
        found = self.rows(
            """
            select row_code, column_code, state, value, value_yuan as yuan
            from truth_cells where table_name = 'applications' and source_path = $1
            """,
            source_path,
        )
        return {(row.pop("row_code"), row.pop("column_code")): Meaning(**row) for row in found}

    def grades(self, by: str) -> dict[str, Counter[str]]:
        """For each value of a column of `truth_reports`: its reports by grade, and how many were `refused`."""
        found = self.rows(
            f"""
            select {by}, coalesce(grade, 'refused') as grade, count(*) as reports
            from truth_reports left join reports using (source_path) group by all
            """
        )
        counted: dict[str, Counter[str]] = defaultdict(Counter)
        for row in found:
            counted[row[by]][row["grade"]] = row["reports"]
        return counted

    def solved(self) -> list[dict[str, Any]]:
        """Tables that lost their separators, by layout: how many add up, and how many of those were read whole."""
        return self.rows(
            """
            with tables as (
                select layout, position, kind, source_path, table_name, table_position,
                       bool_and(outcome = 'right') as whole,
                       count(found_value) as accepted, count(*) filter (outcome = 'wrong') as wrong
                from compared join truth_reports using (source_path)
                where hides = 'table'
                group by all
            )
            select layout, table_name, count(*) filter (kind = 'realistic') as tables,
                   count(*) filter (kind = 'realistic' and whole) as whole,
                   sum(accepted)::bigint as accepted, sum(wrong)::bigint as wrong
            from tables group by layout, table_name order by min(position), min(table_position)
            """
        )
