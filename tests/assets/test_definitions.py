"""What Dagster loads is what the table registry declares."""

from datetime import date

import dagster as dg
import pytest

from assets.automation import new_files, reporting_season, warehouse_follows
from assets.definitions import defs
from assets.jobs import all_assets
from assets.partitions import report_years
from pipeline.tables import TABLES, YEARLY, Table
from pipeline.warehouse import last_year, rule_names

by_name = {asset.key.to_user_string(): asset for asset in all_assets}
tables = pytest.mark.parametrize("table", YEARLY, ids=lambda table: table.name)


def test_definitions_load() -> None:
    dg.Definitions.validate_loadable(defs)
    assert set(defs.resolve_all_asset_keys()) == {asset.key for asset in all_assets}


@tables
def test_a_table_is_checked_by_its_rules_and_no_others(table: Table) -> None:
    specs = [(spec.name, spec.blocking) for spec in by_name[table.name].check_specs]
    assert sorted(specs) == sorted(rule_names(table))
    assert {("schema", True), ("key", True)} <= set(specs)
    assert all(spec.description for spec in by_name[table.name].check_specs), "say in assets.checks what it means"


def test_conservation_is_asked_of_every_table_that_could_lose_something() -> None:
    blocking = {name: {spec.name for spec in asset.check_specs if spec.blocking} for name, asset in by_name.items()}
    for name in ("applications", "review_litigation", "proactive_disclosure", "statistics_2014"):
        assert "cells_conserved" in blocking[name]
    assert "files_conserved" in blocking["reports"]


@tables
def test_the_columns_dagster_shows_are_those_of_the_registry(table: Table) -> None:
    asset = by_name[table.name]
    shown = asset.metadata_by_key[asset.key]["dagster/column_schema"].columns
    assert [(column.name, column.type, column.description) for column in shown] == [
        (column.name, column.sql_type, column.description) for column in table.columns
    ]
    assert [column.constraints.nullable for column in shown] == [column.nullable for column in table.columns]


def test_every_asset_says_what_it_is_and_where_it_belongs() -> None:
    graph = defs.resolve_asset_graph()
    for name in by_name:
        node = graph.get(dg.AssetKey(name))
        assert node.group_name in {"raw", "core", "quality", "warehouse"}, name
        assert len(node.description or "") > 20, name
        assert name not in TABLES or node.description == TABLES[name].description


def test_every_table_is_upstream_of_the_warehouse() -> None:
    above = {key.to_user_string() for key in by_name["warehouse"].dependency_keys}
    assert above == {table.name for table in YEARLY} | {"agencies", "expected_reports", "unplaced_files", "dimensions"}


def test_years_run_from_the_first_asked_for_to_the_last_that_ended() -> None:
    keys = report_years.get_partition_keys()
    assert keys == [str(year) for year in range(2008, last_year() + 1)]
    assert last_year(date(2026, 12, 31)) == 2025
    assert last_year(date(2027, 1, 1)) == 2026


def test_automation_runs_from_the_start() -> None:
    assert new_files.default_status is dg.DefaultSensorStatus.RUNNING
    assert warehouse_follows.default_status is dg.DefaultSensorStatus.RUNNING
    assert reporting_season.default_status is dg.DefaultScheduleStatus.RUNNING
