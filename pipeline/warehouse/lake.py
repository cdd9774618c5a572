"""The warehouse on disk: where each table lies, how a table is staged and checked, how staged tables are published.

    <warehouse>/_staged/<table>/report_year=<year>/part-0.parquet    checked, not yet seen by readers
    <warehouse>/_staged/<table>/report_year=<year>/source            what that was made from
    <warehouse>/<table>/report_year=<year>/part-0.parquet            published
    <warehouse>/<table>/part-0.parquet                               tables without a year
    <warehouse>/_previous/<table>/...                                published before the last change

A staged file is written beside its place, read back, held against the hard rules, and only then takes its place.
Publishing moves what changed, and nothing else, in one go. Beside every staged file stands the inventory and the code
it was made from, so it is known which years are up to date; not in it, so that the same rows are the same bytes.
"""

import filecmp
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.tables import DIMENSIONS, DOCUMENT_TEXT, RAW_DOCUMENTS, READINGS, RESOLUTIONS, TABLES, YEARLY, Table
from pipeline.warehouse.verdicts import HardRuleBroken, Verdict, verdicts

LANDING = {
    "raw_documents": RAW_DOCUMENTS,
    "document_text": DOCUMENT_TEXT,
    "readings": READINGS,
    "resolutions": RESOLUTIONS,
}
"""The tables that are landed for re-runs and never published."""
NO_YEAR = "__HIVE_DEFAULT_PARTITION__"
"""How Hive names the partition of rows without a year."""
PART = "part-0.parquet"
_SOURCE = "source"
_STAGED = "_staged"


@dataclass(frozen=True)
class Lake:
    """A warehouse folder."""

    root: Path

    @property
    def catalogue(self) -> Path:
        """The DuckDB file analysts open."""
        return self.root / "gongkai.duckdb"

    @property
    def previous(self) -> Path:
        """The tables as they were published before the last change; not there before the second release."""
        return self.root / "_previous"

    def path(self, name: str, year: int | None, *, staged: bool) -> Path:
        """The Parquet file of a table and year; the year of a table without years is ignored."""
        folder = (self.root / _STAGED if staged else self.root) / name
        if name in LANDING or TABLES[name].by_year:
            folder /= f"report_year={NO_YEAR if year is None else year}"
        return folder / PART

    def land(self, name: str, year: int, data: pa.Table, source: str) -> None:
        """Write a landing table of a year."""
        path = self.path(name, year, staged=True)
        _settle(self._write(path, data.cast(LANDING[name])), path, source)

    def stage(self, table: Table, year: int | None, data: pa.Table, source: str) -> list[Verdict]:
        """Stage a table's rows of a year after its hard rules held on the very file.

        Returns what every rule said. Raises HardRuleBroken, and leaves the file staged before, when one does not hold.
        """
        path = self.path(table.name, year, staged=True)
        conformed = table.conform(data)
        fresh = self._write(path, conformed.select(table.file_schema.names).cast(table.file_schema))
        found = verdicts(table, self._read(fresh, table, year), self, year)
        broken = [verdict for verdict in found if verdict.blocking and not verdict.passed]
        if broken:
            fresh.unlink()
            raise HardRuleBroken(table.name, year, broken, found)
        _settle(fresh, path, source)
        return found

    def load(self, name: str, year: int | None) -> pa.Table:
        """The staged rows of a table and year; raises FileNotFoundError naming the step that is missing."""
        path = self.path(name, year, staged=True)
        if not path.exists():
            raise FileNotFoundError(f"{path} is not there: {name} of {year} was not made yet. Run: gongkai build")
        return self._read(path, TABLES.get(name), year)

    def kept(self, name: str, year: int) -> pa.Table:
        """The landed rows of a table and year, or none where nothing was landed or it has other columns by now."""
        path = self.path(name, year, staged=True)
        if path.exists():
            table = pq.read_table(path, partitioning=None)
            if table.schema.equals(LANDING[name]):
                return table
        return LANDING[name].empty_table()

    def source(self, name: str, year: int | None) -> str | None:
        """What the staged file of a table and year was made from, or None."""
        path = self.path(name, year, staged=True)
        said = path.with_name(_SOURCE)
        return said.read_text("utf-8") if path.exists() and said.exists() else None

    def inventory_of(self, year: int, name: str = "raw_documents") -> str:
        """The inventory that a landed table of a year was made from; raises FileNotFoundError when it is not landed."""
        source = self.source(name, year)
        if source is None:
            raise FileNotFoundError(f"{name} of {year} was not made yet. Materialize {name} of {year} first.")
        return source

    def is_current(self, year: int, source: str) -> bool:
        """Whether every table of a year was staged from just this source."""
        return all(self.source(name, year) == source for name in (*LANDING, *(table.name for table in YEARLY)))

    def publish(self) -> list[Path]:
        """Let readers see what is staged: replace published files that differ, remove those no longer staged.

        A year is published as a whole: while one of its tables is staged from another inventory than the rest, because
        a run is under way or broke off, the year stays as it was.

        Returns the files that changed, relative to the warehouse. Each file is replaced whole; all of them at once,
        after everything was checked.
        """
        staged = {
            self.path(table.name, year, staged=True): self.path(table.name, year, staged=False)
            for table, year in self._staged()
        }
        changed = {
            source: target
            for source, target in staged.items()
            if not (target.exists() and filecmp.cmp(source, target, shallow=False))
        }
        for source in changed:
            pq.read_metadata(source)  # a damaged file stops here, before anything is replaced
        published = [path for table in (*YEARLY, *DIMENSIONS) for path in (self.root / table.name).rglob("*.parquet")]
        gone = [path for path in published if not (self.root / _STAGED / path.relative_to(self.root)).exists()]
        if changed or gone:
            self._remember(published)
        fresh = {target: _copy_beside(source, target) for source, target in changed.items()}
        for target, copy in fresh.items():
            copy.replace(target)
        for path in gone:
            path.unlink()
        return [path.relative_to(self.root) for path in (*changed.values(), *gone)]

    def _remember(self, published: list[Path]) -> None:
        """Keep what readers saw until now, to be compared with what they see next."""
        shutil.rmtree(self.previous, ignore_errors=True)
        for path in published:
            target = self.previous / path.relative_to(self.root)
            _copy_beside(path, target).replace(target)

    def years(self, name: str) -> list[int]:
        """The years of which a table is staged."""
        folders = (self.root / _STAGED / name).glob(f"report_year=*/{PART}")
        return sorted(int(year) for folder in folders if (year := folder.parent.name.partition("=")[2]).isdecimal())

    def whole_years(self) -> list[int]:
        """The years whose tables are all staged from the same inventory: those that can be published."""
        return [year for year in self.years("raw_documents") if self.is_current(year, self.inventory_of(year))]

    def seen_next(self, table: Table) -> Iterator[pa.Table]:
        """The rows of a table that readers will see once what is staged is published, year by year.

        Of a year that is not whole they are those that readers see now.
        """
        whole = self.whole_years()
        for year in self.years(table.name):
            path = self.path(table.name, year, staged=year in whole)
            if path.exists():
                yield self._read(path, table, year)

    def _staged(self) -> Iterator[tuple[Table, int | None]]:
        whole = self.whole_years()
        for table in YEARLY:
            yield from ((table, year) for year in whole)
            if self.path(table.name, None, staged=True).exists():
                yield table, None
        yield from ((table, None) for table in DIMENSIONS if self.path(table.name, None, staged=True).exists())

    def _read(self, path: Path, table: Table | None, year: int | None) -> pa.Table:
        data = pq.read_table(path, partitioning=None)
        if table is None:
            return data
        if table.by_year:
            position = table.arrow_schema.get_field_index("report_year")
            years = pa.array([year] * len(data), table.arrow_schema.field("report_year").type)
            data = data.add_column(position, table.arrow_schema.field("report_year"), years)
        return data.cast(table.arrow_schema)

    @staticmethod
    def _write(path: Path, data: pa.Table) -> Path:
        """Write a table beside its place; the name of the file it waits under."""
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f".{PART}.{os.getpid()}")
        pq.write_table(data, fresh, compression="zstd")
        return fresh


def _settle(fresh: Path, path: Path, source: str) -> None:
    """Put a fresh file in its place, unless the one there is the same, and what it was made from beside it.

    While the two do not belong together there is no word of what the file was made from, so it counts for nothing.
    """
    said = path.with_name(_SOURCE)
    if path.exists() and filecmp.cmp(fresh, path, shallow=False):
        fresh.unlink()
    else:
        said.unlink(missing_ok=True)
        fresh.replace(path)
    if not said.exists() or said.read_text("utf-8") != source:
        record = said.with_name(f".{_SOURCE}.{os.getpid()}")
        record.write_text(source, "utf-8")
        record.replace(said)


def _copy_beside(source: Path, target: Path) -> Path:
    """A copy of a staged file on its way to its published place: a link where the file system can."""
    target.parent.mkdir(parents=True, exist_ok=True)
    copy = target.with_name(f".{target.name}.{os.getpid()}")
    copy.unlink(missing_ok=True)
    try:
        os.link(source, copy)
    except OSError:
        shutil.copyfile(source, copy)
    return copy
