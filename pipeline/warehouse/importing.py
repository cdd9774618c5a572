"""Copying report files into the raw folder, each to the folder of its report year; nothing is ever overwritten."""

import re
import shutil
from collections.abc import Iterable, Iterator
from hashlib import file_digest
from pathlib import Path
from typing import Literal, NamedTuple

from pipeline.parse import parse
from pipeline.progress import track
from pipeline.readers import Refused, format_of, reader_of
from pipeline.warehouse.inventory import FIRST_YEAR, last_year, scan

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


class Imported(NamedTuple):
    """What became of a file: copied to `target`, already there as `target`, or left where it is for a reason."""

    source: Path
    outcome: Literal["copied", "present", "left"]
    target: Path | None
    reason: str


def import_files(paths: Iterable[Path], raw: Path, year: int | None = None) -> list[Imported]:
    """Copy files, and the files in folders, into `raw/<report year>/`.

    The year is `year`, else the one the report states, else that of a folder or file name it lies under. What is in the
    raw folder already, byte for byte, is not copied again; a file of the same name and other bytes gets a number.
    """
    raw.mkdir(parents=True, exist_ok=True)
    present = {file.source_sha256: raw / file.source_path for file in scan(raw).files if file.source_sha256}
    files = list(_files(paths))
    return [_import_file(file, raw, year, present) for file in track(files, "importing")]


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(inside for inside in path.rglob("*") if inside.is_file())
        else:
            yield path


def _import_file(file: Path, raw: Path, year: int | None, present: dict[str, Path]) -> Imported:
    try:
        with file.open("rb") as stream:
            digest = file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        return Imported(file, "left", None, f"it cannot be read: {error.strerror}")
    if digest in present:
        return Imported(file, "present", present[digest], "the same bytes are there already")
    report_year, evidence = (year, "given") if year else _report_year(file)
    if report_year is None:
        return Imported(file, "left", None, "neither its text nor its path names a report year; give it with --year")
    if not FIRST_YEAR <= report_year <= last_year():
        return Imported(file, "left", None, f"its year {report_year} is not between {FIRST_YEAR} and {last_year()}")
    target = _free_name(raw / str(report_year) / file.name)
    target.parent.mkdir(exist_ok=True)
    shutil.copyfile(file, target)
    present[digest] = target
    return Imported(file, "copied", target, f"year {evidence}")


def _report_year(file: Path) -> tuple[int | None, str]:
    try:
        reader = reader_of(format_of(file.name))
        if file.stat().st_size <= reader.MAX_BYTES:
            stated = parse(reader.arrange(reader.extract(file.read_bytes()))).stated_year
            if stated:
                return stated, "stated in the report"
    except Refused:
        pass  # the build will say why; its path may still name the year
    for name in (file.parent.name, file.stem):
        years = set(_YEAR.findall(name))
        if len(years) == 1:
            return int(years.pop()), f"in the name {name}"
    return None, ""


def _free_name(target: Path) -> Path:
    """The target, or its name with the first number that is free: `report-2.txt`."""
    number = 1
    name = target
    while name.exists():
        number += 1
        name = target.with_name(f"{target.stem}-{number}{target.suffix}")
    return name
