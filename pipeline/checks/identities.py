"""The form's arithmetic over a batch of reports: each identity is a handful of numpy sums, whatever the batch's size.

Three-valued: an identity with an operand that is blank, unreadable or lost cannot say; one over zeros alone holds and
proves nothing, so it is counted apart.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.forms import TABLES, Edition, Forms, Identity, TableForm

Counts = dict[str, np.ndarray]
"""Rule -> an array (reports, 4): passed, vacuous, failed, not assessable."""

PASSED, VACUOUS, FAILED, NOT_ASSESSABLE = range(4)

HOLDS: dict[str, np.ufunc] = {"=": np.equal, "<=": np.less_equal, ">=": np.greater_equal}
"""What makes a relation hold between its two sides."""


class Failure(NamedTuple):
    """An identity that does not hold in a report of the batch: the cells of both sides and their sums."""

    report: int
    rule: str
    form: TableForm
    identity: Identity | None
    left: tuple[int, ...]
    right: tuple[int, ...]
    left_sum: float
    right_sum: float


class Batch(NamedTuple):
    """The tables of one name and edition in a batch of readings: which reports they are of, and (reports, cells)."""

    edition: Edition
    form: TableForm
    reports: np.ndarray
    values: np.ndarray


def check_tables(readings: pa.Table, forms: Forms, counts: Counts) -> Iterator[Failure]:
    """Count every identity and every count cell of a batch of readings into `counts`; yield what fails."""
    for batch in batches(readings, forms):
        yield from _identities(batch, counts)
        yield from _counts(batch, counts)


def batches(readings: pa.Table, forms: Forms) -> Iterator[Batch]:
    """The values of each table, by edition, NaN where there is none."""
    for name in TABLES:
        cells = readings[name].combine_chunks()
        editions = pc.struct_field(cells, "edition").to_numpy(zero_copy_only=False)
        for edition in forms.editions.values():
            reports = np.flatnonzero(editions == edition.edition)
            if len(reports):
                form = edition.tables[name]
                yield Batch(edition, form, reports, _matrix(cells.take(pa.array(reports)), form))


def _matrix(cells: pa.StructArray, form: TableForm) -> np.ndarray:
    """The values of a table as (reports, cells), NaN where there is none; exact, for counts stay below 2**53."""
    values = pc.list_flatten(pc.struct_field(cells, "value")).cast(pa.float64())
    return np.asarray(values.to_numpy(zero_copy_only=False)).reshape(len(cells), len(form.cells))


def _identities(batch: Batch, counts: Counts) -> Iterator[Failure]:
    edition, form, reports, values = batch
    for identity in edition.identities:
        if identity.table != form.name:
            continue
        for _, left, right in identity.instances(form):
            operands = values[:, left + right]
            left_sum, right_sum = values[:, left].sum(axis=1), values[:, right].sum(axis=1)
            unknown = np.isnan(operands).any(axis=1)
            holds = HOLDS[identity.relation](left_sum, right_sum)
            zeros = ~unknown & (operands == 0).all(axis=1)
            verdict = np.select([unknown, zeros, holds], [NOT_ASSESSABLE, VACUOUS, PASSED], FAILED)
            np.add.at(counts[identity.rule], (reports, verdict), 1)
            for row in np.flatnonzero(verdict == FAILED):
                sums = float(left_sum[row]), float(right_sum[row])
                yield Failure(int(reports[row]), identity.rule, form, identity, left, right, *sums)


def _counts(batch: Batch, counts: Counts) -> Iterator[Failure]:
    """H5: every count is a whole number that is not negative; a change may be negative, an amount broken."""
    _, form, reports, values = batch
    for cell, (_, column) in enumerate(form.cells):
        value = values[:, cell]
        sound = ((value >= 0) | (column.kind == "change")) & ((value == np.floor(value)) | (column.kind == "amount"))
        verdict = np.select([np.isnan(value), value == 0, sound], [NOT_ASSESSABLE, VACUOUS, PASSED], FAILED)
        np.add.at(counts["H5"], (reports, verdict), 1)
        for row in np.flatnonzero(verdict == FAILED):
            yield Failure(int(reports[row]), "H5", form, None, (cell,), (), float(value[row]), 0.0)
