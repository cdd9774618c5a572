"""What the command prints: the summary of a build, a report laid out, the rows of a query."""

from rich.console import Console

LOG_WIDTH = 120
"""Columns where there is no terminal to fit: wide enough for the tables, narrow enough for a log."""


def console() -> Console:
    """The console of stdout."""
    terminal = Console()
    return terminal if terminal.is_terminal else Console(width=LOG_WIDTH)
