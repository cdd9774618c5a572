"""Which reports are of one body: versions within a year, and the report of the year before. A row each, for its part.

A body is told by `agency_id`; where that is not resolved, by a name with its province, city or county in it, for a bare
`城关镇` is the name of dozens of towns. Nothing else makes two reports one body's.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pipeline import checks as rulebook
from pipeline.agencies.names import LEVELS
from pipeline.agencies.regions import load_regions
from pipeline.agencies.resolve import agency_of
from pipeline.checks import NO_PARTNER, Body, Surroundings, Versions
from pipeline.forms import STATISTICS, TABLES
from pipeline.tables import EARLIER, SIMILAR_REPORTS, SURROUNDINGS
from pipeline.warehouse.corrections import apply_corrections
from pipeline.warehouse.inventory import report_id
from pipeline.warehouse.lake import Lake
from pipeline.warehouse.parts import Part
from pipeline.warehouse.workers import HERE, Workers

_PLACES = "省市县区州盟旗"
_COUNTY = 6
"""Digits of a region's code that name its county, or the city or province of a region above counties."""

Whose = tuple[str, str]
"""What tells a body: `agency_id`, `name` (with a place in it) or `bare name`, and which."""


@dataclass(frozen=True)
class YearRead:
    """A year's files, its accepted reports as they are read and corrected, and whose they are, in the same order.

    Of the tables (`raw_documents`, `readings`, `resolutions`) the columns by which reports are told apart are enough.
    """

    documents: pa.Table
    readings: pa.Table
    resolutions: pa.Table

    @cached_property
    def ids(self) -> list[str]:
        """The reports."""
        ids: list[str] = self.readings["report_id"].to_pylist()
        return ids

    @cached_property
    def paths(self) -> list[str]:
        """The file of each report."""
        files = paths_of(self.documents)
        return [files[name] for name in self.ids]

    @cached_property
    def groups(self) -> "dict[Whose, list[_Version]]":
        """The reports of each body, or name, the oldest first."""
        return _groups(self)


def paths_of(documents: pa.Table) -> dict[str, str]:
    """Report -> its file, from rows of `raw_documents`."""
    names = ("source_sha256", "source_path", "code")
    rows = zip(*(documents[name].to_pylist() for name in names), strict=True)
    return {report_id(digest): path for digest, path, code in rows if not code}


def load_year(lake: Lake, year: int) -> YearRead:
    """A year as it is landed, so far as its reports are told apart."""
    readings = lake.load("readings", year, columns=["report_id", "code", "agency_name", "published_on"])
    return YearRead(
        lake.load("raw_documents", year, columns=["source_sha256", "source_path", "code"]),
        readings.filter(pc.is_null(readings["code"])),
        lake.load("resolutions", year, columns=["agency_id", "scope", "region_code"]),
    )


class _Version(NamedTuple):
    """A report as its versions are ordered: by date, then by path, for nothing else says which came later."""

    published: str
    path: str
    number: int
    scope: str


def surroundings(lake: Lake, before: Lake, year: int, workers: Workers) -> Iterator[tuple[Part, pa.Table]]:
    """The rows of `surroundings` of a year, part by part; `before` is where the year before is landed.

    It is looking up, for the most part: the workers are not asked.
    """
    now, then = load_year(lake, year), load_year(before, year - 1)
    gone, whose, found = replaced(now), _versions(now), partners(now, then)
    earlier = _earlier(before, year - 1, {partner for partner in found if partner != NO_PARTNER})
    extents = list(_extents(lake, year))
    apart = {group for group in whose.values() if group.same_body and not any(group.lies_in(own) for _, own in extents)}
    several = _members(lake, year, {number for group in apart for number in group.numbers})
    for part, own in extents:
        siblings = {
            next(number for number in group.numbers if number in own): [
                several[number] for number in group.numbers if number not in own
            ]
            for group in apart
            if any(number in own for number in group.numbers)
        }
        columns: dict[str, list[Any]] = {
            "report_id": [now.ids[number] for number in own],
            "is_current": [number not in gone for number in own],
            "same_body": [whose[number].same_body if number in whose else None for number in own],
            "versions": [
                [{"report_id": now.ids[each], "source_path": now.paths[each]} for each in whose[number].numbers]
                if number in whose
                else None
                for number in own
            ],
            "siblings": [siblings.get(number) for number in own],
        }
        arrays = {name: pa.array(column, SURROUNDINGS.field(name).type) for name, column in columns.items()}
        rows = pa.array([earlier.rows.get(found[number]) for number in own], pa.int64())
        yield part, pa.table(arrays | {"earlier": earlier.reports.take(rows)}).select(SURROUNDINGS.names)


def _extents(lake: Lake, year: int) -> Iterator[tuple[Part, range]]:
    """The parts of a year, and the numbers of the accepted reports that are of each."""
    start = 0
    for part in lake.parts("readings", year):
        size = len(_accepted(lake, year, part, ["report_id"]))
        yield part, range(start, start + size)
        start += size


class _Group(NamedTuple):
    """Versions of a report, by number, the oldest first; whether they are surely of one body."""

    numbers: tuple[int, ...]
    same_body: bool

    def lies_in(self, own: range) -> bool:
        """Whether all of them are among some reports."""
        return all(number in own for number in self.numbers)


def _versions(year: YearRead) -> dict[int, _Group]:
    """Report -> its versions, for those that have any."""
    groups = [
        _Group(tuple(version.number for version in group), whose[0] != "bare name")
        for whose, group in year.groups.items()
        if len(group) > 1
    ]
    return {number: group for group in groups for number in group.numbers}


class _Earlier(NamedTuple):
    """Reports of the year before (`tables.EARLIER`), and the row of each by its number in that year."""

    reports: pa.StructArray
    rows: dict[int, int]


def _earlier(lake: Lake, year: int, wanted: set[int]) -> _Earlier:
    """The reports of a year that are wanted, as those of the next are held against them."""
    pieces, start = [pa.schema(list(EARLIER)).empty_table()], 0
    kept: list[int] = []
    for part in lake.parts("readings", year):
        readings, corrected = corrected_part(lake, year, part, _HELD_AGAINST)
        numbers = [number for number in range(start, start + len(readings)) if number in wanted]
        own = pa.array([number - start for number in numbers], pa.int64())
        pieces.append(rulebook.as_earlier(readings.take(own), corrected))
        kept += numbers
        start += len(readings)
    table = pa.concat_tables(pieces).combine_chunks()
    columns = [table[field.name].combine_chunks() for field in EARLIER]
    return _Earlier(
        pa.StructArray.from_arrays(columns, fields=list(EARLIER)), {number: row for row, number in enumerate(kept)}
    )


_HELD_AGAINST = [
    "report_id",
    "code",
    *(f"{name}.{field}" for name in TABLES for field in ("edition", "value", "unit")),
    STATISTICS,
    "notes",
]


def corrected_part(lake: Lake, year: int, part: Part, columns: Sequence[str]) -> tuple[pa.Table, dict[str, set[str]]]:
    """Columns of a part of `readings`, of accepted reports, with their corrections; and the tables that hold any."""
    corrections = lake.load("corrections", year, part)
    corrected: dict[str, set[str]] = defaultdict(set)
    for row in corrections.to_pylist():
        corrected[row["report_id"]].add(row["table_name"])
    readings = _accepted(lake, year, part, None if corrected else columns)
    return apply_corrections(readings, corrections), corrected


def _accepted(lake: Lake, year: int, part: Part, columns: Sequence[str] | None) -> pa.Table:
    """Columns of a part of `readings`, of the reports that were accepted."""
    wanted = columns if columns is None or "code" in columns else [*columns, "code"]
    readings = lake.load("readings", year, part, wanted)
    return readings.filter(pc.is_null(readings["code"]))


def _members(lake: Lake, year: int, wanted: set[int]) -> dict[int, dict[str, Any]]:
    """Reports of a year, by number, with their tables."""
    found: dict[int, dict[str, Any]] = {}
    columns = ["report_id", *TABLES, STATISTICS]
    for part, own in _extents(lake, year) if wanted else ():
        numbers = [number for number in own if number in wanted]
        if numbers:
            readings, _ = corrected_part(lake, year, part, columns)
            rows = readings.select(columns).take(pa.array([number - own.start for number in numbers], pa.int64()))
            found |= zip(numbers, rows.to_pylist(), strict=True)
    return found


def around(
    rows: pa.Table, paths: Sequence[str], resolutions: pa.Table, similar: pa.Table | None = None
) -> Surroundings:
    """What is known of the reports of a part from beyond each of them.

    `rows` are those of `surroundings`, `paths` the reports' files, `similar` the rows of `similar_reports`.
    """
    ids, earlier = rows["report_id"].to_pylist(), rows["earlier"].combine_chunks()
    held = pc.is_valid(earlier).to_numpy(zero_copy_only=False)
    places = iter(range(int(held.sum())))
    numbers = {name: number for number, name in enumerate(ids)}
    known = {row["report_id"]: row for each in rows["siblings"].to_pylist() for row in each or ()}
    siblings: list[dict[str, Any]] = []
    files: list[str] = []
    groups: dict[tuple[int, ...], Versions] = {}
    for same_body, versions in zip(rows["same_body"].to_pylist(), rows["versions"].to_pylist(), strict=True):
        for version in versions or ():
            name = version["report_id"]
            if numbers.setdefault(name, len(numbers)) == len(ids) + len(siblings):
                siblings.append(known.get(name, {"report_id": name}))
                files.append(version["source_path"])
        group = tuple(numbers[version["report_id"]] for version in versions or ())
        if group:
            groups[group] = Versions(group, same_body)
    alone = Surroundings()
    return Surroundings(
        pa.table(dict(zip(EARLIER.names, earlier.drop_null().flatten(), strict=True))),
        [next(places) if there else NO_PARTNER for there in held],
        list(_bodies(resolutions)),
        pa.Table.from_pylist(siblings, schema=alone.siblings.schema),
        [*paths, *files],
        list(groups.values()),
        similar.to_pylist() if similar is not None else [],
    )


def replaced(year: YearRead) -> set[int]:
    """The reports, by number, that a later version of the same body and year replaces.

    The version published last is current. Where a date is missing, or two are the same, the body's `agency_id` alone
    is trusted, and of its versions the last by path is current: files carry no other order. Versions that say they
    cover different bodies, the own level and the whole region, replace nothing. Finding A2 names them all.
    """
    groups = year.groups.items()
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
    for whose, group in year.groups.items():
        current = _current(whose, group)
        if whose[0] != "bare name" and len(current) == 1:
            yield whose, current[0].number


def _groups(year: YearRead) -> dict[Whose, list[_Version]]:
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


def similar_parts(lake: Lake, before: Lake, year: int, workers: Workers) -> Iterator[tuple[Part, pa.Table]]:
    """The rows of `similar_reports` of a year, part by part; `before` is where the year before is landed."""
    now, then = load_year(lake, year), load_year(before, year - 1)
    texts = narratives(lake, year, workers), narratives(before, year - 1, workers)
    rows = similar_reports(now, then, year, texts)
    for part in lake.parts("readings", year):
        yield part, part.of_rows(rows)


def narratives(lake: Lake, year: int, workers: Workers = HERE) -> list[str]:
    """The narrative of each accepted report of a year."""
    parts = lake.parts("readings", year)
    found = dict(workers.each(_narratives, [(lake, year, part) for part in parts], f"comparing the texts of {year}"))
    return [text for part in parts for text in found[part]]


def _narratives(job: tuple[Lake, int, Part]) -> tuple[Part, list[str]]:
    lake, year, part = job
    return part, rulebook.narratives(_accepted(lake, year, part, _NARRATIVE))


_NARRATIVE = [f"sections.list.element.{field}" for field in ("section", "text")]


def similar_reports(now: YearRead, before: YearRead, year: int, texts: tuple[Sequence[str], Sequence[str]]) -> pa.Table:
    """The rows of `similar_reports` of a year; `texts` are the narratives of both years' reports.

    Within a county, current reports of different bodies are compared.
    """
    bodies, gone = now.resolutions["agency_id"].to_pylist(), replaced(now)
    counties = [
        code[:_COUNTY] if code and number not in gone else None
        for number, code in enumerate(now.resolutions["region_code"].to_pylist())
    ]
    rows = [
        {
            "report_id": now.ids[report],
            "report_year": year,
            "other_report_id": before.ids[other] if kind == "previous_year" else now.ids[other],
            "other_report_year": year - 1 if kind == "previous_year" else year,
            "kind": kind,
            "similarity": similarity,
        }
        for report, other, kind, similarity in rulebook.find_pairs(*texts, partners(now, before), counties)
        if kind == "previous_year" or bodies[report] != bodies[other]
    ]
    return pa.Table.from_pylist(rows, schema=SIMILAR_REPORTS.arrow_schema)
