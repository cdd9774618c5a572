"""Batches of work: whoever does them, every row comes back once, in its place."""

import os

import pyarrow as pa
import pytest

from pipeline.tables import DOCUMENT_TEXT, READINGS
from pipeline.warehouse.landing import read_documents
from pipeline.warehouse.workers import WorkerDied, Workers, _batches
from tests.planted.figures import distinct
from tests.planted.render import render


def squared(rows: pa.Table) -> pa.Table:
    """What a worker makes of a batch, and in which process."""
    numbers = rows["number"].to_pylist()
    return pa.table({"number": numbers, "square": [n * n for n in numbers], "process": [os.getpid()] * len(numbers)})


def dying(rows: pa.Table) -> pa.Table:
    """A worker that is killed in the middle of its work."""
    os._exit(1)


@pytest.fixture(params=[1, 2])
def some(request: pytest.FixtureRequest) -> Workers:
    return Workers(request.param)


def test_every_row_comes_back_in_its_place(some: Workers) -> None:
    rows = pa.table({"number": list(range(3_000))})
    done = some.map(squared, rows, [1.0 + n % 7 for n in range(3_000)], "squaring")
    assert done["number"].to_pylist() == list(range(3_000))
    assert done["square"].to_pylist() == [n * n for n in range(3_000)]
    assert (os.getpid() in set(done["process"].to_pylist())) == (some.count == 1)


def test_small_work_stays_here() -> None:
    done = Workers(2).map(squared, pa.table({"number": [3]}), [1.0], "squaring")
    assert done["process"].to_pylist() == [os.getpid()]


def test_no_rows_are_no_rows(some: Workers) -> None:
    assert len(some.map(squared, pa.table({"number": pa.array([], pa.int64())}), [], "squaring")) == 0


def test_batches_cost_about_the_same_and_a_dear_row_stands_alone() -> None:
    costs = [100.0, 200.0, 150.0, 2_000.0, 50.0, 250.0, 1.0]
    assert list(_batches(costs)) == [[0, 1], [2], [3], [4, 5], [6]]


def test_a_worker_that_dies_is_told_with_what_to_do() -> None:
    rows = pa.table({"number": list(range(1_000))})
    with pytest.raises(WorkerDied, match="--workers 1"):
        Workers(2).map(dying, rows, [1.0] * 1_000, "dying")
    again = Workers(2).map(squared, rows, [1.0] * 1_000, "squaring")
    assert again["number"].to_pylist() == list(range(1_000))


def test_two_processes_read_the_same_as_one() -> None:
    texts = [render("tab_rows", "2021", "2019", distinct("2021", "2019", seed)) for seed in range(4)]
    rows = [
        {"report_id": f"{number:016x}", "source_format": "txt", "reader_version": "x", "text": text}
        for number, text in enumerate(texts * 80)
    ]
    table = pa.Table.from_pylist(rows, schema=DOCUMENT_TEXT)
    alone, together = (read_documents(table, READINGS.empty_table(), 2023, Workers(count)) for count in (1, 2))
    assert together.equals(alone)
    assert len(alone) == 320
