"""The command `gongkai`: thin, every subcommand one call. What is slow to load is loaded where it is needed."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import click

from pipeline import __version__

RAW = Path("data/raw")
WAREHOUSE = Path("data/warehouse")


class _Place(click.ParamType[Path | str]):
    """A folder of this machine, or the URL of one in an object store."""

    name = "folder or url"

    def __init__(self, exists: bool = False) -> None:
        self.folder = click.Path(path_type=Path, file_okay=False, exists=exists)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path | str:
        if isinstance(value, str) and "://" in value:
            return value
        return self.folder.convert(value, param, ctx)


Place = Path | str
_raw_option = click.option(
    "--raw", type=_Place(), default=RAW, show_default=True, help="The raw folder, or its URL (s3://bucket/raw)."
)
_warehouse_option = click.option(
    "--warehouse", type=_Place(), default=WAREHOUSE, show_default=True, help="The warehouse folder, or its URL."
)


class _Teaching(click.Group):
    """A group whose commands are listed in the order of the work, not of the alphabet."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


@click.group(cls=_Teaching, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="gongkai")
def main() -> None:
    r"""China's open-government annual reports as one dataset whose numbers can be traced and trusted.

    \b
    The way through:
      gongkai import ~/Downloads/reports     copy reports into data/raw/<year>/
      gongkai build                          read and check them all, publish the warehouse
      gongkai inspect data/raw/2023/a.txt    see how one report was read, cell by cell
      gongkai sql "from reports"             ask the warehouse
      gongkai review                         a page for every report that needs a look, worst first
      gongkai diff OLD NEW                   what changed between two warehouses
    """


@main.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--year", type=int, help="The report year, where neither the report nor its path states it.")
@click.option(
    "--raw", type=click.Path(path_type=Path, file_okay=False), default=RAW, show_default=True, help="The raw folder."
)
def import_(paths: tuple[Path, ...], year: int | None, raw: Path) -> None:
    r"""Copy report files, or folders of them, into the raw folder.

    A report goes to the folder of the year it reports on: the one it states itself, else the one in its path. Nothing
    in the raw folder is ever overwritten, and what is there already is not copied again.

    \b
    Example: gongkai import ~/Downloads/*.txt
    """
    from pipeline.warehouse.importing import import_files

    outcomes = import_files(paths, raw, year)
    for done in outcomes:
        target = f" -> {done.target}" if done.target else ""
        click.echo(f"{done.outcome:8}{done.source}{target}  ({done.reason})")
    counts = {name: sum(done.outcome == name for done in outcomes) for name in ("copied", "present", "left")}
    click.echo(f"{counts['copied']} copied, {counts['present']} already there, {counts['left']} left where they are.")
    if counts["copied"]:
        click.echo("Next: gongkai build")


@main.command()
@_raw_option
@_warehouse_option
@click.option(
    "--workers", type=click.IntRange(min=0), default=0, help="Processes that do the work; 0, the default: all cores."
)
@click.option("--cluster", default="", metavar="ADDRESS", help="Workers of a dask scheduler instead: tcp://host:8786.")
@click.option("--full", is_flag=True, help="Make everything again, also what is up to date.")
def build(raw: Place, warehouse: Place, workers: int, cluster: str, full: bool) -> None:
    """Read every report of the raw folder, check it, and publish the warehouse.

    Only what changed is made again. A file that cannot be accepted goes to quarantine with its reason and stops
    nothing; readers see the warehouse as it was until all of the new one is checked.
    """
    if workers and cluster:
        raise click.UsageError("--workers is for this machine: leave it out with --cluster, whose workers do it all.")
    from pipeline.terminal import console
    from pipeline.terminal.summary import print_summary
    from pipeline.warehouse import Lake

    start = time.monotonic()
    with _in_a_sentence():
        built = _orchestrator()(raw, warehouse, workers, cluster=cluster, anew=full)
        print_summary(Lake(warehouse), built.changed, time.monotonic() - start, console())


@main.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--places", is_flag=True, help="Show the place in the source under every cell.")
@click.option("--html", is_flag=True, help="Make a page of it instead: the source beside the tables.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Where the page goes.")
def inspect(file: Path, places: bool, html: bool, output: Path | None) -> None:
    r"""Show how one report is read: its tables, every check, every odd cell, and where things stand in the source.

    \b
    Examples:
      gongkai inspect --places data/raw/2023/huaian-hongze.txt
      gongkai inspect --html data/raw/2023/huaian-hongze.txt -o hongze.html
    """
    from pipeline.readers import Refused, format_of
    from pipeline.warehouse.reports import of_file

    try:
        report = of_file(file)
        if html or output:
            from pipeline.pages.facsimile import facsimiles
            from pipeline.pages.report import report_page

            page = report_page(report, facsimiles(file.read_bytes(), format_of(file.name)))
            _write_page(page, output or Path(f"{file.stem}.html"))
            return
    except Refused as refused:
        click.echo(f"{file} goes to quarantine ({refused.code}): {refused}\n{refused.hint}")
        return
    except OSError as error:
        _fail(f"{file} cannot be read: {error.strerror}.")
    from pipeline.terminal import console
    from pipeline.terminal.inspection import print_report

    print_report(report, console(), places=places)


@main.command()
@click.argument("query", required=False)
@click.option("--csv", "as_csv", is_flag=True, help="Print comma-separated values, with a header.")
@_warehouse_option
def sql(query: str | None, as_csv: bool, warehouse: Place) -> None:
    r"""Ask the warehouse in SQL (DuckDB, read-only).

    Without QUERY it reads statements from a pipe, or opens a prompt. A warehouse folder that was moved is opened from
    its new place.

    \b
    Examples:
      gongkai sql "from analysis.quality_by_year"
      gongkai sql "select column_name, description from table_columns where table_name = 'reports'"
      gongkai sql --csv "from findings" > findings.csv
    """
    import duckdb

    from pipeline.terminal import console, queries
    from pipeline.warehouse import Lake

    lake = Lake(warehouse)
    try:
        with _in_a_sentence():
            if query is None and sys.stdin.isatty():
                queries.prompt(lake, console())
            else:
                queries.run_query(lake, query if query is not None else sys.stdin.read(), as_csv=as_csv)
    except duckdb.Error as error:
        _fail(f'{error}\nThe tables and their columns: gongkai sql "from table_columns"')


@main.command()
@_raw_option
@_warehouse_option
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, file_okay=False), default=Path("data/review"), show_default=True
)
@click.option("--year", type=int, help="Only the reports of this year.")
@click.option("--most", type=click.IntRange(min=1), default=500, show_default=True, help="Reports to make pages of.")
def review(raw: Place, warehouse: Place, output: Path, year: int | None, most: int) -> None:
    """Write a page for every report that needs a look, and an index of them, worst first.

    Each page shows the source beside what was read of it, explains every doubt, and needs no network.
    """
    from pipeline.pages.review import write_review
    from pipeline.warehouse import Lake, Raw

    with _in_a_sentence():
        written = write_review(Lake(warehouse), Raw.of(raw), output, year, most)
    click.echo(f"{written.pages} pages, {written.fine} reports without doubts. Open in a browser: {written.start}")


@main.command()
@click.argument("before", type=_Place(exists=True))
@click.argument("after", required=False, type=_Place(exists=True))
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), help="Write what changed as a page, too.")
@click.option("--csv", "as_csv", is_flag=True, help="Print every changed cell as comma-separated values.")
@_raw_option
def diff(before: Place, after: Place | None, html: Path | None, as_csv: bool, raw: Place) -> None:
    r"""Show what changed between two warehouses: reports added, removed, replaced, and every cell with both sides.

    Without AFTER the raw folder is built anew, beside everything, and compared with BEFORE: what would a new release
    of this program change?

    \b
    Examples:
      gongkai diff data/warehouse-2025 data/warehouse
      gongkai diff data/warehouse --html changes.html
    """
    from tempfile import TemporaryDirectory

    from pipeline.pages.changes import changes_page, write_cells
    from pipeline.terminal import console
    from pipeline.terminal.changes import print_changes
    from pipeline.warehouse.differences import compare

    with _in_a_sentence(), TemporaryDirectory() as folder:
        if after is None:
            _orchestrator()(raw, Path(folder))
        differences = compare(before, after or Path(folder))
    names = str(before), str(after) if after else f"{raw}, built anew"
    if html:
        html.write_text(changes_page(differences, *names), encoding="utf-8")
    if as_csv:
        write_cells(differences, sys.stdout)
    else:
        print_changes(differences, *names, console())


def _orchestrator() -> Any:
    """The function that runs the assets: installed beside this package, never imported by it."""
    found = list(entry_points(group="gongkai.orchestrator"))
    if not found:
        _fail("No orchestrator is installed. Install the project as a whole: pip install -e .")
    return found[0].load()


@contextmanager
def _in_a_sentence() -> Iterator[None]:
    """What cannot be done is said in a sentence; a reader that leaves a pipe is click's."""
    try:
        yield
    except BrokenPipeError:
        raise
    except (OSError, RuntimeError) as error:
        _fail(str(error))


def _write_page(page: str, path: Path) -> None:
    path.write_text(page, encoding="utf-8")
    click.echo(f"{path} is written: open it in a browser. It needs no network.")


def _fail(message: str) -> Any:
    click.echo(f"gongkai: {message}", err=True)
    raise SystemExit(1)
