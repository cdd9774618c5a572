"""Long work shows itself: a bar on a terminal, plain lines in a log, nothing for what is over at once."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sized
from typing import TypeVar

from rich.console import Console
from rich.progress import Progress

T = TypeVar("T")

PATIENCE = 1.0
"""Seconds of silence before work shows itself."""
INTERVAL = 15.0
"""Seconds between two lines in a log."""


def _one(_: object) -> int:
    return 1


def track(items: Iterable[T], what: str, total: int | None = None, size: Callable[[T], int] = _one) -> Iterator[T]:
    """Pass `items` through and show on stderr how far it is; `what` says what is done (`reading 2023`).

    Where an item stands for several pieces of work, `size` says for how many, and `total` counts pieces.
    """
    if total is None:
        total = len(items) if isinstance(items, Sized) else 0
    if sys.stderr.isatty():
        yield from _bar(items, what, total, size)
    else:
        yield from _lines(items, what, total, size)


def _bar(items: Iterable[T], what: str, total: int, size: Callable[[T], int]) -> Iterator[T]:
    start, shown = time.monotonic(), False
    progress = Progress(console=Console(stderr=True), transient=True)
    task = progress.add_task(what, total=total)
    try:
        done = 0
        for item in items:
            yield item
            done += size(item)
            if not shown and time.monotonic() - start > PATIENCE:
                progress.start()
                shown = True
            progress.update(task, completed=done)
    finally:
        if shown:
            progress.stop()


def _lines(items: Iterable[T], what: str, total: int, size: Callable[[T], int]) -> Iterator[T]:
    start = last = time.monotonic()
    done = 0
    for item in items:
        yield item
        done += size(item)
        now = time.monotonic()
        if now - last >= INTERVAL:
            rate = done / (now - start)
            left = f", about {max(total - done, 0) / rate:.0f} s left" if total else ""
            print(f"{what}: {done} of {total} ({rate:.0f}/s{left})", file=sys.stderr, flush=True)
            last = now
