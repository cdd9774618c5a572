"""Whose a report is, where people know better: `agencies.csv` beside `data/raw`, one line for each thing they know.

    report_year,report_id,source_path,agency_name,agency_id,why,who
    2023,,2023/box-7/*,,130529-finance,The folder is the bureau's own archive,Li Si

One of `report_id`, `source_path` (`*` and `?` stand for any characters) and `agency_name` (as `reports` has it) says
which reports are meant; `report_year` may be left out. A line that is for no report is an error, like a correction
that fits no cell: what it was meant for has changed.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import NamedTuple

from pipeline.agencies.regions import load_regions
from pipeline.agencies.resolve import agency_of
from pipeline.warehouse.inventory import FIRST_YEAR, last_year
from pipeline.warehouse.listing import open_listing
from pipeline.warehouse.store import Store

AGENCIES_FILE = "agencies.csv"
_MATCHED = ("report_id", "source_path", "agency_name")
_COLUMNS = ("report_year", *_MATCHED, "agency_id", "why", "who")


class AgencyOverride(NamedTuple):
    """A line: whose the reports are that match it. `place` is for messages; `column` is what it matches, by `pattern`.

    `report_year`: None is any year.
    """

    place: str
    report_year: int | None
    column: str
    pattern: str
    agency_id: str
    why: str
    who: str

    @property
    def text(self) -> str:
        """The line as evidence: what it is for, why, and who says so. No two lines have the same."""
        year = f" of {self.report_year}" if self.report_year else ""
        return f"{self.column} {self.pattern}{year} is {self.agency_id}: {self.why} ({self.who})"

    def fits(self, report: Mapping[str, str | None]) -> bool:
        """Whether a report of the line's year is one it is for."""
        value = report[self.column] or ""
        return fnmatchcase(value, self.pattern) if self.column == "source_path" else value == self.pattern


def read_overrides(beside: Store, problems: list[str]) -> Iterator[AgencyOverride]:
    """The lines of the file in a folder, if it is there; what is wrong with others is added to `problems`."""
    lines = open_listing(beside, AGENCIES_FILE, problems)
    if lines is None:
        return
    missing = [name for name in ("agency_id", "why", "who") if name not in (lines.fieldnames or ())]
    unknown = [name for name in lines.fieldnames or () if name not in _COLUMNS]
    if missing or unknown:
        said = [*(f"{name} is missing" for name in missing), *(f"{name} is no column" for name in unknown)]
        problems.append(f"{AGENCIES_FILE}, line 1: {'; '.join(said)}. Its columns are {', '.join(_COLUMNS)}.")
        return
    first: dict[tuple[int | None, str, str], str] = {}
    for entry in lines:
        place = f"{AGENCIES_FILE}, line {lines.line_num}"
        values = {name: (entry.get(name) or "").strip() for name in _COLUMNS}
        wrong = [f"{place}: {fault}" for fault in _faults(values, None in entry)]
        if wrong:
            problems += wrong
            continue
        [column] = [name for name in _MATCHED if values[name]]
        year = int(values["report_year"]) if values["report_year"] else _year_of(values["source_path"])
        line = AgencyOverride(place, year, column, values[column], values["agency_id"], values["why"], values["who"])
        if first.setdefault(line[1:4], place) != place:
            problems.append(f"{place} is for the same reports as {first[line[1:4]]}. Keep one of them.")
        yield line


def _faults(values: Mapping[str, str], too_long: bool) -> Iterator[str]:
    """What is wrong with the values of a line, each in a sentence."""
    year, agency = values["report_year"], values["agency_id"]
    if too_long:
        yield "there are more values than columns. Quote a value that has commas in it."
    if year and not (year.isascii() and year.isdecimal() and FIRST_YEAR <= int(year) <= last_year()):
        yield f"report_year: {year!r} is no report year, {FIRST_YEAR} to {last_year()}. Leave it out for all years."
    if sum(bool(values[name]) for name in _MATCHED) != 1:
        yield f"say which reports are meant with one of {', '.join(_MATCHED)}."
    if values["report_id"] and not re.fullmatch("[0-9a-f]{16}", values["report_id"]):
        yield f"report_id: {values['report_id']!r} is no id. Copy its 16 hex digits from the warehouse."
    for name in ("why", "who"):
        if not values[name]:
            yield f"{name}: say it in words."
    if agency_of(agency, load_regions()) is None:
        row = load_regions().row(agency.partition("-")[0])
        now = f" The code of {load_regions().names[row]} is {load_regions().codes[row]}." if row is not None else ""
        yield (
            f"agency_id: {agency!r} names no body. Write the region's code, of a body that is not its government with "
            f"what it is: 130529201, 130529-office, 130529-finance.{now}"
        )


def _year_of(source_path: str) -> int | None:
    """The year whose folder a path names."""
    folder, _, rest = source_path.partition("/")
    return int(folder) if rest and re.fullmatch("[0-9]{4}", folder) else None


def fitting(overrides: Sequence[AgencyOverride], report: Mapping[str, str | None]) -> list[AgencyOverride]:
    """The lines that a report matches."""
    return [override for override in overrides if override.fits(report)]


def idle(overrides: Sequence[AgencyOverride], used: Collection[str]) -> list[str]:
    """What is wrong with the lines that no report matches; `used` are the texts of those that one does."""
    return [
        f"{override.place}: no accepted report{f' of {override.report_year}' if override.report_year else ''} has the "
        f"{override.column} {override.pattern}. Look it up in `reports`; then change the line, or remove it."
        for override in overrides
        if override.text not in used
    ]
