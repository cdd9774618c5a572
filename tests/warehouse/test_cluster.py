"""A dask cluster on loopback, real processes: the same bytes as one process alone, whoever dies; nobody unfit works."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from assets.folders import Folders
from assets.in_process import build
from pipeline.cli import main
from pipeline.warehouse import Cluster, ClusterLost, ClusterUnfit, Raw, Workers, cluster, parts, workers
from pipeline.warehouse.store import Store
from tests.conftest import PROJECT
from tests.planted.figures import distinct
from tests.planted.render import render

pytestmark = pytest.mark.xdist_group("cluster")
REPORTS = 5
LARGEST = 3
"""Reports of a part here, about: two parts, so that there is work for two."""
OTHER_VERSION = "import pipeline; pipeline.__version__ = '0.0.9'"
NO_PACKAGE = "import sys; sys.modules['pipeline'] = None"
NO_FOLDERS = "import pipeline.warehouse.store as store; real = store._files; store._files = lambda _: real('/nowhere')"
FINE = ""


@pytest.fixture(scope="module", autouse=True)
def distributed() -> Any:
    return pytest.importorskip("distributed", reason="distributed is not installed: pip install 'gongkai[scale]'")


def until(holds: Callable[[], Any], seconds: float = 90) -> Any:
    """What `holds` says, once it says anything."""
    for _ in range(int(seconds / 0.02)):
        if found := holds():
            return found
        time.sleep(0.02)
    pytest.fail(f"{holds} never held")


class Machines:
    """A scheduler, and workers that join and leave: processes of ours, ended by their ids."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.workers, self._number = folder, [], count()
        file = folder / "scheduler.json"
        self.scheduler = self._start("scheduler", "", "--no-dashboard", "--port", "0", "--scheduler-file", str(file))
        self.address = until(lambda: file.exists() and file.read_text() and json.loads(file.read_text())["address"])

    def _start(self, kind: str, first: str, *words: str) -> subprocess.Popen[bytes]:
        code = f"{first}\nfrom distributed.cli.dask_{kind} import main\nmain()"
        with (self.folder / f"{kind}-{next(self._number)}.log").open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-c", code, "--host", "127.0.0.1", *words],
                cwd=self.folder,
                env=os.environ | {"PYTHONPATH": str(PROJECT), "DASK_DISTRIBUTED__WORKER__DAEMON": "False"},
                stdout=log,
                stderr=log,
            )

    def join(self, first: str = FINE, name: str = "fine", threads: int = 1) -> subprocess.Popen[bytes]:
        """Another worker, which runs a line of Python before anything else."""
        words = ("--no-nanny", "--no-dashboard", "--nthreads", str(threads), "--local-directory", str(self.folder))
        name = name if name != "fine" else f"{name}-{next(self._number)}"
        self.workers.append(self._start("worker", first, self.address, "--name", name, *words))
        return self.workers[-1]

    def leave(self, *processes: subprocess.Popen[bytes]) -> None:
        for process in processes:
            process.kill()
            process.wait()
        self.settle()

    def settle(self) -> dict[str, str]:
        """The address of each worker by its name, once the scheduler knows just those that live."""

        def all_known() -> bool:
            self.workers = [process for process in self.workers if process.poll() is None]
            return len(self.known()) == len(self.workers)

        until(all_known)
        return {name: address for address, name in self.known().items()}

    def known(self) -> dict[str, str]:
        known = cluster._client(self.address).scheduler_info(n_workers=-1)["workers"]
        return {address: worker["name"] for address, worker in known.items()}

    def end(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    machines = Machines(tmp_path_factory.mktemp("machines"))
    try:
        yield machines
    finally:
        cluster._client(machines.address).close()
        cluster._client.cache_clear()
        machines.end()


@pytest.fixture
def two(machines: Machines) -> Machines:
    """Two workers that are fit, and no others."""
    cluster._ground.cache_clear()
    for _ in range(2 - len(machines.settle())):
        machines.join()
    assert len(machines.settle()) == 2
    return machines


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reports") / "raw"
    (folder / "2022").mkdir(parents=True)
    for seed in range(REPORTS):
        text = render("tab_rows", "2021", "2019", distinct("2021", "2019", seed))
        (folder / "2022" / f"{seed}.txt").write_text(text, "utf-8")
    (folder / "2022" / "broken.pdf").write_bytes(b"%PDF-1.4 nothing more")
    return folder


@pytest.fixture(autouse=True)
def several_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "LARGEST", LARGEST)


def files(root: Path) -> dict[str, str]:
    """Every table, staged and published; what was seen of the raw folder when is none."""
    found = [path for path in root.rglob("*.parquet") if path.name != "seen.parquet"]
    return {path.relative_to(root).as_posix(): sha256(path.read_bytes()).hexdigest() for path in found}


@pytest.fixture(scope="module")
def alone(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What one process makes of the reports."""
    root = tmp_path_factory.mktemp("alone")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "LARGEST", LARGEST)
        build(raw, root, 1)
    made = files(root)
    assert len([name for name in made if name.startswith("applications/report_year=2022/")]) == 2
    return made


def held(folder: Path, work: Callable[..., Any], *job: Any) -> Any:
    """Do a job after the test says so, and say before who does it."""
    (folder / f"running-{os.getpid()}").touch()
    until((folder / "go").exists)
    return work(*job)


def running(folder: Path) -> list[int]:
    return [int(path.name.partition("-")[2]) for path in folder.glob("running-*")]


def dying(job: object) -> None:
    os._exit(1)


@contextmanager
def holding(monkeypatch: pytest.MonkeyPatch, folder: Path, which: int) -> Iterator[list[int]]:
    """Hold the job of this number at its worker; it is let go by the file `go`. Counts what was sent."""
    submit, sent = cluster._Sending.submit, [0]

    def send(self: Any, work: Callable[..., Any], *job: Any) -> Any:
        sent[0] += 1
        return submit(self, partial(held, folder, work) if sent[0] == which else work, *job)

    with monkeypatch.context() as patch:
        patch.setattr(cluster._Sending, "submit", send)
        yield sent


def test_a_worker_that_is_killed_in_the_middle_loses_nothing(
    two: Machines, raw: Path, alone: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kill() -> None:
        [process] = until(lambda: running(tmp_path))
        assert process in [worker.pid for worker in two.workers]
        os.kill(process, signal.SIGKILL)
        until(lambda: len(two.known()) == 1)
        (tmp_path / "go").touch()

    killing = threading.Thread(target=kill)
    with holding(monkeypatch, tmp_path, 15) as sent:
        killing.start()
        build(raw, tmp_path / "warehouse", cluster=two.address)
        killing.join()
    assert len(running(tmp_path)) == 2, "it was done again by the other"
    assert sent[0] > 25, f"job 15 of {sent[0]} is not in the middle"
    assert files(tmp_path / "warehouse") == alone
    assert [worker.poll() is None for worker in two.workers].count(True) == 1


def test_two_workers_make_the_bytes_of_one_process(
    two: Machines, raw: Path, alone: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(raw.parent)
    relative = Path(os.path.relpath(tmp_path / "warehouse"))
    build("raw", relative, cluster=two.address)
    assert files(tmp_path / "warehouse") == alone
    assert build("raw", relative, cluster=two.address).changed == []


def test_who_is_unfit_is_named_with_what_to_do_before_anything_is_made(
    two: Machines, raw: Path, tmp_path: Path, distributed: Any
) -> None:
    ours = Cluster(two.address, Raw.of(raw), Store.of(tmp_path / "ours"))
    assert ours.meet() == 2
    ground = cluster._ground(ours)
    odd = [
        two.join(OTHER_VERSION, "old"),
        two.join(NO_PACKAGE, "bare"),
        two.join(NO_FOLDERS, "blind"),
        two.join(FINE, "wide", threads=3),
    ]
    found = two.settle()
    try:
        late = cluster._client(two.address).get_executor(pure=False, workers=[found["old"]])
        with pytest.raises(ClusterUnfit, match=f"{found['old']} has gongkai 0.0.9"):
            cluster._Sending(late, ground).submit(len, "abc").result()
        with pytest.raises(ClusterUnfit) as refused:
            build(raw, tmp_path / "warehouse", cluster=two.address)
    finally:
        two.leave(*odd)
    lines = str(refused.value).splitlines()[1:]
    told = {
        name: [line.removeprefix(f"  {found[name]} ") for line in lines if f" {found[name]} " in line] for name in found
    }
    assert len(lines) == 5
    assert told["old"][0].startswith("has gongkai 0.0.9+")
    assert "install the same there" in told["old"][0]
    assert told["bare"][0].startswith("lacks this package")
    assert told["blind"] == [
        f"does not see what lies in the raw folder {raw}: share it at the same path, or as s3://....",
        f"does not see the warehouse {tmp_path / 'warehouse'}: share it at the same path, or as s3://....",
    ]
    assert told["wide"] == ["has 3 threads, and PDF are read by one: start it with --nworkers 3 --nthreads 1."]
    assert [told[name] for name in found if name.startswith("fine")] == [[], []]
    assert files(tmp_path / "warehouse") == {}


def test_a_job_that_ends_every_worker_ends_the_work(two: Machines, raw: Path, tmp_path: Path) -> None:
    def allow(deaths: int, dask_scheduler: Any) -> None:
        dask_scheduler.allowed_failures = deaths

    some = Workers.of_cluster(Cluster(two.address, Raw.of(raw), Store.of(tmp_path)))
    client = cluster._client(two.address)
    client.run_on_scheduler(allow, 0)
    try:
        with pytest.raises(ClusterLost, match=r"while dying.*--memory-limit"):
            list(some.each(dying, [1, 2], "dying"))
    finally:
        client.run_on_scheduler(allow, 3)
        two.leave(*two.workers)


def test_a_cluster_without_workers_is_not_waited_for(
    two: Machines, raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "_PATIENCE", 0.1)
    place = Cluster(two.address, Raw.of(raw), Store.of(tmp_path))
    jobs = Workers.of_cluster(place).each(partial(held, tmp_path, len), ["abc", "d"], "counting")
    ending = threading.Thread(target=lambda: until(lambda: running(tmp_path)) and two.leave(*two.workers))
    ending.start()
    with pytest.raises(ClusterLost, match=f"No worker is left at {two.address} while counting"):
        list(jobs)
    ending.join()
    cluster._ground.cache_clear()
    with pytest.raises(ClusterUnfit, match="has no workers"):
        place.meet()


def test_the_command_says_what_is_missing(raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import dask

    monkeypatch.setattr("pipeline.cli._orchestrator", lambda: build)
    cluster._client.cache_clear()
    cluster._ground.cache_clear()
    words = ["build", "--raw", str(raw), "--warehouse", str(tmp_path), "--cluster"]
    with dask.config.set({"distributed.comm.timeouts.connect": "200ms"}):
        nobody = CliRunner().invoke(main, [*words, "tcp://127.0.0.1:1"])
    assert (nobody.exit_code, "No scheduler answers at tcp://127.0.0.1:1" in nobody.output) == (1, True)
    monkeypatch.setitem(sys.modules, "distributed", None)
    without = CliRunner().invoke(main, [*words, "tcp://127.0.0.1:1"])
    assert (without.exit_code, "pip install 'gongkai[scale]'" in without.output) == (1, True)
    both = CliRunner().invoke(main, [*words, "tcp://127.0.0.1:1", "--workers", "2"])
    assert (both.exit_code, "leave it out with --cluster" in both.output) == (2, True)
    assert files(tmp_path) == {}


def test_the_daemon_takes_the_cluster_of_its_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Folders.from_environment().cluster == ""
    monkeypatch.setenv("GONGKAI_CLUSTER", "tcp://10.0.0.5:8786")
    assert Folders.from_environment().cluster == "tcp://10.0.0.5:8786"
