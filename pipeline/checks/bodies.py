"""What a body of its level and kind may report, and by when: P1, P2 and M1. Of an unknown body they cannot say.

The Regulations of 2019 (art. 49) ask the departments and offices of governments from the county up to publish by 31
January, and those governments by 31 March; they name no township, no vertical body, no hospital and no development
zone. Those of 2007 (art. 31) asked every administrative body by 31 March.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from pipeline.checks.identities import FAILED, NOT_ASSESSABLE, PASSED, VACUOUS, Counts, batches
from pipeline.checks.places import cell_keys, cell_place, row_keys, row_place
from pipeline.checks.rules import rules
from pipeline.checks.statistics import plain
from pipeline.checks.surroundings import Body, Surroundings
from pipeline.forms import Forms, TableForm

Finding = dict[str, Any]

_FIRST_OF_2019 = 2019
"""The first report year under the Regulations of 2019."""
_RULE_MAKING_CITIES = {"prefecture_city", "autonomous_prefecture"}
_GOVERNS = {"government", "office"}
"""A government, and its office: whose rules they are of the two, reports themselves mix up."""
_ADMINISTRATIVE = {"government", "office", "department", "vertical"}


def check_bodies(
    readings: pa.Table, forms: Forms, year: int, around: Surroundings, counts: Counts
) -> Iterator[Finding]:
    """Count the rules for a batch of readings of a folder's year; yield the rows of `findings` that fail."""
    bodies = list(around.bodies or [None] * len(readings))
    for _, form, reports, values in batches(readings, forms):
        if form.name in rules()["P1"].tables:
            for report, figures in zip(map(int, reports), values, strict=True):
                yield from _rules(report, form, figures, bodies[report], readings, counts)
                yield from _decisions(report, form, figures, bodies[report], readings, counts)
    for report, published in enumerate(readings["published_on"].to_pylist()):
        yield from _in_time(report, published, due(bodies[report], year), counts)


def makes_rules(body: Body) -> bool:
    """Whether a body can make rules (规章): central departments, provinces, cities and autonomous prefectures."""
    if body.level == "central":
        return True
    return body.kind in _GOVERNS and (body.level == "province" or body.region_kind in _RULE_MAKING_CITIES)


def due(body: Body | None, year: int) -> date | None:
    """The last day on which a body may publish its report of a year; None: the law names none, or it is not known."""
    if body is None or body.kind not in _ADMINISTRATIVE:
        return None
    if year < _FIRST_OF_2019:
        return date(year + 1, 3, 31)
    if body.level == "township" or body.kind == "vertical":
        return None
    return date(year + 1, 3, 31) if body.kind == "government" else date(year + 1, 1, 31)


def _rules(
    report: int, form: TableForm, figures: np.ndarray, body: Body | None, readings: pa.Table, counts: Counts
) -> Iterator[Finding]:
    cells = [cell for cell, (row, _) in enumerate(form.keys) if row == "rules"]
    values = figures[cells]
    if not (values > 0).any():
        counts["P1"][report, NOT_ASSESSABLE if np.isnan(values).any() else VACUOUS] += 1
    elif body is None:
        counts["P1"][report, NOT_ASSESSABLE] += 1
    elif makes_rules(body):
        counts["P1"][report, PASSED] += 1
    else:
        counts["P1"][report, FAILED] += 1
        printed = ", ".join(
            f"{form.cells[cell][1].label} {plain(figures[cell])}" for cell in cells if not np.isnan(figures[cell])
        )
        yield rules()["P1"].breach(
            report,
            place=row_place(form, "rules"),
            table=form.name,
            cells=row_keys(form, "rules"),
            expected=f"{body.level}, {body.kind}",
            observed=printed,
            locator=readings[form.name][report]["locator"][cells[int(np.argmax(np.nan_to_num(values) > 0))]].as_py(),
        )


def _decisions(
    report: int, form: TableForm, figures: np.ndarray, body: Body | None, readings: pa.Table, counts: Counts
) -> Iterator[Finding]:
    if body is not None and body.level != "township":
        return
    for cell, (row, column) in enumerate(form.keys):
        if column != "decisions" or row == "other_services":
            continue
        if np.isnan(figures[cell]) or (figures[cell] > 0 and body is None):
            counts["P2"][report, NOT_ASSESSABLE] += 1
        elif figures[cell] <= 0:
            counts["P2"][report, VACUOUS] += 1
        else:
            counts["P2"][report, FAILED] += 1
            yield rules()["P2"].breach(
                report,
                place=cell_place(form, cell),
                table=form.name,
                cells=cell_keys(form, (cell,)),
                expected="0",
                observed=plain(figures[cell]),
                locator=readings[form.name][report]["locator"][cell].as_py(),
            )


def _in_time(report: int, published: date | None, last: date | None, counts: Counts) -> Iterator[Finding]:
    if published is None or last is None:
        counts["M1"][report, NOT_ASSESSABLE] += 1
    elif published <= last:
        counts["M1"][report, PASSED] += 1
    else:
        counts["M1"][report, FAILED] += 1
        yield rules()["M1"].breach(report, expected=str(last), observed=str(published))
