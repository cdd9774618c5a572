"""The command starts light: what is slow to load is loaded where it is needed, and not before."""

import subprocess
import sys

from tests.conftest import PROJECT, SAMPLES

COMMAND = "import sys; from pipeline.cli import main; main(sys.argv[1:], standalone_mode=False); print(*sys.modules)"
REPORT = str(SAMPLES / "2023" / "huaian-hongze.txt")
SLOW = {"dagster", "pandas", "pandera"}


def run(program: str, *arguments: str) -> list[str]:
    """What a program of its own prints."""
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()


def test_help_loads_nothing_that_reads_reports():
    said, loaded = (lines := run(COMMAND, "--help"))[0], set(lines[-1].split())
    assert said.startswith("Usage")
    assert "pipeline.cli" in loaded
    assert not loaded & {*SLOW, "pyarrow", "numpy", "duckdb"}


def test_inspecting_a_text_loads_neither_the_orchestrator_nor_pandas():
    *said, loaded = run(COMMAND, "inspect", REPORT)
    assert "洪泽区人民政府" in said[0]
    assert "pyarrow" in loaded.split()
    assert not set(loaded.split()) & SLOW


def test_pandas_is_there_once_a_table_is_validated():
    program = """
import sys
from pathlib import Path
from pipeline.tables import CHECKS
from pipeline.warehouse.reports import of_file
import pyarrow as pa
report = of_file(Path(sys.argv[1]))
print("pandas" in sys.modules)
table = CHECKS.conform(pa.Table.from_pylist(report.checks))
CHECKS.validate(table)
import pandas
print(pa.table(pandas.DataFrame({"rows": [len(table)]}))["rows"][0].as_py() == len(report.checks))
"""
    assert run(program, REPORT) == ["False", "True"]
