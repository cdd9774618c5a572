"""One report with all that is known of it: how it was read, its source, its checks and findings.

From a file that lies anywhere, or from the warehouse, where corrections and decisions have their say.
"""

import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline import checks as rulebook
from pipeline.readers import Document, Refused, format_of, reader_of
from pipeline.tables import READINGS
from pipeline.warehouse.corrections import apply_corrections
from pipeline.warehouse.inventory import FIRST_YEAR, last_year
from pipeline.warehouse.lake import Lake
from pipeline.warehouse.landing import read_document
from pipeline.warehouse.parts import Part

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Report:
    """A row of `readings` and its source; rows of `findings` and `checks`; the file, its year, and the grade if any."""

    reading: Row
    document: Document
    findings: Sequence[Row]
    checks: Sequence[Row]
    source_path: str
    report_year: int
    grade: str | None = None
    grade_reasons: str | None = None


_SHOWN = ("document_text", "readings", "corrections", "reports", "findings", "checks")


def of_file(path: Path) -> Report:
    """Read and check a file that lies anywhere.

    Raises Refused when it cannot be accepted, OSError when it cannot be opened.
    """
    _spare_pandas()
    reader = reader_of(format_of(path.name))
    text = {"report_id": "0" * 16, "source_format": format_of(path.name), "text": reader.extract(path.read_bytes())}
    reading = read_document(text, version="")  # it is kept nowhere, so nobody asks which version read it
    if reading.get("code"):
        raise Refused(reading["code"], reading["message"], reading["hint"])
    year = _year(path, reading)
    readings = pa.Table.from_pylist([reading], schema=READINGS)
    return Report(
        reading,
        reader.arrange(text["text"])[0],
        rulebook.find(readings, year, {}),
        rulebook.check(readings, year).to_pylist(),
        str(path),
        year,
    )


class _NoPandas(MetaPathFinder):
    """Has an import of pandas fail."""

    def find_spec(self, fullname: str, path: object, target: object = None) -> None:
        if fullname == "pandas":
            raise ModuleNotFoundError(name=fullname)


def _spare_pandas() -> None:
    """Let the first conversion to Arrow pass without pandas, which pyarrow imports to know its objects: none come here.

    It asks for pandas again where pandas is needed, so nothing is lost but the time that loading it takes.
    """
    if "pandas" not in sys.modules:
        finder = _NoPandas()
        sys.meta_path.insert(0, finder)
        pa.array([])
        sys.meta_path.remove(finder)


def of_year(lake: Lake, year: int, wanted: set[str]) -> Iterator[Report]:
    """The reports of a year whose ids are wanted, as they stand in the warehouse.

    Raises FileNotFoundError when the year was not built.
    """
    for part in lake.parts("reports", year):
        if any(part.holds(name) for name in wanted):
            yield from _of_part(lake, year, part, wanted)


def _of_part(lake: Lake, year: int, part: Part, wanted: set[str]) -> Iterator[Report]:
    loaded = {name: lake.load(name, year, part) for name in _SHOWN}
    loaded["readings"] = apply_corrections(loaded["readings"], loaded.pop("corrections"))
    texts, readings, reports = (
        {row["report_id"]: row for row in _only(loaded[name], wanted)}
        for name in ("document_text", "readings", "reports")
    )
    findings, checks = (_by_report(_only(loaded[name], wanted)) for name in ("findings", "checks"))
    for name, report in reports.items():
        text = texts[name]
        yield Report(
            readings[name],
            reader_of(text["source_format"]).arrange(text["text"])[0],
            findings[name],
            checks[name],
            report["source_path"],
            year,
            report["grade"],
            report["grade_reasons"],
        )


def _only(table: pa.Table, wanted: set[str]) -> list[Row]:
    rows: list[Row] = table.filter(pc.is_in(table["report_id"], pa.array(sorted(wanted), pa.string()))).to_pylist()
    return rows


def _by_report(rows: list[Row]) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row["report_id"]].append(row)
    return grouped


def _year(path: Path, reading: Row) -> int:
    """The year of the folder the file lies in, as `build` would take it; else the year the report states."""
    for folder in path.resolve().parents:
        if folder.name.isdecimal() and FIRST_YEAR <= int(folder.name) <= last_year():
            return int(folder.name)
    return int(reading["stated_year"] or last_year())
