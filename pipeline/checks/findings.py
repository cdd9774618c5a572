"""Every doubt as a row: failed identities, dates that do not fit, and what was odd while reading.

A failed identity is the agency's only where nothing of its table was read with doubt; the sentence says which it is.
"""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

import numpy as np
import pyarrow as pa

from pipeline.checks.dates import check_dates
from pipeline.checks.identities import Counts, Failure, check_tables
from pipeline.checks.places import cell_keys, cell_place, row_keys, row_place, statistics_place, table_place
from pipeline.checks.rules import rules
from pipeline.checks.statistics import check_statistics, plain
from pipeline.forms import STATISTICS, Forms, load
from pipeline.tables import CHECKS, FINDINGS

_DOUBTS = {"T3", "T4", "T5", "T6", "T7", "T9", "T10", "T11"}
"""Notes after which a failing identity may be our own misreading."""


Note = dict[str, Any]
"""A note as `tables.READINGS` holds it: rule, table_name, row, observed, locator."""


def check(readings: pa.Table, year: int) -> pa.Table:
    """Count every rule in a batch of accepted readings (`tables.READINGS`) of one year: the rows of `checks`."""
    counts = _no_counts(len(readings))
    for _ in check_tables(readings, load(), counts):
        pass
    for _ in check_statistics(readings, counts):
        pass
    for _ in check_dates(readings, year, counts):
        pass
    return _checks_table(readings["report_id"].to_pylist(), year, counts)


def find(readings: pa.Table, year: int, notes: Mapping[str, Sequence[Note]]) -> pa.Table:
    """Every doubt about a batch of accepted readings (`tables.READINGS`) of one year: the rows of `findings`.

    `notes` adds to the readings' own what only the whole inventory shows, by report.
    """
    forms, order = load(), list(rules())
    counts = _no_counts(len(readings))
    rows = list(_failures(readings, forms, counts))
    rows += check_dates(readings, year, counts)
    rows += _notes(readings, notes, forms)
    rows.sort(key=lambda row: (row["report"], order.index(row["rule"])))
    return _findings_table(readings["report_id"].to_pylist(), year, rows)


def _no_counts(reports: int) -> Counts:
    return {code: np.zeros((reports, 4), dtype=np.int32) for code, rule in rules().items() if rule.kind == "check"}


def _failures(readings: pa.Table, forms: Forms, counts: Counts) -> Iterator[dict[str, Any]]:
    doubtful = [
        {note["table_name"] for note in notes if note["rule"] in _DOUBTS} for notes in readings["notes"].to_pylist()
    ]
    for row in check_statistics(readings, counts):
        blame = "" if row["rule"] == "H5" else f" {_blame(doubtful=STATISTICS in doubtful[row['report']])}"
        yield row | {"message": row["message"] + blame}
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
            "message": _sentence(readings, failure, doubtful=name in doubtful[failure.report]),
        }


def _sentence(readings: pa.Table, failure: Failure, *, doubtful: bool) -> str:
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
    relation = "is not" if identity.relation == "=" else "is more than"
    left_sum = f" = {plain(failure.left_sum)}" if len(failure.left) > 1 else ""
    right_sum = f" = {plain(failure.right_sum)}" if len(failure.right) > 1 else ""
    blame = _blame(doubtful=doubtful)
    return f"{table_place(form.name)} · {where}: {left}{left_sum} {relation} {right}{right_sum}. {blame}"


def _blame(*, doubtful: bool) -> str:
    return (
        "A part of this table was read with doubt, so the slip may be ours." if doubtful else "The source prints it so."
    )


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
            }


def _checks_table(ids: list[str], year: int, counts: Counts) -> pa.Table:
    codes = list(counts)
    verdicts = np.stack([counts[code] for code in codes], axis=1).reshape(-1, 4)
    return CHECKS.conform(
        pa.table(
            {
                "report_id": np.repeat(np.array(ids, dtype=object), len(codes)),
                "report_year": np.full(len(verdicts), year, dtype=np.int16),
                "rule": np.tile(np.array(codes, dtype=object), len(ids)),
                **dict(zip(("passed", "vacuous", "failed", "not_assessable"), verdicts.T, strict=True)),
            }
        )
    )


def _findings_table(ids: list[str], year: int, rows: list[dict[str, Any]]) -> pa.Table:
    seen: dict[str, int] = {}
    for row in rows:
        row["report_id"], row["report_year"] = ids[row.pop("report")], year
        row["severity"] = rules()[row["rule"]].severity
        name = "|".join(str(row[part]) for part in ("report_id", "rule", "table_name", "cell_keys", "observed"))
        seen[name] = seen.get(name, 0) + 1
        row["finding_id"] = sha256(f"{name}|{seen[name]}".encode()).hexdigest()[:16]
    return pa.Table.from_pylist(rows, schema=FINDINGS.arrow_schema)
