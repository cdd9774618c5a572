"""Every layout and format that reports are made up in. A layout that its planter names is here by itself."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from importlib.util import find_spec
from random import Random
from typing import NamedTuple

from benchmarks.accuracy.kinds import KINDS, LOST, PLAIN, Cell, Figures, Meaning, meaning
from pipeline.readers import READERS
from tests.planted import glued, html, office, pdf, scan, statistics
from tests.planted.dividers import DIVIDERS, SHOWS_BLANKS, traditional
from tests.planted.doc import doc
from tests.planted.render import LAYOUTS, ODDITIES, render

EDITIONS = (("2019", "2019"), ("2021", "2021"), ("2021", "2019"), ("2019", "2021"))
"""Editions of table 2 and of table 3: reports mix them."""
_WRITERS = {**office.WRITERS, "doc": doc, "wps": doc}
_STATISTICS = "statistics_2014"
_NAMES = "青白红金银玉石龙凤山水云雨春秋松竹梅兰桃柳杨林泉溪河湖江海桥塘沟坝岭峰岩坪原田湾"


class Planted(NamedTuple):
    """A report made up: its file, the kind of its figures, and what the dataset has to say of every cell."""

    source_format: str
    data: bytes
    report_year: int
    kind: str
    truth: Mapping[Cell, Meaning]


class Layout(NamedTuple):
    """A way of printing reports.

    `group`: the heading it is summed up under. `hides`: what a blank leaves in doubt where it is printed without a
    trace, the `row` it stands in or its whole `table`; None: a blank has a place. `most`: reports at most, where each
    takes seconds.
    """

    name: str
    group: str
    make: Callable[[Random, str], Planted]
    hides: str | None = None
    most: int | None = None


Write = Callable[[str, str, Figures, Random, str], bytes]
"""From editions, figures, chance and the agency's name to the bytes of a report."""


def layouts() -> tuple[Layout, ...]:
    """Every layout that can be made up and read on this machine."""
    return tuple(found for group in (_texts, _glued, _html, _office, _pdf, _scans, _statistics) for found in group())


def not_run() -> dict[str, str]:
    """What cannot be measured on this machine, and why."""
    reason = _unread_pictures()
    return {"scanned pages and pictures": reason} if reason else {}


def agency(random: Random) -> str:
    """A name that no two reports share: the dataset looks for other reports of one body."""
    return f"示例县{''.join(random.sample(_NAMES, 4))}镇人民政府"


def _of_the_form(source_format: str, write: Write) -> Callable[[Random, str], Planted]:
    """A maker of reports with tables 2, 3 and 4."""

    def made(random: Random, name: str) -> Planted:
        edition_t2, edition_t3 = random.choice(EDITIONS)
        kind = random.choice(list(KINDS))
        figures = KINDS[kind](edition_t2, edition_t3, random)
        data = write(edition_t2, edition_t3, figures, random, name)
        return Planted(source_format, data, 2023, kind, _meant(edition_t2, figures))

    return made


def _meant(edition_t2: str, figures: Figures) -> dict[Cell, Meaning]:
    unit = "万元" if edition_t2 == "2021" else None
    return {cell: meaning(figure, unit if cell[2] == "amount" else None) for cell, figure in figures.items()}


# Text


def _texts() -> Iterator[Layout]:
    for name in LAYOUTS:
        yield Layout(f"text, {name}", "text", _tabbed(name))
    for name in DIVIDERS:
        hides = None if name in SHOWS_BLANKS else "row"
        yield Layout(f"text, {name}", "text", _of_the_form("txt", _divided(name)), hides)
    yield Layout("text, traditional_characters", "text", _of_the_form("txt", _traditional))


def _tabbed(layout: str) -> Callable[[Random, str], Planted]:
    def made(random: Random, name: str) -> Planted:
        oddity = random.choice([{}, *ODDITIES.values()])

        def write(edition_t2: str, edition_t3: str, figures: Figures, random: Random, name: str) -> bytes:
            return _encoded(render(layout, edition_t2, edition_t3, figures, agency=name, **oddity), random)

        planted = _of_the_form("txt", write)(random, name)
        gone = oddity.get("missing", ())
        return planted._replace(
            truth={cell: LOST if cell[1] in gone else meant for cell, meant in planted.truth.items()}
        )

    return made


def _divided(divider: str) -> Write:
    def write(edition_t2: str, edition_t3: str, figures: Figures, random: Random, name: str) -> bytes:
        text = render("tab_rows", edition_t2, edition_t3, figures, agency=name)
        return _encoded(DIVIDERS[divider](text, random), random)

    return write


def _traditional(edition_t2: str, edition_t3: str, figures: Figures, random: Random, name: str) -> bytes:
    return _encoded(traditional(render("tab_rows", edition_t2, edition_t3, figures, agency=name), random), random)


def _encoded(text: str, random: Random) -> bytes:
    return text.encode(random.choice(["utf-8", "utf-8-sig", "gb18030"]))


def _glued() -> Iterator[Layout]:
    for name in glued.LAYOUTS:
        yield Layout(f"text, glued {name}", "text, glued", _run_together(name), "table")


def _run_together(layout: str) -> Callable[[Random, str], Planted]:
    """Text that lost its separators; both tables are of one edition."""

    def made(random: Random, name: str) -> Planted:
        edition, kind = random.choice(["2019", "2021"]), random.choice(list(PLAIN))
        figures = PLAIN[kind](edition, edition, random)
        text = glued.glued(layout, edition, figures, agency=name)
        return Planted("txt", text.encode(), 2023, kind, _meant(edition, figures))

    return made


# Marked-up documents and pages


def _html() -> Iterator[Layout]:
    for name in html.VARIANTS:
        yield Layout(f"html, {name}", "html", _of_the_form("html", _page(name)))


def _page(variant: str) -> Write:
    def write(edition_t2: str, edition_t3: str, figures: Figures, random: Random, name: str) -> bytes:
        return html.page(variant, edition_t2, edition_t3, figures, random.randrange(10**6), agency=name)

    return write


def _office() -> Iterator[Layout]:
    for kind in _WRITERS:
        for variant in office.VARIANTS:
            # blanks written out for merged cells look like blank figures
            hides = "row" if variant == "unmerged" else None
            yield Layout(f"{kind}, {variant}", kind, _of_the_form(kind, _document(kind, variant)), hides)


def _document(kind: str, variant: str) -> Write:
    def write(edition_t2: str, edition_t3: str, figures: Figures, random: Random, name: str) -> bytes:
        return _WRITERS[kind](office.blocks(edition_t2, edition_t3, figures, variant, agency=name), variant)

    return write


def _pdf() -> Iterator[Layout]:
    for name, look in pdf.LOOKS.items():
        marked = look.rules or look.backgrounds  # a rectangle under every cell shows the blank ones, too
        hides = None if marked and look.merged else "row"
        yield Layout(f"pdf, {name}", "pdf" if look.rules else "pdf, unruled", _of_the_form("pdf", _print(name)), hides)


def _print(look: str) -> Write:
    def write(edition_t2: str, edition_t3: str, figures: Figures, random: Random, name: str) -> bytes:
        return pdf.pdf(edition_t2, edition_t3, figures, pdf.LOOKS[look], random.randrange(999), agency=name)

    return write


# Pictures


def _unread_pictures() -> str | None:
    """Why no picture can be made or read here; None when they can."""
    if not find_spec("rapidocr_onnxruntime"):
        return "the extra `ocr`, which reads pictures, is not installed"
    if not any(".png" in reader.EXTENSIONS for reader in READERS):
        return "no reader of pictures is registered"
    return scan.MISSING


def _scans() -> Iterator[Layout]:
    if _unread_pictures() is None:
        for name in scan.LOOKS:
            yield Layout(f"scan, {name}", "scan", _scanned(name), most=4)


def _scanned(look: str) -> Callable[[Random, str], Planted]:
    def made(random: Random, name: str) -> Planted:
        edition_t2, edition_t3 = random.choice(EDITIONS)
        kind = random.choice(list(KINDS))
        figures = KINDS[kind](edition_t2, edition_t3, random)
        source_format, data = scan.scan(look, edition_t2, edition_t3, figures, random.randrange(10**6))
        return Planted(source_format, data, 2023, kind, _meant(edition_t2, figures))

    return made


# The statistics tables before 2019


def _statistics() -> Iterator[Layout]:
    for name in statistics.LAYOUTS:
        hides = None if name in statistics.SHOWS_BLANKS else "row"
        yield Layout(f"statistics, {name}", "statistics, text", _counted(partial(_listed, name)), hides)
    for name in statistics.FILES:
        kind, habit = name.split(" ")
        unmarked = kind == "pdf" and not (pdf.LOOKS[habit].rules or pdf.LOOKS[habit].backgrounds)
        group = f"statistics, {kind}" + ", unruled" * (habit in pdf.UNRULED)
        yield Layout(f"statistics, {name}", group, _counted(partial(_filed, name)), "row" if unmarked else None)


def _listed(layout: str, printed: list[statistics.Row], name: str) -> tuple[bytes, str]:
    text, source_format = statistics.render(layout, printed)
    return text.replace("示例县", name.removesuffix("镇人民政府") + "县").encode(), source_format


def _filed(kind: str, printed: list[statistics.Row], name: str) -> tuple[bytes, str]:
    return statistics.file(kind, printed)


def _counted(write: Callable[[list[statistics.Row], str], tuple[bytes, str]]) -> Callable[[Random, str], Planted]:
    """A maker of reports with a statistics table of any family; that of 2014 has one column or three."""

    def made(random: Random, name: str) -> Planted:
        form = random.choice(list(statistics.FORMS.values()))
        kind, seed = random.choice(["all different", "busy", "blanks"]), random.randrange(10**6)
        columns = form.columns
        if form is statistics.NATIONAL and kind != "busy":
            columns = random.choice([statistics.ONE, statistics.THREE])
        figures = statistics.consistent(seed, form) if kind == "busy" else statistics.distinct(seed, columns, form)
        if kind == "blanks":
            figures = {cell: None if random.random() < 0.3 else figure for cell, figure in figures.items()}
        data, source_format = write(statistics.rows(figures, columns, form=form), name)
        truth = {(_STATISTICS, *cell): meaning(figure) for cell, figure in figures.items()}
        return Planted(source_format, data, 2016, kind, truth)

    return made
