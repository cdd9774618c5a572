"""What lies in the raw folder: every file with its year, its bytes' hash, and whether it can be a report at all.

`data/raw/<report year>/**/*`: the first folder is the year. Files are never changed, never skipped in silence: what is
in no year's folder, empty, too large, of a format nobody reads, or the same as another file, is listed with the reason.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from hashlib import file_digest, sha256
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from pipeline.progress import track
from pipeline.readers import Refused, format_of, reader_of
from pipeline.tables import QUARANTINE, RAW_DOCUMENTS
from pipeline.versions import build_version

FIRST_YEAR = 2008
"""The first year the Regulations asked a report for."""


class RawFile(NamedTuple):
    """A file of the raw folder; `code` is None when it goes on to be read. `same_as` names the file it repeats."""

    source_path: str
    report_year: int | None
    source_sha256: str | None
    source_bytes: int
    same_as: str | None = None
    code: str | None = None
    message: str | None = None
    hint: str | None = None


@dataclass(frozen=True)
class Inventory:
    """All files of a raw folder, sorted by path."""

    files: tuple[RawFile, ...]

    def of(self, year: int | None) -> tuple[RawFile, ...]:
        """The files of a report year; of None those that lie in no year's folder."""
        return tuple(file for file in self.files if file.report_year == year)

    def years(self) -> list[int]:
        """The report years that have files."""
        return sorted({file.report_year for file in self.files if file.report_year is not None})

    def fingerprint(self, year: int | None) -> str:
        """Changes when anything changes that the year's tables are made from: its files, copies of them, the code."""
        files = self.of(year)
        paths = {file.source_path for file in files}
        copies = [file for file in self.files if file.same_as in paths]
        lines = [f"{file.source_path}\0{file.source_sha256}\0{file.code}\0{file.same_as}" for file in (*files, *copies)]
        return sha256("\n".join([build_version(), *lines]).encode()).hexdigest()[:16]

    def documents(self, year: int | None) -> pa.Table:
        """The rows of `raw_documents` for a year."""
        copies: dict[str | None, list[str]] = {}
        for file in self.files:
            copies.setdefault(file.same_as, []).append(file.source_path)
        rows = [
            file._asdict() | {"source_format": format_of(file.source_path), "copies": copies.get(file.source_path, [])}
            for file in self.of(year)
        ]
        return pa.Table.from_pylist(rows, schema=RAW_DOCUMENTS)

    def unplaced(self) -> pa.Table:
        """The rows of `quarantine` for files that lie in no year's folder."""
        rows = [file._asdict() | {"stage": "inventory"} for file in self.of(None)]
        return pa.Table.from_pylist(rows, schema=QUARANTINE.arrow_schema)


def report_id(source_sha256: str) -> str:
    """The id of a report: the first 16 hex digits of the SHA-256 of its bytes."""
    return source_sha256[:16]


def last_year(today: date | None = None) -> int:
    """The last report year that has ended in China."""
    return (today or datetime.now(timezone(timedelta(hours=8))).date()).year - 1


def scan(raw: Path) -> Inventory:
    """List and hash every file below `raw`; raises FileNotFoundError when the folder does not exist."""
    if not raw.is_dir():
        raise FileNotFoundError(f"There is no raw folder {raw}. Create it, or import reports: gongkai import FILE...")
    paths = sorted(_paths(raw))
    found = [_file(raw, path) for path in track(paths, f"listing {raw}")]
    return Inventory(tuple(_mark_copies(found)))


def _paths(raw: Path) -> Iterator[str]:
    for folder, _, names in os.walk(raw, followlinks=True):
        for name in names:
            yield (Path(folder) / name).relative_to(raw).as_posix()


def _file(raw: Path, path: str) -> RawFile:
    year, refusal = None, _refused(path)
    if refusal is None or refusal.code != "no_report_year":
        year = int(path.split("/", 1)[0])
    shown = path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    try:
        size = (raw / path).stat().st_size
        with (raw / path).open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
    except OSError as error:
        return RawFile(
            shown,
            year,
            None,
            0,
            None,
            "not_accessible",
            f"The file cannot be opened: {error.strerror}.",
            "Check the file and its permissions.",
        )
    refusal = refusal or _unfit(path, size)
    if refusal is None:
        return RawFile(shown, year, digest, size)
    return RawFile(shown, year, digest, size, None, refusal.code, refusal.message, refusal.hint)


def _refused(path: str) -> Refused | None:
    folder, _, rest = path.partition("/")
    if rest and folder.isascii() and folder.isdecimal() and FIRST_YEAR <= int(folder) <= last_year():
        return None
    return Refused(
        "no_report_year",
        "The file does not lie in the folder of a report year.",
        f"Move it to a folder named after the year it reports on, {FIRST_YEAR} to {last_year()}.",
    )


def _unfit(path: str, size: int) -> Refused | None:
    """Why a file cannot be a report, as far as its name and size tell."""
    if size == 0:
        return Refused("empty", "The file is empty.", "Fetch the report again.")
    try:
        reader = reader_of(format_of(path))
    except Refused as refusal:
        return refusal
    if size > reader.MAX_BYTES:
        limit = reader.MAX_BYTES // 2**20
        return Refused(
            "too_large",
            f"The file has {size:,} bytes; a report of this format has at most {limit} MiB.",
            "Check whether it holds something else, or several reports, and split it.",
        )
    return None


def _mark_copies(files: list[RawFile]) -> Iterator[RawFile]:
    """The same bytes are one report: the first file in order of year and path stands for all."""
    originals: dict[str, str] = {}
    for file in files:
        if file.code is not None or file.source_sha256 is None:
            yield file
            continue
        original = originals.setdefault(file.source_sha256, file.source_path)
        if original == file.source_path:
            yield file
        else:
            yield file._replace(
                same_as=original,
                code="duplicate",
                message=f"The file has the same bytes as {original}, which stands for both.",
                hint="Nothing is lost; remove the copy, or leave it.",
            )
