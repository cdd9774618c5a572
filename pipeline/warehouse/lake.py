"""The warehouse as files: what a part of a table is called, what it was made from, and what readers see.

    <warehouse>/_staged/<table>/report_year=<year>/part-3-of-8-<hash>.parquet    checked, not yet seen by readers
    <warehouse>/_staged/<table>/report_year=<year>/made.json                     its parts, and what they were made from
    <warehouse>/<table>/report_year=<year>/part-3-of-8-<hash>.parquet            published
    <warehouse>/<table>/part-0-of-1-<hash>.parquet                               tables without a year
    <warehouse>/gongkai.duckdb, release.json                                     the catalogue, and the files it names
    <warehouse>/_previous/<table>/...                                            published before the last change

A file is named after its bytes, so none is ever changed: what is new stands beside what it replaces until the record,
or the catalogue, names it instead. A part is held against the hard rules before it is written. What a file was made
from stands in the record, not in the file, so that the same rows are the same bytes.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.tables import (
    DIMENSIONS,
    DOCUMENT_TEXT,
    RAW_DOCUMENTS,
    READINGS,
    RESOLUTIONS,
    SURROUNDINGS,
    TABLES,
    YEARLY,
    Table,
)
from pipeline.warehouse.parts import WHOLE, Part
from pipeline.warehouse.store import Store
from pipeline.warehouse.verdicts import HardRuleBroken, Verdict, sum_up, verdicts

LANDING = {
    "raw_documents": RAW_DOCUMENTS,
    "document_text": DOCUMENT_TEXT,
    "readings": READINGS,
    "resolutions": RESOLUTIONS,
    "surroundings": SURROUNDINGS,
}
"""The tables that are landed for re-runs and never published."""
NO_YEAR = "__HIVE_DEFAULT_PARTITION__"
"""How Hive names the partition of rows without a year."""
STAGED, PREVIOUS = "_staged", "_previous"
CATALOGUE, RELEASE = "gongkai.duckdb", "release.json"
_RECORD = "made.json"
_DIGITS = 12


@dataclass(frozen=True)
class Made:
    """A part as it was made: its file, what it was made from, its rows, what each rule said, and counts of values."""

    part: str
    file: str
    made_from: str
    rows: int
    verdicts: list[dict[str, Any]] = field(default_factory=list)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Record:
    """A table of a year as it is staged: what it goes back to, and its parts."""

    source: str
    made: tuple[Made, ...] = ()

    @property
    def rows(self) -> int:
        """Rows in all parts."""
        return sum(made.rows for made in self.made)

    @property
    def verdicts(self) -> list[Verdict]:
        """What every rule said of all parts together."""
        return sum_up([[Verdict(**verdict) for verdict in made.verdicts] for made in self.made])

    def counts(self, column: str) -> dict[str, int]:
        """How often each value of a counted column occurs."""
        total: dict[str, int] = {}
        for made in self.made:
            for value, count in made.counts.get(column, {}).items():
                total[value] = total.get(value, 0) + count
        return dict(sorted(total.items()))


@dataclass(frozen=True)
class Lake:
    """A warehouse: a folder, or a URL as `s3://bucket/folder`."""

    place: str | Path

    @cached_property
    def store(self) -> Store:
        """Its files."""
        return Store.of(self.place)

    @property
    def root(self) -> Path:
        """The folder, where it is one of this machine."""
        return Path(self.place)

    @property
    def catalogue(self) -> Path:
        """The DuckDB file analysts open, where the folder is one of this machine."""
        return self.root / CATALOGUE

    # What is staged

    def record(self, name: str, year: int | None) -> Record | None:
        """What is staged of a table and year."""
        return next(self.records([(name, year)]))

    def records(self, tables: Sequence[tuple[str, int | None]]) -> Iterator[Record | None]:
        """What is staged of each table and year."""
        files = [f"{self._staged(*table)}/{_RECORD}" for table in tables]
        held = {} if self.store.is_local else self._held
        unread = [file for file in files if file not in held]
        for file, content in zip(unread, self.store.read_all(unread), strict=True):
            said = json.loads(content) if content else None
            held[file] = Record(said["source"], tuple(Made(**made) for made in said["made"])) if said else None
        return (held[file] for file in files)

    @cached_property
    def _held(self) -> dict[str, Record | None]:
        """The records read of an object store: a step asks for the same again and again, and each is two requests."""
        return {}

    def __getstate__(self) -> dict[str, Any]:
        return {"place": self.place}

    def source(self, name: str, year: int | None) -> str | None:
        """What the staged table of a year goes back to, or None."""
        record = self.record(name, year)
        return record.source if record else None

    def inventory_of(self, year: int, name: str = "raw_documents") -> str:
        """The inventory that a landed table of a year was made from; raises FileNotFoundError when it is not landed."""
        source = self.source(name, year)
        if source is None:
            raise FileNotFoundError(f"{name} of {year} was not made yet. Materialize {name} of {year} first.")
        return source

    def parts(self, name: str, year: int | None) -> list[Part]:
        """The parts a table of a year is staged in."""
        record = self.record(name, year)
        return [Part.named(made.part) for made in record.made] if record else []

    def files(self, name: str, year: int | None) -> list[str]:
        """The staged files of a table and year."""
        record = self.record(name, year)
        return [self.staged_file(name, year, made) for made in record.made] if record else []

    def staged_file(self, name: str, year: int | None, made: Made) -> str:
        """The staged file of a part."""
        return f"{self._staged(name, year)}/{made.file}"

    def read(self, file: str, columns: Sequence[str]) -> pa.Table:
        """Columns of a file as they are stored."""
        return self._read(file, None, None, columns)

    def load(
        self, name: str, year: int | None, part: Part | None = None, columns: Sequence[str] | None = None
    ) -> pa.Table:
        """The staged rows of a table and year, or of one part; raises FileNotFoundError naming the step missing."""
        record = self.record(name, year)
        if record is None:
            where = self.store.path(self._staged(name, year))
            raise FileNotFoundError(f"{where} is not there: {name} of {year} was not made yet. Run: gongkai build")
        files = [self.staged_file(name, year, made) for made in record.made if part in (None, Part.named(made.part))]
        if not files:
            raise FileNotFoundError(f"{name} of {year} has no {part}: its parts changed. Run: gongkai build")
        table = TABLES.get(name)
        return pa.concat_tables([self._read(file, table, year, columns) for file in files])

    def kept(self, name: str, year: int, part: Part) -> pa.Table:
        """The landed rows of a part, in whatever parts they lie; none where nothing was landed with these columns."""
        rows = [LANDING[name].empty_table()]
        for made, file in zip(self.parts(name, year), self.files(name, year), strict=True):
            if made.meets(part):
                table = self._read(file, None, year, None)
                if not table.schema.equals(LANDING[name]):
                    return LANDING[name].empty_table()
                rows.append(part.of_rows(table))
        return pa.concat_tables(rows).combine_chunks()

    def stage(
        self, name: str, year: int | None, part: Part, data: pa.Table, made_from: str, counted: Sequence[str] = ()
    ) -> Made:
        """Write a part of a table after its hard rules held on the very bytes; it counts once it is recorded.

        Where one does not hold nothing is written, and the verdicts say so.
        """
        table = TABLES.get(name)
        content = data.cast(LANDING[name]) if table is None else table.conform(data).select(table.file_schema.names)
        content = content if table is None else content.cast(table.file_schema)
        sink = pa.BufferOutputStream()
        pq.write_table(content, sink, compression="zstd")
        written, rows = sink.getvalue(), len(data)
        counts = {column: values_of(data, column) for column in counted}
        del data, content  # what was written is read back: both at once are most of a worker's memory
        found: list[Verdict] = []
        if table is not None:
            found = verdicts(
                table, self._typed(pq.ParquetFile(pa.BufferReader(written)).read(), table, year), self, year, part
            )
        file = f"{part.name}-{sha256(written).hexdigest()[:_DIGITS]}.parquet"
        said = [verdict._asdict() for verdict in found]
        made = Made(part.name, file, made_from, rows, said, counts)
        if all(verdict.passed or not verdict.blocking for verdict in found):
            self.store.write_once(f"{self._staged(name, year)}/{file}", written)
        return made

    def hold(self, name: str, year: int | None, record: Record) -> None:
        """Raise HardRuleBroken when a hard rule does not hold of a part; what was staged before is left as it is."""
        found = record.verdicts
        broken = [verdict for verdict in found if verdict.blocking and not verdict.passed]
        if broken:
            raise HardRuleBroken(name, year, broken, found)

    def settle(self, name: str, year: int | None, record: Record) -> Record:
        """Let a record stand for a table and year, and remove the files it does not name."""
        folder, before = self._staged(name, year), self.record(name, year)
        if record != before:
            self.store.write(f"{folder}/{_RECORD}", _json(asdict(record)))
            self._held[f"{folder}/{_RECORD}"] = record
        if before is None or {made.file for made in before.made} != {made.file for made in record.made}:
            wanted = {f"{folder}/{name}" for name in (_RECORD, *(made.file for made in record.made))}
            for file in self.store.names(folder):
                if file not in wanted and file.count("/") == folder.count("/") + 1:
                    self.store.delete(file)
        return record

    def stage_whole(
        self, table: Table, year: int | None, data: pa.Table, source: str, counted: Sequence[str] = ()
    ) -> Record:
        """Stage a table that is made at once, in one part; raises HardRuleBroken."""
        record = Record(source, (self.stage(table.name, year, WHOLE, data, source, counted),))
        self.hold(table.name, year, record)
        return self.settle(table.name, year, record)

    def is_current(self, year: int, source: str) -> bool:
        """Whether every table of a year was staged from just this source."""
        tables = [(name, year) for name in (*LANDING, *(table.name for table in YEARLY))]
        return all(record is not None and record.source == source for record in self.records(tables))

    def years(self, name: str) -> list[int]:
        """The years of which a table is staged."""
        folders = (file.split("/")[-2] for file in self.store.names(f"{STAGED}/{name}", _RECORD))
        return sorted(int(year) for folder in folders if (year := folder.partition("=")[2]).isdecimal())

    def whole_years(self) -> list[int]:
        """The years whose tables are all staged from the same inventory: those that can be published."""
        years = self.years("raw_documents")
        tables = [(name, year) for name in (*LANDING, *(table.name for table in YEARLY)) for year in years]
        sources: dict[int, set[str | None]] = {year: set() for year in years}
        for (_, year), record in zip(tables, self.records(tables), strict=True):
            sources[year].add(record.source if record else None)
        return [year for year in years if len(sources[year]) == 1 and sources[year] != {None}]

    # What readers see

    def released(self) -> list[str]:
        """The files that the catalogue names; of a folder without a record of them, all published that lie there."""
        try:
            return list(json.loads(self.store.read(RELEASE))["files"])
        except FileNotFoundError:
            return self.there()

    def there(self) -> list[str]:
        """All published files that lie there: also those that no release names yet, or any more."""
        tables = {table.name for table in (*YEARLY, *DIMENSIONS)}
        return [file for file in self.store.names(ending=".parquet") if file.partition("/")[0] in tables]

    def published(self, table: Table, year: int | None = None) -> list[str]:
        """The files of a table that readers see, of a year or of all."""
        folder = f"{table.name}/{_partition(year)}/" if year is not None else f"{table.name}/"
        return [file for file in self.released() if file.startswith(folder)]

    def wanted(self) -> dict[str, str]:
        """What readers should see: published name -> staged name, or itself where it stays as it is.

        A year is published as a whole: while one of its tables is staged from another inventory than the rest, because
        a run is under way or broke off, the year stays as it was.
        """
        whole, staged = self.whole_years(), set(self.years("raw_documents"))
        tables: list[tuple[str, int | None]] = [(table.name, None) for table in (*YEARLY, *DIMENSIONS)]
        tables += [(table.name, year) for table in YEARLY for year in whole]
        files = [
            self.staged_file(*table, made)
            for table, record in zip(tables, self.records(tables), strict=True)
            for made in (record.made if record else ())
        ]
        stays = tuple(f"{table.name}/{_partition(year)}/" for table in YEARLY for year in staged - set(whole))
        left = [file for file in self.released() if file.startswith(stays)] if stays else []
        return {file.removeprefix(f"{STAGED}/"): file for file in files} | {file: file for file in left}

    def seen_next(self, table: Table, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
        """The rows of a table that readers will see once what is staged is published, year by year.

        Of a year that is not whole they are those that readers see now.
        """
        for year, files in self.files_next(table):
            yield pa.concat_tables([self._read(file, table, year, columns) for file in files])

    def files_next(self, table: Table) -> list[tuple[int, list[str]]]:
        """The files of these rows, by year: staged ones, and published ones of years that are not whole."""
        whole = self.whole_years()
        files = (
            (year, self.files(table.name, year) if year in whole else self.published(table, year))
            for year in self.years(table.name)
        )
        return [(year, named) for year, named in files if named]

    # Files

    def _staged(self, name: str, year: int | None) -> str:
        by_year = name in LANDING or TABLES[name].by_year
        return f"{STAGED}/{name}/{_partition(year)}" if by_year else f"{STAGED}/{name}"

    def _read(self, file: str, table: Table | None, year: int | None, columns: Sequence[str] | None) -> pa.Table:
        stored = [name for name in columns if name != "report_year"] if columns is not None else None
        with self.store.open(file) as source:
            data = pq.ParquetFile(source).read(columns=stored)
        return data if table is None else self._typed(data, table, year, columns)

    @staticmethod
    def _typed(data: pa.Table, table: Table, year: int | None, columns: Sequence[str] | None = None) -> pa.Table:
        """Rows as the table declares them: a partitioned table has its year in the folder's name."""
        schema = table.arrow_schema
        if table.by_year and (columns is None or "report_year" in columns):
            field = schema.field("report_year")
            data = data.append_column(field, pa.array([year] * len(data), field.type))
        names = schema.names if columns is None else list(columns)
        return data.select(names).cast(pa.schema([schema.field(name) for name in names], schema.metadata))


def _partition(year: int | None) -> str:
    return f"report_year={NO_YEAR if year is None else year}"


def values_of(data: pa.Table, column: str) -> dict[str, int]:
    """How often each value of a column occurs, blanks apart."""
    values = data[column].value_counts().to_pylist()
    return dict(sorted((str(entry["values"]), int(entry["counts"])) for entry in values if entry["values"] is not None))


def _json(record: dict[str, Any]) -> bytes:
    return json.dumps(record, ensure_ascii=False, indent=1).encode()
