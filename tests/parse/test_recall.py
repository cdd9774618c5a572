"""A table that is recalled is read as the engine reads it: every cell, note and place, whatever stands around it."""

from dataclasses import fields
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.parse import parse, recall
from pipeline.parse.pattern import Arranged
from pipeline.parse.recall import Memory
from pipeline.readers import Refused, html
from pipeline.readers import text as plain
from tests.parse.comparison import EDITION_PAIRS, LAYOUTS, ODD, mismatches
from tests.parse.damage import DAMAGES, LABELS
from tests.planted import html as pages
from tests.planted.figures import distinct, quiet
from tests.planted.render import HEADINGS, render

TIMES = 3
"""A pattern is met, learned and recalled, and recalled again."""


def told(read, *given):
    """All that is in a reading, or why there is none."""
    try:
        reading = read(*given)
    except Refused as refused:
        return refused.code, refused.message, refused.hint
    whole = {field.name: getattr(reading, field.name) for field in fields(reading)}
    whole["document"] = [*reading.document.cells]
    whole["tables"] = {
        name: (table.form, table.cells, table.oddities, table.is_twice, table.ground, table.alignment.hits)
        for name, table in reading.tables.items()
    }
    whole["columns"] = {
        name: {field: [*each] if field != "edition" else each for field, each in columns._asdict().items()}
        for name, columns in reading.columns.items()
    }
    return whole


def by_engine(text, reader=plain):
    return told(lambda: parse(reader.arrange(text)))


def by_memory(memory, text, reader=plain):
    return told(memory.read, reader, text)


def blanked(figures, seed):
    """A tenth of the figures blank."""
    random = Random(seed)
    return {keys: None if random.random() < 0.1 else figure for keys, figure in figures.items()}


def unsigned(edition_t2, edition_t3, seed):
    """Figures without signs: behind blanks a sign is another pattern."""
    return {keys: figure.lstrip("-") for keys, figure in distinct(edition_t2, edition_t3, seed).items()}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("oddity", ODD)
def test_a_layout_met_before_is_recalled(layout, oddity):
    editions, memory = EDITION_PAIRS[len(oddity) % len(EDITION_PAIRS)], Memory()
    for seed in range(TIMES):
        figures = unsigned(*editions, seed)
        text = render(layout, *editions, figures, agency=f"示例县{'青白红'[seed]}石镇人民政府", **ODD[oddity])
        reading = memory.read(plain, text)
        missing = ODD[oddity].get("missing", ())
        assert mismatches(reading, {keys: figures[keys] for keys in figures if keys[1] not in missing}) == []
    assert (memory.recalled, memory.learned) == (TIMES - 1, 1)
    assert by_memory(memory, text) == by_engine(text)
    assert memory.recalled == TIMES


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("editions", EDITION_PAIRS)
def test_blanks_and_noughts_and_twins_are_recalled_in_their_places(layout, editions):
    memory = Memory()
    for figures in (
        blanked(distinct(*editions, 1), 7),
        blanked(distinct(*editions, 2), 7),
        blanked(quiet(*editions, 3), 7),
        blanked(dict.fromkeys(distinct(*editions), "0"), 7),
        blanked(dict.fromkeys(distinct(*editions), "11"), 7),
    ):
        text = render(layout, *editions, figures)
        assert by_memory(memory, text) == by_engine(text)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_damaged_texts_are_read_alike(layout, damage):
    memory = Memory()
    for figures in (distinct("2021", "2021", 1), distinct("2021", "2021", 1), quiet("2021", "2021", 1)):
        text = "\n".join(damage(render(layout, "2021", "2021", figures).split("\n"), Random(damage.__name__)))
        assert by_memory(memory, text) == by_engine(text)


WARM = {
    layout: [render(layout, "2021", "2021", distinct("2021", "2021", seed)) for seed in range(TIMES)]
    for layout in LAYOUTS
}
"""Texts of one layout after another."""
PROSE = [
    "本镇按要求公开信息。",
    "2024年共公开信息120条，其中规章3件。",
    "示例县青石镇人民政府",
    "发布日期：2024-01-30",
    "",
]
TABLE_LIKE = [
    "12",
    "00123",
    "—",
    "规章 3",
    "规章\t3\t4\t5",
    "\t7",
    "| 1 | 2 |",
    "- 3 -",
    "行政许可",
    "行政",
    "其他",
    "总计",
]
AROUND = st.lists(st.sampled_from([*PROSE, *TABLE_LIKE, *LABELS, *HEADINGS.values()]), max_size=4)


def warmed(layout):
    memory = Memory()
    for text in WARM[layout]:
        memory.read(plain, text)
    assert memory.recalled == TIMES - 1
    return memory


MEMORIES = {layout: warmed(layout) for layout in LAYOUTS}


@settings(max_examples=30)
@given(st.sampled_from(LAYOUTS), AROUND, AROUND, AROUND, st.integers(0, 10**6))
def test_nothing_around_the_tables_makes_a_difference(layout, above, below, at_the_end, seed):
    lines = render(layout, "2021", "2021", quiet("2021", "2021", seed)).split("\n")
    begin, end = (next(n for n, line in enumerate(lines) if line == HEADINGS[number]) for number in (2, 5))
    text = "\n".join([*lines[:begin], *above, *lines[begin:end], *below, *lines[end:], *at_the_end])
    assert by_memory(MEMORIES[layout], text) == by_engine(text)


FIGURES = st.sampled_from(
    [
        "0",
        "7",
        "-5",
        "+19",
        "1.5",
        "12.00",
        "007",
        "00",
        "1,113",
        "９",
        "1 2",
        "9" * 12,
        "9" * 13,
        "1.1234567",
        "/",
        "无",
        "-",
    ]
)


@settings(max_examples=30)
@given(st.sampled_from(LAYOUTS), st.lists(st.tuples(st.integers(0, 199), FIGURES), min_size=1, max_size=4))
def test_what_is_no_plain_figure_is_read_alike(layout, odd):
    figures = distinct("2021", "2021")
    figures |= {[*figures][place]: figure for place, figure in odd}
    text = render(layout, "2021", "2021", figures)
    for _ in range(2):  # a pattern of its own is learned too
        assert by_memory(MEMORIES[layout], text) == by_engine(text)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("place", [1, -1])
@pytest.mark.parametrize(
    "lines",
    [
        ["00123"],
        ["总计 5 6 7"],
        ["行政许可\t5"],
        ["规章", "1", "行政规范性文件", "2", "行政许可", "3", "行政处罚", "4"],
        [*LABELS, "12"],
    ],
    ids=lambda lines: f"{lines[0]} {len(lines)}",
)
def test_what_may_reach_into_the_tables_is_never_passed_over(layout, lines, place):
    memory = MEMORIES[layout]
    before = memory.recalled
    printed = WARM[layout][0].split("\n")
    printed[place:place] = lines
    text = "\n".join(printed)
    assert by_memory(memory, text) == by_engine(text)
    assert memory.recalled == before


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("place", [1, -1])
@pytest.mark.parametrize("line", ["行政许可", "一、本年新收政府信息公开申请数量", "规章", "行政", "12", "2024-01-26"])
def test_a_label_or_a_figure_on_its_own_reaches_nowhere(layout, line, place):
    memory = MEMORIES[layout]
    before = memory.recalled
    printed = WARM[layout][0].split("\n")
    printed.insert(place, line)
    text = "\n".join(printed)
    assert by_memory(memory, text) == by_engine(text)
    assert memory.recalled == before + 1


@pytest.mark.parametrize("variant", ["clean", "no_spans", "word", "split_tables", "unclosed", "gbk", "cms"])
def test_cells_of_a_page_are_recalled(variant):
    memory = Memory()
    for seed in range(TIMES):
        figures = distinct("2021", "2021", seed)
        dumped = html.extract(
            pages.page(variant, "2021", "2021", figures, seed, agency=f"示例县{'青白红'[seed]}石镇人民政府")
        )
        assert mismatches(memory.read(html, dumped), figures) == []
    assert (memory.recalled, memory.learned) == (TIMES - 1, 1)
    assert by_memory(memory, dumped, html) == by_engine(dumped, html)


@pytest.mark.parametrize("variant", pages.VARIANTS)
def test_pages_are_read_alike(variant):
    memory = Memory()
    for seed in range(TIMES):
        dumped = html.extract(pages.page(variant, "2021", "2019", distinct("2021", "2019", seed)))
        assert by_memory(memory, dumped, html) == by_engine(dumped, html)


def test_the_same_letters_in_other_rows_are_another_pattern():
    memory = Memory()
    dumped = html.extract(pages.page("clean", "2021", "2021", distinct("2021", "2021")))
    (document,) = html.arrange(dumped)
    moved = [cell._replace(column=cell.column + 1) if cell.text == "规章" else cell for cell in document.cells]
    for _ in range(TIMES):
        memory.read(html, dumped)
    before = memory.recalled
    assert before == TIMES - 1
    other = type(document)(moved, marked=True).dump()
    assert by_memory(memory, other, html) == by_engine(other, html)
    assert memory.recalled == before


def test_a_number_that_is_no_figure_is_part_of_the_pattern():
    """A year in a line between heading and table: each is learned for itself, and none is taken for another's."""
    memory = Memory()
    for seed, year in enumerate([2022, 2022, 2023, 2023, 2022]):
        lines = render("tab_rows", "2021", "2021", distinct("2021", "2021", seed)).split("\n")
        lines.insert(lines.index(HEADINGS[2]) + 1, f"{year}年的情况如下。")
        text = "\n".join(lines)
        reading = memory.read(plain, text)
        section = next(section for section in reading.sections if section.section == "proactive_disclosure")
        assert section.text == f"{year}年的情况如下。"
        assert by_memory(memory, text) == by_engine(text)
    assert memory.learned == 2


def test_what_is_remembered_is_bounded(monkeypatch):
    monkeypatch.setattr(recall, "PATTERNS", 2)
    monkeypatch.setattr(recall, "MET", 3)
    memory = Memory()
    for oddity in ("clean", "arabic_heading", "short_heading", "padded_cells"):
        for seed in range(2):
            memory.read(plain, render("tab_rows", "2021", "2021", distinct("2021", "2021", seed), **ODD[oddity]))
    assert len(memory.patterns) == 2
    assert len(memory.met) <= 3
    text = render("tab_rows", "2021", "2021", distinct("2021", "2021", 5))
    assert by_memory(memory, text) == by_engine(text)


def test_places_and_cells_are_made_only_when_asked_for():
    memory = MEMORIES["tab_rows"]
    text = render("tab_rows", "2021", "2021", distinct("2021", "2021", 9))
    reading = memory.read(plain, text)
    cells = reading.document.cells
    assert isinstance(cells, Arranged)
    assert [cells[section.cell].place for section in reading.sections]
    assert "whole" not in vars(cells)
    whole = plain.arrange(text)[0].cells
    assert (len(cells), cells[-1], cells[2:5]) == (len(whole), whole[-1], whole[2:5])
