"""Every doubt as a row: failed identities, dates that do not fit, and what was odd while reading.

A failed identity is the agency's only where nothing of its table was read with doubt or corrected; the sentence says
which it is. Of two years' tables neither may have been.

What is yielded are plain rows and columns: they become the declared tables where they are staged.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import chain
from typing import Any

import numpy as np
import pyarrow as pa

from pipeline.checks.bodies import check_bodies
from pipeline.checks.cross_year import check_years
from pipeline.checks.crossings import find_crossings
from pipeline.checks.dates import check_dates
from pipeline.checks.form import check_form
from pipeline.checks.identities import Counts, Failure, check_tables
from pipeline.checks.narrative import check_narrative
from pipeline.checks.places import (
    cell_keys,
    cell_place,
    keyed_place,
    row_keys,
    row_place,
    statistics_place,
    table_place,
)
from pipeline.checks.rules import rules
from pipeline.checks.similarity import find_similar
from pipeline.checks.statistics import check_statistics, plain
from pipeline.checks.surroundings import ALONE, Surroundings, doubtful
from pipeline.checks.units import check_units
from pipeline.checks.versions import find_versions
from pipeline.forms import STATISTICS, Forms, load

_BROKEN = {"=": "is not", "<=": "is more than", ">=": "is less than"}
"""How a sentence says that a relation does not hold."""

Note = dict[str, Any]
"""A note as `tables.READINGS` holds it: rule, table_name, row, observed, locator.

One about files has `apart`, too: what tells it from others of its rule, for its `observed` is a path.
"""


def check(readings: pa.Table, year: int, around: Surroundings = ALONE) -> pa.Table:
    """Count every rule in a batch of accepted readings (`tables.READINGS`) of one year: the columns of `checks`."""
    counts = _no_counts(len(readings))
    for _ in _failures(readings, load(), year, around, counts):
        pass
    return _checks_table(readings["report_id"].to_pylist(), year, counts)


def find(
    readings: pa.Table,
    year: int,
    notes: Mapping[str, Sequence[Note]],
    corrections: Sequence[Mapping[str, Any]] = (),
    around: Surroundings = ALONE,
    failing: Collection[str] | None = None,
) -> list[dict[str, Any]]:
    """Every doubt about a batch of accepted readings (`tables.READINGS`) of one year: rows of `findings`, undecided.

    `notes` adds to the readings' own what only the whole inventory shows, by report. `corrections` are the rows of
    `corrections` that the readings hold already. `failing` are the reports in which a check fails, where they were
    counted (`check`): no other is checked again.
    """
    forms, order = load(), list(rules())
    ids = readings["report_id"].to_pylist()
    corrected = {(row["report_id"], row["table_name"]) for row in corrections}
    wanted = [number for number, name in enumerate(ids) if failing is None or name in failing]
    rows = list(_failing(readings, wanted, forms, year, around, corrected))
    rows += find_versions(readings, around)
    rows += find_similar(around.similar, ids)
    rows += _notes(readings, notes, forms)
    rows += _corrections(readings, corrections)
    rows.sort(key=lambda row: (row["report"], order.index(row["rule"])))
    return _named(ids, year, rows)


def _failing(
    readings: pa.Table,
    wanted: Sequence[int],
    forms: Forms,
    year: int,
    around: Surroundings,
    corrected: Collection[tuple[str, str]],
) -> Iterator[dict[str, Any]]:
    """What fails in the reports of a batch that are wanted, and where failing sums cross."""
    own = readings.take(pa.array(wanted, pa.int64()))
    failures = _failures(own, forms, year, around.of(wanted), _no_counts(len(own)), corrected)
    for row in chain(failures, find_crossings(own, forms)):
        yield row | {"report": wanted[row["report"]]}


def _no_counts(reports: int) -> Counts:
    return {code: np.zeros((reports, 4), dtype=np.int32) for code, rule in rules().items() if rule.kind == "check"}


def _failures(
    readings: pa.Table,
    forms: Forms,
    year: int,
    around: Surroundings,
    counts: Counts,
    corrected: Collection[tuple[str, str]] = (),
) -> Iterator[dict[str, Any]]:
    """Count every check; yield what fails. `corrected` are the tables, by report and name, that hold corrections."""
    ids = readings["report_id"].to_pylist()
    doubts = [doubtful(notes) for notes in readings["notes"].to_pylist()]

    def blame(report: int, table: str) -> str:
        if table in doubts[report]:
            return "A part of this table was read with doubt, so the slip may be ours."
        if (ids[report], table) in corrected:
            return "This table holds recorded corrections, so the slip may be theirs."
        return "The source prints it so."

    def blame_either(report: int, table: str) -> str:
        partner = around.partners[report]
        if table in doubts[report] or table in around.earlier["doubtful"][partner].as_py():
            return "A part of one of the two tables was read with doubt, so the slip may be ours."
        if (ids[report], table) in corrected or table in around.earlier["corrected"][partner].as_py():
            return "One of the two tables holds recorded corrections, so the slip may be theirs."
        return "Both are printed so."

    for row in check_statistics(readings, counts):
        slip = "" if row["rule"] == "H5" else f" {blame(row['report'], STATISTICS)}"
        yield row | {"message": row["message"] + slip}
    for row in check_narrative(readings, forms, year, counts):
        yield row | {"message": f"{row['message']} {blame(row['report'], row['table_name'])}"}
    yield from check_dates(readings, year, counts)
    yield from check_units(readings, forms, year, counts)
    yield from check_form(readings, forms, year, counts)
    yield from check_bodies(readings, forms, year, around, counts)
    for row in check_years(readings, forms, year, around, counts):
        yield row | {"message": f"{row['message']} {blame_either(row['report'], row['table_name'])}"}
    for failure in check_tables(readings, forms, counts):
        name = failure.form.name
        yield {
            "report": failure.report,
            "rule": failure.rule,
            "table_name": name,
            "cell_keys": cell_keys(failure.form, failure.left + failure.right),
            "expected": plain(failure.right_sum) if failure.identity else None,
            "observed": plain(failure.left_sum),
            "locator": _locator(readings, failure),
            "message": _sentence(readings, failure, blame(failure.report, name)),
        }


def _sentence(readings: pa.Table, failure: Failure, blame: str) -> str:
    form, identity = failure.form, failure.identity
    if identity is None:
        template = rules()[failure.rule].message
        return template.format(place=cell_place(form, failure.left[0]), observed=plain(failure.left_sum), expected="")
    forms = load()
    axis = 0 if identity.axis == form.row_axis else 1
    other_axis = form.column_axis if axis == 0 else form.row_axis
    where = forms.name(other_axis, form.keys[failure.left[0]][1 - axis])
    values = readings[form.name][failure.report]["value"]
    left, right = (
        " + ".join(f"{forms.name(identity.axis, form.keys[cell][axis])} {plain(values[cell].as_py())}" for cell in side)
        for side in (failure.left, failure.right)
    )
    relation = _BROKEN[identity.relation]
    left_sum = f" = {plain(failure.left_sum)}" if len(failure.left) > 1 else ""
    right_sum = f" = {plain(failure.right_sum)}" if len(failure.right) > 1 else ""
    return f"{table_place(form.name)} · {where}: {left}{left_sum} {relation} {right or 0}{right_sum}. {blame}"


def _locator(readings: pa.Table, failure: Failure) -> str | None:
    locator: str | None = readings[failure.form.name][failure.report]["locator"][failure.left[0]].as_py()
    return locator


def _notes(readings: pa.Table, added: Mapping[str, Sequence[Note]], forms: Forms) -> Iterator[dict[str, Any]]:
    own = zip(readings["report_id"].to_pylist(), readings["notes"].to_pylist(), strict=True)
    for report, (report_id, notes) in enumerate(own):
        for note in [*notes, *added.get(report_id, ())]:
            name, row = note["table_name"], note["row"]
            place, keys = "", None
            if name == STATISTICS:
                place, keys = (statistics_place(row), row) if row else (table_place(name), None)
            elif name:
                place = table_place(name)
                edition = readings[name][report]["edition"].as_py() if readings[name][report].is_valid else None
                if row and edition:
                    form = forms.editions[edition].tables[name]
                    place, keys = row_place(form, row), row_keys(form, row)
            message = rules()[note["rule"]].message.format(place=place, observed=note["observed"], expected="")
            yield {
                "report": report,
                "rule": note["rule"],
                "table_name": name,
                "cell_keys": keys,
                "expected": None,
                "observed": note["observed"] or None,
                "locator": note["locator"],
                "message": message,
                **({"apart": note["apart"]} if "apart" in note else {}),
            }


def _corrections(readings: pa.Table, corrections: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """A finding for each correction: what is printed, what was given instead, and why."""
    reports = {name: number for number, name in enumerate(readings["report_id"].to_pylist())}
    for row in corrections:
        given = row["state"] if row["value"] is None else f"{plain(row['value'])}{row['unit'] or ''}"
        place = keyed_place(row["table_name"], row["cell_keys"])
        printed = row["printed"] or ("nothing" if row["printed"] is None else "a blank")
        message = rules()["K1"].message.format(place=place, observed=printed, expected=given)
        yield {
            "report": reports[row["report_id"]],
            "rule": "K1",
            "table_name": row["table_name"],
            "cell_keys": row["cell_keys"],
            "expected": given,
            "observed": row["printed"],
            "locator": row["locator"],
            "message": f"{message} {row['reason']}",
        }


def _checks_table(ids: list[str], year: int, counts: Counts) -> pa.Table:
    codes = list(counts)
    verdicts = np.stack([counts[code] for code in codes], axis=1).reshape(-1, 4)
    return pa.table(
        {
            "report_id": np.repeat(np.array(ids, dtype=object), len(codes)),
            "report_year": np.full(len(verdicts), year, dtype=np.int16),
            "rule": np.tile(np.array(codes, dtype=object), len(ids)),
            **dict(zip(("passed", "vacuous", "failed", "not_assessable"), verdicts.T, strict=True)),
        }
    )


def _named(ids: list[str], year: int, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows, each with its name: report, rule, place and both sides, no path and no sentence.

    `apart` takes the place of the sides where these are paths, which are no one's for good.
    """
    seen: dict[str, int] = {}
    for row in rows:
        row["report_id"], row["report_year"] = ids[row.pop("report")], year
        row["severity"] = rules()[row["rule"]].severity
        apart = row.pop("apart", (row["expected"], row["observed"]))
        name = "|".join(map(str, (*(row[part] for part in ("report_id", "rule", "table_name", "cell_keys")), *apart)))
        seen[name] = seen.get(name, 0) + 1
        row["finding_id"] = sha256(f"{name}|{seen[name]}".encode()).hexdigest()[:16]
    return rows
