"""One report laid out for a person: its tables as the form prints them, odd cells marked, every check, every place."""

from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline import checks
from pipeline.forms import SECTION_TABLES, STATISTICS, STATISTICS_ZH, TABLES, load, load_statistics
from pipeline.warehouse.reports import Report

Row = Mapping[str, Any]

_STYLES = {"number": "", "nil_word": "cyan", "blank": "dim", "na": "dim", "dash": "dim", "text": "yellow"}
_STYLES |= {"unreadable": "bold red", "lost": "red"}
_MARKS = {"blank": "·", "lost": "lost", "unreadable": "?"}
_LEGEND = "· blank   lost: the row is not there   ?: printed, but not certain   / - 无 and words stand as printed"
_HINT = 'Every cell with its place: --places. The codes behind the labels: gongkai sql "from items"'


def print_report(report: Report, console: Console, *, places: bool = False) -> None:
    """Print how a report is read; with `places`, every cell with its place instead of every row."""
    reading = report.reading
    _print_header(report.source_path, reading, console)
    if reading[STATISTICS]:
        _print_statistics(reading[STATISTICS], console)
    for name in () if reading[STATISTICS] and not any(reading[name] for name in TABLES) else TABLES:
        _print_table(name, reading[name], console, places=places)
    console.print(f"[dim]{_LEGEND}\n{_HINT}[/dim]\n")
    _print_checks(report, console)
    _print_sections(reading, console)


def _print_header(path: str, row: Row, console: Console) -> None:
    console.print(f"[bold]{row['agency_name'] or 'no agency named'}[/bold]  {path}", highlight=False)
    period = f"{row['period_start']} to {row['period_end']}" if row["period_end"] else "not stated"
    published = row["published_on"] or "not stated"
    console.print(
        f"stated year {row['stated_year'] or 'none'} · period {period} · published {published}\n", highlight=False
    )


def _print_table(name: str, cells: Row | None, console: Console, *, places: bool) -> None:
    if cells is None:
        console.print(f"[red]{SECTION_TABLES[name]} {name}: absent[/red]\n")
        return
    form = load().editions[cells["edition"]].tables[name]
    title = f"{SECTION_TABLES[name]} {name}" + ("" if form.across else f" · edition {form.edition}")
    for number, group in enumerate(form.grids):
        table = Table(title=title if number == 0 else None, title_justify="left")
        table.add_column(form.row_axis, no_wrap=True)
        for column in form.rows[group[0]]:
            table.add_column(load().name(form.column_axis, column.code), justify="right", overflow="fold")
        table.add_column("place", style="dim", no_wrap=True)
        for row in group:
            positions = [position for position, key in enumerate(form.keys) if key[0] == row]
            figures = [_figure(cells, position, places=places) for position in positions]
            table.add_row(
                load().name(form.row_axis, row),
                *figures,
                _span([cells["locator"][position] for position in positions]),
            )
        console.print(table)
    console.print()


def _print_statistics(entries: Sequence[Row], console: Console) -> None:
    table = Table(title=f"{STATISTICS_ZH} {STATISTICS}", title_justify="left")
    for name in ("indicator", "column", "figure", "place"):
        table.add_column(name, justify="right" if name == "figure" else "left")
    for entry in entries:
        cell = {name: [entry[name]] for name in ("state", "text", "unit", "locator")}
        name = load_statistics().indicators[entry["indicator"]].zh
        table.add_row(name, entry["column_label"], _figure(cell, 0, places=False), entry["locator"])
    console.print(table)
    console.print()


def _figure(cells: Row, position: int, *, places: bool) -> Text:
    state = cells["state"][position]
    shown = Text(_MARKS.get(state) or cells["text"][position] or "", style=_STYLES[state])
    unit = cells["unit"][position]
    if unit and unit not in (cells["text"][position] or ""):
        shown.append(f" {unit}", style="dim")
    if places and cells["locator"][position]:
        shown.append(f"\n{cells['locator'][position]}", style="dim")
    return shown


def _span(locators: list[str | None]) -> str:
    """Where a row stands: what the places of its cells share (`line 88`, `page 2`), else the first and the last."""
    places = [locator.split() for locator in locators if locator]
    if not places:
        return ""
    steps = zip(*(zip(place[::2], place[1::2], strict=False) for place in places), strict=False)
    shared = [step[0] for step in takewhile(lambda step: len(set(step)) == 1, steps)]
    first, last = (" ".join(place) for place in (places[0], places[-1]))
    return " ".join(" ".join(step) for step in shared) or f"{first} … {last}"


def _print_checks(report: Report, console: Console) -> None:
    table = Table(title=f"Checks (report year {report.report_year})", title_justify="left")
    for name in ("rule", "what it says", "passed", "over zeros", "failed", "cannot say"):
        table.add_column(name, justify="left" if name in ("rule", "what it says") else "right")
    for counted in report.checks:
        rule = checks.rules()[counted["rule"]]
        counts = [counted[name] for name in ("passed", "vacuous", "failed", "not_assessable")]
        shown = [
            f"[red]{count}[/red]" if place == 2 and count else str(count or "·") for place, count in enumerate(counts)
        ]
        table.add_row(rule.code, rule.en, *shown)
    console.print(table)
    for finding in report.findings:
        colour = {"error": "red", "warning": "yellow"}.get(finding["severity"], "dim")
        where = f" [dim]({finding['locator']})[/dim]" if finding["locator"] else ""
        console.print(
            f"[{colour}]{finding['severity']}[/] {finding['rule']}: {finding['message']}{where}", highlight=False
        )
    console.print()


def _print_sections(row: Row, console: Console) -> None:
    table = Table(title="Sections", title_justify="left")
    for name in ("section", "heading", "characters", "begins", "place"):
        table.add_column(name)
    for section in row["sections"]:
        begins = section["text"].split("\n", 1)[0][:24]
        table.add_row(section["section"], section["title"] or "", str(len(section["text"])), begins, section["locator"])
    console.print(table)
