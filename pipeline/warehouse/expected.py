"""Which reports are to be expected, and which of them are there: who has not published.

A body that reported is expected to report again, while its region stands, in every year of which any report is there.
What no report shows a user can say: `expected.csv` beside `data/raw`, one line for each body.

    agency_id,name,from_year,to_year
    130529201,,2019,
    ,巨鹿县财政局,2019,2023

One of `agency_id` and `name` says which body; without `to_year` it is expected to this day. A line that is for no body
is an error.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.agencies.regions import load_regions
from pipeline.agencies.resolve import agency_of
from pipeline.agencies.spelling import full_name, meaning_of
from pipeline.tables import EXPECTED_REPORTS
from pipeline.warehouse.inventory import FIRST_YEAR, last_year
from pipeline.warehouse.listing import open_listing
from pipeline.warehouse.store import Store

EXPECTED_FILE = "expected.csv"
_COLUMNS = ("agency_id", "name", "from_year", "to_year")


class ExpectedBody(NamedTuple):
    """A line: the body, and the first and the last year it is expected to report of; `place` is for messages."""

    place: str
    agency_id: str
    from_year: int
    to_year: int


def read_expected(beside: Store, problems: list[str]) -> Iterator[ExpectedBody]:
    """The lines of the file in a folder, if it is there; what is wrong with others is added to `problems`."""
    lines = open_listing(beside, EXPECTED_FILE, problems)
    if lines is None:
        return
    names = list(lines.fieldnames or ())
    if "from_year" not in names or not {"agency_id", "name"} & set(names) or not set(names) <= set(_COLUMNS):
        problems.append(f"{EXPECTED_FILE}, line 1: {', '.join(names)} are not its columns: {', '.join(_COLUMNS)}.")
        return
    for entry in lines:
        place = f"{EXPECTED_FILE}, line {lines.line_num}"
        values = {name: (entry.get(name) or "").strip() for name in _COLUMNS}
        wrong = [*_years_wrong(values), *(["there are more values than columns."] if None in entry else [])]
        bodies = _bodies(values) if not wrong else []
        if not wrong and len(bodies) != 1:
            wrong.append(_unclear(values, bodies))
        problems += [f"{place}: {fault}" for fault in wrong]
        if not wrong:
            to_year = int(values["to_year"]) if values["to_year"] else last_year()
            yield ExpectedBody(place, bodies[0], int(values["from_year"]), to_year)


def _years_wrong(values: Mapping[str, str]) -> Iterator[str]:
    for name in ("from_year", "to_year"):
        year = values[name]
        if (year or name == "from_year") and not (
            year.isascii() and year.isdecimal() and FIRST_YEAR <= int(year) <= last_year()
        ):
            yield f"{name}: {year!r} is no report year, {FIRST_YEAR} to {last_year()}."
            return
    if values["to_year"] and int(values["to_year"]) < int(values["from_year"]):
        yield f"to_year: {values['to_year']} is before {values['from_year']}."


def _bodies(values: Mapping[str, str]) -> list[str]:
    """The ids of the bodies that a line may mean."""
    regions = load_regions()
    if values["agency_id"]:
        return [values["agency_id"]] if not values["name"] and agency_of(values["agency_id"], regions) else []
    meaning = meaning_of(values["name"], int(values["from_year"]), regions) if values["name"] else None
    codes = [regions.codes[row] for row in meaning.rows] if meaning else []
    return [f"{code}-{meaning.body.mark}" if meaning and meaning.body.mark else code for code in codes]


def _unclear(values: Mapping[str, str], bodies: list[str]) -> str:
    if bool(values["agency_id"]) == bool(values["name"]):
        return "say which body is meant, with its agency_id or its name; one of the two."
    if values["agency_id"]:
        return f"agency_id: {values['agency_id']!r} names no body. Look it up in `agencies`, or write the name."
    if bodies:
        return f"name: {values['name']} may be {' or '.join(bodies)}. Write the agency_id."
    return f"name: {values['name']} is no body that is known. Write it in full, with its county, or the agency_id."


def expected_reports(reports: Iterable[pa.Table], listed: Iterable[ExpectedBody]) -> pa.Table:
    """The rows of `expected_reports`; `reports` are columns of `reports`: agency_id, report_year; a table a year."""
    present: dict[int, set[str]] = {}
    for told in reports:
        for year in pc.unique(told["report_year"]).to_pylist():
            present.setdefault(year, set()).update(pc.unique(told["agency_id"].drop_null()).to_pylist())
    first: dict[str, int] = {}
    for year in sorted(present):
        for agency in present[year]:
            first.setdefault(agency, year)
    until = {agency: _stood_until(agency) for agency in first}
    named: dict[tuple[str, int], str] = {}
    for body in listed:
        named |= {(body.agency_id, year): "listed" for year in range(body.from_year, body.to_year + 1)}
    rows: list[tuple[str, int]] = sorted(
        named.keys()
        | {
            (agency, year)
            for year, there in present.items()
            for agency, since in first.items()
            if agency in there or since <= year <= until[agency]
        }
    )
    bodies = {agency: _named(agency) for agency in {agency for agency, _ in rows}}
    columns = {
        **{name: [bodies[agency][name] for agency, _ in rows] for name in ("agency_id", "name_zh", "region_code")},
        "report_year": [year for _, year in rows],
        "reason": [named.get(row, "seen") for row in rows],
        "present": [agency in present.get(year, ()) for agency, year in rows],
    }
    schema = EXPECTED_REPORTS.arrow_schema
    return pa.table({field.name: pa.array(columns[field.name], field.type) for field in schema}, schema=schema)


def _stood_until(agency: str) -> int:
    """The last year a body's region is known to have stood all through; of most it stands."""
    regions = load_regions()
    found = agency_of(agency, regions)
    assert found is not None
    return min(regions.stood_until(found[0]), last_year())


def _named(agency: str) -> dict[str, Any]:
    regions = load_regions()
    found = agency_of(agency, regions)
    assert found is not None
    return {"agency_id": agency, "name_zh": full_name(*found, regions), "region_code": regions.codes[found[0]]}
