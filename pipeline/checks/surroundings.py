"""What is known of reports from beyond each of them: the year before, other versions of one, whose they are.

A batch of readings says nothing of these. Whoever holds a whole year hands them over; alone, a report has none, and
the rules that need them cannot say.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pyarrow as pa

from pipeline.tables import READINGS

NO_PARTNER = -1
"""In `partners`: no report of the year before is known to be of the same body, or several are."""


class Body(NamedTuple):
    """Who reported, as far as it decides what a report may say: `agencies.level` and `kind`, `regions.kind`."""

    level: str
    kind: str
    region_kind: str


class Versions(NamedTuple):
    """Reports of a year under one name: their numbers in the batch, the oldest first.

    `same_body`: whether the name is one body's alone; else they may be namesakes.
    """

    reports: tuple[int, ...]
    same_body: bool


@dataclass(frozen=True)
class Surroundings:
    """What is known beyond a batch of readings of one year.

    `earlier`: corrected readings (`tables.READINGS`) of the year before. `partners`: for each report of the batch, the
    row there of the same body's current report, else NO_PARTNER. `bodies`: who reported; None: not known. `paths`: the
    files. `similar`: rows of `similar_reports`. Empty: nothing is known of any report.
    """

    earlier: pa.Table = field(default_factory=READINGS.empty_table)
    partners: Sequence[int] = ()
    bodies: Sequence[Body | None] = ()
    paths: Sequence[str] = ()
    versions: Sequence[Versions] = ()
    similar: Sequence[Mapping[str, Any]] = ()


ALONE = Surroundings()
"""Nothing is known beyond the reports themselves."""
