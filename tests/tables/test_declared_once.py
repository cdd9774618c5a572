"""What is said about a table's columns is said once: every place that repeats it says the same."""

import duckdb
import pyarrow.parquet as pq
import pytest

from pipeline.tables import DIMENSIONS, TABLES, YEARLY, InvalidTable, data_dictionary

# Typed from the contract: what analysts build on.
CONTRACT = {
    "reports": "report_id report_year source_path source_sha256 source_format source_bytes reading agency_name "
    "agency_id region_code stated_year period_start period_end published_on edition_t2 edition_t3 grade is_current "
    "parser_version",
    "applications": "report_id report_year item applicant value state text origin locator",
    "review_litigation": "report_id report_year channel outcome value state text origin locator",
    "proactive_disclosure": "report_id report_year subject measure value unit value_yuan state text origin locator",
    "applications_wide": "report_id report_year received_new__natural_person received_new__total carried_out__total",
    "report_wide": "report_id report_year source_path agency_name agency_id region_code grade is_current edition_t2 "
    "edition_t3 normdocs__in_force charges__amount procurement__projects received_new__total lit_direct__pending",
    "statistics_2014": "report_id report_year indicator column_label value unit state text origin locator",
    "sections": "report_id report_year section",
    "narrative_facts": "report_id report_year table_name cell_keys value sentence locator",
    "similar_reports": "report_id report_year other_report_id other_report_year kind similarity",
    "checks": "report_id report_year rule passed vacuous failed not_assessable",
    "findings": "finding_id report_id report_year rule severity table_name cell_keys expected observed locator message",
    "corrections": "report_id report_year table_name cell_keys printed value state reason source",
    "agency_evidence": "report_id report_year kind name text locator region_code says",
    "agencies": "agency_id name_zh level kind line region_code parent_id first_year last_year names",
    "quarantine": "source_path report_year source_sha256 stage code message hint",
    **dict.fromkeys(("items", "applicants", "channels", "outcomes", "subjects", "measures", "rules"), "code"),
    "indicators": "code family name_zh name_en unit section is_total",
    "crosswalk": "concept term comparable note_zh note_en table_name row_code column_code sign",
    "expected_reports": "agency_id report_year reason present",
    "regions": "region_code",
    "table_columns": "table_name column_name",
}
KEYS = {
    "reports": ("report_id",),
    "applications": ("report_id", "item", "applicant"),
    "review_litigation": ("report_id", "channel", "outcome"),
    "proactive_disclosure": ("report_id", "subject", "measure"),
    "applications_wide": ("report_id",),
    "report_wide": ("report_id",),
    "statistics_2014": ("report_id", "indicator", "column_label"),
    "sections": ("report_id", "section"),
    "narrative_facts": ("report_id", "position"),
    "similar_reports": ("report_id", "other_report_id"),
    "checks": ("report_id", "rule"),
    "findings": ("finding_id",),
    "corrections": ("report_id", "table_name", "cell_keys"),
    "agency_evidence": ("report_id", "position"),
    "agencies": ("agency_id",),
    "quarantine": ("source_path",),
    "expected_reports": ("agency_id", "report_year"),
    "regions": ("region_code",),
}


def test_the_contract_is_kept() -> None:
    assert set(CONTRACT) == set(TABLES)
    for name, columns in CONTRACT.items():
        assert set(columns.split()) <= {column.name for column in TABLES[name].columns}, name
    for name, key in KEYS.items():
        assert TABLES[name].key == key
    assert "is_total" in TABLES["items"].arrow_schema.names


@pytest.mark.parametrize(
    ("table", "column", "type_"),
    [
        ("applications", "value", "BIGINT"),
        ("review_litigation", "value", "BIGINT"),
        ("proactive_disclosure", "value", "DECIMAL(20, 6)"),
        ("statistics_2014", "value", "DECIMAL(20, 6)"),
        ("proactive_disclosure", "value_yuan", "DECIMAL(20, 6)"),
        ("applications_wide", "received_new__total", "BIGINT"),
        ("report_wide", "lit_direct__pending", "BIGINT"),
        ("report_wide", "charges__amount", "DECIMAL(20, 6)"),
        ("reports", "period_end", "DATE"),
    ],
)
def test_types_of_the_contract(table, column, type_) -> None:
    assert {info.name: info.sql_type for info in TABLES[table].columns}[column] == type_


def test_everything_has_a_description() -> None:
    for table in TABLES.values():
        assert table.description, table.name
        assert all(column.description for column in table.columns), table.name


def test_the_catalogue_says_what_the_models_say(sample_warehouse) -> None:
    with duckdb.connect(sample_warehouse.catalogue, read_only=True) as connection:
        columns = connection.execute(
            "select table_name, column_name, data_type, comment from duckdb_columns() "
            "where schema_name = 'main' and not internal"
        ).fetchall()
        views = dict(
            connection.execute(
                "select view_name, comment from duckdb_views() where schema_name = 'main' and not internal"
            ).fetchall()
        )
    declared = {
        (table.name, column.name): (column.sql_type.replace(" ", ""), column.description)
        for table in TABLES.values()
        for column in table.columns
    }
    assert {(table, column): (type_, comment) for table, column, type_, comment in columns} == declared
    assert {name: views[name] for name in TABLES} == {table.name: table.description for table in TABLES.values()}


def test_the_parquet_files_say_what_the_models_say(sample_warehouse) -> None:
    for table in (*YEARLY, *DIMENSIONS):
        [file] = sample_warehouse.published(table, 2023 if table.by_year else None)
        schema = pq.read_schema(sample_warehouse.root / file)
        descriptions = {field.name: field.metadata[b"description"].decode() for field in schema}
        assert descriptions == {
            column.name: column.description
            for column in table.columns
            if not (table.by_year and column.name == "report_year")
        }


def test_the_data_dictionary_is_a_table(sample_warehouse) -> None:
    with duckdb.connect(sample_warehouse.catalogue, read_only=True) as connection:
        rows = connection.execute("from table_columns order by all").fetchall()
    assert rows == sorted(tuple(row.values()) for row in data_dictionary())


def test_a_value_where_nothing_is_printed_is_refused() -> None:
    table = TABLES["applications"]
    row = {"report_id": "a" * 16, "report_year": 2023, "item": "received_new", "applicant": "total", "value": 3}
    row |= {"state": "number", "text": "3", "origin": "printed", "locator": "line 1"}
    data = table.empty().schema
    table.validate(type(table.empty()).from_pylist([row], schema=data))
    for wrong in ({"state": "blank"}, {"value": None}, {"item": "no_such_item"}, {"state": "guessed"}):
        with pytest.raises(InvalidTable):
            table.validate(type(table.empty()).from_pylist([row | wrong], schema=data))
