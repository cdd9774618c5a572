"""Settings and fixtures all tests share. Hypothesis repeats the same examples on every run, so a red build can be
looked at again."""

from pathlib import Path

import pytest
from hypothesis import settings

from pipeline.warehouse import Lake

settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
settings.load_profile("repeatable")

PROJECT = Path(__file__).resolve().parent.parent
SAMPLES = PROJECT / "data" / "raw"


@pytest.fixture(scope="session")
def sample_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """The warehouse of the sample reports; tests must not change it."""
    from assets.in_process import build

    folder = tmp_path_factory.mktemp("samples") / "warehouse"
    build(SAMPLES, folder)
    return Lake(folder)
