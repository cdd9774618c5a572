"""Who does the work on many documents: this process, several of this machine, or a cluster. The same batches and bytes.

The seam is `concurrent.futures.Executor`. Work is cut into batches of about the same cost by hand, and the dearest go
first, so that nobody waits for a long one at the end. Results come back in the order of the rows, whoever made them.
Small work is done here: a process takes longer to start.
"""

import gc
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import chain, islice
from multiprocessing import get_context
from typing import TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.progress import track
from pipeline.warehouse.cluster import Cluster

BATCH = 300.0
"""Cost of a batch at most, in reports of plain text: seconds, not minutes; a log moves, and memory is bounded."""
SMALL = 300.0
"""Cost up to which work is done here."""
_AHEAD = 3
"""Batches a worker that are sent before one is done: what waits to be sent is held in memory."""
_PATIENCE = 60.0
"""Seconds without a result before it is asked whether anybody works."""

Work = Callable[[pa.Table], pa.Table]
Job = TypeVar("Job")
Done = TypeVar("Done")
Name = TypeVar("Name")


class WorkerDied(RuntimeError):
    """A process ended in the middle of its work; the message says what to do."""


@dataclass(frozen=True)
class Workers:
    """So many processes, of this machine or of a cluster; one of this machine is this one."""

    count: int = 1
    cluster: Cluster | None = None

    @classmethod
    def of_machine(cls) -> "Workers":
        """As many as this machine has cores for us."""
        return cls(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)

    @classmethod
    def of_cluster(cls, cluster: Cluster) -> "Workers":
        """Those of a cluster, after each was asked whether it is fit; raises ClusterUnfit."""
        return cls(cluster.meet(), cluster)

    @property
    def is_here(self) -> bool:
        """Whether this process does all the work."""
        return self.cluster is None and self.count == 1

    def each(self, work: Callable[[Job], Done], jobs: Sequence[Job], what: str) -> Iterator[Done]:
        """What `work` makes of each job, as they get done; a single one is done here."""
        done = _in_line(work, jobs) if self.is_here or len(jobs) < 2 else self._spread(work, jobs, what)
        return track(done, what, len(jobs))

    def stream(
        self, work: Work, jobs: Iterable[tuple[Name, pa.Table, Sequence[float]]], what: str, total: int = 0
    ) -> Iterator[tuple[Name, pa.Table]]:
        """What `work` makes of the rows of each job, row by row in their order, job after job.

        A job has a name, its rows, and what each of them costs. `work` makes of a batch as many rows in the same order;
        it stands at the top of a module, or is a partial of such a function: it crosses to other processes. Jobs are
        taken as workers get free, so that few are held in memory.
        """
        drawn = iter(jobs)
        first = list(islice(drawn, 2))
        small = len(first) < 2 and sum((sum(costs) for _, _, costs in first), 0.0) <= SMALL
        sizes: dict[Name, list[list[int]]] = {}
        waiting: dict[Name, dict[int, pa.Table]] = {}
        order: deque[Name] = deque()

        def batches() -> Iterator[tuple[Name, int, pa.Table]]:
            for name, rows, costs in chain(first, drawn):
                sizes[name], waiting[name] = list(_batches(costs)) or [[]], {}
                order.append(name)
                dearest = sorted(
                    range(len(sizes[name])), key=lambda number: -sum(costs[row] for row in sizes[name][number])
                )
                for number in dearest:
                    yield name, number, rows.take(pa.array(sizes[name][number], pa.int64()))

        tell = partial(_labelled, work)
        done = _in_line(tell, batches()) if self.is_here or small else self._spread(tell, batches(), what)
        for name, number, made in track(done, what, total, lambda each: len(each[2]), lambda each: _refused(each[2])):
            waiting[name][number] = made
            while order and len(waiting[order[0]]) == len(sizes[order[0]]):
                ready = order.popleft()
                parts, count = waiting.pop(ready), len(sizes.pop(ready))
                yield ready, pa.concat_tables([parts[place] for place in range(count)])

    def _spread(self, work: Callable[[Job], Done], jobs: Iterable[Job], what: str) -> Iterator[Done]:
        """Have the jobs done by the processes, a few sent ahead; results come as they are done."""
        waiting: set[Future[Done]] = set()
        with self.cluster.executor(what) if self.cluster else _processes(self.count, what) as executor:
            try:
                for job in jobs:
                    while len(waiting) >= _AHEAD * self.count:
                        yield from self._collect(waiting, what)
                    waiting.add(executor.submit(_tidily, work, job))
                while waiting:
                    yield from self._collect(waiting, what)
            finally:
                for future in waiting:
                    future.cancel()

    def _collect(self, waiting: set[Future[Done]], what: str) -> Iterator[Done]:
        """What is done of it, at least one."""
        while not (done := wait(waiting, _PATIENCE, FIRST_COMPLETED).done):
            if self.cluster:
                self.cluster.look(what)
        for future in done:
            waiting.remove(future)
            yield future.result()


HERE = Workers()
"""This process alone."""


def _labelled(work: Work, batch: tuple[Name, int, pa.Table]) -> tuple[Name, int, pa.Table]:
    name, number, rows = batch
    return name, number, work(rows)


def _batches(costs: Sequence[float]) -> Iterator[list[int]]:
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


@contextmanager
def _processes(count: int, what: str) -> Iterator[Executor]:
    """Processes of this machine; raises WorkerDied."""
    try:
        yield _pool(count)
    except BrokenExecutor as error:
        _pool.cache_clear()
        raise WorkerDied(
            f"A process died while {what}: it ran out of memory, or was killed. Nothing is lost; build again with "
            "fewer of them: gongkai build --workers 1"
        ) from error


@lru_cache(maxsize=1)
def _pool(count: int) -> Executor:
    """Processes that are kept: they take a second to start, and years follow one another."""
    return ProcessPoolExecutor(count, mp_context=get_context("spawn"), initializer=_share_the_machine)


def _refused(rows: pa.Table) -> int:
    """How many rows say why they go no further."""
    return int(pc.count(rows["code"]).as_py()) if "code" in rows.column_names else 0


def _in_line(work: Callable[[Job], Done], jobs: Iterable[Job]) -> Iterator[Done]:
    """Have the jobs done in this process, one after the other."""
    return (_tidily(work, job) for job in jobs)


def _tidily(work: Callable[[Job], Done], job: Job) -> Done:
    """Do a job and give the memory it took back to the machine.

    Cycles are looked for after it: in its midst that is a sixth of the time, and none are found.
    """
    gc.disable()
    try:
        return work(job)
    finally:
        gc.enable()
        pa.default_memory_pool().release_unused()


def _share_the_machine() -> None:
    """One thread a process, for there is one process a core; memory goes back to the machine when it is free."""
    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)
    pa.set_memory_pool(pa.system_memory_pool())
