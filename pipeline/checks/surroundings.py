"""What is known of reports from beyond each of them: the year before, other versions of one, whose they are.

A batch of readings says nothing of these. Whoever holds a whole year hands them over; alone, a report has none, and
the rules that need them cannot say.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.forms import STATISTICS, TABLES
from pipeline.tables import EARLIER, READINGS

NO_PARTNER = -1
"""In `partners`: no report of the year before is known to be of the same body, or several are."""


class Body(NamedTuple):
    """Who reported, as far as it decides what a report may say: `agencies.level` and `kind`, `regions.kind`."""

    level: str
    kind: str
    region_kind: str


class Versions(NamedTuple):
    """Reports of a year under one name, the oldest first: their numbers in the batch, or behind it in `siblings`.

    `same_body`: whether the name is one body's alone; else they may be namesakes.
    """

    reports: tuple[int, ...]
    same_body: bool


@dataclass(frozen=True)
class Surroundings:
    """What is known beyond a batch of readings of one year.

    `earlier`: reports of the year before (`tables.EARLIER`, a column each). `partners`: for each report of the batch,
    the row there of the same body's current report, else NO_PARTNER. `bodies`: who reported; None: not known.
    `siblings`: versions of reports of the batch that are not in it (`tables.READINGS`, the tables alone). `paths`: the
    files of the batch, then those of the siblings. `similar`: rows of `similar_reports`. Empty: nothing is known.
    """

    earlier: pa.Table = field(default_factory=lambda: pa.Table.from_batches([], pa.schema(list(EARLIER))))
    partners: Sequence[int] = ()
    bodies: Sequence[Body | None] = ()
    siblings: pa.Table = field(
        default_factory=lambda: pa.Table.from_batches([], READINGS).select(["report_id", *TABLES, STATISTICS])
    )
    paths: Sequence[str] = ()
    versions: Sequence[Versions] = ()
    similar: Sequence[Mapping[str, Any]] = ()

    def of(self, reports: Sequence[int]) -> "Surroundings":
        """What the checks of some reports of the batch need: their year before, and who reported; no versions."""
        partners = [self.partners[report] for report in reports] if self.partners else ()
        bodies = [self.bodies[report] for report in reports] if self.bodies else ()
        return Surroundings(earlier=self.earlier, partners=partners, bodies=bodies)


ALONE = Surroundings()
"""Nothing is known beyond the reports themselves."""

_DOUBTS = {"T3", "T4", "T5", "T6", "T7", "T9", "T10", "T11"}
"""Notes after which a failing identity may be our own misreading."""


def doubtful(notes: Sequence[Mapping[str, Any]]) -> set[str]:
    """The tables that were read with doubt, by the notes of a reading."""
    return {note["table_name"] for note in notes if note["rule"] in _DOUBTS}


def as_earlier(readings: pa.Table, corrected: Mapping[str, Collection[str]] | None = None) -> pa.Table:
    """Readings (`tables.READINGS`) as reports of the next year are held against them (`tables.EARLIER`).

    `corrected`: the tables that hold corrections, by report.
    """
    corrected = corrected or {}
    names = readings["report_id"].to_pylist()
    columns: dict[str, pa.Array] = {"report_id": readings["report_id"]}
    for name in TABLES:
        cells = readings[name].combine_chunks()
        parts = [pc.struct_field(cells, each.name) for each in EARLIER.field(name).type]
        columns[name] = pa.StructArray.from_arrays(parts, fields=list(EARLIER.field(name).type), mask=cells.is_null())
    columns[STATISTICS] = readings[STATISTICS]
    columns["doubtful"] = pa.array([sorted(doubtful(notes)) for notes in readings["notes"].to_pylist()], _TEXTS)
    columns["corrected"] = pa.array([sorted(corrected.get(name, ())) for name in names], _TEXTS)
    return pa.table(columns).cast(pa.schema(list(EARLIER)))


_TEXTS = pa.list_(pa.string())
