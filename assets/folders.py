"""Where reports and what people add to them are read from, and where the warehouse lies: the resource assets share."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg

from pipeline.warehouse import Amendments, Inventory, Lake, Workers, read_amendments, scan


class Folders(dg.ConfigurableResource):  # type: ignore[type-arg]
    """The raw folder and the warehouse, as paths; how many processes read documents, 0 for all cores."""

    raw: str
    warehouse: str
    processes: int = 0

    @property
    def raw_path(self) -> Path:
        """The folder of published reports."""
        return Path(self.raw)

    @property
    def lake(self) -> Lake:
        """The warehouse."""
        return Lake(Path(self.warehouse))

    @property
    def workers(self) -> Workers:
        """Who reads documents."""
        return Workers(self.processes) if self.processes else Workers.of_machine()

    def inventory(self) -> Inventory:
        """What lies in the raw folder now."""
        return scan(self.raw_path)

    def amendments(self) -> Amendments:
        """The corrections and decisions that lie beside the raw folder now."""
        return read_amendments(self.raw_path)

    @contextmanager
    def publishing(self) -> Iterator[None]:
        """Wait until no other process publishes: two at once could put an older file over a newer one."""
        lock = self.lake.root / "_staged" / "publishing.lock"
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
