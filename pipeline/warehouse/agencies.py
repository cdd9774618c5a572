"""Whose reports a year's are, the evidence for it, and the register of all bodies that were seen.

What a report says of its body is gathered and weighed in `pipeline.agencies`; here it is done for the reports of a
year, where one whose bytes, path and code are the same is not weighed again. The register has no year: it is made of
what readers will see of all years.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.agencies.evidence import Clue, collect
from pipeline.agencies.names import LEVELS
from pipeline.agencies.regions import NO_ROW, Regions, load_regions
from pipeline.agencies.resolve import agency_of, resolve
from pipeline.agencies.scope import scope_of
from pipeline.agencies.spelling import full_name, meaning_of
from pipeline.progress import track
from pipeline.tables import AGENCIES, AGENCY_EVIDENCE, RESOLUTIONS
from pipeline.warehouse.amendments import UnusableEntries
from pipeline.warehouse.inventory import report_id
from pipeline.warehouse.overrides import AgencyOverride, fitting, idle

Row = dict[str, Any]
_GOVERNS = re.compile(r".*[省市县区州盟旗](?:人民政府|政府)?(?:办公[室厅])?")
_READ = ["report_id", "agency_name", "sections"]


def resolve_reports(
    documents: pa.Table,
    readings: pa.Table,
    kept: pa.Table,
    overrides: Sequence[AgencyOverride],
    year: int,
    version: str,
) -> pa.Table:
    """The rows of `resolutions` of a year, in the order of `readings`, which are those of its accepted reports.

    `kept` are the rows landed before; those of the same path and of this version of the code are taken over, where no
    override is or was.
    Raises UnusableEntries when two overrides give a report to different bodies.
    """
    paths = {report_id(row["source_sha256"]): row["source_path"] for row in documents.to_pylist() if not row["code"]}
    given = _given(readings, paths, overrides)
    kept = kept.filter(pc.and_(pc.equal(kept["resolver_version"], version), pc.invert(kept["is_given"])))
    known = dict(zip(kept["report_id"].to_pylist(), kept["source_path"].to_pylist(), strict=True))
    names = readings["report_id"].to_pylist()
    fresh = pa.array([name in given or known.get(name) != paths[name] for name in names], pa.bool_())
    taken = pa.array([name not in given and paths.get(name) == path for name, path in known.items()], pa.bool_())
    rows = [
        resolve_report(row, paths[row["report_id"]], year, given.get(row["report_id"])) | {"resolver_version": version}
        for row in track(readings.select(_READ).filter(fresh).to_pylist(), f"finding whose the reports of {year} are")
    ]
    table = pa.concat_tables([kept.filter(taken), pa.Table.from_pylist(rows, schema=RESOLUTIONS)])
    order = pc.index_in(readings["report_id"], table["report_id"].combine_chunks())
    return table.take(order).combine_chunks()


def _given(
    readings: pa.Table, paths: Mapping[str, str], overrides: Sequence[AgencyOverride]
) -> dict[str, AgencyOverride]:
    """The override of each report that has one."""
    found, problems = dict[str, AgencyOverride](), list[str]()
    for row in readings.select(["report_id", "agency_name"]).to_pylist() if overrides else ():
        report = row | {"source_path": paths[row["report_id"]]}
        lines = fitting(overrides, report)
        if len({line.agency_id for line in lines}) > 1:
            said = " and ".join(f"{line.place} ({line.agency_id})" for line in lines)
            problems.append(f"{said} give {report['source_path']} to different bodies. Keep one of them.")
        elif lines:
            found[row["report_id"]] = lines[0]
    if problems:
        raise UnusableEntries(problems)
    return found


def resolve_report(reading: Row, source_path: str, year: int, override: AgencyOverride | None = None) -> Row:
    """A row of `resolutions`, but for its version, from a row of `readings`."""
    regions = load_regions()
    clues = collect(reading, source_path, year, regions)
    if override:
        clues.insert(0, Clue("override", override.text, None))
    found = resolve(clues, year, regions, override.agency_id if override else None)
    scope, sentences = scope_of(reading["sections"], governs=_governs(found.agency_id, reading["agency_name"], regions))
    places = {section["section"]: section["places"] for section in reading["sections"]}
    evidence = [
        {
            "kind": each.kind,
            "name": clue.name,
            "text": each.text,
            "locator": each.place,
            "region_code": each.region_code,
            "says": each.says,
        }
        for clue, each in zip(clues, found.evidence, strict=True)
    ]
    evidence += [
        {"kind": "scope", "text": said.text, "locator": places[said.section][said.line], "says": said.scope}
        for said in sentences
    ]
    return {
        "report_id": reading["report_id"],
        "source_path": source_path,
        "is_given": override is not None,
        "agency_id": found.agency_id,
        "agency_status": found.status,
        "agency_score": found.score,
        "region_code": found.region_code,
        "reason": found.reason,
        "scope": scope,
        "evidence": evidence,
    }


def _governs(agency_id: str | None, name: str | None, regions: Regions) -> bool:
    """Whether a body is a government from the county up, or its office; one that is nobody's by its name."""
    found = agency_of(agency_id, regions) if agency_id else None
    if found is None:
        return bool(name and _GOVERNS.fullmatch(name))
    row, body = found
    return body.kind in ("government", "office") and LEVELS[regions.levels[row]] != "township"


def evidence_rows(resolutions: pa.Table, year: int) -> pa.Table:
    """The rows of `agency_evidence` of a year."""
    rows = [
        {"report_id": row["report_id"], "report_year": year, "position": position, **each}
        for row in resolutions.select(["report_id", "evidence"]).to_pylist()
        for position, each in enumerate(row["evidence"], start=1)
    ]
    return pa.Table.from_pylist(rows, schema=AGENCY_EVIDENCE.arrow_schema)


def register(
    reports: Iterable[pa.Table], evidence: Iterable[pa.Table], overrides: Sequence[AgencyOverride]
) -> pa.Table:
    """The rows of `agencies`: one for each body that a report of any year is of.

    `reports` and `evidence` are the rows of these tables, a table for each year. Raises UnusableEntries when an
    override is for no report.
    """
    used, seen, named = set[str](), list[pa.Table](), list[pa.Table]()
    for told, said in zip(reports, evidence, strict=True):
        used.update(said.filter(pc.equal(said["kind"], "override"))["text"].to_pylist())
        seen.append(told.filter(pc.is_valid(told["agency_id"])).select(["agency_id", "report_year", "report_id"]))
        named.append(_names_used(seen[-1], said))
    unused = idle(overrides, used)
    if unused:
        raise UnusableEntries(unused)
    if not seen:
        return AGENCIES.empty()
    names, regions = _names_by_agency(pa.concat_tables(named)), load_regions()
    years = [("report_year", "min"), ("report_year", "max"), ("report_id", "count")]
    counted = pa.concat_tables(seen).group_by("agency_id").aggregate(years)
    rows = [
        _agency(agency_id, names.get(agency_id, []), regions)
        | {"first_year": first, "last_year": last, "reports": number}
        for agency_id, first, last, number in sorted(_rows(counted))
    ]
    return pa.Table.from_pylist(rows, schema=AGENCIES.arrow_schema)


class _Name(NamedTuple):
    """A name that a body's reports give it: whether only files are called so, and the years it was first and last."""

    of_file: bool
    first: int
    last: int
    name: str


def _names_used(reports: pa.Table, evidence: pa.Table) -> pa.Table:
    """The names in what speaks for the bodies of a year's reports, with the body, the year, and `of_file`."""
    is_name = pc.is_in(evidence["kind"], pa.array(["title", "signature", "subject", "contact", "path"]))
    said = evidence.filter(pc.and_(is_name, pc.equal(evidence["says"], "for")))
    number = pc.index_in(said["report_id"], reports["report_id"].combine_chunks())
    columns = {name: reports[name].take(number) for name in ("agency_id", "report_year")}
    return pa.table({**columns, "name": said["name"], "of_file": pc.equal(said["kind"], "path")})


def _names_by_agency(named: pa.Table) -> dict[str, list[_Name]]:
    """The names of each body, the first seen first; a file's only where nothing is printed."""
    each = [("of_file", "min"), ("report_year", "min"), ("report_year", "max")]
    found: dict[str, list[_Name]] = defaultdict(list)
    for agency_id, name, of_file, first, last in _rows(named.group_by(["agency_id", "name"]).aggregate(each)):
        found[agency_id].append(_Name(of_file, first, last, name))
    return {
        agency_id: sorted(name for name in names if name.of_file == min(names).of_file)
        for agency_id, names in found.items()
        if agency_id
    }


def _rows(table: pa.Table) -> Iterator[tuple[Any, ...]]:
    return zip(*(column.to_pylist() for column in table.columns), strict=True)


def _agency(agency_id: str, names: Sequence[_Name], regions: Regions) -> Row:
    """What an id says of a body, and what the names say that its reports give it."""
    found = agency_of(agency_id, regions)
    assert found is not None
    row, body = found
    above = regions.parents[row]
    upper = regions.codes[above] if above != NO_ROW else None
    if body.kind == "vertical":
        parent = f"{upper}-{body.mark}" if upper else None
    else:
        parent = regions.codes[row] if body.mark else upper
    if body.mark and names:
        last = max(names, key=lambda name: (name.last, name.first, name.name))
        meaning = meaning_of(last.name, last.last, regions)
        body = meaning.body if meaning and meaning.body.mark == body.mark else body
    return {
        "agency_id": agency_id,
        "name_zh": full_name(row, body, regions),
        "level": LEVELS[regions.levels[row]],
        "kind": body.kind,
        "line": body.line,
        "region_code": regions.codes[row],
        "parent_id": parent,
        "names": "; ".join(name.name for name in names) or None,
    }


def undecided(resolutions: pa.Table) -> Iterator[tuple[str, str]]:
    """Reports with a name whose body is not told, each with the reason."""
    open_ones = resolutions.filter(pc.is_null(resolutions["agency_id"]))
    for row in open_ones.select(["report_id", "reason", "evidence"]).to_pylist():
        if any(each["name"] for each in row["evidence"]):
            yield row["report_id"], row["reason"]
