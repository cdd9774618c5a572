"""A report year as a run: what it records, and that a broken hard rule shows, fails, and publishes nothing."""

from pathlib import Path
from typing import Any

import dagster as dg
import pyarrow as pa
import pytest

from assets.folders import Folders
from assets.jobs import all_assets, once_assets
from assets.tables import warehouse
from pipeline.tables import APPLICATIONS, YEARLY, Table
from pipeline.warehouse import facts, rule_names
from tests.assets.conftest import REPORTS, MakeYear, published


def publish(folders: Folders) -> bool:
    """Materialize what has no year, and the warehouse; whether that succeeded."""
    assets = [*once_assets, warehouse]
    selection = dg.AssetSelection.assets(*assets)
    return dg.materialize(all_assets, selection=selection, resources={"folders": folders}, raise_on_error=False).success


def failed_checks(result: dg.ExecuteInProcessResult) -> set[tuple[str, str]]:
    evaluations = result.get_asset_check_evaluations()
    return {(check.asset_key.to_user_string(), check.check_name) for check in evaluations if not check.passed}


def test_a_year_records_rows_and_the_verdict_of_every_rule(make_year: MakeYear) -> None:
    result = make_year("2023")
    assert result.success
    rows = {
        event.asset_key.to_user_string(): event.metadata["dagster/partition_row_count"].value
        for event in [event.materialization for event in result.get_asset_materialization_events()]
    }
    assert {name: rows[name] for name in ("raw_documents", "readings", "reports")} == dict.fromkeys(
        ("raw_documents", "readings", "reports"), 2
    )
    said = sorted(
        (check.asset_key.to_user_string(), check.check_name) for check in result.get_asset_check_evaluations()
    )
    assert said == sorted((table.name, rule) for table in YEARLY for rule, _ in rule_names(table))
    assert not {name for _, name in failed_checks(result)} & {"schema", "key", "files_conserved", "cells_conserved"}


def test_a_year_without_files_makes_empty_tables(make_year: MakeYear, folders: Folders) -> None:
    assert make_year("2010").success
    for table in YEARLY:
        assert folders.lake.load(table.name, 2010).schema == table.arrow_schema
        assert len(folders.lake.load(table.name, 2010)) == 0


def test_a_lost_cell_fails_the_asset_and_publishes_nothing(
    make_year: MakeYear, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert make_year("2023").success
    assert publish(folders)
    before, whole = published(folders), facts.cells

    def losing(readings: pa.Table, table: Table, year: int) -> pa.Table:
        rows = whole(readings, table, year)
        return rows.slice(1) if table is APPLICATIONS else rows

    (Path(folders.raw) / "2023" / "wagangzhai.txt").unlink()
    monkeypatch.setattr(facts, "cells", losing)
    result = make_year("2023")
    assert not result.success
    assert ("applications", "cells_conserved") in failed_checks(result)
    assert [event.step_key for event in result.all_events if event.is_step_failure] == ["applications"]
    assert publish(folders)
    assert before
    assert published(folders) == before


def test_a_damaged_staged_file_publishes_nothing(make_year: MakeYear, folders: Folders) -> None:
    assert make_year("2023").success
    assert publish(folders)
    before = published(folders)
    (Path(folders.raw) / REPORTS[2]).write_text("Nothing but words.", "utf-8")
    assert make_year("2023").success
    [findings] = folders.lake.files("findings", 2023)
    folders.lake.store.write(findings, folders.lake.store.read(findings)[:-100])
    (Path(folders.raw) / REPORTS[2]).unlink()
    assert not publish(folders)
    assert before
    assert published(folders) == before


def test_rows_that_break_the_declaration_are_named(
    make_year: MakeYear, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = facts.sections

    def doubled(*given: Any) -> pa.Table:
        return pa.concat_tables([whole(*given)] * 2)

    monkeypatch.setattr(facts, "sections", doubled)
    result = make_year("2022")
    assert not result.success
    assert ("sections", "key") in failed_checks(result)
    assert folders.lake.source("sections", 2022) is None
