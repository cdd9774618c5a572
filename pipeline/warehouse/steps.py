"""Every table of a year as a step: what it is made of, and how. In the order in which they can be made.

What a step reads stands here and nowhere else: by it a part is made again when something it is made of has changed.
"""

from collections.abc import Iterator, Sequence
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from pipeline import checks as rulebook
from pipeline import tables, versions
from pipeline.forms import STATISTICS, TABLES
from pipeline.tables import RESOLUTIONS as RESOLVED
from pipeline.warehouse import agencies, facts, landing, succession
from pipeline.warehouse.amendments import Amendments
from pipeline.warehouse.corrections import apply_corrections, hold_corrections
from pipeline.warehouse.decisions import decide, hold_decisions
from pipeline.warehouse.dimensions import dimension
from pipeline.warehouse.expected import expected_reports
from pipeline.warehouse.inventory import last_year
from pipeline.warehouse.lake import Lake
from pipeline.warehouse.making import Entries, OnceStep, PartStep, RowStep, Task, WholeStep, YearStep
from pipeline.warehouse.parts import Part

# What people add


def _corrections_of(amendments: Amendments, part: Part) -> Entries:
    return tuple(entry for entry in amendments.corrections if part.holds(entry.report_id))


def _decisions_of(amendments: Amendments, part: Part) -> Entries:
    return amendments.decisions  # a finding's name does not tell its report


def _overrides_of(amendments: Amendments, part: Part) -> Entries:
    return amendments.agencies


# What is read of a part


def _accepted(task: Task, *columns: str) -> pa.Table:
    """Columns of the readings of accepted reports, or all of them."""
    return facts.accepted(task.load("readings", ["report_id", "code", *columns] if columns else None))


def _corrected(task: Task, *columns: str) -> pa.Table:
    """The same with the corrections of the tables among them."""
    corrections = task.load("corrections")
    if columns:
        corrections = corrections.filter(pc.is_in(corrections["table_name"], pa.array(columns)))
    return apply_corrections(_accepted(task, *columns), corrections)


def _around(task: Task, *, similar: bool) -> rulebook.Surroundings:
    paths, rows = succession.paths_of(task.load("raw_documents")), task.load("surroundings")
    return succession.around(
        rows,
        [paths[name] for name in rows["report_id"].to_pylist()],
        task.load("resolutions"),
        task.load("similar_reports") if similar else None,
    )


# How parts are made


def _resolutions(task: Task) -> pa.Table:
    kept = RESOLVED.empty_table() if task.anew else task.lake.kept("resolutions", task.year, task.part)
    files, read = task.load("raw_documents"), _accepted(task, "agency_name", "sections")
    return agencies.resolve_reports(files, read, kept, task.entries, task.year, task.version)


def _hold_corrections(task: Task) -> pa.Table:
    if not task.entries:  # nearly always: no table need be read
        return tables.CORRECTIONS.empty()
    return hold_corrections(task.entries, _accepted(task, *tables.CORRECTABLE), task.year)


def _proactive_disclosure(task: Task) -> pa.Table:
    return facts.cells(_corrected(task, "proactive_disclosure"), tables.PROACTIVE_DISCLOSURE, task.year)


def _applications(task: Task) -> pa.Table:
    return facts.cells(_corrected(task, "applications"), tables.APPLICATIONS, task.year)


def _review_litigation(task: Task) -> pa.Table:
    return facts.cells(_corrected(task, "review_litigation"), tables.REVIEW_LITIGATION, task.year)


def _statistics(task: Task) -> pa.Table:
    return facts.statistics(_corrected(task, STATISTICS), task.year)


def _sections(task: Task) -> pa.Table:
    return facts.sections(_accepted(task, "sections"), task.year)


def _narrative_facts(task: Task) -> pa.Table:
    return facts.narrative_facts(_corrected(task, "narrative", "stated_year", "agency_name", *TABLES), task.year)


def _evidence(task: Task) -> pa.Table:
    return agencies.evidence_rows(task.load("resolutions"), task.year)


def _checks(task: Task) -> pa.Table:
    return rulebook.check(_corrected(task), task.year, _around(task, similar=False))


def _findings(task: Task) -> pa.Table:
    found = facts.findings(
        task.load("raw_documents"),
        _corrected(task),
        task.load("resolutions"),
        task.load("corrections"),
        task.load("checks", ["report_id", "failed"]),
        _around(task, similar=True),
        task.year,
    )
    return decide(found, task.entries)


def _quarantine(task: Task) -> pa.Table:
    texts, readings = (task.load(name, _REFUSAL) for name in ("document_text", "readings"))
    return facts.quarantine(task.load("raw_documents"), texts, readings, task.year)


_REFUSAL = ["report_id", "code", "message", "hint"]


def _reports(task: Task) -> pa.Table:
    return facts.reports(
        task.load("raw_documents"),
        _accepted(task, *_PLAIN, *(f"{name}.edition" for name in TABLES), STATISTICS),
        task.load("resolutions"),
        task.load("surroundings", ["is_current"]),
        task.load("findings"),
        task.year,
    )


_PLAIN = [field.name for field in tables.READINGS if not pa.types.is_nested(field.type)]


def _decisions_met(lake: Lake, files: Sequence[str], amendments: Amendments) -> None:
    """Raise UnusableEntries when a decision is on no finding of its year."""
    if amendments.decisions:
        names = (lake.read(file, ["finding_id"])["finding_id"].to_pylist() for file in files)
        hold_decisions(amendments.decisions, {name for part in names for name in part})


# How a year is made at once


def _applications_wide(lake: Lake, year: int) -> pa.Table:
    readings = (readings for _, readings in _figures(lake, year, ["applications"]))
    return pa.concat_tables([facts.applications_wide(each, year) for each in readings])


def _report_wide(lake: Lake, year: int) -> pa.Table:
    parts = _figures(lake, year, TABLES)
    return pa.concat_tables([facts.report_wide(readings, lake.load("reports", year, part)) for part, readings in parts])


def _figures(lake: Lake, year: int, names: Sequence[str]) -> Iterator[tuple[Part, pa.Table]]:
    """The figures of some tables of accepted reports, corrected, part by part."""
    columns = [f"{name}.{field}" for name in names for field in ("edition", "value", "unit")]
    for part in lake.parts("readings", year):
        readings, _ = succession.corrected_part(lake, year, part, ["report_id", "code", *columns])
        yield part, readings


# How tables without a year are made


def _agencies(lake: Lake, amendments: Amendments) -> pa.Table:
    told = lake.seen_next(tables.REPORTS, ["agency_id", "report_year", "report_id"])
    evidence = lake.seen_next(tables.AGENCY_EVIDENCE, ["report_id", "kind", "name", "text", "says"])
    return agencies.register(told, evidence, amendments.agencies)


def _expected(lake: Lake, amendments: Amendments) -> pa.Table:
    return expected_reports(lake.seen_next(tables.REPORTS, ["agency_id", "report_year"]), amendments.expected)


def _listed(amendments: Amendments) -> tuple[object, ...]:
    return amendments.expected, last_year()  # a body that stands is expected up to the last year


def _overriding(amendments: Amendments) -> tuple[object, ...]:
    return amendments.agencies


def _declared(table: tables.Table, lake: Lake, amendments: Amendments) -> pa.Table:
    return dimension(table)


# The steps

_BUILD = versions.build_version
_CELLS = ("readings", "corrections")
_TOLD = ("raw_documents", "readings", "resolutions", "corrections")
_JUDGED = (*_TOLD, "surroundings")

DOCUMENT_TEXT = RowStep(
    "document_text",
    "raw_documents",
    work=landing.extract,
    names=landing.file_names,
    costs=landing.costs,
    version=versions.reader_version,
    versioned="reader_version",
    says="taking text from the files of {year}",
)
READINGS = RowStep(
    "readings",
    "document_text",
    work=landing.read,
    names=landing.report_names,
    costs=landing.even,
    version=versions.parser_version,
    versioned="parser_version",
    says="reading the reports of {year}",
)
RESOLUTIONS = PartStep(
    "resolutions",
    ("raw_documents", "readings"),
    _resolutions,
    versions.resolver_version,
    counted=("agency_status",),
    entries=_overrides_of,
)
CORRECTIONS = PartStep(
    "corrections", ("readings",), _hold_corrections, _BUILD, counted=("table_name",), entries=_corrections_of
)
PROACTIVE_DISCLOSURE = PartStep("proactive_disclosure", _CELLS, _proactive_disclosure, _BUILD, counted=("state",))
APPLICATIONS = PartStep("applications", _CELLS, _applications, _BUILD, counted=("state",))
REVIEW_LITIGATION = PartStep("review_litigation", _CELLS, _review_litigation, _BUILD, counted=("state",))
APPLICATIONS_WIDE = WholeStep("applications_wide", _CELLS, _applications_wide, _BUILD)
STATISTICS_2014 = PartStep("statistics_2014", _CELLS, _statistics, _BUILD, counted=("state",))
SECTIONS = PartStep("sections", ("readings",), _sections, _BUILD, counted=("section",))
NARRATIVE_FACTS = PartStep("narrative_facts", _CELLS, _narrative_facts, _BUILD, counted=("verdict",))
AGENCY_EVIDENCE = PartStep("agency_evidence", ("resolutions",), _evidence, _BUILD, counted=("kind",))
SURROUNDINGS = YearStep("surroundings", _TOLD, _TOLD, succession.surroundings, _BUILD)
SIMILAR_REPORTS = YearStep("similar_reports", _TOLD, _TOLD, succession.similar_parts, _BUILD, counted=("kind",))
CHECKS = PartStep("checks", _JUDGED, _checks, _BUILD)
FINDINGS = PartStep(
    "findings",
    (*_JUDGED, "checks", "similar_reports"),
    _findings,
    _BUILD,
    counted=("severity", "rule"),
    entries=_decisions_of,
    complete=_decisions_met,
)
QUARANTINE = PartStep(
    "quarantine", ("raw_documents", "document_text", "readings"), _quarantine, _BUILD, counted=("code",)
)
REPORTS = PartStep("reports", (*_JUDGED, "findings", "quarantine"), _reports, _BUILD, counted=("grade",))
REPORT_WIDE = WholeStep("report_wide", (*_CELLS, "reports"), _report_wide, _BUILD)
AGENCIES = OnceStep("agencies", ("reports", "agency_evidence"), _agencies, _BUILD, ("kind",), _overriding)
EXPECTED_REPORTS = OnceStep("expected_reports", ("reports",), _expected, _BUILD, ("reason",), _listed)
DIMENSIONS = tuple(OnceStep(table.name, (), partial(_declared, table), _BUILD) for table in tables.DECLARED)
