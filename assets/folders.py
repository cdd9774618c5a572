"""Where reports and what people add to them are read from, and where the warehouse lies: the resource assets share."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg

from pipeline.warehouse import Amendments, Cluster, Inventory, Lake, Maker, Raw, Seen, Workers, read_amendments, scan
from pipeline.warehouse.store import Store

_LISTED: dict[tuple[str, str], Inventory] = {}
"""By raw folder and warehouse, where a folder of a million files is not to be listed for every year."""
_ADDED: dict[str, Amendments] = {}
"""By raw folder, where what people add beside it is not to be fetched for every table."""


class Folders(dg.ConfigurableResource):  # type: ignore[type-arg]
    """The raw folder and the warehouse, as paths or URLs; how many processes do the work, 0 for all cores.

    `cluster`: the address of a dask scheduler whose workers do it instead. `anew`: nothing that was made before is
    taken over.
    """

    raw: str
    warehouse: str
    processes: int = 0
    cluster: str = ""
    anew: bool = False

    @property
    def reports(self) -> Raw:
        """The folder of published reports."""
        return Raw.of(Store.of(self.raw).place)

    @property
    def lake(self) -> Lake:
        """The warehouse."""
        return Lake(Store.of(self.warehouse).place)

    @property
    def maker(self) -> Maker:
        """Who makes tables, and where."""
        return Maker(self.lake, self.reports, self.workers, self.anew)

    @property
    def workers(self) -> Workers:
        """Who does the work; raises ClusterUnfit when a worker of the cluster cannot."""
        if self.cluster:
            return Workers.of_cluster(Cluster(self.cluster, self.reports, self.lake.store))
        return Workers(self.processes) if self.processes else Workers.of_machine()

    def inventory(self) -> Inventory:
        """What lies in the raw folder now; what was looked at before and did not change is not looked at again."""
        return _LISTED.get((self.raw, self.warehouse)) or self._list()

    @contextmanager
    def listed(self) -> Iterator[Inventory]:
        """What lies in the raw folder and beside it at the start of something is what lies there to its end, here."""
        name = self.raw, self.warehouse
        try:
            _LISTED[name], _ADDED[self.raw] = self._list(), self.amendments()
            yield _LISTED[name]
        finally:
            _LISTED.pop(name, None)
            _ADDED.pop(self.raw, None)

    def _list(self) -> Inventory:
        store = self.lake.store
        seen = Seen() if self.anew else Seen.load(store)
        inventory = scan(self.reports, seen, self.workers)
        seen.save(store)
        return inventory

    def amendments(self) -> Amendments:
        """The corrections and decisions that lie beside the raw folder now."""
        return _ADDED.get(self.raw) or read_amendments(self.reports)

    @contextmanager
    def publishing(self) -> Iterator[None]:
        """Wait until no other process publishes: two at once could put an older file over a newer one.

        An object store has no locks: there it is for the user to let one build run at a time.
        """
        if not self.lake.store.is_local:
            yield
            return
        lock = Path(self.warehouse) / "_staged" / "publishing.lock"
        lock.parent.mkdir(parents=True, exist_ok=True)
        with lock.open("a") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    @classmethod
    def from_environment(cls) -> "Folders":
        """The folders that GONGKAI_RAW and GONGKAI_WAREHOUSE name, else those of the project.

        GONGKAI_CLUSTER is the address of a dask scheduler, where there is one.
        """
        project = Path(__file__).resolve().parent.parent / "data"
        return cls(
            raw=os.environ.get("GONGKAI_RAW", str(project / "raw")),
            warehouse=os.environ.get("GONGKAI_WAREHOUSE", str(project / "warehouse")),
            cluster=os.environ.get("GONGKAI_CLUSTER", ""),
        )
