"""The tables without a year: codes, rules, the data dictionary. They come from the form and the declarations."""

from typing import Any

import pyarrow as pa

from pipeline import checks
from pipeline.agencies.regions import region_table
from pipeline.forms import load, load_crosswalk, load_statistics
from pipeline.tables import CODE_TABLES, CROSSWALK, INDICATORS, REGIONS, RULES, TABLE_COLUMNS, Table, data_dictionary


def dimension(table: Table) -> pa.Table:
    """The rows of a table without a year."""
    if table.name in _CARRIED:
        return table.conform(_CARRIED[table.name]())
    return pa.Table.from_pylist(_ROWS[table.name](table), schema=table.arrow_schema)


def _codes(table: Table) -> list[dict[str, Any]]:
    forms = load()
    axis = table.name.removesuffix("s")
    return [
        {
            "code": code.code,
            "position": position,
            "name_zh": code.zh,
            "name_en": code.en,
            "group_code": code.group,
            "is_total": code.total,
            "legal_basis": code.basis or None,
            "definition": code.definition,
            "editions": ", ".join(forms.editions_of(axis, code.code)),
        }
        for position, code in enumerate(forms.codes[table.name].values(), start=1)
    ]


def _indicators(_: Table) -> list[dict[str, Any]]:
    return [
        {
            "code": indicator.code,
            "family": family.family,
            "position": position,
            "name_zh": indicator.zh,
            "name_en": indicator.en,
            "label": indicator.label,
            "unit": indicator.unit,
            "section": indicator.section,
            "is_total": indicator.total,
        }
        for family in load_statistics().families.values()
        for position, indicator in enumerate(family.indicators.values(), start=1)
    ]


def _crosswalk(_: Table) -> list[dict[str, Any]]:
    return [
        {
            "concept": line.concept,
            "term": place,
            "position": position,
            "name_zh": line.zh,
            "name_en": line.en,
            "comparable": line.comparable,
            "note_zh": line.note_zh,
            "note_en": line.note_en,
            "table_name": term.table,
            "row_code": term.row,
            "column_code": term.column,
            "sign": term.sign,
        }
        for position, line in enumerate(load_crosswalk(), start=1)
        for place, term in enumerate((*line.old, *line.new), start=1)
    ]


def _rules(_: Table) -> list[dict[str, Any]]:
    return [
        {
            "code": rule.code,
            "position": position,
            "kind": rule.kind,
            "severity": rule.severity,
            "name_zh": rule.zh,
            "name_en": rule.en,
            "formula": rule.formula,
            "tables": " ".join(rule.tables) or None,
            "editions": ", ".join(rule.editions) or None,
        }
        for position, rule in enumerate(checks.rules().values(), start=1)
    ]


def _columns(_: Table) -> list[dict[str, Any]]:
    return list(data_dictionary())


_ROWS = {table.name: _codes for table in CODE_TABLES} | {
    INDICATORS.name: _indicators,
    CROSSWALK.name: _crosswalk,
    RULES.name: _rules,
    TABLE_COLUMNS.name: _columns,
}
_CARRIED = {REGIONS.name: region_table}
"""Tables whose rows the project carries as they are published."""
