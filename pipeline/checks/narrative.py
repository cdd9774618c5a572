"""What a report's sentences say against what its tables say: C1-C3 and C8-C11.

Two statements of one report about the same thing are two witnesses, so agreement proves something even over zeros. A
sentence contradicts a table only where it can mean nothing else: an approximate figure, another year's, or one of some
other body confirms what it fits and is silent otherwise.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.checks.identities import FAILED, NOT_ASSESSABLE, PASSED, Counts
from pipeline.checks.places import cell_keys, cell_place
from pipeline.checks.rules import rules
from pipeline.checks.statistics import plain
from pipeline.forms import TABLES, Forms, TableForm, load, terms
from pipeline.forms.loader import AXES
from pipeline.parse.narrative import Fact
from pipeline.parse.quantities import YUAN

Tables = Mapping[str, tuple[TableForm, Sequence[Decimal | int | None]]]
"""The tables that are there, by name: form and values in the form's order, amounts in yuan."""

_ALL_REQUESTS = ("processed_total/total", "received_new/total", "inflow/total")
"""Of what a share of requests may be a share."""
_GOVERNMENT = ("人民政府", "政府")
_QUOTED = 60


class Outcome(NamedTuple):
    """A fact held against the tables: the rule, the verdict, what the tables have for each meaning, and their cells."""

    fact: Fact
    rule: str
    verdict: int
    expected: tuple[Decimal, ...]
    cells: tuple[int, ...]

    @property
    def says(self) -> str:
        """The verdict in a word."""
        return {PASSED: "confirmed", FAILED: "contradicted"}.get(self.verdict, "cannot_say")


def compare(facts: Sequence[Fact], tables: Tables, year: int | None, agency: str | None) -> list[Outcome]:
    """Hold every fact of a report against its tables; `year` is the report's year, `agency` the body that reports."""
    stated = {fact.name for fact in facts if fact.scope == "own"}
    return [_outcome(fact, tables, year, agency, outdone=fact.yields_to in stated) for fact in facts]


def _outcome(fact: Fact, tables: Tables, year: int | None, agency: str | None, *, outdone: bool) -> Outcome:
    scope = _scope(fact, agency)
    rule = "C11" if scope == "region" else _rule(fact)
    if fact.table not in tables or fact.period not in (None, str(year)) or not fact.exact:
        return Outcome(fact, rule, NOT_ASSESSABLE, (), ())
    form, values = tables[fact.table]
    meanings = list(_meanings(fact, form, values))
    known = dict.fromkeys(value for value, _ in meanings if value is not None)
    cells = meanings[0][1] if meanings else ()
    if any(_agrees(fact, value) for value in known):
        return Outcome(fact, rule, PASSED, tuple(known), cells)
    sure = fact.certain and scope != "unknown" and not outdone
    verdict = FAILED if meanings and len(known) > 0 and _all_known(meanings) and sure else NOT_ASSESSABLE
    return Outcome(fact, rule, verdict, tuple(known), cells)


def _all_known(meanings: Sequence[tuple[Decimal | None, tuple[int, ...]]]) -> bool:
    return all(value is not None for value, _ in meanings)


def _scope(fact: Fact, agency: str | None) -> str:
    """Who the figure counts for: a region is a government's own report's, a named body may be the one that reports."""
    if fact.scope == "region":
        return "own" if agency and agency.endswith(_GOVERNMENT) else "region"
    if fact.body is None:
        return fact.scope
    name = (agency or "").replace("人民", "")
    return "own" if fact.body.replace("人民", "") in name else "unknown"


def _rule(fact: Fact) -> str:
    if fact.kind == "share":
        return "C9"
    if fact.table == "review_litigation":
        return "C3"
    if fact.table == "proactive_disclosure":
        return "C10"
    if "received_new/total" not in fact.cells or "received_new - carried_out/total" in fact.cells:
        return "C8"
    return "C2" if fact.negated else "C1"


def _agrees(fact: Fact, value: Decimal) -> bool:
    return value == fact.value if fact.kind == "count" else abs(value - fact.value) < fact.step


def _meanings(
    fact: Fact, form: TableForm, values: Sequence[Decimal | int | None]
) -> Iterator[tuple[Decimal | None, tuple[int, ...]]]:
    """What the table has for each meaning of a fact that its edition knows, None where a cell has no value."""
    for meaning in fact.cells:
        places = _places(form.edition, form.name, meaning)
        if places is None:
            continue
        part, cells = _sum(places, values), tuple(place for _, place in places)
        if fact.kind != "share":
            yield part, cells
            continue
        for whole in _wholes(fact.table, meaning):
            of = _places(form.edition, form.name, whole)
            total = _sum(of, values) if of else None
            yield (100 * part / total if part is not None and total else None), cells


def _wholes(table: str, meaning: str) -> tuple[str, ...]:
    row, _, column = meaning.partition("/")
    if column != "total":
        return (f"{row}/total",)
    return _ALL_REQUESTS if table == "applications" else ()


def _sum(places: Sequence[tuple[int, int]], values: Sequence[Decimal | int | None]) -> Decimal | None:
    total = Decimal(0)
    for sign, place in places:
        value = values[place]
        if value is None:
            return None
        total += sign * value
    return total


@lru_cache(maxsize=4096)
def _places(edition: str, table: str, meaning: str) -> tuple[tuple[int, int], ...] | None:
    """A meaning (`granted + denied/total`) as signs and places of cells; None where the edition does not have it."""
    form = load().editions[edition].tables[table]
    place = {keys: number for number, keys in enumerate(form.keys)}
    rows, _, columns = meaning.partition("/")
    found = [
        [(sign * other, place.get((row, column))) for row in _codes(form.row_axis, code, form, 0) for column in named]
        for sign, code in terms(rows)
        for other, column_code in terms(columns)
        for named in [_codes(form.column_axis, column_code, form, 1)]
    ]
    flat = list(chain(*found))
    if not all(found) or any(number is None for _, number in flat):
        return None
    return tuple((sign, number) for sign, number in flat if number is not None)


def _codes(axis: str, code: str, form: TableForm, side: int) -> list[str]:
    """A code itself, or the codes of a group that the edition has."""
    known = load().codes[AXES[axis]]
    if code in known:
        return [code]
    present = dict.fromkeys(keys[side] for keys in form.keys)
    return [member for member in present if known[member].group == code]


def judge_narrative(readings: pa.Table, year: int) -> Iterator[tuple[int, dict[str, Any], Outcome]]:
    """Every fact of a batch of readings of a folder's year: its report, its entry, and what the tables say to it."""
    editions = load().editions
    columns = {name: _values(readings, name) for name in TABLES}
    heads = readings.select(("narrative", "stated_year", "agency_name")).to_pylist()
    for report, head in enumerate(heads):
        entries = head["narrative"] or ()
        facts = [fact_of(entry) for entry in entries]
        tables = {}
        for name in {fact.table for fact in facts}:
            edition, values = columns[name](report)
            if edition is not None:
                tables[name] = (editions[edition].tables[name], values)
        outcomes = compare(facts, tables, head["stated_year"] or year, head["agency_name"])
        yield from ((report, entry, outcome) for entry, outcome in zip(entries, outcomes, strict=True))


def check_narrative(readings: pa.Table, forms: Forms, year: int, counts: Counts) -> Iterator[dict[str, Any]]:
    """Count the rules for a batch of readings; yield the rows of `findings` that fail, but for whose slip it is."""
    for report, entry, outcome in judge_narrative(readings, year):
        counts[outcome.rule][report, outcome.verdict] += 1
        if outcome.verdict == FAILED:
            edition = readings[outcome.fact.table][report]["edition"].as_py()
            finding = _finding(outcome, forms.editions[edition].tables[outcome.fact.table])
            yield {"report": report, "locator": entry["locator"], **finding}


def _values(readings: pa.Table, name: str) -> Callable[[int], tuple[str | None, list[Decimal | int | None]]]:
    """A table's edition and values by report, amounts in yuan where their unit is known."""
    cells = readings[name].combine_chunks()
    editions = pc.struct_field(cells, "edition").to_pylist()
    values, units = pc.struct_field(cells, "value"), pc.struct_field(cells, "unit")

    def of(report: int) -> tuple[str | None, list[Decimal | int | None]]:
        if editions[report] is None:
            return None, []
        found = values[report].as_py()
        if name == "proactive_disclosure":
            form = load().editions[editions[report]].tables[name]
            for place, unit in enumerate(units[report].as_py()):
                if form.cells[place][1].kind == "amount" and found[place] is not None:
                    found[place] = found[place].scaleb(YUAN[unit]) if unit in YUAN else None
        return editions[report], found

    return of


def fact_of(row: Mapping[str, Any]) -> Fact:
    """A fact from an entry of `tables.READINGS`, which has a place for its line."""
    fields = {name: row[name] for name in Fact._fields if name != "line"}
    return Fact(**fields | {"cells": tuple(row["cells"]), "line": 0})


def _finding(outcome: Outcome, form: TableForm) -> dict[str, Any]:
    fact, sign = outcome.fact, "%" if outcome.fact.kind == "share" else ""
    expected = " or ".join(f"{plain(round(value, 2))}{sign}" for value in outcome.expected)
    observed = f"{plain(fact.value)}{sign}"
    sentence = fact.sentence if len(fact.sentence) <= _QUOTED else f"{fact.sentence[:_QUOTED]}…"
    message = rules()[outcome.rule].message.format(
        place=" + ".join(cell_place(form, cell) for cell in outcome.cells[:3]) + (" + …" if outcome.cells[3:] else ""),
        observed=observed,
        expected=expected,
        sentence=sentence,
    )
    return {
        "rule": outcome.rule,
        "table_name": fact.table,
        "cell_keys": cell_keys(form, outcome.cells),
        "expected": expected,
        "observed": observed,
        "message": message,
    }
