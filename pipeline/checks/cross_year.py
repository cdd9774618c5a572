"""What a report says against the same body's report of the year before: X1-X5, X7 and X8.

Two reports of one body are two witnesses of one stock: what one year carries out the next carries in. The year before
is taken as the dataset has it, with its corrections. Where there is none, or several versions of it are current, or
either year has no figure, a rule cannot say. Why such sums fail in honest reports too (a merger, another scope) stands
in the sentence and excuses nothing by itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Literal, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.checks.identities import FAILED, HOLDS, NOT_ASSESSABLE, PASSED, VACUOUS, Counts, batches
from pipeline.checks.places import keyed_place, table_place
from pipeline.checks.rules import rules
from pipeline.checks.statistics import plain
from pipeline.checks.surroundings import NO_PARTNER, Surroundings
from pipeline.forms import STATISTICS, TABLES, Forms, load, load_statistics
from pipeline.forms.loader import AXES

Key = tuple[str, str]
"""Row and column code of a cell."""
Finding = dict[str, Any]

RATIO, LARGE = 5, 50
"""X7: by what factor a figure may change in a year, where the larger one is at least so large (amounts: 万元)."""
DIGITS = 4
"""X8: as many digits as the figures of a table must have together before their being the same is no chance."""
_STOCKS = {"in_force", "public_stock", "items_prev"}
"""Measures of table 2 that stay the same from year to year where nothing happens."""
_WATCHED: dict[str, tuple[Key, ...]] = {
    "applications": (("received_new", "total"), ("processed_total", "total")),
    "review_litigation": tuple((channel, "total") for channel in ("review", "lit_direct", "lit_after_review")),
    "proactive_disclosure": (
        *((subject, "decisions") for subject in ("licensing", "penalty", "coercion")),
        ("charges", "amount"),
    ),
}
"""X7: the figures watched, all of which mean the same in every edition that has them."""


class Term(NamedTuple):
    """A code of one axis, in this year's report or in that of the year before, added or taken off."""

    code: str
    earlier: bool
    sign: Literal[1, -1] = 1


class Relation(NamedTuple):
    """`left relation sum(right)`, for every code of the other axis or for `others`; `left` is of this year's report."""

    rule: str
    table: str
    axis: str
    left: str
    relation: Literal["=", ">="]
    right: tuple[Term, ...]
    others: frozenset[str] | None = None


_CARRIED = (Term("carried_out", earlier=True),)


@cache
def _relations() -> tuple[Relation, ...]:
    people = frozenset(code.code for code in load().codes["applicants"].values() if not code.total)
    items = (Term("items_prev", earlier=True), Term("items_change", earlier=True))
    in_force = (Term("in_force", earlier=True), Term("issued", earlier=False), Term("repealed", earlier=False, sign=-1))
    disclosed = "proactive_disclosure", "measure"
    return (
        Relation("X1", "applications", "item", "carried_in", "=", _CARRIED, frozenset({"total"})),
        Relation("X2", "applications", "item", "carried_in", "=", _CARRIED, people),
        Relation("X3", *disclosed, "items_prev", "=", items),
        Relation("X4", *disclosed, "in_force", "=", in_force),
        Relation("X5", *disclosed, "public_stock", ">=", (Term("public_stock", earlier=True),)),
    )


class _Figures(NamedTuple):
    """A table of all reports: edition (None: absent), and the value of every cell that any edition has.

    `values` is (reports, keys), NaN for no value, amounts in 万元.
    """

    editions: np.ndarray
    keys: Mapping[Key, int]
    values: np.ndarray

    def of(self, key: Key) -> np.ndarray:
        """A cell in all reports."""
        return np.asarray(self.values[:, self.keys[key]])


def check_years(readings: pa.Table, forms: Forms, year: int, around: Surroundings, counts: Counts) -> Iterator[Finding]:
    """Count the rules for a batch of readings of a year; yield the rows of `findings` that fail, but for whose slip."""
    partners = np.array(around.partners or [NO_PARTNER] * len(readings), dtype=np.int64)
    names = around.earlier["report_id"].to_pylist()
    others = [{"other": names[partner] if partner != NO_PARTNER else "", "year": str(year - 1)} for partner in partners]
    now, before = _figures(readings, forms), _of_partners(_figures(around.earlier, forms), partners)
    for relation in _relations():
        yield from _related(relation, now[relation.table], before[relation.table], readings, others, counts)
    for table, watched in _WATCHED.items():
        for key in watched:
            yield from _leaps(table, key, now[table], before[table], readings, others, counts)
    for table in TABLES:
        yield from _copied(table, now[table], before[table], forms, others, counts)
    yield from _copied_statistics(readings, around.earlier, partners, others, counts)


def _figures(readings: pa.Table, forms: Forms) -> dict[str, _Figures]:
    """The tables of a batch, by name, with the same columns for all editions."""
    found = {}
    for name in TABLES:
        keys = list(dict.fromkeys(key for edition in forms.editions.values() for key in edition.tables[name].keys))
        editions = pc.struct_field(readings[name].combine_chunks(), "edition").to_numpy(zero_copy_only=False)
        values = np.full((len(readings), len(keys)), np.nan)
        found[name] = _Figures(editions, {key: number for number, key in enumerate(keys)}, values)
    for _, form, reports, values in batches(readings, forms):
        figures = found[form.name]
        columns = np.array([figures.keys[key] for key in form.keys])
        figures.values[np.ix_(reports, columns)] = values
        for cell, (_, column) in enumerate(form.cells):
            if column.kind == "amount":
                cells = readings[form.name].combine_chunks().take(pa.array(reports))
                units = pc.list_element(pc.struct_field(cells, "unit"), cell).to_pylist()
                in_wan = np.array([_IN_WAN.get(unit, np.nan) for unit in units])
                figures.values[reports, figures.keys[form.keys[cell]]] *= in_wan
    return found


_IN_WAN = {"万元": 1.0, "元": 1e-4}


def _of_partners(earlier: Mapping[str, _Figures], partners: np.ndarray) -> dict[str, _Figures]:
    """The figures of each report's partner, in the order of the reports; none where it has no partner."""
    known = partners != NO_PARTNER
    found = {}
    for name, figures in earlier.items():
        editions = np.full(len(partners), None, dtype=object)
        values = np.full((len(partners), len(figures.keys)), np.nan)
        editions[known], values[known] = figures.editions[partners[known]], figures.values[partners[known]]
        found[name] = _Figures(editions, figures.keys, values)
    return found


def _related(
    relation: Relation,
    now: _Figures,
    before: _Figures,
    readings: pa.Table,
    others: Sequence[Mapping[str, str]],
    counts: Counts,
) -> Iterator[Finding]:
    rule = rules()[relation.rule]
    for edition, key in _instances(relation):
        reports = np.flatnonzero(now.editions == edition)
        left, terms = now.of(key)[reports], []
        for term in relation.right:
            figures = before if term.earlier else now
            terms.append(term.sign * figures.of(_turned(relation, key, term.code))[reports])
        right = np.sum(terms, axis=0)
        unknown = np.isnan(left) | np.isnan(right)
        zeros = ~unknown & (left == 0) & (np.abs(terms).sum(axis=0) == 0)
        verdict = np.select(
            [unknown, zeros, HOLDS[relation.relation](left, right)], [NOT_ASSESSABLE, VACUOUS, PASSED], FAILED
        )
        np.add.at(counts[relation.rule], (reports, verdict), 1)
        for number in np.flatnonzero(verdict == FAILED):
            report = int(reports[number])
            own = [key, *(_turned(relation, key, term.code) for term in relation.right if not term.earlier)]
            parts = [_part(relation, term, float(terms[place][number])) for place, term in enumerate(relation.right)]
            yield rule.breach(
                report,
                place=keyed_place(relation.table, "/".join(key)),
                table=relation.table,
                cells=" ".join("/".join(each) for each in own),
                expected=plain(right[number]),
                observed=plain(left[number]),
                locator=_locator(readings, relation.table, report, key),
                parts=" ".join(parts).removeprefix("+ "),
                **others[report],
            )


def _instances(relation: Relation) -> Iterator[tuple[str, Key]]:
    """The cells a relation is for, in each edition that has them and the other figures of the same report."""
    for edition in load().editions.values():
        form = edition.tables[relation.table]
        for key in form.keys:
            code, other = key if form.row_axis == relation.axis else reversed(key)
            own = {_turned(relation, key, term.code) for term in relation.right if not term.earlier}
            wanted = code == relation.left and (relation.others is None or other in relation.others)
            if wanted and own <= set(form.keys):
                yield edition.edition, key


def _turned(relation: Relation, key: Key, code: str) -> Key:
    """The cell of another code that stands beside a relation's cell."""
    row, column = key
    return (code, column) if relation.left == row else (row, code)


def _part(relation: Relation, term: Term, value: float) -> str:
    """`+ 上一年项目数量 12 (2022)`: a term of a sum as the sentence shows it."""
    name = load().name(relation.axis, term.code)
    return f"{'-' if term.sign < 0 else '+'} {name} {plain(abs(value) if term.sign < 0 else value)}"


def _leaps(
    table: str,
    key: Key,
    now: _Figures,
    before: _Figures,
    readings: pa.Table,
    others: Sequence[Mapping[str, str]],
    counts: Counts,
) -> Iterator[Finding]:
    """X7: a large figure that is more than five times what it was, or less than a fifth."""
    has = [edition.edition for edition in load().editions.values() if key in edition.tables[table].keys]
    reports = np.flatnonzero(np.isin(now.editions.astype(str), has))
    new, old = now.of(key)[reports], before.of(key)[reports]
    larger, smaller = np.maximum(new, old), np.minimum(new, old)
    verdict = np.select(
        [np.isnan(larger), larger < LARGE, larger <= RATIO * smaller], [NOT_ASSESSABLE, VACUOUS, PASSED], FAILED
    )
    np.add.at(counts["X7"], (reports, verdict), 1)
    unit = "万元" if key[1] == "amount" else ""
    for number in np.flatnonzero(verdict == FAILED):
        report = int(reports[number])
        yield rules()["X7"].breach(
            report,
            place=keyed_place(table, "/".join(key)),
            table=table,
            cells="/".join(key),
            expected=f"{plain(old[number])}{unit}",
            observed=f"{plain(new[number])}{unit}",
            locator=_locator(readings, table, report, key),
            **others[report],
        )


def _copied(
    table: str, now: _Figures, before: _Figures, forms: Forms, others: Sequence[Mapping[str, str]], counts: Counts
) -> Iterator[Finding]:
    """X8: a table that has the very figures of the year before, and enough of them."""
    reports = np.flatnonzero([edition is not None for edition in now.editions])
    new, old = now.values[reports], before.values[reports]
    telling = [number for key, number in now.keys.items() if _is_telling(table, key, forms)]
    digits = _digits(new[:, telling])
    same = ((new == old) | (np.isnan(new) & np.isnan(old))).all(axis=1)
    same &= now.editions[reports] == before.editions[reports]
    unknown = np.isnan(new).all(axis=1) | np.isnan(old).all(axis=1)
    verdict = np.select([unknown, ~same, digits < DIGITS], [NOT_ASSESSABLE, PASSED, VACUOUS], FAILED)
    np.add.at(counts["X8"], (reports, verdict), 1)
    for number in np.flatnonzero(verdict == FAILED):
        yield _copy(int(reports[number]), table, int(np.sum(new[number] > 0)), others)


def _copied_statistics(
    readings: pa.Table,
    earlier: pa.Table,
    partners: np.ndarray,
    others: Sequence[Mapping[str, str]],
    counts: Counts,
) -> Iterator[Finding]:
    """X8 for the statistics tables before 2019, whose columns are the agency's choice."""
    here = np.flatnonzero(pc.is_valid(readings[STATISTICS]).to_numpy(zero_copy_only=False))
    indicators = load_statistics().indicators
    for report in map(int, here):
        new = _entries(readings[STATISTICS][report])
        old = _entries(earlier[STATISTICS][partners[report]]) if partners[report] != NO_PARTNER else {}
        parts = [value for (code, _), value in new.items() if value is not None and not indicators[code].total]
        if not any(value is not None for value in new.values()) or not any(value is not None for value in old.values()):
            verdict = NOT_ASSESSABLE
        elif new != old:
            verdict = PASSED
        else:
            verdict = FAILED if _digits(np.array([parts], dtype=float))[0] >= DIGITS else VACUOUS
        counts["X8"][report, verdict] += 1
        if verdict == FAILED:
            yield _copy(report, STATISTICS, sum(bool(value) for value in new.values()), others)


def _entries(cells: pa.Scalar) -> dict[Key, Any]:
    return {(entry["indicator"], entry["column_label"]): entry["value"] for entry in cells.as_py() or ()}


def _copy(report: int, table: str, figures: int, others: Sequence[Mapping[str, str]]) -> Finding:
    other = others[report]
    return rules()["X8"].breach(
        report, place=table_place(table), table=table, expected=other["other"], observed=str(figures), **other
    )


def _is_telling(table: str, key: Key, forms: Forms) -> bool:
    """Whether a cell is no sum of others and no stock."""
    form = next(iter(forms.editions.values())).tables[table]
    codes = zip((form.row_axis, form.column_axis), key, strict=True)
    return _STOCKS.isdisjoint(key) and not any(forms.codes[AXES[axis]][code].total for axis, code in codes)


def _digits(values: np.ndarray) -> np.ndarray:
    """How many digits the figures of each row have together, before the decimal point."""
    with np.errstate(divide="ignore"):
        digits = np.floor(np.log10(np.abs(np.nan_to_num(values)))) + 1
    return np.asarray(np.maximum(digits, 0).sum(axis=1))


def _locator(readings: pa.Table, table: str, report: int, key: Key) -> str | None:
    cells = readings[table][report]
    form = load().editions[cells["edition"].as_py()].tables[table]
    place: str | None = cells["locator"][form.keys.index(key)].as_py()
    return place
