"""L1: where one cell is to blame for sums that fail, which one, and what would mend it. A guess, never a figure.

Every cell of table 3 stands in a sum across its row (H3) and in one or two down its column: received and carried
requests in H1, outcomes in H2, the total of outcomes in both. A cell that is off by `n` puts each of its sums off by
`n`, with the sign of the side it stands on, and no other sum. A row and a column share one cell, so two sums that are
off by the same `n` point at it, in a total row or column and in their corner as anywhere; one of its sums that holds
acquits it. Where two cells could mend the same sum neither is named.

A row of table 4 has one sum and no other crosses it (H4): it says that a figure is wrong, and not which.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from pipeline.checks.identities import batches
from pipeline.checks.places import cell_keys, cell_place
from pipeline.checks.rules import rules
from pipeline.checks.statistics import plain
from pipeline.forms import Forms, Identity, TableForm


def find_crossings(readings: pa.Table, forms: Forms) -> Iterator[dict[str, Any]]:
    """The rows of `findings` for the cells of a batch of readings in which failing sums cross."""
    rule = rules()["L1"]
    for edition, form, reports, values in batches(readings, forms):
        if form.name not in rule.tables:
            continue
        for number, cell, mended in crossings(values, form, edition.identities):
            report = int(reports[number])
            yield rule.breach(
                report,
                place=cell_place(form, cell),
                table=form.name,
                cells=cell_keys(form, (cell,)),
                expected=plain(mended),
                observed=plain(values[number, cell]),
                locator=readings[form.name][report]["locator"][cell].as_py(),
            )


def crossings(values: np.ndarray, form: TableForm, identities: Sequence[Identity]) -> Iterator[tuple[int, int, float]]:
    """Report, cell and the value that mends all its sums, over the values of a table (reports, cells)."""
    sums = [
        (identity.axis == form.column_axis, left, right)
        for identity in identities
        if identity.table == form.name and identity.relation == "="
        for _, left, right in identity.instances(form)
    ]
    across = np.array([along_a_row for along_a_row, _, _ in sums])
    side = np.full((values.shape[1], len(sums)), np.nan)  # a cell outside of a sum is no part of what it says
    for number, (_, left, right) in enumerate(sums):
        side[left, number], side[right, number] = 1, -1
    gap = np.stack([values[:, left].sum(axis=1) - values[:, right].sum(axis=1) for _, left, right in sums], axis=1)
    for report in np.flatnonzero(np.nan_to_num(gap).any(axis=1)):
        off = side * gap[report]  # by how much each of its sums says that a cell is off; NaN where it says nothing
        says = ~np.isnan(off)
        least, most = np.fmin.reduce(off, axis=1), np.fmax.reduce(off, axis=1)
        mended = values[report] - least
        crossed = says[:, across].any(axis=1) & says[:, ~across].any(axis=1)
        blamed = crossed & (least == most) & (least != 0) & (mended >= 0)
        disputed = says[blamed].sum(axis=0) > 1
        for cell in np.flatnonzero(blamed & ~says[:, disputed].any(axis=1)):
            yield int(report), int(cell), float(mended[cell])
