"""How a table of a year is made: part by part, those alone whose ingredients changed, by whoever has time for it.

A step says what a part is made of and by which function. What it was made from is known beforehand: the bytes of the
parts it reads, the entries that concern it, and the code. Where all of that is as it was, so is the part. Where work on
one part begins it is done by one worker, which reads and writes the warehouse itself; taking text from files and
reading it is dealt out in batches of equal cost, for one scan costs as much as a thousand texts.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.progress import track
from pipeline.tables import TABLES
from pipeline.warehouse.amendments import Amendments
from pipeline.warehouse.inventory import Inventory
from pipeline.warehouse.lake import Lake, Made, Record
from pipeline.warehouse.parts import WHOLE, Part, parts_of
from pipeline.warehouse.raw import Raw
from pipeline.warehouse.workers import HERE, Workers

Entries = tuple[Any, ...]


class Task(NamedTuple):
    """A part of a table to be made, by which version of the code, and the entries that people added that concern it.

    The version is told, for it takes memory to find out. `anew`: no row that was made before is taken over.
    """

    lake: Lake
    year: int
    part: Part
    version: str
    entries: Entries = ()
    anew: bool = False

    def load(self, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        """The same part of another table, of the same year."""
        return self.lake.load(name, self.year, self.part, columns)


def no_entries(amendments: Amendments, part: Part) -> Entries:
    """Nothing that people add concerns this step."""
    return ()


def nothing_else(amendments: Amendments) -> Any:
    """Nothing but tables decides what is in this one."""
    return None


def as_it_is(lake: Lake, files: Sequence[str], amendments: Amendments) -> None:
    """Nothing is asked of all parts together."""


@dataclass(frozen=True)
class PartStep:
    """A table of which each part is made of the same part of others: `make` stands at the top of a module.

    `entries` are what people added that concerns a part. `complete` may raise an error about all parts together, by
    their staged files, before they count.
    """

    table: str
    reads: tuple[str, ...]
    make: Callable[[Task], pa.Table]
    version: Callable[[], str]
    counted: tuple[str, ...] = ()
    entries: Callable[[Amendments, Part], Entries] = no_entries
    complete: Callable[[Lake, Sequence[str], Amendments], None] = as_it_is

    @property
    def is_amended(self) -> bool:
        """Whether anything that people add concerns this step."""
        return self.entries is not no_entries


@dataclass(frozen=True)
class RowStep:
    """A table with a row for each row of another that is not refused, each made by itself, at very different cost.

    `work` makes of a batch of rows as many, in their order, of the version it is told: workers need not find it out,
    which takes them memory. `names` tells rows of either table apart. A row made before is kept while its column
    `versioned` is of this version.
    """

    table: str
    reads: str
    work: Callable[[Raw, str, pa.Table], pa.Table]
    names: Callable[[pa.Table], pa.Array]
    costs: Callable[[pa.Table], list[float]]
    version: Callable[[], str]
    versioned: str
    says: str
    counted: tuple[str, ...] = ("code",)


@dataclass(frozen=True)
class YearStep:
    """A table whose parts are made at once, for a report's row depends on others of its year and of the year before.

    `reads` are tables of the year, `reads_before` of the year before. `make` yields every part, in order; it may have
    the workers do a share.
    """

    table: str
    reads: tuple[str, ...]
    reads_before: tuple[str, ...]
    make: Callable[[Lake, Lake, int, Workers], Iterator[tuple[Part, pa.Table]]]
    version: Callable[[], str]
    counted: tuple[str, ...] = ()


@dataclass(frozen=True)
class WholeStep:
    """A table of which a year is one part, however many there are of those it `reads`: few rows, and many columns.

    Each column of each file has its line in the file's footer, so that many files would cost readers more than rows do.
    """

    table: str
    reads: tuple[str, ...]
    make: Callable[[Lake, int], pa.Table]
    version: Callable[[], str]
    counted: tuple[str, ...] = ()


@dataclass(frozen=True)
class OnceStep:
    """A table without a year. `reads` are tables of which it takes what readers will see of all years.

    `entries` are what people added that concerns it, or anything else that decides what is in it.
    """

    table: str
    reads: tuple[str, ...]
    make: Callable[[Lake, Amendments], pa.Table]
    version: Callable[[], str]
    counted: tuple[str, ...] = ()
    entries: Callable[[Amendments], Any] = nothing_else


@dataclass(frozen=True)
class Maker:
    """Where tables are made, and by whom. `anew`: nothing made before is taken over."""

    lake: Lake
    raw: Raw
    workers: Workers = HERE
    anew: bool = False

    def make_documents(self, inventory: Inventory, year: int, source: str) -> Record:
        """Stage the list of a year's files, which says in what parts the year is made."""
        documents = inventory.documents(year)
        made = tuple(
            self.lake.stage("raw_documents", year, part, part.of_rows(documents, "source_sha256"), source, ("code",))
            for part in parts_of(len(documents))
        )
        return self.lake.settle("raw_documents", year, Record(source, made))

    def make_parts(self, step: PartStep, year: int, source: str, amendments: Amendments) -> Record:
        """Stage a table of a year; raises HardRuleBroken when a hard rule does not hold of a part."""
        own = amendments.of(year)
        files, version = self._files(step.reads, year), step.version()
        tasks = {
            part: Task(self.lake, year, part, version, step.entries(own, part), self.anew) for part in self.parts(year)
        }
        wanted = {
            part: _digest(version, [entry[1:] for entry in task.entries], [files[name, part] for name in step.reads])
            for part, task in tasks.items()
        }
        made = self._still_good(step.table, year, wanted)
        stale = [(step, task, wanted[part]) for part, task in tasks.items() if part.name not in made]
        for done in self.workers.each(_make_part, stale, f"making {step.table} of {year}"):
            made[done.part] = done
        record = self._record(step.table, year, source, made)
        step.complete(self.lake, [self.lake.staged_file(step.table, year, each) for each in record.made], own)
        return self.lake.settle(step.table, year, record)

    def make_rows(self, step: RowStep, year: int, source: str) -> Record:
        """Stage a table of a year, its rows dealt out to the workers."""
        files = self._files((step.reads,), year)
        wanted = {part: _digest(step.version(), (), files[step.reads, part]) for part in self.parts(year)}
        made = self._still_good(step.table, year, wanted)
        stale, made_of = [part for part in wanted if part.name not in made], self.lake.record(step.reads, year)
        orders: dict[Part, tuple[pa.Array, pa.Table]] = {}

        def jobs() -> Iterator[tuple[Part, pa.Table, list[float]]]:
            for part in stale:
                rows = self.lake.load(step.reads, year, part)
                rows = rows.filter(pc.is_null(rows["code"]))
                names, kept = step.names(rows), self._kept(step, year, part)
                orders[part] = names, kept
                fresh = rows.filter(pc.invert(pc.is_in(names, value_set=step.names(kept))))
                yield part, fresh, step.costs(fresh)

        rows = sum(each.rows for each in made_of.made if each.part not in made) if made_of else 0
        says = step.says.format(year=year)
        for part, done in self.workers.stream(partial(step.work, self.raw, step.version()), jobs(), says, rows):
            names, kept = orders.pop(part)
            table = pa.concat_tables([kept, done.cast(kept.schema)])
            table = table.take(pc.index_in(names, value_set=step.names(table)))
            made[part.name] = self.lake.stage(step.table, year, part, table, wanted[part], step.counted)
        return self.lake.settle(step.table, year, self._record(step.table, year, source, made))

    def make_year(self, step: YearStep, year: int, source: str, before: Lake) -> Record:
        """Stage a table of a year that is made of all its parts and of the year before; raises HardRuleBroken."""
        read = [(name, year) for name in step.reads], [(name, year - 1) for name in step.reads_before]
        files = [[lake.files(*each) for each in reads] for lake, reads in zip((self.lake, before), read, strict=True)]
        wanted = _digest(step.version(), (), files)
        parts = dict.fromkeys(self.parts(year), wanted)
        made = self._still_good(step.table, year, parts)
        if len(made) < len(parts):
            rows = track(step.make(self.lake, before, year, self.workers), f"making {step.table} of {year}", len(parts))
            made = {
                part.name: self.lake.stage(step.table, year, part, table, wanted, step.counted) for part, table in rows
            }
        return self.lake.settle(step.table, year, self._record(step.table, year, source, made))

    def make_whole(self, step: WholeStep, year: int, source: str) -> Record:
        """Stage a table of a year in one part; raises HardRuleBroken."""
        wanted = _digest(step.version(), (), [*self._files(step.reads, year).values()])
        made = self._still_good(step.table, year, {WHOLE: wanted})
        if not made:
            table = step.make(self.lake, year)
            made[WHOLE.name] = self.lake.stage(step.table, year, WHOLE, table, wanted, step.counted)
        record = Record(source, (made[WHOLE.name],))
        self.lake.hold(step.table, year, record)
        return self.lake.settle(step.table, year, record)

    def make_once(self, step: OnceStep, amendments: Amendments) -> Record:
        """Stage a table without a year, unless it is of just these files and entries; raises HardRuleBroken."""
        files = [self.lake.files_next(TABLES[name]) for name in step.reads]
        source = _digest(step.version(), step.entries(amendments), files)
        record = None if self.anew else self.lake.record(step.table, None)
        if record is not None and record.source == source:
            return record
        data = step.make(self.lake, amendments)
        return self.lake.stage_whole(TABLES[step.table], None, data, source, step.counted)

    def parts(self, year: int) -> list[Part]:
        """The parts of a year, as its files are divided; raises FileNotFoundError when they were not listed."""
        self.lake.inventory_of(year)
        return self.lake.parts("raw_documents", year)

    def _files(self, names: Iterable[str], year: int) -> dict[tuple[str, Part], str]:
        """The file of each part of some tables; raises FileNotFoundError naming the step missing."""
        found: dict[tuple[str, Part], str] = {}
        for name in names:
            self.lake.inventory_of(year, name)
            found |= {
                (name, part): file
                for part, file in zip(self.lake.parts(name, year), self.lake.files(name, year), strict=True)
            }
            if missing := [part.name for part in self.parts(year) if (name, part) not in found]:
                raise FileNotFoundError(f"{name} of {year} has no {missing[0]}: its files changed. Run: gongkai build")
        return found

    def _kept(self, step: RowStep, year: int, part: Part) -> pa.Table:
        kept = self.lake.kept(step.table, year, part)
        return kept.filter(pc.equal(kept[step.versioned], "" if self.anew else step.version()))

    def _still_good(self, name: str, year: int, wanted: dict[Part, str]) -> dict[str, Made]:
        record = None if self.anew else self.lake.record(name, year)
        sources = {part.name: made_from for part, made_from in wanted.items()}
        return {made.part: made for made in (record.made if record else ()) if sources.get(made.part) == made.made_from}

    def _record(self, name: str, year: int, source: str, made: dict[str, Made]) -> Record:
        """The record of a table whose parts were made; raises HardRuleBroken."""
        record = Record(source, tuple(made[part.name] for part in self.parts(year)))
        self.lake.hold(name, year, record)
        return record


def _make_part(job: tuple[PartStep, Task, str]) -> Made:
    """Make a part and stage it; its verdicts say whether its hard rules hold."""
    step, task, made_from = job
    return task.lake.stage(step.table, task.year, task.part, step.make(task), made_from, step.counted)


def _digest(*ingredients: Any) -> str:
    return sha256(repr(ingredients).encode()).hexdigest()[:16]
