"""Batches of work: whoever does them, every row comes back once, in its place."""

import os
from functools import partial

import pyarrow as pa
import pytest

from pipeline.tables import DOCUMENT_TEXT
from pipeline.versions import parser_version
from pipeline.warehouse import Raw
from pipeline.warehouse.landing import read
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


def square(workers: Workers, rows: pa.Table, costs: list[float]) -> pa.Table:
    [(name, done)] = workers.stream(squared, [("all", rows, costs)], "squaring")
    assert name == "all"
    return done


def number_of(job: int) -> tuple[int, int]:
    return job, os.getpid()


@pytest.fixture(params=[1, 2])
def some(request: pytest.FixtureRequest) -> Workers:
    return Workers(request.param)


def test_every_row_comes_back_in_its_place(some: Workers) -> None:
    rows = pa.table({"number": list(range(3_000))})
    done = square(some, rows, [1.0 + n % 7 for n in range(3_000)])
    assert done["number"].to_pylist() == list(range(3_000))
    assert done["square"].to_pylist() == [n * n for n in range(3_000)]
    assert (os.getpid() in set(done["process"].to_pylist())) == (some.count == 1)


def test_jobs_come_back_in_their_order_each_with_its_rows(some: Workers) -> None:
    jobs = [(name, pa.table({"number": [name * 1_000 + n for n in range(700)]}), [1.0] * 700) for name in range(5)]
    done = list(some.stream(squared, iter(jobs), "squaring"))
    assert [name for name, _ in done] == list(range(5))
    assert [table["number"].to_pylist() for _, table in done] == [rows["number"].to_pylist() for _, rows, _ in jobs]


def test_each_job_is_done_once(some: Workers) -> None:
    done = list(some.each(number_of, range(40), "counting"))
    assert sorted(job for job, _ in done) == list(range(40))
    assert (os.getpid() in {process for _, process in done}) == (some.count == 1)


def test_small_work_stays_here() -> None:
    done = square(Workers(2), pa.table({"number": [3]}), [1.0])
    assert done["process"].to_pylist() == [os.getpid()]


def test_no_rows_are_no_rows(some: Workers) -> None:
    assert len(square(some, pa.table({"number": pa.array([], pa.int64())}), [])) == 0
    assert list(some.stream(squared, [], "squaring")) == []


def test_batches_cost_about_the_same_and_a_dear_row_stands_alone() -> None:
    costs = [100.0, 200.0, 150.0, 2_000.0, 50.0, 250.0, 1.0]
    assert list(_batches(costs)) == [[0, 1], [2], [3], [4, 5], [6]]


def test_a_worker_that_dies_is_told_with_what_to_do() -> None:
    rows = pa.table({"number": list(range(1_000))})
    with pytest.raises(WorkerDied, match="--workers 1"):
        list(Workers(2).stream(dying, [("all", rows, [1.0] * 1_000)], "dying"))
    again = square(Workers(2), rows, [1.0] * 1_000)
    assert again["number"].to_pylist() == list(range(1_000))


def test_two_processes_read_the_same_as_one() -> None:
    texts = [render("tab_rows", "2021", "2019", distinct("2021", "2019", seed)) for seed in range(4)]
    rows = [
        {"report_id": f"{number:016x}", "source_format": "txt", "reader_version": "x", "text": text}
        for number, text in enumerate(texts * 80)
    ]
    table = pa.Table.from_pylist(rows, schema=DOCUMENT_TEXT)
    jobs = [("all", table, [1.0] * len(table))]
    alone, together = (
        dict(Workers(count).stream(partial(read, Raw.of("nowhere"), parser_version()), jobs, "reading"))["all"]
        for count in (1, 2)
    )
    assert together.equals(alone)
    assert len(alone) == 320
