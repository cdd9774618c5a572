"""How fast is a report read? As ratios to the least that anything must do with the same files, in one run.

    python -m benchmarks.reading

Goal 1: a text file becomes cells, against reading, decoding and tokenising it. Goal 4: a page becomes cells, against
lxml's parse of it alone. Every cell is compared with what was planted, or there is nothing to time. What is timed is
processor time, for other processes may share the machine; ratios are of runs in turn, their medians are printed. The
patterns of the reports are known by then, as they are in a corpus; what one costs that is not is printed beside it.
"""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import click
from lxml import etree

from benchmarks.measure import BESIDE, Found, Measure, NotAsPlanted, Scale
from pipeline.parse import Reading, parse
from pipeline.parse.recall import Memory
from pipeline.readers import html, text
from tests.planted import form
from tests.planted import html as pages
from tests.planted.figures import Figures, distinct
from tests.planted.render import render

TOWNS = ("青石", "白石", "红土", "柳湾", "杨林", "石门", "桃源", "双河")
SENTENCES = (
    "我们按照上级部署做好各项公开工作，及时更新栏目内容。",
    "全年通过网站和公开栏发布信息，方便群众查阅和监督。",
    "通过会议和培训提高工作人员的业务水平，明确专人负责。",
    "对照年度要点逐项检查，发现的问题已经列出清单并整改。",
)
TOKEN = re.compile(r"[^\s|]+")
Work = Callable[[Path], object]


def narrative(random: Random) -> str:
    """Paragraphs as long as those of published reports, no two reports the same."""
    return "\n".join("".join(random.choices(SENTENCES, k=4)) for _ in range(3))


def made_text(seed: int, figures: Figures) -> bytes:
    """A report of some 7 KB in one layout."""
    random, town = Random(seed), TOWNS[seed % len(TOWNS)]
    told = {section: narrative(random) for section in (1, 5, 6)}
    whole = render("tab_rows", "2021", "2021", figures, agency=f"示例县{town}镇人民政府", narrative=told)
    return whole.encode()


def wrong(reading: Reading, figures: Figures) -> int:
    """How many cells are not what was planted."""
    found = {
        (name, *keys): value
        for name, columns in reading.columns.items()
        for keys, value in zip(reading.tables[name].form.keys, columns.value, strict=True)
    }
    return sum(found.get(keys) != Decimal(figures[keys]) for keys in form.cells("2021", "2021"))


def seconds(work: Work, files: Sequence[Path]) -> float:
    """Processor time of some work on every file."""
    start = time.process_time()
    for file in files:
        work(file)
    return time.process_time() - start


def compare(floor: Work, work: Work, files: Sequence[Path], times: int) -> tuple[float, float, float]:
    """Median ratio of work and floor done in turn, and microseconds a file of each."""
    pairs = [(seconds(floor, files), seconds(work, files)) for _ in range(times)]
    each = 1e6 / len(files)
    return (
        median(took / least for least, took in pairs),
        median(took for _, took in pairs) * each,
        median(least for least, _ in pairs) * each,
    )


def tokenised(file: Path) -> object:
    """Floor B."""
    return TOKEN.findall(file.read_bytes().decode())


def parsed(file: Path) -> object:
    """The parse of lxml alone, with the reader's options."""
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    return etree.fromstring(file.read_bytes(), parser)


def planted(folder: Path, name: str, make: Callable[[int, Figures], bytes], reports: int) -> dict[Path, Figures]:
    """Files with a different number in every cell."""
    files = {folder / f"{name} {seed}": distinct("2021", "2021", seed) for seed in range(reports)}
    for seed, (file, figures) in enumerate(files.items()):
        file.write_bytes(make(seed, figures))
    return files


def measured(
    goal: int, name: str, reader: Any, floor: Work, files: dict[Path, Figures], times: int
) -> Iterator[Measure]:
    """Check every cell, then the figures of one kind of file: the cells alone, which is the goal, and everything."""
    memory = Memory()

    def cells(file: Path) -> object:
        return memory.read_tables(reader, reader.extract(file.read_bytes()))

    def read(file: Path) -> Reading:
        return memory.read(reader, reader.extract(file.read_bytes()))

    mistakes = sum(wrong(read(file), figures) for _ in range(2) for file, figures in files.items())
    if mistakes:
        raise NotAsPlanted(f"{name}: {mistakes} cells are not what was planted: there is nothing to time.")
    if memory.recalled < 2 * len(files) - 2:
        raise NotAsPlanted(f"{name}: only {memory.recalled} of {2 * len(files)} readings were recalled.")
    few = [*files][:20]
    fresh = seconds(lambda file: parse(reader.arrange(reader.extract(file.read_bytes()))), few) / len(few) * 1e6
    for number, what, work in ((goal, "cells", cells), (BESIDE, "everything", read)):
        ratio, took, least = compare(floor, work, [*files], times)
        told = f"{took:.0f} µs against {least:.0f} µs; {fresh:.0f} µs where the pattern is not known"
        yield Measure(number, f"{name}: {what}", ratio, told)


def measure(scale: Scale) -> Found:
    """Goals 1 and 4."""
    return Found([*_all(scale.at_most(200), scale.times + 2)])


def _all(reports: int, times: int) -> Iterator[Measure]:
    count = len(form.cells("2021", "2021"))
    with TemporaryDirectory() as made:
        folder = Path(made)
        texts = planted(folder, "text", made_text, reports)
        size = sum(file.stat().st_size for file in texts) / reports
        yield from measured(1, f"text of {size / 1000:.1f} KB, {count} cells", text, tokenised, texts, times)
        for variant in ("clean", "word"):
            files = planted(
                folder,
                variant,
                lambda seed, figures, variant=variant: pages.page(variant, "2021", "2021", figures, seed),
                max(reports // 10, 20),
            )
            size = sum(file.stat().st_size for file in files) / len(files)
            yield from measured(4, f"page of {size / 1000:.0f} KB, {variant}", html, parsed, files, times)


@click.command()
@click.option("--reports", default=200, show_default=True)
@click.option("--times", default=7, show_default=True)
def main(reports: int, times: int) -> None:
    """Make up reports, check every cell of them, and print the ratios."""
    try:
        for found in _all(reports, times):
            click.echo(f"{found.what}: {found.value:.2f} x the floor, {found.how}")
    except NotAsPlanted as error:
        raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main()
