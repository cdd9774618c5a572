"""Tables divided by pipes, blanks or lines, and converted characters: the same alignment, every cell compared."""

from collections import Counter
from random import Random

import pytest

from tests.parse.comparison import EDITION_PAIRS, cells, mismatches, read, wrong_numbers
from tests.planted.dividers import DIVIDERS, SHOWS_BLANKS, traditional
from tests.planted.figures import distinct
from tests.planted.render import render

TABBED = ("tab_rows", "page_broken")
SEEDS = range(8)


@pytest.mark.parametrize("layout", TABBED)
@pytest.mark.parametrize("divider", DIVIDERS)
@pytest.mark.parametrize(("edition_t2", "edition_t3"), EDITION_PAIRS)
def test_every_planted_number_is_read(divider, layout, edition_t2, edition_t3):
    for seed in range(2):
        figures = distinct(edition_t2, edition_t3, seed)
        text = DIVIDERS[divider](render(layout, edition_t2, edition_t3, figures), Random(seed))
        reading = read(text)
        assert mismatches(reading, figures) == []
        assert (reading.edition("proactive_disclosure"), reading.edition("applications")) == (edition_t2, edition_t3)


@pytest.mark.parametrize("layout", ["one_cell_a_line", *TABBED])
@pytest.mark.parametrize("edition", ["2019", "2021"])
def test_converted_characters_are_read_as_they_were(layout, edition):
    for seed in SEEDS:
        figures = distinct(edition, edition, seed)
        clean = render(layout, edition, edition, figures, signed_on="2024年1月22日")
        converted = traditional(clean, Random(seed))
        assert converted != clean
        reading = read(converted)
        assert mismatches(reading, figures) == []
        assert reading.agency_name == "示例县青石镇人民政府"
        assert str(reading.published_on) == "2024-01-22"


@pytest.mark.parametrize("divider", DIVIDERS)
def test_a_blank_moves_no_figure(divider):
    states = Counter()
    for seed in SEEDS:
        random = Random(seed)
        edition = random.choice(["2019", "2021"])
        figures = distinct(edition, edition, seed)
        figures = {keys: None if random.random() < 0.1 else figure for keys, figure in figures.items()}
        reading = read(DIVIDERS[divider](render("tab_rows", edition, edition, figures), random))
        assert wrong_numbers(reading, figures) == []
        states.update(cell.figure.state for cell in cells(reading).values())
    if divider in SHOWS_BLANKS:
        assert states["blank"] > 0
        assert states["unreadable"] < 0.05 * states.total()
    print(f"{divider}: {states['unreadable']} of {states.total()} cells unreadable")


NAVIGATION = "首页 | 政务公开 | 政府信息公开年报\n目录\n" + "\n".join(
    ["一、总体情况", "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况", "行政许可", "行政处罚"]
)


@pytest.mark.parametrize("divider", DIVIDERS)
def test_navigation_and_contents_before_the_text_are_no_part_of_it(divider):
    figures = distinct("2021", "2021", 1)
    text = NAVIGATION + "\n\n" + render("tab_rows", "2021", "2021", figures) + "\n附件下载\n上一篇 | 下一篇\n"
    assert mismatches(read(DIVIDERS[divider](text, Random(1))), figures) == []
