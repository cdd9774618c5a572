"""Who does the work on many documents: this process, or several of this machine. The same batches, the same bytes.

The seam is `concurrent.futures.Executor`. Work is cut into batches of about the same cost by hand, and the dearest go
first, so that nobody waits for a long one at the end. Results come back in the order of the rows, whoever made them.
Small work is done here: a process takes longer to start.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing import get_context

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.progress import track

BATCH = 300.0
"""Cost of a batch at most, in reports of plain text: seconds, not minutes; a log moves, and memory is bounded."""
SMALL = 300.0
"""Cost up to which work is done here."""
_AHEAD = 3
"""Batches a worker that are sent before one is done: what waits to be sent is held in memory."""

Work = Callable[[pa.Table], pa.Table]


class WorkerDied(RuntimeError):
    """A process ended in the middle of its work; the message says what to do."""


@dataclass(frozen=True)
class Workers:
    """So many processes of this machine; 1 is this one."""

    count: int = 1

    @classmethod
    def of_machine(cls) -> "Workers":
        """As many as this machine has cores for us."""
        return cls(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)

    def map(self, work: Work, rows: pa.Table, costs: list[float], what: str) -> pa.Table:
        """What `work` makes of `rows`, row by row in their order; `costs` are the rows' own.

        `work` makes of a batch as many rows in the same order. It stands at the top of a module, or is a partial of
        such a function: it crosses to other processes.
        """
        batches = list(_batches(costs))
        if not batches:
            return work(rows)
        if self.count == 1 or sum(costs) <= SMALL:
            done = {
                number: work(rows.take(batches[number]))
                for number in track(range(len(batches)), what, len(rows), lambda number: len(batches[number]))
            }
        else:
            done = self._spread(work, rows, costs, batches, what)
        order = pa.array([row for batch in batches for row in batch], pa.int64())
        return pa.concat_tables([done[number] for number in range(len(batches))]).take(pc.sort_indices(order))

    def _spread(
        self, work: Work, rows: pa.Table, costs: list[float], batches: list[list[int]], what: str
    ) -> dict[int, pa.Table]:
        executor = _processes(self.count)
        dearest = sorted(range(len(batches)), key=lambda number: -sum(costs[row] for row in batches[number]))
        done: dict[int, pa.Table] = {}
        waiting: dict[Future[pa.Table], int] = {}
        try:
            for number in track(dearest, what, len(rows), lambda number: len(batches[number])):
                while len(waiting) >= _AHEAD * self.count:
                    _collect(waiting, done)
                waiting[executor.submit(work, rows.take(batches[number]))] = number
            while waiting:
                _collect(waiting, done)
        except BrokenExecutor as error:
            _processes.cache_clear()
            raise WorkerDied(
                f"A process died while {what}: it ran out of memory, or was killed. Nothing is lost; build again with "
                "fewer of them: gongkai build --workers 1"
            ) from error
        return done


def _collect(waiting: dict[Future[pa.Table], int], done: dict[int, pa.Table]) -> None:
    for future in wait(waiting, return_when=FIRST_COMPLETED).done:
        done[waiting.pop(future)] = future.result()


def _batches(costs: list[float]) -> Iterator[list[int]]:
    """The numbers of the rows in batches; a row dearer than a batch is one of its own."""
    batch: list[int] = []
    total = 0.0
    for number, cost in enumerate(costs):
        if batch and total + cost > BATCH:
            yield batch
            batch, total = [], 0.0
        batch.append(number)
        total += cost
    if batch:
        yield batch


@lru_cache(maxsize=1)
def _processes(count: int) -> Executor:
    """A pool that is kept: processes take a second to start, and years follow one another."""
    return ProcessPoolExecutor(count, mp_context=get_context("spawn"))
