"""Where reports and what people add to them are read from, and where the warehouse lies: the resource assets share."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg

from pipeline.warehouse import Amendments, Inventory, Lake, Maker, Raw, Seen, Workers, read_amendments, scan


class Folders(dg.ConfigurableResource):  # type: ignore[type-arg]
    """The raw folder and the warehouse, as paths or URLs; how many processes do the work, 0 for all cores.

    `anew`: nothing that was made before is taken over.
    """

    raw: str
    warehouse: str
    processes: int = 0
    anew: bool = False

    @property
    def reports(self) -> Raw:
        """The folder of published reports."""
        return Raw.of(self.raw)

    @property
    def lake(self) -> Lake:
        """The warehouse."""
        return Lake(self.warehouse)

    @property
    def maker(self) -> Maker:
        """Who makes tables, and where."""
        return Maker(self.lake, self.reports, self.workers, self.anew)

    @property
    def workers(self) -> Workers:
        """Who does the work."""
        return Workers(self.processes) if self.processes else Workers.of_machine()

    def inventory(self) -> Inventory:
        """What lies in the raw folder now; what was looked at before and did not change is not looked at again."""
        store = self.lake.store
        seen = Seen() if self.anew else Seen.load(store)
        inventory = scan(self.reports, seen)
        seen.save(store)
        return inventory

    def amendments(self) -> Amendments:
        """The corrections and decisions that lie beside the raw folder now."""
        return read_amendments(self.reports)

    @contextmanager
    def publishing(self) -> Iterator[None]:
        """Wait until no other process publishes: two at once could put an older file over a newer one."""
        lock = Path(self.warehouse) / "_staged" / "publishing.lock"
        lock.parent.mkdir(parents=True, exist_ok=True)
        with lock.open("a") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    @classmethod
    def from_environment(cls) -> "Folders":
        """The folders that GONGKAI_RAW and GONGKAI_WAREHOUSE name, else those of the project."""
        project = Path(__file__).resolve().parent.parent / "data"
        return cls(
            raw=os.environ.get("GONGKAI_RAW", str(project / "raw")),
            warehouse=os.environ.get("GONGKAI_WAREHOUSE", str(project / "warehouse")),
        )
