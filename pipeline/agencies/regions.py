"""The divisions in memory: columns, and what is looked up in them.

A region is a body that keeps its identity through new names and codes: 洪泽县 and 洪泽区 are one, 320813. A body that
was merged into another stays a region of its own, and names its successor. In here a region is a row number of the
columns; `Regions.row` leads from codes to rows, `Regions.named` from names.
"""

from collections.abc import Collection, KeysView, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import as_file, files
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.agencies.names import LEVELS, ZONE

NO_ROW = -1
"""In `parent` and `successor`: there is none."""
_EVER = 9999
_LOOKED_UP = [
    *("region_code", "parent_code", "level", "kind", "name_zh", "stem_length", "area_code", "postcode_prefix"),
    *("valid_from", "valid_to", "known_to", "is_current", "successor_code"),
]


class UpperNames(NamedTuple):
    """Names of regions above townships, the last two characters of each, and the length of the longest."""

    names: frozenset[str]
    endings: frozenset[str]
    longest: int


@dataclass(frozen=True)
class Regions:
    """All regions, sorted by code, and the names and codes they had before.

    `data` and `former` are the tables as they are committed; every property is made of them when it is first used.
    """

    data: pa.Table
    former: pa.Table

    @cached_property
    def codes(self) -> list[str]:
        """The code of each region."""
        return _list(self.data, "region_code")

    @cached_property
    def names(self) -> list[str]:
        """The present, or last, name of each region."""
        return _list(self.data, "name_zh")

    @cached_property
    def level(self) -> npt.NDArray[np.int8]:
        """The level of each region: its place in LEVELS."""
        places = {level: place for place, level in enumerate(LEVELS)}
        return np.array([places[level] for level in _list(self.data, "level")], dtype=np.int8)

    @cached_property
    def parent(self) -> npt.NDArray[np.int32]:
        """The row of the region each lies in; NO_ROW for the country."""
        return self._rows_of(self.data, "parent_code")

    @cached_property
    def successor(self) -> npt.NDArray[np.int32]:
        """The row of the region that took over most of the land of one that is no more; else NO_ROW."""
        return self._rows_of(self.data, "successor_code")

    @cached_property
    def is_zone(self) -> npt.NDArray[np.bool_]:
        """Whether each region is a statistical unit that is no division of the state: a development zone, a farm."""
        return np.array([kind == ZONE for kind in _list(self.data, "kind")], dtype=np.bool_)

    @cached_property
    def is_current(self) -> npt.NDArray[np.bool_]:
        """Whether each region still stands."""
        return np.array(_list(self.data, "is_current"), dtype=np.bool_)

    def stood_until(self, row: int) -> int:
        """The last year that a region is known to have stood all through; far off where it stands."""
        return self._until[row] - 1

    def row(self, code: str) -> int | None:
        """The region that has a code, or else the last that had it; None: no one ever had."""
        row = self._rows.get(code)
        return self._former_rows.get(code) if row is None else row

    def named(
        self, name: str, *, level: str | None = None, within: int | None = None, year: int | None = None
    ) -> tuple[int, ...]:
        """The regions that have or had a name, whole (巨鹿县) or without its kind (巨鹿), in the order of their codes.

        `within`: only those that lie or then lay somewhere in that region. `year`: where several are left, those that
        bore the name in that year, if any did. A name is never refused for its year alone: old reports are published
        again under new names, and new ones under old.
        """
        entries: Sequence[int] = self._entries.get(name, ())
        if level is not None:
            entries = [entry for entry in entries if self.level[self._bearer[entry]] == LEVELS.index(level)]
        if within is not None:
            entries = [entry for entry in entries if self._lies_in(entry, within)]
        if year is not None:
            entries = [entry for entry in entries if self._since[entry] <= year <= self._until[entry]] or entries
        return tuple(sorted({self._bearer[entry] for entry in entries}))

    def ancestors(self, row: int) -> tuple[int, ...]:
        """The regions that a region lies in, from the nearest to the country."""
        found = []
        while (row := self.parents[row]) != NO_ROW:
            found.append(row)
        return tuple(found)

    def grounds(self, row: int) -> frozenset[int]:
        """The region itself and all that it lies in or ever lay in."""
        known = self._grounds.get(row)
        if known is None:
            parents = {self.parents[row], *(self._lay_in[entry] for entry in self._former_entries.get(row, ()))}
            known = frozenset([row]).union(*(self.grounds(parent) for parent in parents if parent not in (NO_ROW, row)))
            self._grounds[row] = known
        return known

    @cached_property
    def known_names(self) -> KeysView[str]:
        """All names that a region has or had, whole and without their kind."""
        return self._entries.keys()

    def bearers(self, name: str, year: int, within: Collection[int] = ()) -> list[tuple[int, bool]]:
        """The regions that have or had a name, and whether it is the whole name (巨鹿县) or lacks its kind (巨鹿).

        `within`: only those that lie or lay in one of these regions and are none of them. Whole names go before, and so
        do those who bore the name in a report's year or in the next, when it was written; each as long as there is one.
        """
        found = self._entries.get(name)
        if not found:
            return []
        entries: Sequence[int] = found
        if within:
            bearer = self._bearer
            entries = [
                entry
                for entry in found
                if bearer[entry] not in within and not self.grounds(bearer[entry]).isdisjoint(within)
            ]
        if len(entries) > 1:
            whole = [entry for entry in entries if self.name_of(entry) == name]
            entries = whole or entries
            entries = [e for e in entries if self._since[e] <= year + 1 and self._until[e] >= year] or entries
        return list({self._bearer[entry]: self.name_of(entry) == name for entry in entries}.items())

    def parts(self, row: int) -> tuple[tuple[str, int], ...]:
        """The names that the regions right in a region have or had, each with its bearer."""
        known = self._parts.get(row)
        if known is None:
            rows = np.flatnonzero(self.parent == row).tolist()
            entries = [*rows, *(entry for part in rows for entry in self._former_entries.get(part, ()))]
            known = tuple((self.name_of(entry), self._bearer[entry]) for entry in entries)
            self._parts[row] = known
        return known

    def name_of(self, entry: int) -> str:
        """The name of an entry, present or former."""
        return self._all_names[entry]

    def served_by(self, area_code: str) -> tuple[int, ...]:
        """The uppermost regions that a telephone area code (`0319`) serves: cities, and counties that differ."""
        return self._areas.get(area_code, ())

    def posted_by(self, postcode: str) -> tuple[int, ...]:
        """The provinces whose postcodes begin as one does (`055250`)."""
        return self._postcodes.get(postcode[:2], ())

    @cached_property
    def upper_names(self) -> "UpperNames":
        """The whole names of the regions above townships, present and former."""
        township = LEVELS.index("township")
        entries = np.flatnonzero(self.level < township).tolist()
        former = [entry for row, found in self._former_entries.items() if self.level[row] < township for entry in found]
        names = frozenset(self.name_of(entry) for entry in (*entries, *former))
        return UpperNames(names, frozenset(name[-2:] for name in names), max(map(len, names)))

    @cached_property
    def _rows(self) -> dict[str, int]:
        """Code -> region, for the codes that regions have."""
        return {code: row for row, code in enumerate(self.codes)}

    @cached_property
    def _former_rows(self) -> dict[str, int]:
        """Code -> region, for the codes that regions had; the last one that had it."""
        return dict(zip(_list(self.former, "code"), self._rows_of(self.former, "region_code").tolist(), strict=True))

    @cached_property
    def _bearer(self) -> list[int]:
        """Entry -> region. Entries are the present names, in the order of the regions, then the former ones."""
        return [*range(len(self.data)), *self._rows_of(self.former, "region_code").tolist()]

    @cached_property
    def levels(self) -> list[int]:
        """`level` as a list, which is quicker to ask one by one."""
        return list(self.level.tolist())

    @cached_property
    def parents(self) -> list[int]:
        """`parent` as a list."""
        return list(self.parent.tolist())

    @cached_property
    def _lay_in(self) -> list[int]:
        """Entry -> the region its bearer lay in at the time of the name."""
        return [*self.parents, *self._rows_of(self.former, "parent_code").tolist()]

    @cached_property
    def _former_entries(self) -> dict[int, list[int]]:
        """Region -> the entries of its former names."""
        found: dict[int, list[int]] = {}
        for entry in range(len(self.data), len(self._bearer)):
            found.setdefault(self._bearer[entry], []).append(entry)
        return found

    @cached_property
    def _grounds(self) -> dict[int, frozenset[int]]:
        """What `grounds` said before."""
        return {}

    @cached_property
    def _parts(self) -> dict[int, tuple[tuple[str, int], ...]]:
        """What `parts` said before."""
        return {}

    @cached_property
    def _all_names(self) -> list[str]:
        """Entry -> name."""
        return [*self.names, *_list(self.former, "name_zh")]

    @cached_property
    def _since(self) -> list[int]:
        """Entry -> the first year of the name; 0 where that is not known."""
        present, former = ([year or 0 for year in _list(table, "valid_from")] for table in (self.data, self.former))
        ends = zip(_list(self.former, "name_zh"), _list(self.former, "valid_to"), strict=True)
        for row, (name, end) in zip(self._bearer[len(present) :], ends, strict=True):
            if name != self.names[row]:
                present[row] = max(present[row], end or 0)
        return present + former

    @cached_property
    def _until(self) -> list[int]:
        """Entry -> the last year the name can have had: that of its end, else the year after its last list."""
        pairs = [
            zip(_list(table, "valid_to"), _list(table, "known_to"), strict=True) for table in (self.data, self.former)
        ]
        present, former = ([end or last + 1 for end, last in pair] for pair in pairs)
        return [_EVER if stands else year for stands, year in zip(self.is_current, present, strict=True)] + former

    @cached_property
    def _entries(self) -> dict[str, tuple[int, ...]]:
        """Name, whole and without its kind -> entries."""
        found: dict[str, tuple[int, ...]] = {}
        lengths = [*_list(self.data, "stem_length"), *_list(self.former, "stem_length")]
        for entry, (name, length) in enumerate(zip(self._all_names, lengths, strict=True)):
            found[name] = (*found.get(name, ()), entry)
            if length < len(name):
                found[name[:length]] = (*found.get(name[:length], ()), entry)
        return found

    @cached_property
    def _postcodes(self) -> dict[str, tuple[int, ...]]:
        found: dict[str, tuple[int, ...]] = {}
        for row, prefixes in enumerate(_list(self.data, "postcode_prefix")):
            for prefix in prefixes.split(", ") if prefixes else ():
                found[prefix] = (*found.get(prefix, ()), row)
        return found

    @cached_property
    def _areas(self) -> dict[str, tuple[int, ...]]:
        codes = _list(self.data, "area_code")
        found: dict[str, tuple[int, ...]] = {}
        for row, code in enumerate(codes):
            if code is not None and codes[self.parent[row]] != code:
                found[code] = (*found.get(code, ()), row)
        return found

    def _rows_of(self, table: pa.Table, column: str) -> npt.NDArray[np.int32]:
        return np.array([self._rows.get(code, NO_ROW) for code in _list(table, column)], dtype=np.int32)

    def _lies_in(self, entry: int, region: int) -> bool:
        """Whether the bearer of a name lies in a region, or lay in it when it had the name."""
        row, parent = self._bearer[entry], self._lay_in[entry]
        return region in self.ancestors(row) or region == parent or region in self.ancestors(parent)


@lru_cache(maxsize=1)
def load_regions() -> Regions:
    """The regions that the project carries, read once a process."""
    return Regions(_read("regions", _LOOKED_UP), _read("former_names"))


def region_table() -> pa.Table:
    """The rows of the table `regions`: all that is known of each region, its former names in one text."""
    data, former = _read("regions"), _read("former_names")
    texts: dict[str, list[str]] = {}
    for row in former.to_pylist():
        until = f"until {row['valid_to']}" if row["valid_to"] else f"last listed {row['known_to']}"
        texts.setdefault(row["region_code"], []).append(f"{row['name_zh']} ({row['code']}) {until}")
    names = ["; ".join(texts[code]) if code in texts else None for code in _list(data, "region_code")]
    return data.append_column("former_names", pa.array(names, pa.string()))


def _read(name: str, columns: list[str] | None = None) -> pa.Table:
    with as_file(files("pipeline.agencies").joinpath(f"{name}.parquet")) as path:
        return pq.ParquetFile(path).read(columns, use_threads=False)


def _list(table: pa.Table, column: str) -> list[Any]:
    return list(table[column].to_pylist())
