"""The command: make a corpus, build a warehouse from it, compare, and say how right it is."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from assets.in_process import build
from benchmarks.accuracy.compare import Comparison
from benchmarks.accuracy.corpus import Corpus
from benchmarks.accuracy.layouts import Layout, layouts, not_run
from benchmarks.accuracy.peers import PEERS, Trial, seconds_of, try_peer
from benchmarks.accuracy.scorecard import Measured, scorecard
from pipeline.progress import track
from pipeline.warehouse import Lake

_SHOWN = 20
"""Wrong cells that are named; of one fault there are mostly many."""


@click.command()
@click.option("--reports", default=2000, show_default=True, help="Reports in all, spread evenly over the layouts.")
@click.option("--seed", default=1, show_default=True, help="Another seed, other reports.")
@click.option("--only", default="", help="Only layouts whose name holds this.")
@click.option("--each", default=4, show_default=True, help="Reports of a layout that are timed and given to the peers.")
@click.option("--write", type=click.Path(path_type=Path), help="Write the scorecard to this file.")
@click.option("--keep", type=click.Path(path_type=Path), help="Keep reports, truth and warehouse in this new folder.")
def main(reports: int, seed: int, only: str, each: int, write: Path | None, keep: Path | None) -> None:
    """Measure how right the dataset is and print the scorecard; status 1 when any cell is silently wrong."""
    chosen = [layout for layout in layouts() if only in layout.name]
    if not chosen:
        raise click.UsageError(
            f"No layout's name holds {only!r}. They are: {'; '.join(layout.name for layout in layouts())}"
        )
    with _folder(keep) as folder:
        run = measure(Corpus(folder), chosen, reports, seed, each)
        card, wrong = scorecard(run), run.comparison.wrong()
        run.comparison.close()
    click.echo(card)
    if write:
        write.write_text(card, "utf-8")
    for cell in wrong[:_SHOWN]:
        click.echo(
            "wrong: {source_path} {table_name}/{row_code}/{column_code}: printed {planted_state} {planted_value}, "
            "published {found_state} {found_value}".format_map(cell),
            err=True,
        )
    if wrong:
        click.echo(f"{len(wrong)} cells are silently wrong. See them: --seed {seed} --keep FOLDER", err=True)
        raise SystemExit(1)


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    """The folder of the corpus: one to keep, which must be new, or one that goes away."""
    if keep is None:
        with TemporaryDirectory(prefix="gongkai-accuracy-") as folder:
            yield Path(folder)
    elif keep.exists():
        raise click.UsageError(f"{keep} exists. Name a new folder, or remove it: nothing in it is overwritten.")
    else:
        yield keep


def measure(corpus: Corpus, chosen: Sequence[Layout], reports: int, seed: int, each: int) -> Measured:
    """Write the corpus, build its warehouse, compare, and time the first reports of each layout.

    Of layouts that take seconds a report, the first report alone is timed, and no peer is given pictures.
    """
    slow = {layout.name for layout in chosen if layout.most}
    corpus.write(chosen, reports, seed)
    build(corpus.raw, corpus.warehouse)
    comparison = Comparison(corpus, Lake(corpus.warehouse).catalogue)
    seconds: dict[str, list[float]] = defaultdict(list)
    trials: dict[tuple[str, str], list[Trial]] = defaultdict(list)
    sample = [report for report in corpus.sample(each) if not (report["layout"] in slow and report["number"])]
    for report in track(sample, "timing, and reading with other tools"):
        path = report["source_path"]
        source_format, data = path.rpartition(".")[2], (corpus.raw / path).read_bytes()
        seconds[report["layout"]].append(seconds_of(source_format, data))
        truth = comparison.table_3(path)
        for peer in PEERS:
            if source_format in peer.formats and truth and report["layout"] not in slow:
                trials[peer.name, report["layout"]].append(try_peer(peer, data, truth))
    return Measured(comparison, seed, each, seconds, trials, not_run())


if __name__ == "__main__":
    main()
