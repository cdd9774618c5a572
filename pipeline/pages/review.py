"""The pages of `gongkai review`: one for each report that needs a look, and an index of them all, worst first."""

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.checks import rules
from pipeline.pages import render
from pipeline.pages.facsimile import FORMATS, Facsimile, facsimiles
from pipeline.pages.report import report_page
from pipeline.progress import track
from pipeline.readers import format_of
from pipeline.warehouse import Lake, Raw, open_catalogue
from pipeline.warehouse.reports import of_year

INDEX = "index.html"


class Review(NamedTuple):
    """What was written: the page to start from, how many pages, how many reports need none."""

    start: Path
    pages: int
    fine: int


def write_review(lake: Lake, raw: Raw, folder: Path, year: int | None = None, most: int = 500) -> Review:
    """Write the pages of the `most` worst reports of a year, or of all years, and their index into `folder`.

    Reports without an error or a warning, or whose were all dismissed, need no look. Raises FileNotFoundError when
    nothing was built.
    """
    wanted, fine = _worst(lake, year)
    shown = wanted[:most]
    folder.mkdir(parents=True, exist_ok=True)
    for page_of, page in track(_pages(lake, raw, shown), "writing pages", len(shown)):
        (folder / page_of).write_text(page, encoding="utf-8")
    index = render("review", reports=shown, left_out=len(wanted) - len(shown), fine=fine, refused=_refused(lake, year))
    (folder / INDEX).write_text(index, encoding="utf-8")
    return Review(folder / INDEX, len(shown), fine)


def _pages(lake: Lake, raw: Raw, reports: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """The name and text of each report's page, year by year."""
    by_year = sorted(reports, key=lambda report: int(report["report_year"]))
    for year, group in groupby(by_year, key=lambda report: int(report["report_year"])):
        names = {report["report_id"]: report["page"] for report in group}
        for report in of_year(lake, year, set(names)):
            yield names[report.reading["report_id"]], report_page(report, _pictures(raw, report.source_path), INDEX)


def _pictures(raw: Raw, path: str) -> list[Facsimile]:
    """The source's pages; none where it is not in the raw folder any more."""
    if format_of(path) not in FORMATS:
        return []
    try:
        return facsimiles(raw.read(path), format_of(path))
    except OSError:
        return []


def _worst(lake: Lake, year: int | None) -> tuple[list[dict[str, Any]], int]:
    """The reports with an error or a warning, worst first, each with its rules; and how many have neither."""
    with open_catalogue(lake) as connection:
        rows = connection.execute(_QUERY, {"year": year}).to_arrow_table().to_pylist()
        (total,) = connection.execute(
            "SELECT count(*) FROM reports WHERE $year IS NULL OR report_year = $year", {"year": year}
        ).fetchall()[0]
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row["report_id"]].append(row)
    reports = [
        {
            **group[0],
            "page": f"{group[0]['report_year']}-{_plain(group[0]['agency_name'] or '')}-{name}.html",
            "rules": [(row["rule"], rules()[row["rule"]].zh, row["severity"], row["found"]) for row in group],
        }
        for name, group in found.items()
    ]
    return reports, total - len(reports)


def _plain(name: str) -> str:
    """A name that any file system takes."""
    return re.sub(r"[^\w]", "", name)[:30]


def _refused(lake: Lake, year: int | None) -> list[dict[str, Any]]:
    with open_catalogue(lake) as connection:
        query = "FROM quarantine WHERE $year IS NULL OR report_year = $year ORDER BY source_path"
        rows: list[dict[str, Any]] = connection.execute(query, {"year": year}).to_arrow_table().to_pylist()
        return rows


_QUERY = """
    WITH counted AS (
        SELECT report_id, rule, severity, count(*) AS found FROM findings
        WHERE severity <> 'info' AND decision IS DISTINCT FROM 'dismissed' GROUP BY ALL
    ),
    weighed AS (
        SELECT report_id, sum(found) FILTER (severity = 'error') AS errors, sum(found) AS doubts
        FROM counted GROUP BY report_id
    )
    SELECT r.report_id, r.report_year, r.agency_name, r.source_path, r.grade, c.rule, c.severity, c.found
    FROM counted AS c JOIN weighed USING (report_id) JOIN reports AS r USING (report_id)
    JOIN rules ON rules.code = c.rule
    WHERE $year IS NULL OR r.report_year = $year
    ORDER BY r.grade DESC, coalesce(errors, 0) DESC, doubts DESC, r.report_year, r.source_path, rules.position
"""
