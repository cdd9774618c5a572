"""How DuckDB reads the files of an object store: through this process, with its credentials and without an extension.

DuckDB asks how large a file is and when it changed again and again. The files here never change under their names, so
one listing of a table answers for all of its files.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa
from pyarrow import fs

from pipeline.warehouse.store import Store

try:
    from fsspec import AbstractFileSystem
except ImportError as error:
    raise RuntimeError("To ask a warehouse in an object store, install the extra: pip install 'gongkai[s3]'") from error


class RemoteFiles(AbstractFileSystem):  # type: ignore[misc]
    """The files of some stores by their whole paths, as `s3://bucket/warehouse/reports/...`; to be read alone."""

    cachable = False  # what it has listed is for one connection

    def __init__(self, stores: Sequence[Store]) -> None:
        super().__init__()
        self.protocol = tuple({store.address.partition("://")[0] for store in stores})
        self._stores = sorted(stores, key=lambda store: -len(store.address))  # the innermost first
        self._listed: dict[tuple[Store, str], dict[str, fs.FileInfo]] = {}

    def open(self, path: str, mode: str = "rb", **options: Any) -> pa.NativeFile:
        """The file, to read from anywhere in it; raises FileNotFoundError."""
        store, name = self._found(path)
        return store.open(name)

    def glob(self, path: str, **options: Any) -> list[str]:
        """The path itself where there is such a file: paths are names here, never patterns."""
        return [path] if self.exists(path) else []

    def exists(self, path: str, **options: Any) -> bool:
        """Whether there was such a file when its table was listed."""
        return self._info(path) is not None

    def size(self, path: str) -> int | None:
        """Its bytes."""
        info = self._info(path)
        return info.size if info else None

    def modified(self, path: str) -> datetime | None:
        """When it was written."""
        info = self._info(path)
        return info.mtime if info else None

    def _info(self, path: str) -> fs.FileInfo | None:
        store, name = self._found(path)
        table = name.partition("/")[0]
        if (store, table) not in self._listed:
            self._listed[store, table] = dict(store.infos(table))
        return self._listed[store, table].get(name)

    def _found(self, path: str) -> tuple[Store, str]:
        for store in self._stores:
            if path.startswith(f"{store.address}/"):
                return store, path.removeprefix(f"{store.address}/")
        raise FileNotFoundError(f"{path} lies in none of {', '.join(store.address for store in self._stores)}")
