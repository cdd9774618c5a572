"""Versions computed from the code and data themselves, so that a change can never pass for the same version.

The extra that reads pictures counts as it is installed. What was read or built by another version is read or built
again; what was not is kept.
"""

from functools import lru_cache
from hashlib import sha256
from importlib.resources import files

from pipeline import __version__
from pipeline.readers import recognition

_SOURCES = (".py", ".toml", ".sql", ".parquet")


@lru_cache(maxsize=8)
def _fingerprint(*folders: str) -> str:
    sources = sorted(
        (f"{folder}/{file.name}", file.read_bytes())
        for folder in folders
        for file in files("pipeline").joinpath(folder).iterdir()
        if file.name.endswith(_SOURCES)
    )
    digest = sha256(b"".join(name.encode() + b"\0" + content + b"\0" for name, content in sources))
    digest.update(recognition.installed().encode())  # what was refused without the extra is tried again with it
    return f"{__version__}+{digest.hexdigest()[:8]}"


def reader_version() -> str:
    """The version of what takes text out of files."""
    return _fingerprint("readers")


def parser_version() -> str:
    """The version of what reads a report, as stands in `reports.parser_version`."""
    return _fingerprint("readers", "forms", "parse")


def resolver_version() -> str:
    """The version of what decides whose report it is."""
    return _fingerprint("readers", "forms", "parse", "agencies")


def build_version() -> str:
    """The version of everything that decides the bytes of the warehouse."""
    folders = ("readers", "forms", "parse", "checks", "agencies", "tables", "warehouse", "warehouse/views/analysis")
    return _fingerprint(*folders)
