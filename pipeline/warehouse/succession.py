"""Which reports are of one body: versions within a year, and the report of the year before.

A body is told by `agency_id`; where that is not resolved, by a name with its province, city or county in it, for a bare
`城关镇` is the name of dozens of towns. Nothing else makes two reports one body's.
"""

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import pyarrow as pa

from pipeline import checks as rulebook
from pipeline.agencies.names import LEVELS
from pipeline.agencies.regions import load_regions
from pipeline.agencies.resolve import agency_of
from pipeline.checks import NO_PARTNER, Body, Surroundings, Versions
from pipeline.tables import SIMILAR_REPORTS
from pipeline.warehouse.inventory import report_id

_PLACES = "省市县区州盟旗"
_COUNTY = 6
"""Digits of a region's code that name its county, or the city or province of a region above counties."""

Whose = tuple[str, str]
"""What tells a body: `agency_id`, `name` (with a place in it) or `bare name`, and which."""


class YearRead(NamedTuple):
    """A year's files, its accepted reports as they are read and corrected, and whose they are, in the same order."""

    documents: pa.Table
    readings: pa.Table
    resolutions: pa.Table

    @property
    def paths(self) -> list[str]:
        """The file of each report."""
        files = {
            report_id(row["source_sha256"]): row["source_path"] for row in self.documents.to_pylist() if not row["code"]
        }
        return [files[name] for name in self.readings["report_id"].to_pylist()]


class _Version(NamedTuple):
    """A report as its versions are ordered: by date, then by path, for nothing else says which came later."""

    published: str
    path: str
    number: int
    scope: str


def surroundings(now: YearRead, before: YearRead, similar: pa.Table | None = None) -> Surroundings:
    """What is known of a year's reports from beyond each of them; `similar` are the rows of `similar_reports`."""
    return Surroundings(
        before.readings,
        partners(now, before),
        list(_bodies(now.resolutions)),
        now.paths,
        [
            Versions(tuple(version.number for version in group), whose[0] != "bare name")
            for whose, group in _groups(now).items()
            if len(group) > 1
        ],
        similar.to_pylist() if similar is not None else [],
    )


def replaced(year: YearRead) -> set[int]:
    """The reports, by number, that a later version of the same body and year replaces.

    The version published last is current. Where a date is missing, or two are the same, the body's `agency_id` alone
    is trusted, and of its versions the last by path is current: files carry no other order. Versions that say they
    cover different bodies, the own level and the whole region, replace nothing. Finding A2 names them all.
    """
    groups = _groups(year).items()
    current = {version.number for whose, group in groups for version in _current(whose, group)}
    return {version.number for _, group in groups for version in group} - current


def _current(whose: Whose, group: list[_Version]) -> list[_Version]:
    """The versions of a group that stay current; `group` is sorted."""
    kind, _ = whose
    dated, last = all(version.published for version in group), group[-1]
    alone = [version.published for version in group].count(last.published) == 1
    if kind == "bare name" or {"own_level", "consolidated"} <= {version.scope for version in group}:
        return group
    if dated and (alone or kind == "agency_id"):
        return [last]
    return [max(group, key=lambda version: version.path)] if kind == "agency_id" else group


def partners(now: YearRead, before: YearRead) -> list[int]:
    """For each report of a year the row of the same body's report of the year before, else NO_PARTNER.

    Only current reports have partners and are partners, and only where the body has one alone in either year.
    """
    earlier = dict(_alone(before))
    found = [NO_PARTNER] * len(now.readings)
    for whose, number in _alone(now):
        found[number] = earlier.get(whose, NO_PARTNER)
    return found


def _alone(year: YearRead) -> Iterator[tuple[Whose, int]]:
    """The bodies that have one current report, and its number."""
    for whose, group in _groups(year).items():
        current = _current(whose, group)
        if whose[0] != "bare name" and len(current) == 1:
            yield whose, current[0].number


def _groups(year: YearRead) -> dict[Whose, list[_Version]]:
    """The reports of each body, or name, the oldest first."""
    groups: dict[Whose, list[_Version]] = defaultdict(list)
    columns = zip(
        *(year.resolutions[name].to_pylist() for name in ("agency_id", "scope")),
        *(year.readings[name].to_pylist() for name in ("agency_name", "published_on")),
        year.paths,
        strict=True,
    )
    for number, (agency, scope, name, published, path) in enumerate(columns):
        if agency or name:
            placed = any(place in (name or "")[1:-1] for place in _PLACES)
            whose = ("agency_id", agency) if agency else ("name" if placed else "bare name", name)
            groups[whose].append(_Version(str(published or ""), path, number, scope))
    return {whose: sorted(group) for whose, group in groups.items()}


def _bodies(resolutions: pa.Table) -> Iterator[Body | None]:
    """Who reported, for each report; None where that is not resolved."""
    regions = load_regions()
    for agency in resolutions["agency_id"].to_pylist():
        found = agency_of(agency, regions) if agency else None
        yield Body(LEVELS[regions.levels[found[0]]], found[1].kind, _region_kinds()[found[0]]) if found else None


@lru_cache(maxsize=1)
def _region_kinds() -> list[str]:
    kinds: list[str] = load_regions().data["kind"].to_pylist()
    return kinds


def similar_reports(now: YearRead, before: YearRead, year: int) -> pa.Table:
    """The rows of `similar_reports` of a year. Within a county, current reports of different bodies are compared."""
    own, earlier = (part.readings["report_id"].to_pylist() for part in (now, before))
    bodies, gone = now.resolutions["agency_id"].to_pylist(), replaced(now)
    counties = [
        code[:_COUNTY] if code and number not in gone else None
        for number, code in enumerate(now.resolutions["region_code"].to_pylist())
    ]
    texts = rulebook.narratives(now.readings), rulebook.narratives(before.readings)
    rows = [
        {
            "report_id": own[report],
            "report_year": year,
            "other_report_id": earlier[other] if kind == "previous_year" else own[other],
            "other_report_year": year - 1 if kind == "previous_year" else year,
            "kind": kind,
            "similarity": similarity,
        }
        for report, other, kind, similarity in rulebook.find_pairs(*texts, partners(now, before), counties)
        if kind == "previous_year" or bodies[report] != bodies[other]
    ]
    return pa.Table.from_pylist(rows, schema=SIMILAR_REPORTS.arrow_schema)
