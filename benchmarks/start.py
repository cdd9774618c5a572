"""How fast does the command start? As ratios to the same start with the orchestrator loaded, in one run.

    python -m benchmarks.start

Goal 12: `gongkai --help`, and `gongkai inspect` of a text, each against itself with an `import dagster` before it.
What is timed is the processor time of a process of its own; both kinds take turns, and the median ratio is printed.
"""

import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import click

from benchmarks.measure import Found, Measure, Scale
from tests.planted.figures import distinct
from tests.planted.render import render

COMMAND = "import sys; from pipeline.cli import main; main(sys.argv[1:], prog_name='gongkai')"
LOADED = f"import dagster; {COMMAND}"


def seconds(program: str, *arguments: str) -> float:
    """Processor time of a program in a process of its own; raises CalledProcessError when it fails."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def measure(scale: Scale) -> Found:
    """Goal 12."""
    return Found([*_both(scale.times)])


def _both(times: int) -> Iterator[Measure]:
    with TemporaryDirectory() as folder:
        report = Path(folder) / "report.txt"
        report.write_text(render("tab_rows", "2021", "2021", distinct("2021", "2021")), "utf-8")
        for arguments in (["--help"], ["inspect", str(report)]):
            seconds(COMMAND, *arguments)  # what was never loaded is compiled first
            pairs = [(seconds(LOADED, *arguments), seconds(COMMAND, *arguments)) for _ in range(times)]
            ratio = median(light / loaded for loaded, light in pairs)
            loaded, own = (median(taken) * 1e3 for taken in zip(*pairs, strict=True))
            yield Measure(12, f"gongkai {arguments[0]}", ratio, f"{own:.0f} ms against {loaded:.0f} ms")


@click.command()
@click.option("--times", default=5, show_default=True, help="Rounds in which every command runs both ways.")
def main(times: int) -> None:
    """Start the commands both ways, in turn, and print the ratios."""
    for found in _both(times):
        click.echo(f"{found.what:16} {found.value:.2f} of the same with dagster loaded: {found.how}")


if __name__ == "__main__":
    main()
