"""What lies in the raw folder: every file with its year, its bytes' hash, and whether it can be a report at all.

`data/raw/<report year>/**/*`: the first folder is the year. Files are never changed, never skipped in silence: what is
in no year's folder, empty, too large, of a format nobody reads, or the same as another file, is listed with the reason.
"""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import cached_property, partial
from hashlib import sha256
from typing import Any, NamedTuple
from zipfile import BadZipFile

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.readers import Refused, format_of, reader_of
from pipeline.tables import QUARANTINE, RAW_DOCUMENTS
from pipeline.versions import build_version, reader_version
from pipeline.warehouse.raw import PACKED, Raw, Stat
from pipeline.warehouse.store import Store
from pipeline.warehouse.workers import HERE, Workers

FIRST_YEAR = 2008
"""The first year the Regulations asked a report for."""
_NO_YEAR = "no_report_year"


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
        return tuple(self._by_year.get(year, ()))

    def years(self) -> list[int]:
        """The report years that have files."""
        return sorted(year for year in self._by_year if year is not None)

    @cached_property
    def _by_year(self) -> dict[int | None, list[RawFile]]:
        found: dict[int | None, list[RawFile]] = {}
        for file in self.files:
            found.setdefault(file.report_year, []).append(file)
        return found

    @cached_property
    def _copies(self) -> dict[str, list[RawFile]]:
        """The files that each file stands for."""
        found: dict[str, list[RawFile]] = {}
        for file in self.files:
            if file.same_as is not None:
                found.setdefault(file.same_as, []).append(file)
        return found

    def fingerprint(self, year: int | None) -> str:
        """Changes when anything changes that the year's tables are made from: its files, copies of them, the code."""
        files = self.of(year)
        paths = sorted({file.source_path for file in files} & self._copies.keys())
        copies = [copy for path in paths for copy in self._copies[path]]
        lines = [f"{file.source_path}\0{file.source_sha256}\0{file.code}\0{file.same_as}" for file in (*files, *copies)]
        return sha256("\n".join([build_version(), *lines]).encode()).hexdigest()[:16]

    def documents(self, year: int | None) -> pa.Table:
        """The rows of `raw_documents` for a year."""
        files = self.of(year)
        columns: dict[str, Any] = dict(zip(RawFile._fields, zip(*files, strict=True), strict=True)) if files else {}
        columns |= {
            "source_format": [format_of(file.source_path) for file in files],
            "copies": [[copy.source_path for copy in self._copies.get(file.source_path, ())] for file in files],
        }
        return pa.table({field.name: pa.array(columns.get(field.name, []), field.type) for field in RAW_DOCUMENTS})

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


def scan(raw: Raw, seen: "Seen | None" = None, workers: Workers = HERE) -> Inventory:
    """List every file below `raw`, and have those hashed that `seen` does not know as they are.

    Raises FileNotFoundError when the folder does not exist.
    """
    if not raw.exists():
        raise FileNotFoundError(
            f"There is no raw folder {raw.place}. Create it, or import reports: gongkai import FILE..."
        )
    seen, start = seen or Seen(), time.time()
    listed = sorted(raw.files())
    fresh = [stat for stat in listed if not seen.knows(stat)]
    looked = workers.each(partial(_look, raw), list(_batches(fresh)), f"listing {raw.place}")
    found = dict(each for batch in looked for each in batch)
    for stat in fresh:
        seen.remember(stat, found[stat.path], start)
    seen.forget(stat.path for stat in listed)
    files = [file for stat in listed for file in found.get(stat.path) or seen.known[stat.path][1]]
    return Inventory(tuple(_mark_copies(files)))


_FILES, _BYTES = 2_000, 2**25
"""Files looked at in one go, at most, and bytes of them."""


def _batches(stats: Sequence[Stat]) -> Iterator[list[Stat]]:
    batch, size = list[Stat](), 0
    for stat in stats:
        if batch and (len(batch) >= _FILES or size + stat.size > _BYTES):
            yield batch
            batch, size = [], 0
        batch.append(stat)
        size += stat.size
    if batch:
        yield batch


def _look(raw: Raw, stats: Sequence[Stat]) -> list[tuple[str, list[RawFile]]]:
    found = raw.each(lambda stat: list(_files(raw, stat)), stats)
    return [(stat.path, files) for stat, files in zip(stats, found, strict=True)]


class Seen:
    """What files held when they were last looked at: who lists a folder again hashes only what changed since.

    A file that was changed just before is looked at again next time: another change could have the same time.
    """

    SETTLED = 2.0
    """Seconds that must lie between a change and the look at it."""

    def __init__(self, known: Mapping[str, tuple[str, list[RawFile]]] | None = None) -> None:
        self.known = dict(known or {})
        self.is_news = False

    def knows(self, stat: Stat) -> bool:
        """Whether a file is as it was."""
        return stat.path in self.known and self.known[stat.path][0] == _stamp(stat)

    def remember(self, stat: Stat, files: list[RawFile], looked_at: float) -> None:
        """Take down what a file holds: itself, or the reports packed in it."""
        settled = looked_at - stat.changed_at > self.SETTLED
        self.is_news |= settled or stat.path in self.known
        self.known.pop(stat.path, None)
        if settled:
            self.known[stat.path] = _stamp(stat), files

    def forget(self, there: Iterable[str]) -> None:
        """Forget what is gone."""
        gone = self.known.keys() - set(there)
        self.is_news |= bool(gone)
        for path in gone:
            del self.known[path]

    @classmethod
    def load(cls, store: Store) -> "Seen":
        """What was remembered in a warehouse."""
        try:
            with store.open(_SEEN) as file:
                columns = pq.ParquetFile(file).read(_SEEN_SCHEMA.names)
        except (FileNotFoundError, pa.ArrowInvalid):
            return cls()
        known: dict[str, tuple[str, list[RawFile]]] = {}
        for container, stamp, *file in zip(*(column.to_pylist() for column in columns.columns), strict=True):
            known.setdefault(container, (stamp, []))[1].append(RawFile(*file))
        return cls(known)

    def save(self, store: Store) -> None:
        """Keep what is remembered, if it changed."""
        if not self.is_news:
            return
        rows = [(name, stamp, *file) for name, (stamp, files) in sorted(self.known.items()) for file in files]
        columns = zip(*rows, strict=True) if rows else ([] for _ in _SEEN_SCHEMA)
        arrays = [pa.array(column, field.type) for column, field in zip(columns, _SEEN_SCHEMA, strict=True)]
        sink = pa.BufferOutputStream()
        pq.write_table(pa.table(arrays, schema=_SEEN_SCHEMA), sink, compression="zstd")
        store.write(_SEEN, sink.getvalue())


def _stamp(stat: Stat) -> str:
    """Changes when a file may be another, or may be judged in another way."""
    return f"{stat.size} {stat.stamp} {last_year()} {reader_version()}"


_SEEN = "_staged/seen.parquet"
_SEEN_SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("container", "stamp", "source_path")),
        ("report_year", pa.int16()),
        ("source_sha256", pa.string()),
        ("source_bytes", pa.int64()),
        *((name, pa.string()) for name in ("same_as", "code", "message", "hint")),
    ]
)


def _files(raw: Raw, stat: Stat) -> Iterator[RawFile]:
    refusal = _refused(stat.path)
    if not stat.path.endswith(PACKED) or stat.size <= 0 or (refusal and refusal.code == _NO_YEAR):
        yield _file(raw, stat.path, stat.size, refusal)
        return
    try:
        members = sorted(raw.members(stat.path))
    except (OSError, BadZipFile) as error:
        message, hint = f"The archive cannot be opened: {error}.", "Fetch it again, or unpack it."
        yield _file(raw, stat.path, stat.size, Refused("not_unpackable", message, hint))
        return
    for member in members:
        yield _file(raw, f"{stat.path}/{member.name}", member.size, None)


def _file(raw: Raw, path: str, size: int, refusal: Refused | None) -> RawFile:
    year = int(path.split("/", 1)[0]) if refusal is None or refusal.code != _NO_YEAR else None
    shown = path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    refusal = refusal or _unfit(path, size)
    try:
        digest = raw.digest(path)
    except OSError as error:
        message = f"The file cannot be opened: {error.strerror or error}."
        return RawFile(shown, year, None, 0, None, "not_accessible", message, "Check the file and its permissions.")
    if refusal is None:
        return RawFile(shown, year, digest, size)
    return RawFile(shown, year, digest, size, None, refusal.code, refusal.message, refusal.hint)


def _refused(path: str) -> Refused | None:
    folder, _, rest = path.partition("/")
    if rest and folder.isascii() and folder.isdecimal() and FIRST_YEAR <= int(folder) <= last_year():
        return None
    return Refused(
        _NO_YEAR,
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
