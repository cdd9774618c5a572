"""Parts of a year: reports whose hashes begin alike, a few thousand at most. What is read, kept, checked and written.

A part is what fits into the memory of one worker, and what is made again when one of its reports changes; a year is as
many parts as its number of files asks for, a power of two, so that the same files are always the same parts. The hash
spreads reports evenly, whatever the folders they lie in; a report's part is known from its id alone.
"""

from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

LARGEST = 1_536
"""Files of a part, about: an uneven hash may put some more into one."""
_DIGITS = 4
"""Hex digits of a hash that tell its part."""


class Part(NamedTuple):
    """One of `of` parts of a year."""

    number: int
    of: int

    @property
    def name(self) -> str:
        """What its files begin with."""
        return f"part-{self.number}-of-{self.of}"

    @classmethod
    def named(cls, name: str) -> "Part":
        """The part of a name."""
        _, number, _, of = name.split("-")[:4]
        return cls(int(number), int(of))

    def holds(self, report_id: str) -> bool:
        """Whether a report is of this part."""
        return int(report_id[:_DIGITS], 16) * self.of >> 4 * _DIGITS == self.number

    def meets(self, other: "Part") -> bool:
        """Whether a report can be of both, when a year was divided in another way before."""
        return self.number * other.of < (other.number + 1) * self.of and other.number * self.of < (
            (self.number + 1) * other.of
        )

    def of_rows(self, rows: pa.Table, column: str = "report_id") -> pa.Table:
        """The rows whose report is of this part; those without a hash are of the first."""
        if self.of == 1:
            return rows
        return rows.filter(pc.equal(_numbers(rows[column], self.of), self.number))


WHOLE = Part(0, 1)


def parts_of(files: int) -> tuple[Part, ...]:
    """The parts of a year of so many files."""
    of = 1
    while files > of * LARGEST:
        of *= 2
    return tuple(Part(number, of) for number in range(of))


def _numbers(names: pa.ChunkedArray, of: int) -> pa.Array:
    starts = pc.utf8_slice_codeunits(names.combine_chunks(), 0, _DIGITS)
    kinds = pc.unique(starts)
    numbers = [int(start, 16) * of >> 4 * _DIGITS if start else 0 for start in kinds.to_pylist()]
    return pa.array(numbers, pa.int32()).take(pc.index_in(starts, value_set=kinds))
