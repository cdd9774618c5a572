"""Long work shows itself: a bar on a terminal, plain lines in a log, nothing for what is over at once.

Whoever runs it may listen, too: Dagster shows what it hears beside the asset while it is made.
"""

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sized
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple, Protocol, TypeVar

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

T = TypeVar("T")

PATIENCE = 1.0
"""Seconds of silence before work shows itself."""
INTERVAL = 15.0
"""Seconds between two lines in a log, and between two words to a listener."""
_MINUTE, _HOUR = 60, 3600


class SoFar(NamedTuple):
    """How far some work is: pieces done, of how many (0: not known), in how many seconds; `refused` to quarantine."""

    what: str
    done: int
    total: int
    seconds: float
    refused: int = 0

    @property
    def rate(self) -> float:
        """Pieces a second."""
        return self.done / self.seconds if self.seconds else 0.0

    @property
    def left(self) -> float | None:
        """Seconds left, should it go on like that; None where nobody can say."""
        return max(self.total - self.done, 0) / self.rate if self.total and self.rate else None

    @property
    def says(self) -> str:
        """`1,200 of 5,000 (150/s, about 25 s left, 3 in quarantine)`."""
        of = f" of {self.total:,}" if self.total else ""
        told = [_pace(self.rate)]
        if self.left is not None:
            told.append(f"about {_span(self.left)} left")
        if self.refused:
            told.append(f"{self.refused:,} in quarantine")
        return f"{self.done:,}{of} ({', '.join(told)})"


def _pace(rate: float) -> str:
    if rate >= 10:
        return f"{rate:,.0f}/s"
    return f"{rate:.1f}/s" if rate >= 1 else f"{rate * _MINUTE:.1f}/min"


def _span(seconds: float) -> str:
    if seconds < 2 * _MINUTE:
        return f"{seconds:.0f} s"
    return f"{seconds / _MINUTE:.0f} min" if seconds < 2 * _HOUR else f"{seconds / _HOUR:.1f} h"


Listener = Callable[[SoFar], None]
_LISTENER: ContextVar[Listener | None] = ContextVar("listener", default=None)


@contextmanager
def heard_by(listener: Listener) -> Iterator[None]:
    """Tell a listener, every INTERVAL seconds, how far the work done in here is."""
    before = _LISTENER.set(listener)
    try:
        yield
    finally:
        _LISTENER.reset(before)


def _one(_: object) -> int:
    return 1


def _none(_: object) -> int:
    return 0


def track(
    items: Iterable[T],
    what: str,
    total: int | None = None,
    size: Callable[[T], int] = _one,
    refused: Callable[[T], int] = _none,
) -> Iterator[T]:
    """Pass `items` through and show on stderr how far it is; `what` says what is done (`reading 2023`).

    Where an item stands for several pieces of work, `size` says for how many, and `total` counts pieces; `refused`
    says how many of them went to quarantine.
    """
    if total is None:
        total = len(items) if isinstance(items, Sized) else 0
    listener, start = _LISTENER.get(), time.monotonic()
    shown: _Shown = _Bar() if sys.stderr.isatty() else _Lines()
    done, bad, told = 0, 0, 0.0
    try:
        for item in items:
            yield item
            done, bad = done + size(item), bad + refused(item)
            so_far = SoFar(what, done, total, time.monotonic() - start, bad)
            shown.show(so_far)
            if listener and so_far.seconds - told >= INTERVAL:
                listener(so_far)
                told = so_far.seconds
    finally:
        shown.end()


class _Shown(Protocol):
    """How work shows itself."""

    def show(self, so_far: SoFar) -> None: ...

    def end(self) -> None: ...


class _Bar:
    """A bar that goes when the work is over."""

    def __init__(self) -> None:
        self.progress: Progress | None = None

    def show(self, so_far: SoFar) -> None:
        if self.progress is None and so_far.seconds > PATIENCE:
            columns = TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[says]}")
            self.progress = Progress(*columns, console=Console(stderr=True), transient=True)
            self.progress.add_task(so_far.what, total=so_far.total or None, says="")
            self.progress.start()
        if self.progress is not None:
            self.progress.update(self.progress.task_ids[0], completed=so_far.done, says=so_far.says)

    def end(self) -> None:
        if self.progress is not None:
            self.progress.stop()


class _Lines:
    """A line now and then."""

    def __init__(self) -> None:
        self.last = 0.0

    def show(self, so_far: SoFar) -> None:
        if so_far.seconds - self.last >= INTERVAL:
            print(f"{so_far.what}: {so_far.says}", file=sys.stderr, flush=True)
            self.last = so_far.seconds

    def end(self) -> None:
        pass
