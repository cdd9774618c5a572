"""The processes of a dask cluster as workers: who is fit to work for us, and what is sent to them.

A worker is another machine's: it may run other code, see other folders, or be gone in a minute. So each is asked
before anything is made, and again by the first job it gets, for a worker may join at any time. What makes the bytes
has to be the same there: this package, the libraries that take text out of files and write Parquet, and both folders.
A job whose worker dies is done by another; a job that fails is tried again, for a shared folder may stumble.
"""

import atexit
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, NamedTuple, ParamSpec, TypeVar
from uuid import uuid4

from pipeline.versions import build_version
from pipeline.warehouse.raw import Raw
from pipeline.warehouse.store import Store

if TYPE_CHECKING:
    from distributed import Client, Worker

RETRIES = 2
"""Times a job that failed is tried again, by whoever is free."""
_LIBRARIES = ("lxml", "numpy", "olefile", "pandas", "pyarrow", "pypdfium2", "rapidfuzz")
"""What takes text out of files and writes Parquet: another version may make other bytes."""

P = ParamSpec("P")
Done = TypeVar("Done")


class ClusterUnfit(RuntimeError):
    """A cluster that cannot do the work as this process would; the message names each worker, and what to do."""


class ClusterLost(RuntimeError):
    """A cluster that gave up in the middle of the work; the message says what to do."""


class Sight(NamedTuple):
    """A file that a worker must see as we do: what it stands for, the folder, its name and size there."""

    what: str
    folder: Store
    name: str
    size: str


class Ground(NamedTuple):
    """What a worker must have in common with us."""

    versions: tuple[tuple[str, str], ...]
    sights: tuple[Sight, ...]


@dataclass(frozen=True)
class Cluster:
    """The workers of a dask scheduler, by its address (`tcp://host:8786`); places are absolute paths, or URLs."""

    address: str
    raw: Raw
    warehouse: Store

    def meet(self) -> int:
        """Ask every worker whether it is fit, and count them; raises ClusterUnfit."""
        _ground(self)
        return self._count("asking who works")

    @contextmanager
    def executor(self, what: str) -> Iterator[Executor]:
        """Have jobs done by the workers; raises ClusterUnfit, ClusterLost."""
        client, ground = _client(self.address), _ground(self)
        from distributed import KilledWorker

        try:
            yield _Sending(client.get_executor(pure=False, retries=RETRIES), ground)
        except KilledWorker as error:
            raise ClusterLost(
                f"The same batch ended several workers while {what}, {error.last_worker.address} the last of them: "
                "they ran out of memory, or were killed. Nothing is lost; build again with more memory for each: "
                f"dask worker {self.address} --memory-limit 4GiB"
            ) from error
        except Exception as error:
            if isinstance(error, CancelledError) or client.status == "closed":
                raise self._lost(what) from error
            raise

    def look(self, what: str) -> None:
        """Raise ClusterLost when no worker is left: what waits for one would wait for ever."""
        if not self._count(what):
            raise ClusterLost(
                f"No worker is left at {self.address} while {what}. Nothing is lost: start some, and build again: "
                f"dask worker {self.address} --nthreads 1"
            )

    def _count(self, what: str) -> int:
        try:
            return len(_client(self.address).nthreads())
        except OSError as error:
            raise self._lost(what) from error

    def _lost(self, what: str) -> ClusterLost:
        return ClusterLost(
            f"The scheduler at {self.address} was lost while {what}. Nothing is lost with it: start it and its "
            "workers, and build again."
        )


class _Sending(Executor):
    """Sends each job with the ground that its worker must stand on."""

    def __init__(self, executor: Executor, ground: Ground) -> None:
        self._executor, self._ground = executor, ground

    def submit(self, work: Callable[P, Done], /, *args: P.args, **kwargs: P.kwargs) -> Future[Done]:
        return self._executor.submit(partial(_done_on, self._ground, work), *args, **kwargs)


def faults(ground: Ground, dask_worker: "Worker") -> list[str]:
    """Why a worker is not fit, and what to do; asked of the worker itself, which dask hands in by that name."""
    installed = dict(_versions())
    found = [
        f"has {name} {installed.get(name, 'not at all')}, not {wanted}: install the same there, and start it again"
        for name, wanted in ground.versions
        if installed.get(name) != wanted
    ]
    threads = dask_worker.state.nthreads
    if threads > 1:
        found.append(f"has {threads} threads, and PDF are read by one: start it with --nworkers {threads} --nthreads 1")
    for sight in ground.sights:
        try:
            size, reason = _size(sight.folder, sight.name), ""
        except OSError as error:
            size, reason = "", f" ({error})"
        if size != sight.size:
            place = sight.folder.place
            found.append(f"does not see {sight.what} {place}{reason}: share it at the same path, or as s3://...")
    return found


@lru_cache(maxsize=4)
def _stand(ground: Ground) -> None:
    """Raise ClusterUnfit when this worker is not fit: asked once, unless it was not."""
    from distributed import get_worker

    worker = get_worker()
    if found := faults(ground, worker):
        raise ClusterUnfit(_told({worker.address: found}))


def _done_on(ground: Ground, work: Callable[P, Done], *args: P.args, **kwargs: P.kwargs) -> Done:
    _stand(ground)
    return work(*args, **kwargs)


@lru_cache(maxsize=1)
def _client(address: str) -> "Client":
    """A connection that is kept, also when it is lost: no step after that waits for it again."""
    try:
        import dask
        from distributed import Client
    except ModuleNotFoundError as error:
        raise ClusterUnfit("A cluster needs an extra of this project: pip install 'gongkai[scale]'") from error
    dask.config.set({"distributed.admin.large-graph-warning-threshold": "1GB"})  # a batch carries its texts
    try:
        return Client(address, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ClusterUnfit(
            f"No scheduler answers at {address}: {error}. Start one with: dask scheduler; it prints its address."
        ) from error


@lru_cache(maxsize=1)
def _ground(cluster: Cluster) -> Ground:
    """What every worker of now has in common with us; raises ClusterUnfit."""
    client = _client(cluster.address)
    ground = Ground(_versions(), (*_sample(cluster.raw), _token(cluster.warehouse)))
    answers: dict[str, Any] = client.run(faults, ground, on_error="return")
    if not answers:
        raise ClusterUnfit(
            f"The scheduler at {cluster.address} has no workers. Start some: "
            f"dask worker {cluster.address} --nworkers 4 --nthreads 1"
        )
    if unfit := {address: _reasons(answer) for address, answer in answers.items() if answer != []}:
        raise ClusterUnfit(_told(unfit))
    return ground


def _reasons(answer: list[str] | Exception) -> list[str]:
    if not isinstance(answer, Exception):
        return answer
    if any(name in repr(answer) for name in ("ModuleNotFoundError", "ImportError", "AttributeError")):
        return [f"lacks this package, or has another version of it ({answer}): install it there, and start it again"]
    return [f"cannot be asked ({answer!r}): start it again"]


def _told(unfit: dict[str, list[str]]) -> str:
    lines = [f"  {address} {reason}." for address, reasons in sorted(unfit.items()) for reason in reasons]
    return "\n".join(("Not every worker of the cluster can do this work:", *lines))


def _sample(raw: Raw) -> list[Sight]:
    """A file of the raw folder, if there is any: the folder itself may be there as an empty mount point."""
    first = next((stat for stat in raw.files() if stat.size >= 0), None)
    return [Sight("what lies in the raw folder", Store.of(raw.place), first.path, str(first.size))] if first else []


def _token(warehouse: Store) -> Sight:
    """A file that lies in the warehouse until this process ends."""
    name = f"_staged/cluster-{uuid4().hex}"
    warehouse.write(name, b"Whoever sees this file sees this warehouse.\n")
    atexit.register(warehouse.delete, name)
    return Sight("the warehouse", warehouse, name, _size(warehouse, name))


def _size(folder: Store, name: str) -> str:
    return folder.stamp(name).partition(" ")[0]


def _versions() -> tuple[tuple[str, str], ...]:
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    return (("gongkai", build_version()), ("python", python), *((name, version(name)) for name in _LIBRARIES))
